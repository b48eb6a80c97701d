//! The client against servers that misbehave, and the model against answers of every shape.
#![expect(clippy::unwrap_used, reason = "what a test cannot do without has failed it")]

mod answers;
mod errors;
mod http_headers;
mod lossless;
mod requests;
mod secrets;
mod spans;
mod support;
mod transport;
