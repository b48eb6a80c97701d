//! Parts that somebody else knows and the page shows: figures of a run, and the trace of one batch.

use std::path::Path;

use serde::Deserialize;

use super::{Lang, ReportError};

/// What `--attach` reads; both parts are optional and unknown keys are refused.
///
/// ```json
/// {
///   "figures": [
///     { "label": "seed", "value": "7" },
///     { "label": { "pt": "primeira publicação gravada", "en": "first post stored" }, "value": 12.3, "unit": "s" }
///   ],
///   "trace": {
///     "batch": "covid/1/3",
///     "spans": [
///       { "name": "extract page", "service": "extractor", "start_ms": 0, "duration_ms": 41.5, "depth": 0 },
///       { "name": "enrich batch", "service": "transformer", "start_ms": 30.2, "duration_ms": 1.1, "depth": 3 }
///     ]
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// Figures of this run, in the order they are shown.
    #[serde(default)]
    pub figures: Vec<Figure>,
    /// The way of one batch.
    pub trace: Option<Trace>,
}

/// A figure with its name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What it is.
    pub label: Words,
    /// A number, written as the page's language writes it, or words.
    pub value: Value,
    /// Written behind the value.
    pub unit: Option<String>,
}

/// Words in one language for both, or in each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Words {
    /// The same in both.
    Same(String),
    /// In each.
    Both {
        /// Portuguese.
        pt: String,
        /// English.
        en: String,
    },
}

impl Words {
    /// In the page's language.
    pub fn of(&self, lang: Lang) -> &str {
        match (self, lang) {
            (Self::Same(words), _) => words,
            (Self::Both { pt, .. }, Lang::Pt) => pt,
            (Self::Both { en, .. }, Lang::En) => en,
        }
    }
}

/// What a figure amounts to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A whole number.
    Whole(i64),
    /// Any other, shown with one decimal place.
    Number(f64),
    /// Words, shown as they are.
    Words(Words),
}

/// The trace of one batch.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// Id of the batch.
    pub batch: String,
    /// Its spans in the order they are shown: parents first, children by their begin.
    pub spans: Vec<Span>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// What was done.
    pub name: String,
    /// Who did it.
    pub service: String,
    /// Milliseconds after any moment that is the same for all spans.
    pub start_ms: f64,
    /// How long it took, milliseconds.
    pub duration_ms: f64,
    /// Spans it lies within; 0 where it is not given.
    #[serde(default)]
    pub depth: u8,
}

impl Attached {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read, is no JSON, or holds something else; the error names the place.
    pub fn read(file: &Path) -> Result<Self, ReportError> {
        let told = |reason: String| ReportError::Attach { file: file.to_owned(), reason };
        let text = std::fs::read_to_string(file).map_err(|error| told(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| told(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read(text: &str) -> Result<Attached, ReportError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        Attached::read(file.path())
    }

    #[test]
    fn the_documented_example_is_read() {
        let example: Vec<&str> = include_str!("attached.rs")
            .lines()
            .skip_while(|line| *line != "/// ```json")
            .skip(1)
            .take_while(|line| *line != "/// ```")
            .map(|line| line.trim_start_matches("///"))
            .collect();
        let attached = read(&example.join("\n")).unwrap();
        assert_eq!(attached.figures[1].label.of(Lang::Pt), "primeira publicação gravada");
        assert_eq!(attached.figures[1].value, Value::Number(12.3));
        assert_eq!(attached.trace.unwrap().spans[1].depth, 3);
    }

    #[test]
    fn an_unknown_key_and_a_missing_file_are_named() {
        let told = read("{\n\"figure\": []}").unwrap_err().to_string();
        assert!(told.contains("unknown field `figure`") && told.contains("line 2"), "{told}");
        let told = Attached::read(Path::new("nowhere.json")).unwrap_err().to_string();
        assert!(told.starts_with("--attach nowhere.json: No such file"), "{told}");
    }
}
