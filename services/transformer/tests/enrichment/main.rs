//! Enrichment as the services use it: the labelled sample's figures, faulty tables, any text at all.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod any_text;
mod figures;
mod guide;
mod sample;
mod tables;
