//! Failures of the connection, told without URL or token.

use std::error::Error as _;

use crate::error::{ErrorClass, TransportKind};
use crate::token::Token;

/// A request that got no answer.
pub(crate) fn unanswered(error: reqwest::Error, token: &Token) -> ErrorClass {
    let kind = if error.is_timeout() {
        TransportKind::Timeout
    } else if error.is_connect() {
        TransportKind::Connect
    } else {
        TransportKind::Reset
    };
    ErrorClass::Transport { kind, arrived: 0, detail: causes(error, token) }
}

/// An answer whose body broke off.
pub(crate) fn cut(error: reqwest::Error, arrived: u64, token: &Token) -> ErrorClass {
    let kind = if error.is_timeout() { TransportKind::Timeout } else { TransportKind::CutBody };
    ErrorClass::Transport { kind, arrived, detail: causes(error, token) }
}

/// The chain of causes as one text: reqwest's own message says little, the last cause says what happened.
fn causes(error: reqwest::Error, token: &Token) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        let next = source.to_string();
        if !text.ends_with(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = source.source();
    }
    token.redact(&text)
}
