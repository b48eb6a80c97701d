//! A text as folded words: made once a post, shared by topics and sentiment.

mod scan;
mod writer;

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// A text's words in order, folded, each between two separators. The text itself is not touched.
///
/// Separators are one byte: `.` where punctuation or a line's end parts two words, else a space. So a phrase is found by its
/// bytes alone, and never across a full stop: `Fique em casa!` is `.fique em casa.`.
#[derive(Debug, Default)]
pub struct Words {
    folded: String,
    words: Vec<Word>,
    exclamations: u8,
    questions: u8,
}

/// A word, an emoji or an emoticon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// Not merely a number.
    pub(super) lettered: bool,
    /// Two letters or more, all of them capitals.
    pub(super) capitals: bool,
    /// A hashtag's words once more as one: for topics, not to be counted again.
    pub(super) joined: bool,
}

impl Words {
    /// Reads a text. Links and mentions take no part; a hashtag's words do, `#FiqueEmCasa` as three and as one.
    pub(super) fn of(text: &str) -> Self {
        scan::scan(&nfkc(text))
    }

    /// All words with their separators; begins and ends with one.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// In order.
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// Folded text from one word to another.
    pub(super) fn text(&self, from: &Word, to: &Word) -> &str {
        self.folded.get(from.start..to.end).unwrap_or_default()
    }

    /// Whether punctuation parts the word from the one before.
    pub(super) fn begins(&self, word: &Word) -> bool {
        word.start.checked_sub(1).and_then(|at| self.folded.as_bytes().get(at)) == Some(&b'.')
    }

    /// Exclamation and question marks outside links.
    pub(super) fn marks(&self) -> (u8, u8) {
        (self.exclamations, self.questions)
    }

    /// What a term or an entry of a table is found by: its words without the outer separators; empty where it has none.
    pub(super) fn key(&self) -> &str {
        match (self.words.first(), self.words.iter().rfind(|word| !word.joined)) {
            (Some(first), Some(last)) => self.text(first, last),
            _ => "",
        }
    }
}

fn nfkc(text: &str) -> Cow<'_, str> {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfkc().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    fn folded(text: &str) -> String {
        Words::of(text).folded().to_owned()
    }

    #[test]
    fn words_lie_between_separators_without_case_and_accents() {
        assert_eq!(folded("Fique em CASA!"), ".fique em casa.");
        assert_eq!(folded("Covid-19, ＵＴＩ lotada…\nnão?"), ".covid 19.uti lotada.nao.");
        assert_eq!(folded("BA.5 won't"), ".ba.5 wont ");
        assert_eq!(folded(""), ".");
    }

    #[test]
    fn links_and_mentions_take_no_part() {
        assert_eq!(folded("@maria_s veja https://t.co/aB1?x=febre agora"), ".veja agora ");
        assert_eq!(folded("(www.saude.gov.br) t.co/abc fim@casa"), ".fim casa ");
        assert_eq!(folded("textohttps://t.co/x感染"), ".texto 感染 ");
    }

    #[test]
    fn a_hashtag_is_read_by_its_words_and_as_one() {
        assert_eq!(folded("#FiqueEmCasa já"), ".fique em casa.fiqueemcasa.ja ");
        assert_eq!(folded("#fora_bolsonaro #covid19"), ".fora bolsonaro.forabolsonaro.covid19 ");
        let words = Words::of("#StayHome");
        assert_eq!(words.words().iter().map(|word| word.joined).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(words.key(), "stay home");
    }

    #[test]
    fn lengthened_words_are_shortened_and_laughter_has_one_length() {
        assert_eq!(folded("VACINADAAAA sooo kkkkkkkk passe"), ".vacinada so kkk passe ");
    }

    #[test]
    fn what_is_not_seen_parts_no_word() {
        assert_eq!(folded("va\u{200b}ci\u{ad}na \u{feff}e\u{301}"), ".vacina e ");
        assert_eq!(folded("हिन्दी में"), ".हिन्दी में ");
    }

    #[test]
    fn emoji_and_emoticons_are_words_of_their_own() {
        assert_eq!(folded("feliz❤️💉💉🏽 :)) &lt;3 a&amp;b"), ".feliz ❤ 💉 💉 :) <3 a b ");
        assert_eq!(folded("👩🏿‍⚕️🇧🇷 (veja) :-("), ".👩 ⚕.veja.:-( ");
    }

    #[test]
    fn capitals_are_told_from_a_capital() {
        let capitals: Vec<bool> =
            Words::of("VIVA o SUS Brasil É").words().iter().map(|w| w.capitals).collect();
        assert_eq!(capitals, [true, false, true, false, false]);
    }
}
