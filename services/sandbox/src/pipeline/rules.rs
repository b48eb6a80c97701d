//! Rules as the file an extractor reads.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::ExtractorOptions;
use crate::error::SandboxError;
use crate::verdict::Collected;

/// A rule to collect by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Letters, digits, `-` and `_`.
    pub name: String,
    /// As sent to X.
    pub query: String,
    /// Where it begins: RFC 3339; `now` if none.
    pub start: Option<String>,
    /// What is sent along, where it is not the extractor's own default.
    pub expansions: Option<Vec<String>>,
    /// 10 to 100 posts a page; 100 if none.
    pub max_results: Option<u32>,
}

impl Default for Rule {
    /// The project's own query, from the oldest post on that recent search reaches.
    fn default() -> Self {
        let query = "(covid OR covid19 OR coronavirus OR quarentena OR quarantine OR \"fique em casa\") \
                     (lang:pt OR lang:en) -is:nullcast";
        let start = time::OffsetDateTime::now_utc() - time::Duration::hours(6 * 24);
        let start = start.format(&time::format_description::well_known::Rfc3339).ok();
        Self { name: "covid".to_owned(), query: query.to_owned(), start, expansions: None, max_results: None }
    }
}

#[derive(Serialize)]
struct File<'a> {
    rules: &'a [Rule],
}

impl Rule {
    /// Rules as the file an extractor reads.
    ///
    /// # Errors
    /// A value that TOML cannot hold.
    pub fn file(rules: &[Self]) -> Result<String, SandboxError> {
        let text = toml::to_string(&File { rules }).map_err(|error| std::io::Error::other(error.to_string()));
        text.map_err(SandboxError::io("write", Path::new("rules.toml")))
    }

    /// What it collects, for the simulator's truth.
    pub fn collected(&self) -> Collected {
        let Self { name, query, start, expansions, .. } = self.clone();
        Collected { rule: name, query, start: start.filter(|start| start != "now"), expansions }
    }
}

/// Writes an extractor's rules beside its folder.
pub(super) fn write(folder: &Path, options: &ExtractorOptions) -> Result<PathBuf, SandboxError> {
    let file = folder.join(format!("{}.rules.toml", options.name));
    fs::write(&file, Rule::file(&options.rules)?).map_err(SandboxError::io("write", &file))?;
    Ok(file)
}

/// A length of time as the services read it.
pub(super) fn duration(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}

/// What all extractors collect, each rule once: of two with one name the first.
pub(super) fn collected(extractors: &[ExtractorOptions]) -> Vec<Collected> {
    let mut all: Vec<Collected> = Vec::new();
    for rule in extractors.iter().flat_map(|extractor| &extractor.rules) {
        if !all.iter().any(|known| known.rule == rule.name) {
            all.push(rule.collected());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_of_rules_holds_what_was_given_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let rule =
            Rule { start: Some("2026-11-20T00:00:00Z".to_owned()), max_results: Some(10), ..Rule::default() };
        let options = ExtractorOptions { rules: vec![rule], ..ExtractorOptions::default() };
        let text = fs::read_to_string(write(folder.path(), &options).unwrap()).unwrap();
        insta::assert_snapshot!(text);
    }

    #[test]
    fn two_extractors_of_one_rule_collect_it_once() {
        let both = [ExtractorOptions::default(), ExtractorOptions::default()];
        assert_eq!(collected(&both).len(), 1);
    }
}
