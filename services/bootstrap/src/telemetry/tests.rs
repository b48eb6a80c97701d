//! Telemetry against a receiver inside the test.
