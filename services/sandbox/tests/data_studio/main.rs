//! MySQL as analysts reach it: certificates, accounts, the doctor, and JDBC over verified TLS, on a real server.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod accounts;
mod doctor;
mod jdbc;
mod rights;
mod rotation;
mod served;
mod stage;
