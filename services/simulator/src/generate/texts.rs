//! What a post says: sentences of the grammar, trimmings that break careless programs, and its links.

use super::authors;
use super::draw::{Draw, For};
use super::grammar::Grammar;
use super::timeline::Timeline;

/// What posts are about; each is a slot of both grammars.
pub(crate) const TOPICS: &[&str] = &[
    "symptoms",
    "vaccination",
    "masks",
    "quarantine",
    "schools",
    "economy",
    "health_system",
    "politics",
    "misinformation",
    "mental_health",
];
/// X shows so many characters in `text`; the whole is in the note.
pub(crate) const SHORT: usize = 280;

/// Both languages' sentences.
#[derive(Debug)]
pub(crate) struct Grammars {
    portuguese: Grammar,
    english: Grammar,
}

impl Grammars {
    pub(crate) fn read() -> Self {
        Self { portuguese: Grammar::portuguese(), english: Grammar::english() }
    }
}

/// A link to somewhere outside, by its short form.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) short: String,
    pub(crate) kind: LinkKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    Page,
    Media,
    Quote,
}

/// The words of a post and what they point to.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) text: String,
    pub(crate) lang: &'static str,
    pub(crate) topic: &'static str,
    pub(crate) links: Vec<Link>,
    /// Accounts named in the text.
    pub(crate) mentions: Vec<u64>,
}

const TRIMMINGS: &[&str] = &[
    "👨‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🇧🇷",
    "👩🏿‍⚕️💉",
    "𝕮𝖔𝖛𝖎𝖉",
    "שלום",
    "السلامة أولاً",
    "e\u{301}",
    "\u{200b}",
    "\u{200e}",
    "\u{feff}",
    "\u{ad}",
    "\u{2028}",
    "\u{85}",
    "\t",
    "&lt;3",
    "&amp;",
    "¯\\_(ツ)_/¯",
    "%00",
    "'; --",
    "\"",
    "\u{1f9a0}",
    "中文",
    "…",
];

impl Timeline {
    /// The words of post `index`: versions of an edited post share their beginning.
    pub(crate) fn words(&self, grammars: &Grammars, index: u64) -> Words {
        let edition = self.edition(index);
        let mut draw = Draw::new(self.seed, For::Text, edition.root);
        let lang = match draw.below(1000) {
            0..600 => "pt",
            600..950 => "en",
            950..970 => "qst",
            970..985 => "und",
            _ => "es",
        };
        let grammar = if lang == "en" { &grammars.english } else { &grammars.portuguese };
        let topic = *draw.pick(TOPICS);
        let veiled = draw.chance(70);
        let mut words = Words { text: String::new(), lang, topic, links: Vec::new(), mentions: Vec::new() };
        let relations = self.relations(index);
        if let Some(to) = relations.replied_to {
            words.mention(self.seed, self.author(to));
        }
        match lang {
            "qst" | "und" => words.add_bare(grammar, veiled, &mut draw),
            _ => words.add_sentences(grammar, veiled, &mut draw),
        }
        if draw.chance(90) {
            let someone = draw.below(authors::AUTHORS);
            words.mention(self.seed, someone);
        }
        if edition.version > 0 {
            let mut draw = Draw::new(self.seed, For::Correction, index);
            words.text.push(' ');
            grammar.say("correction", veiled, &mut draw, &mut words.text);
        }
        words.add_links(&mut draw, self.has_media(edition.root), relations.quoted.is_some());
        words
    }
}

fn pick(draw: &mut Draw, choices: &[&'static str]) -> &'static str {
    draw.pick::<&'static str>(choices)
}

impl Words {
    fn add_sentences(&mut self, grammar: &Grammar, veiled: bool, draw: &mut Draw) {
        // One in sixteen is a long post with a note.
        let sentences = if draw.chance(62) { draw.between(5, 24) } else { 1 };
        for n in 0..sentences {
            self.gap(draw);
            if n == 0 && draw.chance(500) {
                grammar.say("opener", veiled, draw, &mut self.text);
                self.text.push(' ');
            }
            let topic = if n == 0 { self.topic } else { *draw.pick(TOPICS) };
            grammar.say(topic, veiled, draw, &mut self.text);
            self.text.push_str(pick(draw, &[".", "!", "", "...", "?!", "."]));
            if draw.chance(120) {
                self.text.push(' ');
                self.text.push_str(pick(draw, TRIMMINGS));
            }
        }
        for (slot, per_mille) in [("feeling", 250), ("stay", 80), ("tail", 200)] {
            if draw.chance(per_mille) && !(veiled && slot == "stay") {
                self.gap(draw);
                grammar.say(slot, veiled, draw, &mut self.text);
            }
        }
        let tags = [0, 0, 0, 1, 1, 2, 3][draw.position(7)];
        self.add_tags(tags, grammar, veiled, draw);
        if draw.chance(15) {
            self.text.push_str(pick(draw, &[" $PFE", " $MRNA $AZN"]));
        }
    }

    /// Nothing but tags and signs: X gives such posts no language.
    fn add_bare(&mut self, grammar: &Grammar, veiled: bool, draw: &mut Draw) {
        self.text.push_str(pick(draw, TRIMMINGS));
        self.add_tags(draw.between(1, 4), grammar, veiled, draw);
    }

    fn add_tags(&mut self, count: u64, grammar: &Grammar, veiled: bool, draw: &mut Draw) {
        for _ in 0..count {
            self.text.push(' ');
            grammar.say("tags", veiled, draw, &mut self.text);
        }
    }

    fn gap(&mut self, draw: &mut Draw) {
        if !self.text.is_empty() {
            self.text.push_str(pick(draw, &[" ", " ", " ", "\n", "\n\n"]));
        }
    }

    fn mention(&mut self, seed: u64, author: u64) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push('@');
        self.text.push_str(&authors::username(seed, author));
        self.text.push(' ');
        self.mentions.push(author);
    }

    fn add_links(&mut self, draw: &mut Draw, has_media: bool, quotes: bool) {
        let page = draw.chance(200);
        for (wanted, kind) in
            [(page, LinkKind::Page), (quotes, LinkKind::Quote), (has_media, LinkKind::Media)]
        {
            if wanted {
                let short = format!("https://t.co/{}", draw.letters(10));
                self.text.push(' ');
                self.text.push_str(&short);
                self.links.push(Link { short, kind });
            }
        }
    }
}
