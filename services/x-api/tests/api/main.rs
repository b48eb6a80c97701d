//! The client against servers that misbehave, and the model against answers of every shape.

mod answers;
mod errors;
mod http_headers;
mod lossless;
mod requests;
mod secrets;
mod spans;
mod support;
mod transport;
