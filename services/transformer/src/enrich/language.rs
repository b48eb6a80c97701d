//! The language of a post: X's tag where it names one, else what can be told from the text.

use std::borrow::Cow;

use whatlang::{Detector, Lang};

use super::words::Words;

/// Tags that name no language: ISO 639's, and X's own in the private range (qme: media only, qht: tags only …).
fn names_none(primary: &str) -> bool {
    matches!(primary, "und" | "zxx" | "mul" | "mis" | "art") || ("qaa"..="qtz").contains(&primary)
}

/// X's tag as BCP 47 writes it: language small, script with a capital, region in capitals; region and script stay
/// (`zh-tw` is `zh-TW`), ISO 639's withdrawn codes that X still sends become today's. `None` where it names none.
pub(super) fn tagged(tag: Option<&str>) -> Option<Cow<'_, str>> {
    let tag = tag?.trim();
    let mut parts = tag.split(['-', '_']);
    let primary = parts.next().filter(|primary| (2..=3).contains(&primary.len()))?.to_ascii_lowercase();
    // BCP 47, section 4.4.1: 35 characters hold every tag in use.
    let plain = tag.len() <= 35 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if !plain || !primary.chars().all(|c| c.is_ascii_alphabetic()) || names_none(&primary) {
        return None;
    }
    let today = match primary.as_str() {
        "in" => "id",
        "iw" => "he",
        "ji" => "yi",
        "mo" => "ro",
        same => same,
    };
    if today == tag {
        return Some(Cow::Borrowed(tag));
    }
    let mut written = today.to_owned();
    for part in parts.filter(|part| !part.is_empty()) {
        written.push('-');
        let small = part.to_ascii_lowercase();
        match (part.len(), small.chars().next()) {
            (2, _) => written.push_str(&small.to_ascii_uppercase()),
            (4, Some(first)) if first.is_ascii_alphabetic() => {
                written.push(first.to_ascii_uppercase());
                written.push_str(small.get(1..).unwrap_or_default());
            }
            _ => written.push_str(&small),
        }
    }
    Some(Cow::Owned(written))
}

/// Without script and region: `pt` of `pt-BR`.
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

/// What can be told for certain from a text that X gave no language.
#[derive(Debug)]
pub(super) struct Detection {
    detector: Detector,
}

/// The languages looked for, with their two letters: those that posts about Brazil, and posts in general, are
/// mostly in. Each further one that resembles these makes fewer short posts certain.
const LANGUAGES: [(Lang, &str); 22] = [
    (Lang::Ara, "ar"),
    (Lang::Ces, "cs"),
    (Lang::Cmn, "zh"),
    (Lang::Deu, "de"),
    (Lang::Ell, "el"),
    (Lang::Eng, "en"),
    (Lang::Fra, "fr"),
    (Lang::Heb, "he"),
    (Lang::Hin, "hi"),
    (Lang::Ind, "id"),
    (Lang::Ita, "it"),
    (Lang::Jpn, "ja"),
    (Lang::Kor, "ko"),
    (Lang::Nld, "nl"),
    (Lang::Pol, "pl"),
    (Lang::Por, "pt"),
    (Lang::Rus, "ru"),
    (Lang::Spa, "es"),
    (Lang::Swe, "sv"),
    (Lang::Tha, "th"),
    (Lang::Tur, "tr"),
    (Lang::Ukr, "uk"),
];
/// Bytes that are looked at: what a text is in shows long before, and detection takes time in proportion.
const MOST: usize = 1024;

impl Detection {
    pub(super) fn new() -> Self {
        Self { detector: Detector::with_allowlist(LANGUAGES.map(|(lang, _)| lang).to_vec()) }
    }

    /// Two letters of ISO 639-1; `None` where whatlang is not certain, or there are no words.
    pub(super) fn detect(&self, text: &str, words: &Words) -> Option<&'static str> {
        if words.words().iter().all(|word| !word.lettered) {
            return None;
        }
        let prose = prose(text);
        let found = self.detector.detect(&prose).filter(whatlang::Info::is_reliable)?;
        LANGUAGES.iter().find(|(lang, _)| *lang == found.lang()).map(|(_, tag)| *tag)
    }
}

/// The text with its accents, which tell languages apart, and without links, mentions and tags, which do not.
fn prose(text: &str) -> String {
    let end = (0..=MOST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let chunks = text.get(..end).unwrap_or_default().split_whitespace();
    let said = chunks.filter(|chunk| !chunk.starts_with(['@', '#']) && !chunk.contains("://"));
    said.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{Detection, Words, primary, tagged};

    #[test]
    fn a_tag_is_written_as_bcp_47_writes_it() {
        for (sent, written) in [
            ("pt", "pt"),
            ("PT", "pt"),
            ("zh-tw", "zh-TW"),
            ("in", "id"),
            ("iw", "he"),
            ("sr_latn_RS", "sr-Latn-RS"),
        ] {
            assert_eq!(tagged(Some(sent)).as_deref(), Some(written));
        }
        assert_eq!(primary("pt-BR"), "pt");
    }

    #[test]
    fn a_tag_that_names_no_language_is_none() {
        for sent in ["und", "qme", "qst", "qht", "qam", "zxx", "art", "", "x", "português", "p1"] {
            assert_eq!(tagged(Some(sent)), None, "{sent}");
        }
        assert_eq!(tagged(None), None);
    }

    #[test]
    fn only_what_is_certain_is_detected() {
        let detection = Detection::new();
        let detect = |text: &str| detection.detect(text, &Words::of(text));
        let long =
            "as aulas remotas continuam até o fim do semestre, segundo a secretaria de educação do estado";
        assert_eq!(detect(long), Some("pt"));
        assert_eq!(detect("ok"), None);
        assert_eq!(detect("😷😷 123 https://t.co/abcdefghij"), None);
    }
}
