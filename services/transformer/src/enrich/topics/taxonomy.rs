//! Reads a taxonomy: topics in brackets, each with a term a line.

use std::collections::HashMap;

use super::super::EnrichError;
use super::super::table::{Line, Table};
use super::super::words::Words;

/// A taxonomy without fault.
#[derive(Debug)]
pub(in super::super) struct Entries {
    topics: Vec<String>,
    /// By topic and folded term, with the line it stands in.
    terms: Vec<(usize, Parsed)>,
}

#[derive(Debug)]
struct Parsed {
    key: String,
    language: Option<[u8; 2]>,
    open: bool,
    line: usize,
}

/// One term.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) topic: &'a str,
    pub(super) language: Option<[u8; 2]>,
    pub(super) open: bool,
    key: &'a str,
}

/// Width of the column it is stored in.
const NAME: usize = 64;

impl Entries {
    /// # Errors
    /// The first line that cannot be used.
    pub(in super::super) fn parse(table: &Table) -> Result<Self, EnrichError> {
        let mut entries = Self { topics: Vec::new(), terms: Vec::new() };
        let mut headers: Vec<usize> = Vec::new();
        for line in table.lines() {
            if let Some(name) = line.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                entries.check_name(table, &line, name, &headers)?;
                entries.check_last(table, &headers)?;
                entries.topics.push(name.to_owned());
                headers.push(line.number);
            } else if entries.topics.is_empty() {
                let reason =
                    format!("`{}` stands before any topic; begin with one, as in [symptoms]", line.text);
                return Err(table.error(line.number, reason));
            } else {
                let term = parse(table, &line)?;
                entries.terms.push((entries.topics.len() - 1, term));
            }
        }
        if entries.topics.is_empty() {
            return Err(
                table.error(1, "no topic; write one in brackets, as [symptoms], and a term a line below it")
            );
        }
        entries.check_last(table, &headers)?;
        entries.check_duplicates(table)?;
        Ok(entries)
    }

    /// In the order of the file.
    pub(super) fn topics(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().map(String::as_str)
    }

    /// In the order of the file.
    pub(super) fn terms(&self) -> impl Iterator<Item = Entry<'_>> {
        self.terms.iter().filter_map(|(topic, term)| {
            let (language, open, key) = (term.language, term.open, term.key.as_str());
            Some(Entry { topic: self.topics.get(*topic)?, language, open, key })
        })
    }

    fn check_name(
        &self,
        table: &Table,
        line: &Line<'_>,
        name: &str,
        at: &[usize],
    ) -> Result<(), EnrichError> {
        let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if name.is_empty() || name.len() > NAME || !plain {
            let reason = format!("topic [{name}]: a name has 1 to {NAME} of a-z, 0-9 and _; rename it");
            return Err(table.error(line.number, reason));
        }
        match self.topics.iter().zip(at).find(|(topic, _)| *topic == name) {
            None => Ok(()),
            Some((_, first)) => {
                let reason = format!("topic [{name}] is already on line {first}; put its terms there");
                Err(table.error(line.number, reason))
            }
        }
    }

    /// The topic read last has a term.
    fn check_last(&self, table: &Table, headers: &[usize]) -> Result<(), EnrichError> {
        let (Some(name), Some(line)) = (self.topics.last(), headers.last()) else { return Ok(()) };
        if self.terms.last().is_some_and(|(topic, _)| topic + 1 == self.topics.len()) {
            return Ok(());
        }
        Err(table
            .error(*line, format!("topic [{name}] has no terms; add one a line below it, or take it out")))
    }

    /// No term of a topic is found by another one of it: it would count twice.
    fn check_duplicates(&self, table: &Table) -> Result<(), EnrichError> {
        let mut seen: HashMap<(usize, &str), &Parsed> = HashMap::new();
        for (topic, term) in &self.terms {
            if let Some(first) = seen.insert((*topic, &term.key), term) {
                let reason = format!(
                    "`{}` is already on line {} (case and accents make no difference); take one out",
                    term.key, first.line
                );
                return Err(table.error(term.line, reason));
            }
        }
        for (topic, open) in self.terms.iter().filter(|(_, term)| term.open) {
            let covered = self.terms.iter().find(|(other, term)| {
                other == topic && term.line != open.line && term.key.starts_with(&open.key)
            });
            if let Some((_, term)) = covered {
                let reason = format!(
                    "`{}` is already found by `{}*` on line {}; take it out",
                    term.key, open.key, open.line
                );
                return Err(table.error(term.line, reason));
            }
        }
        Ok(())
    }
}

impl Entry<'_> {
    /// As it is written, and as one word, as hashtags write it.
    pub(super) fn spellings(&self) -> impl Iterator<Item = String> {
        let joined = (self.key.contains(' ') && !self.key.contains('.')).then(|| self.key.replace(' ', ""));
        [self.key.to_owned()].into_iter().chain(joined)
    }
}

fn parse(table: &Table, line: &Line<'_>) -> Result<Parsed, EnrichError> {
    let refuse = |reason: String| Err(table.error(line.number, reason));
    let (language, term) = match line.text.split_once(':') {
        Some((language, term)) => match <[u8; 2]>::try_from(language.as_bytes()) {
            Ok(letters) if letters.iter().all(u8::is_ascii_lowercase) => (Some(letters), term.trim()),
            _ => {
                return refuse(format!(
                    "`{language}:` names no language; write two small letters, as in `pt: live`"
                ));
            }
        },
        None => (None, line.text),
    };
    let (term, open) = term.strip_suffix('*').map_or((term, false), |term| (term, true));
    if term.contains(['*', '[', ']']) {
        return refuse(format!(
            "`{term}`: `*` may stand at the end alone, and [ ] around a topic alone; take it out"
        ));
    }
    let words = Words::of(term);
    let key = words.key();
    if key.is_empty() {
        return refuse(format!(
            "`{}` holds no word; write a word, a phrase or an emoji, or take it out",
            line.text
        ));
    }
    Ok(Parsed { key: key.to_owned(), language, open, line: line.number })
}
