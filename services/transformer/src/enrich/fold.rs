//! One spelling for grouping and matching: without case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// Lower case, compatibility forms unified, accents of Latin, Greek and Cyrillic letters dropped
/// (U+0300 to U+036F); marks of other scripts tell words apart and stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_accent(*c)).collect::<String>().to_lowercase().nfc().collect()
}

/// The same for one letter of a text in NFKC, letter by letter: for matching, where both sides are folded so.
pub(super) fn push_folded(letter: char, onto: &mut String) {
    match letter {
        '\0'..='\u{7F}' => onto.push(letter.to_ascii_lowercase()),
        // Full case folding of letters whose lower case depends on their place.
        'ß' | 'ẞ' => onto.push_str("ss"),
        'ς' => onto.push('σ'),
        // The blocks whose letters carry U+0300 to U+036F: Latin, Greek, Cyrillic, and their extensions.
        '\u{C0}'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}' => {
            decompose_canonical(letter, |part| {
                if !is_accent(part) {
                    onto.extend(part.to_lowercase().filter(|c| !is_accent(*c)));
                }
            });
        }
        _ => onto.extend(letter.to_lowercase()),
    }
}

/// A mark that is dropped.
pub(super) fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::{fold, push_folded};

    #[test]
    fn spellings_of_one_word_become_one() {
        for spelling in ["Vacinação", "VACINAÇÃO", "vacinacao", "vacinac\u{327}a\u{303}o"] {
            assert_eq!(fold(spelling), "vacinacao");
        }
        assert_eq!(fold("ＣＯＶＩＤ"), "covid");
    }

    #[test]
    fn marks_that_make_another_letter_stay() {
        assert_ne!(fold("が"), fold("か"));
        assert_eq!(fold("हिन्दी"), "हिन्दी");
    }

    #[test]
    fn letter_by_letter_the_fold_is_the_same() {
        for text in ["Vacinação", "ÀÉÎÕÜ", "Ñandú", "İstanbul", "ΆΛΦΑ", "Ёлка", "が", "ệ"]
        {
            let mut folded = String::new();
            text.chars().for_each(|c| push_folded(c, &mut folded));
            assert_eq!(folded, fold(text), "{text}");
        }
    }
}
