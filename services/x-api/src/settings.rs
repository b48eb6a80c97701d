//! What a client is made of.

use std::time::Duration;

use url::Url;

use crate::token::Token;
use crate::vocabulary::Vocabulary;

/// What a client is made of.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// Scheme, host, port and perhaps a path before `/2`; `https://api.x.com`.
    pub base_url: Url,
    /// The app's bearer token.
    pub token: Token,
    /// The names requests use.
    pub vocabulary: Vocabulary,
    /// For one whole request, from connecting to the last byte.
    pub timeout: Duration,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Bytes of a body after decompression; [`DEFAULT_BODY_LIMIT`].
    pub body_limit: u64,
}

/// 32 MiB: more than a hundred times the largest page seen.
pub const DEFAULT_BODY_LIMIT: u64 = 32 << 20;

/// Why there is no client. It never holds the token.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A URL that is not `http` or `https`, or has no host.
    #[error("the base URL of X is neither http nor https: its scheme is {scheme:?}")]
    Scheme {
        /// Its scheme.
        scheme: String,
    },
    /// User and password in the URL would end in spans and logs.
    #[error("the base URL of X holds a user or a password: give it without")]
    CredentialsInUrl,
    /// The binary has to install rustls' provider before the first client.
    #[error("no TLS provider is installed in this process")]
    NoTlsProvider,
    /// The token or the user agent cannot stand in a header.
    #[error("the {header} header cannot be made of what was given")]
    Header {
        /// The header's name.
        header: &'static str,
    },
    /// TLS could not be set up: mostly no certificate authorities on this machine.
    #[error("TLS cannot be set up (are CA certificates installed?)")]
    Tls(#[source] reqwest::Error),
}
