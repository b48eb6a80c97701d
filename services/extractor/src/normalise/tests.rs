//! Tests of `normalise`.
