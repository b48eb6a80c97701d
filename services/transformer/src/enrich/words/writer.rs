//! Writes words: letters in, folded words between separators out.

use unicode_normalization::char::is_combining_mark;

use super::super::fold::{is_accent, push_folded};
use super::{Word, Words};

/// Words so far, and the one that is being read.
#[derive(Debug)]
pub(super) struct Writer {
    words: Words,
    open: Option<Open>,
}

#[derive(Debug, Default)]
struct Open {
    start: usize,
    letters: bool,
    capitals: usize,
    small: bool,
    /// The letter that was cut to one.
    run: Option<char>,
}

impl Writer {
    pub(super) fn for_text(text: &str) -> Self {
        let mut folded = String::with_capacity(text.len() + 16);
        folded.push('.');
        let words = Words { folded, words: Vec::with_capacity(text.len() / 5), ..Words::default() };
        Self { words, open: None }
    }

    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.words.words.len()
    }

    /// A letter or digit of a word.
    pub(super) fn letter(&mut self, letter: char) {
        let folded = &mut self.words.folded;
        let open = self.open.get_or_insert_with(|| Open { start: folded.len(), ..Open::default() });
        open.letters |= letter.is_alphabetic();
        open.capitals += usize::from(letter.is_uppercase());
        open.small |= letter.is_lowercase();
        if !letter.is_ascii_alphabetic() {
            open.run = None;
            push_folded(letter, folded);
            return;
        }
        let small = letter.to_ascii_lowercase();
        if open.run == Some(small) {
            return;
        }
        let word = folded.get(open.start..).unwrap_or_default();
        if word.len() >= 2 && word.chars().rev().take(2).all(|before| before == small) {
            // From three on, a letter is drawn out: `muitooo`. What is nothing but it stays, at three: `kkk`.
            if !word.chars().all(|before| before == small) {
                folded.pop();
                open.run = Some(small);
            } else if word.len() == 2 {
                folded.push(small);
            }
            return;
        }
        open.run = None;
        folded.push(small);
    }

    /// A mark upon the last letter; accents are dropped.
    pub(super) fn mark(&mut self, mark: char) {
        if self.open.is_some() && is_combining_mark(mark) && !is_accent(mark) {
            self.words.folded.push(mark);
        }
    }

    /// Ends the word, if there is one.
    pub(super) fn gap(&mut self) {
        let Some(open) = self.open.take() else { return };
        let end = self.words.folded.len();
        if end > open.start {
            self.words.words.push(Word {
                start: open.start,
                end,
                lettered: open.letters,
                capitals: open.capitals >= 2 && !open.small,
                joined: false,
            });
            self.words.folded.push(' ');
        }
    }

    /// Ends the word and the phrase.
    pub(super) fn stop(&mut self) {
        self.gap();
        self.words.folded.pop();
        self.words.folded.push('.');
    }

    /// Something that is a word by itself, as it is.
    pub(super) fn sign(&mut self, sign: &str) {
        self.gap();
        self.push_word(sign, false);
        self.words.folded.push(' ');
    }

    /// Repeats the words from the `first` on as one, where they are several.
    pub(super) fn join(&mut self, first: usize) {
        let parts = self.words.words.get(first..).unwrap_or_default();
        if parts.len() > 1 {
            let joined: String = parts.iter().map(|part| self.words.text(part, part)).collect();
            self.stop();
            self.push_word(&joined, true);
            self.words.folded.push('.');
        }
    }

    pub(super) fn exclamation(&mut self) {
        self.words.exclamations = self.words.exclamations.saturating_add(1);
    }

    pub(super) fn question(&mut self) {
        self.words.questions = self.words.questions.saturating_add(1);
    }

    pub(super) fn finish(mut self) -> Words {
        self.gap();
        self.words
    }

    fn push_word(&mut self, word: &str, joined: bool) {
        let start = self.words.folded.len();
        self.words.folded.push_str(word);
        let end = self.words.folded.len();
        self.words.words.push(Word { start, end, lettered: true, capitals: false, joined });
    }
}
