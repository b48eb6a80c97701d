//! Requests to loopback and to networks of one's own: one client for such questions.

use std::sync::OnceLock;
use std::time::Duration;

/// A client that never goes through a proxy and gives up after ten seconds.
pub fn client() -> &'static reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        // Another part of the process may have installed the same provider before.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10));
        // A runtime ends with its test, and pooled connections with it.
        client.pool_max_idle_per_host(0).build().unwrap_or_else(|error| {
            panic!("no HTTP client (reqwest wants the package ca-certificates): {error}")
        })
    })
}

/// Status and body of a GET.
///
/// # Errors
/// No answer within ten seconds.
pub async fn get(url: &str) -> Result<(u16, String), reqwest::Error> {
    let answer = client().get(url).send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}
