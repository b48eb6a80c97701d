//! Topics of a text: every term of the taxonomy in one pass, at the bounds of words.

mod taxonomy;

use aho_corasick::AhoCorasick;

use super::enrichment::Topic;
use super::words::Words;

pub(super) use taxonomy::Entries;

/// Topics and their terms, ready to be found.
#[derive(Debug)]
pub(super) struct Topics {
    /// Sorted.
    names: Vec<Box<str>>,
    /// By number of the term.
    terms: Vec<Term>,
    /// By number of the pattern: its term.
    patterns: Vec<usize>,
    automaton: AhoCorasick,
}

#[derive(Debug)]
struct Term {
    /// Place in `names`.
    topic: usize,
    /// Counts only in this language, or where none is known.
    language: Option<[u8; 2]>,
    /// Any ending will do.
    open: bool,
}

impl Topics {
    /// Builds the automaton.
    ///
    /// # Errors
    /// The terms are too many or too long for it.
    pub(super) fn new(entries: &Entries) -> Result<Self, aho_corasick::BuildError> {
        let mut names: Vec<Box<str>> = entries.topics().map(Into::into).collect();
        names.sort_unstable();
        let (mut terms, mut keys, mut patterns) = (Vec::new(), Vec::new(), Vec::new());
        for entry in entries.terms() {
            let topic = names.binary_search_by(|name| (**name).cmp(entry.topic)).unwrap_or_default();
            for key in entry.spellings() {
                keys.push(key);
                patterns.push(terms.len());
            }
            terms.push(Term { topic, language: entry.language, open: entry.open });
        }
        // Overlapping: with leftmost-longest, `vacina` would be hidden in `vacinar` by a term that fails at its bound.
        Ok(Self { names, terms, patterns, automaton: AhoCorasick::new(keys)? })
    }

    /// Sorted.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }

    /// Each topic with the number of its different terms found; `language` without region.
    pub(super) fn find(&self, words: &Words, language: Option<&str>) -> Vec<Topic> {
        let text = words.folded();
        let bound = |at: Option<usize>| match at.and_then(|at| text.as_bytes().get(at)) {
            Some(byte) => matches!(byte, b' ' | b'.'),
            None => true,
        };
        let mut found: Vec<(usize, usize)> = Vec::new();
        for hit in self.automaton.find_overlapping_iter(text) {
            let Some(number) = self.patterns.get(hit.pattern().as_usize()) else { continue };
            let Some(term) = self.terms.get(*number) else { continue };
            let spoken = match (term.language, language) {
                (Some(wanted), Some(language)) => wanted == language.as_bytes(),
                _ => true,
            };
            if spoken && bound(hit.start().checked_sub(1)) && (term.open || bound(Some(hit.end()))) {
                found.push((term.topic, *number));
            }
        }
        found.sort_unstable();
        found.dedup();
        let topics = found.chunk_by(|one, other| one.0 == other.0).filter_map(|terms| {
            let name = self.names.get(terms.first()?.0)?.to_string();
            Some(Topic { name, hits: i16::try_from(terms.len()).unwrap_or(i16::MAX) })
        });
        topics.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::{Entries, Topics, Words};

    const TAXONOMY: &str = "[vaccination]\nvacin*\nprimeira dose\n💉\n[leisure]\npt: live\n[variants]\nBA.5\n[home]\nfique em casa";

    fn find(text: &str, language: Option<&str>) -> Vec<(String, i16)> {
        let entries = Entries::parse(&Table::read(None, "taxonomy.txt", TAXONOMY).unwrap()).unwrap();
        let topics = Topics::new(&entries).unwrap();
        let found = topics.find(&Words::of(text), language);
        found.into_iter().map(|topic| (topic.name, topic.hits)).collect()
    }

    fn one(name: &str, hits: i16) -> Vec<(String, i16)> {
        vec![(name.to_owned(), hits)]
    }

    #[test]
    fn terms_are_found_at_the_bounds_of_words_whatever_their_spelling() {
        assert_eq!(find("Vacinação: PRIMEIRA  dose!", Some("pt")), one("vaccination", 2));
        assert_eq!(find("desvacinar a primeira. Dose", Some("pt")), []);
        assert_eq!(find("a ba.5 veio", None), one("variants", 1));
        assert_eq!(find("💉💉", None), one("vaccination", 1));
    }

    #[test]
    fn a_term_counts_once_in_a_hashtag_split_or_whole_and_however_often_it_comes() {
        for text in ["#FiqueEmCasa fique em casa", "#fiqueemcasa", "#fique_em_casa"] {
            assert_eq!(find(text, Some("pt")), one("home", 1), "{text}");
        }
    }

    #[test]
    fn a_term_of_one_language_counts_in_it_and_where_none_is_known() {
        assert_eq!(find("live hoje", Some("pt")), one("leisure", 1));
        assert_eq!(find("live hoje", None), one("leisure", 1));
        assert_eq!(find("where I live", Some("en")), []);
    }

    #[test]
    fn topics_come_sorted_by_name() {
        let names: Vec<String> = find("vacina, BA.5, live", None).into_iter().map(|found| found.0).collect();
        assert_eq!(names, ["leisure", "vaccination", "variants"]);
    }
}
