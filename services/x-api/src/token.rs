//! The bearer token: read once, sent in one header, shown nowhere.

use std::fmt;

use reqwest::header::HeaderValue;

/// A bearer token of the X API. `Debug` prints `***`; there is no `Display`, no `Serialize`.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(Box<str>);

/// Why a text is no token. It never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Nothing but white space was given.
    #[error("the token is empty")]
    Empty,
    /// A bearer token is visible ASCII without spaces (RFC 6750, section 2.1).
    #[error("the token holds a character that cannot stand in a header, at byte {at}")]
    Character {
        /// Position of the first such byte in the trimmed text.
        at: usize,
    },
}

impl Token {
    /// Takes the token as a file holds it: white space around it is dropped.
    pub fn new(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TokenError::Empty);
        }
        match text.bytes().position(|byte| !byte.is_ascii_graphic()) {
            Some(at) => Err(TokenError::Character { at }),
            None => Ok(Self(text.into())),
        }
    }

    /// The `Authorization` header, marked sensitive so that no client logs it.
    pub(crate) fn header(&self) -> Result<HeaderValue, reqwest::header::InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", self.0))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The text without the token: what a server or a proxy echoes must not carry it into an error.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(&*self.0, "***")
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_one_that_http_libraries_do_not_log() {
        let header = Token::new("abc").unwrap().header().unwrap();
        assert!(header.is_sensitive());
        assert_eq!(header, "Bearer abc");
    }
}
