//! Our images: what each is called where, and what has to be in it.

use anyhow::Result;

use super::tool::needed;

/// One of our images.
pub(super) struct Image {
    /// The service, the crate, and the last part of the repository's name.
    pub(super) service: &'static str,
    /// Its line in the pin file.
    pub(super) pin: &'static str,
    /// Crates that its list of parts has to name: one that leaves them out was made of something else.
    pub(super) parts: &'static [&'static str],
}

pub(super) const IMAGES: [Image; 3] = [
    Image { service: "extractor", pin: "EXTRACTOR_IMAGE", parts: &["rdkafka", "rdkafka-sys", "rustls"] },
    Image { service: "transformer", pin: "TRANSFORMER_IMAGE", parts: &["rdkafka", "rdkafka-sys", "sqlx"] },
    Image { service: "simulator", pin: "SIMULATOR_IMAGE", parts: &["axum"] },
];

impl Image {
    /// Where it is kept: `CI_REGISTRY/extractor`.
    pub(super) fn repository(&self) -> Result<String> {
        let registry = needed("CI_REGISTRY", "where images are kept, such as ghcr.io/garimpo")?;
        Ok(format!("{}/{}", registry.trim_end_matches('/').to_lowercase(), self.service))
    }
}
