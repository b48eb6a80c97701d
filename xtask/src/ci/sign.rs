//! Signatures and attestations by cosign: by the workflow's identity, or by a key.

use std::path::Path;

use anyhow::{Result, bail};

use super::{
    publish::{insecure, shown},
    tool::{Call, needed},
};

const COSIGN: &str = "install cosign 3 (Debian sid has it)";

/// Who signs.
pub(super) enum Signer {
    /// The workflow, by its OIDC token; its signatures are in the public transparency log.
    Keyless,
    /// A key: a file, or `env://COSIGN_PRIVATE_KEY`; nothing is published.
    Key(String),
}

impl Signer {
    /// By `COSIGN_MODE` and `COSIGN_KEY`.
    pub(super) fn of_environment() -> Result<Self> {
        match needed("COSIGN_MODE", "keyless, or key with COSIGN_KEY")?.as_str() {
            "keyless" => Ok(Self::Keyless),
            "key" => Ok(Self::Key(needed("COSIGN_KEY", "the key's file, or env://COSIGN_PRIVATE_KEY")?)),
            other => bail!("COSIGN_MODE is {other}: it is keyless or key"),
        }
    }

    /// Signs an image by digest and attests its parts.
    pub(super) fn sign(&self, image: &str, parts: &Path) -> Result<()> {
        self.call("sign").arg(image).run()?;
        self.call("attest").args(["--type", "cyclonedx", "--predicate", &shown(parts)]).arg(image).run()
    }

    fn call(&self, verb: &str) -> Call {
        let mut call = Call::new("cosign").or(COSIGN).args([verb, "--yes"]);
        if insecure() {
            call = call.args(["--allow-insecure-registry", "--allow-http-registry"]);
        }
        match self {
            Self::Keyless => call,
            Self::Key(key) => call.args(["--key", key, "--tlog-upload=false", "--use-signing-config=false"]),
        }
    }
}
