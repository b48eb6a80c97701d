//! `transformer report` on made-up rows, looked at in a headless Chromium.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod dashboards;
mod grafana;
mod page;
mod place;
mod words;
