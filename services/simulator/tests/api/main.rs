//! The simulator as a client sees it, over HTTP.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod archive;
mod errors;
mod faults;
mod harness;
mod headers;
mod money;
mod paging;
mod posts;
mod process;
mod requests;
mod specs;
mod strict;
