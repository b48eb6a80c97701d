//! The client: one call is one attempt.

use std::fmt;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::redirect::Policy;
use rustls::crypto::CryptoProvider;
use url::Url;

use crate::attempt::Attempt;
use crate::classify::Asked;
use crate::counts::{Counts, CountsRequest};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorClass, Malformed};
use crate::json::Reason;
use crate::page::Page;
use crate::request::{SearchRequest, Since};
use crate::settings::{ClientSettings, SetupError};
use crate::token::Token;
use crate::usage::Usage;
use crate::vocabulary::Vocabulary;

/// A client of one app at X. Cheap to clone: clones share connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base_url: Url,
    token: Token,
    vocabulary: Vocabulary,
    body_limit: u64,
}

impl Client {
    /// Makes a client. Sends nothing. The process must have a default rustls provider installed.
    ///
    /// Proxies named in the environment are not used and redirects are not followed: the token goes to the
    /// configured host alone.
    pub fn new(settings: ClientSettings) -> Result<Self, SetupError> {
        let ClientSettings { base_url, token, vocabulary, timeout, user_agent, body_limit } = settings;
        if !matches!(base_url.scheme(), "http" | "https") || !base_url.has_host() {
            return Err(SetupError::Scheme { scheme: base_url.scheme().to_owned() });
        }
        if !base_url.username().is_empty() || base_url.password().is_some() {
            return Err(SetupError::CredentialsInUrl);
        }
        if CryptoProvider::get_default().is_none() {
            return Err(SetupError::NoTlsProvider);
        }
        let authorization = token.header().map_err(|_| SetupError::Header { header: "Authorization" })?;
        let user_agent = user_agent.parse().map_err(|_| SetupError::Header { header: "User-Agent" })?;
        let builder = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([
                (AUTHORIZATION, authorization),
                (reqwest::header::USER_AGENT, user_agent),
            ]))
            .redirect(Policy::none())
            .no_proxy()
            .timeout(timeout);
        // Without CA certificates on the machine no TLS client can be made; plain HTTP (the simulator) needs none.
        let builder = if base_url.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
        let http = builder.build().map_err(|error| SetupError::Tls(error.without_url()))?;
        Ok(Self { http, base_url, token, vocabulary, body_limit })
    }

    /// Asks for one page of posts of the last 7 days. `attempt` is 0 for the first time this page is asked
    /// for, and shows in the span as the resend count.
    pub async fn search_recent(&self, request: &SearchRequest, attempt: u32) -> Result<Page, Error> {
        let asked = Asked {
            since_id: matches!(request.since, Some(Since::Id(_))),
            next_token: request.next_token.is_some(),
        };
        let parameters = request.parameters(self.vocabulary);
        let attempt = Attempt { endpoint: Endpoint::SearchRecent, parameters, asked, number: attempt };
        attempt.run(self, |value, received| walkable(Page::from_json(value, received)?)).await
    }

    /// Counts the posts of the last 7 days.
    pub async fn counts_recent(&self, request: &CountsRequest, attempt: u32) -> Result<Counts, Error> {
        let asked = Asked {
            since_id: matches!(request.since, Some(Since::Id(_))),
            next_token: request.next_token.is_some(),
        };
        let parameters = request.parameters();
        let attempt = Attempt { endpoint: Endpoint::CountsRecent, parameters, asked, number: attempt };
        attempt.run(self, |value, received| Ok(Counts::from_json(value, received)?)).await
    }

    /// Asks what the project has used in the last `days` (1 to 90). Free: it proves the token and tells
    /// X's clock.
    pub async fn usage(&self, days: u8, attempt: u32) -> Result<Usage, Error> {
        let fields = "cap_reset_day,daily_project_usage,project_cap,project_id,project_usage";
        let parameters = vec![("days", days.to_string()), ("usage.fields", fields.to_owned())];
        let asked = Asked::default();
        let attempt = Attempt { endpoint: Endpoint::Usage, parameters, asked, number: attempt };
        attempt.run(self, |value, received| Ok(Usage::from_json(value, received)?)).await
    }

    /// The names requests of this client use.
    pub fn vocabulary(&self) -> Vocabulary {
        self.vocabulary
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    pub(crate) fn token(&self) -> &Token {
        &self.token
    }

    pub(crate) fn body_limit(&self) -> u64 {
        self.body_limit
    }

    pub(crate) fn url(&self, endpoint: Endpoint, parameters: &[(&'static str, String)]) -> Url {
        let mut url = self.base_url.clone();
        url.set_path(&format!("{}{}", self.base_url.path().trim_end_matches('/'), endpoint.path()));
        url.set_fragment(None);
        url.query_pairs_mut().clear().extend_pairs(parameters);
        url
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url.as_str())
            .field("token", &self.token)
            .field("vocabulary", &self.vocabulary)
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

/// A page without a readable `meta` would look like the end of its walk, and the rest would be lost unseen.
fn walkable(page: Page) -> Result<Page, ErrorClass> {
    let Some(meta) = &page.meta else {
        return Err(Malformed::structure("meta", Reason::WrongType { expected: "an object" }).into());
    };
    match meta.extra.get("next_token") {
        Some(token) if !token.is_null() => {
            let reason = Reason::WrongType { expected: "a text" };
            Err(Malformed::structure("meta.next_token", reason).into())
        }
        _ => Ok(page),
    }
}
