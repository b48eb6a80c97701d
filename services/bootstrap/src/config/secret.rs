//! Secrets: read from files, never printed.

use std::fmt;
use std::path::{Path, PathBuf};

use super::ConfigError;

/// A token or password. It prints as `***`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Reads the file that the setting `key` (`x.token_file`) names and takes off the line end.
    /// A missing or empty file is an error that names the key; one that every user may read is warned about.
    pub fn read(key: &str, path: &Path) -> Result<Self, ConfigError> {
        let refused = |reason: String| ConfigError::Secret { key: key.to_owned(), path: named(path), reason };
        let text = std::fs::read_to_string(path).map_err(|e| refused(e.to_string()))?;
        let secret = text.trim_end_matches(['\r', '\n']);
        if secret.trim().is_empty() {
            return Err(refused("the file is empty".to_owned()));
        }
        // What Compose mounts there is seen by this container alone, and its mode is that of a file in a closed folder.
        if readable_by_all(path) && !path.starts_with("/run/secrets") {
            tracing::warn!(key, path = %path.display(), "every user of this machine can read the secret: chmod 600");
        }
        Ok(Self(secret.to_owned()))
    }

    /// A secret given directly, for tests and for values that are derived.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Never log it, never put it into an error or a span.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Settings that name a file with a secret.
pub(super) fn is_secret(key: &str) -> bool {
    key.ends_with("token_file") || key.ends_with("password_file") || key.ends_with("secret_file")
}

/// How the setting prints: never what was given, unless that is a file.
pub(super) fn shown(path: &str) -> String {
    if Path::new(path).is_file() { format!("*** (in {path})") } else { "***".to_owned() }
}

/// The path to print; `None` for what cannot be a path, as somebody may have put the secret itself there.
fn named(path: &Path) -> Option<PathBuf> {
    (path.exists() || path.components().count() > 1).then(|| path.to_owned())
}

#[cfg(unix)]
fn readable_by_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn readable_by_all(_: &Path) -> bool {
    false
}
