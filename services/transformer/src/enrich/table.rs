//! Tables kept as text, an entry a line, so that an error can name the line.

use std::path::Path;

use super::EnrichError;

/// A table's text and the name its errors carry.
#[derive(Debug)]
pub(super) struct Table {
    file: String,
    text: String,
}

/// A line with something in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: usize,
    /// Without spaces around it.
    pub(super) text: &'a str,
}

impl Table {
    /// What is embedded, or the file that a setting names instead of it.
    pub(super) fn read(setting: Option<&Path>, file: &str, embedded: &str) -> Result<Self, EnrichError> {
        let Some(path) = setting else {
            return Ok(Self { file: format!("{file} (embedded)"), text: embedded.to_owned() });
        };
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self { file, text }),
            Err(error) => {
                let reason = format!("{error}; name a readable UTF-8 file, or set the key to \"\"");
                Err(EnrichError { file, line: 1, reason })
            }
        }
    }

    /// Lines that are neither empty nor a comment (`#` first).
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let lines = self.text.lines().enumerate().map(|(n, text)| Line { number: n + 1, text: text.trim() });
        lines.filter(|line| !line.text.is_empty() && !line.text.starts_with('#'))
    }

    /// Something is wrong with a line.
    pub(super) fn error(&self, line: usize, reason: impl Into<String>) -> EnrichError {
        EnrichError { file: self.file.clone(), line, reason: reason.into() }
    }
}
