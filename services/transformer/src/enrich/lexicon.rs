//! A lexicon: what single words and phrases of one language do to the sentiment of a text.

use std::collections::HashMap;

use super::EnrichError;
use super::table::{Line, Table};
use super::words::Words;

/// Words and phrases by their folded spelling.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    entries: HashMap<Box<str>, Entry>,
}

/// What a word does. Thousandths throughout: whole numbers come out the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Entry {
    /// -4000 to 4000.
    pub(super) valence: Option<i16>,
    /// Turns what follows.
    pub(super) negates: bool,
    /// Strengthens (above 0) or dampens what follows.
    pub(super) boost: i16,
    /// What follows outweighs what went before.
    pub(super) contrasts: bool,
    /// Most words of a phrase that begins with this word.
    pub(super) longest: u8,
}

const SECTIONS: [&str; 4] = ["valences", "negations", "boosters", "contrasts"];
/// Words of a phrase.
const LONGEST: usize = 5;

impl Lexicon {
    /// # Errors
    /// The first line that cannot be used.
    pub(super) fn parse(table: &Table) -> Result<Self, EnrichError> {
        let mut lexicon = Self::default();
        let mut section = None;
        let mut seen: HashMap<(&str, Box<str>), usize> = HashMap::new();
        for line in table.lines() {
            if let Some(name) = line.text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                let Some(known) = SECTIONS.iter().find(|known| **known == name) else {
                    let reason = format!("section [{name}] is unknown; there are {}", SECTIONS.join(", "));
                    return Err(table.error(line.number, reason));
                };
                section = Some(*known);
                continue;
            }
            let Some(section) = section else {
                let reason = format!("`{}` stands before any section; begin with [valences]", line.text);
                return Err(table.error(line.number, reason));
            };
            let (key, entry) = parse(table, &line, section)?;
            if let Some(first) = seen.insert((section, key.clone()), line.number) {
                let reason = format!(
                    "`{key}` is already on line {first} (case and accents make no difference); take one out"
                );
                return Err(table.error(line.number, reason));
            }
            lexicon.add(key, entry);
        }
        if lexicon.entries.values().all(|entry| entry.valence.is_none()) {
            return Err(table.error(1, "no word has a valence; write word, tab, valence below [valences]"));
        }
        Ok(lexicon)
    }

    /// What is known of a word or phrase.
    pub(super) fn get(&self, folded: &str) -> Option<&Entry> {
        self.entries.get(folded)
    }

    fn add(&mut self, key: Box<str>, entry: Entry) {
        let words = key.split(' ').count();
        if let Some(first) = key.split(' ').next().filter(|_| words > 1) {
            let first = self.entries.entry(first.into()).or_default();
            first.longest = first.longest.max(u8::try_from(words).unwrap_or(u8::MAX));
        }
        let known = self.entries.entry(key).or_default();
        known.valence = known.valence.or(entry.valence);
        known.negates |= entry.negates;
        known.contrasts |= entry.contrasts;
        known.boost += entry.boost;
    }
}

fn parse(table: &Table, line: &Line<'_>, section: &str) -> Result<(Box<str>, Entry), EnrichError> {
    let (word, figure) = line.text.split_once('\t').map_or((line.text, None), |(w, f)| (w, Some(f.trim())));
    let words = Words::of(word);
    let key = words.key();
    let parts = words.words().iter().filter(|word| !word.joined).count();
    if key.is_empty() || parts > LONGEST || words.words().iter().skip(1).any(|word| words.begins(word)) {
        let reason = format!(
            "`{word}` is no word, emoji, emoticon or phrase of up to {LONGEST} words without punctuation; mend it or take it out"
        );
        return Err(table.error(line.number, reason));
    }
    let figured = |most: i16| {
        let parsed = figure.and_then(thousandths).filter(|figure| figure.abs() <= most);
        parsed.ok_or_else(|| {
            let most = most / 1000;
            let found = figure.map_or("nothing".to_owned(), |figure| format!("`{figure}`"));
            let reason =
                format!("`{word}`: {found} is no figure from -{most} to {most}; write word, tab, figure");
            table.error(line.number, reason)
        })
    };
    let entry = match section {
        "valences" => Entry { valence: Some(figured(4000)?), ..Entry::default() },
        "boosters" => Entry { boost: figured(1000)?, ..Entry::default() },
        section if figure.is_none() => {
            let contrasts = section == "contrasts";
            Entry { negates: !contrasts, contrasts, ..Entry::default() }
        }
        section => {
            let reason = format!("`{word}`: a word of [{section}] has no figure; take it out");
            return Err(table.error(line.number, reason));
        }
    };
    Ok((key.into(), entry))
}

/// `-1.9` as -1900.
fn thousandths(figure: &str) -> Option<i16> {
    let unsigned = figure.strip_prefix('-').unwrap_or(figure);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 {
        return None;
    }
    let size =
        whole.parse::<i16>().ok()?.checked_mul(1000)?.checked_add(format!("{part:0<3}").parse().ok()?)?;
    Some(if figure.starts_with('-') { -size } else { size })
}
