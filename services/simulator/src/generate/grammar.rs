//! A grammar of sentences: slots with alternatives, read once from a text file beside this one.

use std::collections::HashMap;

use super::draw::Draw;

#[derive(Debug)]
enum Piece {
    Text(&'static str),
    Slot(usize),
}

/// Slots and their alternatives in one language.
#[derive(Debug)]
pub(crate) struct Grammar {
    names: HashMap<&'static str, usize>,
    slots: Vec<Vec<Vec<Piece>>>,
    /// `{it}` and `{of_it}` lead here in a post that the group's query is not to find.
    veiled: HashMap<usize, usize>,
}

impl Grammar {
    /// Portuguese.
    pub(crate) fn portuguese() -> Self {
        Self::read(include_str!("grammar/pt.txt"))
    }

    /// English.
    pub(crate) fn english() -> Self {
        Self::read(include_str!("grammar/en.txt"))
    }

    fn read(source: &'static str) -> Self {
        let mut grammar = Self { names: HashMap::new(), slots: Vec::new(), veiled: HashMap::new() };
        let mut into = None;
        for line in source.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("# ")) {
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                into = Some(grammar.slot(name));
            } else if let Some(slot) = into {
                let pieces = grammar.pieces(line);
                grammar.slots[slot].push(pieces);
            }
        }
        for (name, slot) in &grammar.names {
            if let Some(plain) = name.strip_prefix("veiled_").and_then(|plain| grammar.names.get(plain)) {
                grammar.veiled.insert(*plain, *slot);
            }
        }
        grammar
    }

    fn slot(&mut self, name: &'static str) -> usize {
        *self.names.entry(name).or_insert_with(|| {
            self.slots.push(Vec::new());
            self.slots.len() - 1
        })
    }

    fn pieces(&mut self, line: &'static str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            if !before.is_empty() {
                pieces.push(Piece::Text(before));
            }
            pieces.push(Piece::Slot(self.slot(name)));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }

    /// Appends one alternative of the slot `name`; a veiled text never names what the group's query looks for.
    pub(crate) fn say(&self, name: &str, veiled: bool, draw: &mut Draw, into: &mut String) {
        if let Some(slot) = self.names.get(name) {
            self.expand(*slot, veiled, draw, into);
        }
    }

    fn expand(&self, slot: usize, veiled: bool, draw: &mut Draw, into: &mut String) {
        let slot = if veiled { *self.veiled.get(&slot).unwrap_or(&slot) } else { slot };
        let alternatives = &self.slots[slot];
        if alternatives.is_empty() {
            return;
        }
        for piece in draw.pick(alternatives) {
            match piece {
                Piece::Text(text) => into.push_str(text),
                Piece::Slot(inner) => self.expand(*inner, veiled, draw, into),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::draw::For;
    use crate::generate::texts::TOPICS;

    #[test]
    fn every_slot_that_a_sentence_names_has_alternatives() {
        for grammar in [Grammar::portuguese(), Grammar::english()] {
            for (name, slot) in &grammar.names {
                assert!(!grammar.slots[*slot].is_empty(), "{name}");
            }
            for topic in TOPICS {
                assert!(grammar.names.contains_key(topic), "{topic}");
            }
            assert_eq!(grammar.veiled.len(), 3);
        }
    }

    #[test]
    fn a_veiled_sentence_does_not_name_the_disease() {
        let grammar = Grammar::portuguese();
        for n in 0..500 {
            let mut text = String::new();
            grammar.say("politics", true, &mut Draw::new(1, For::Text, n), &mut text);
            let folded = crate::query::fold(&text);
            assert!(!folded.contains("covid") && !folded.contains("quarenten"), "{text}");
        }
    }
}
