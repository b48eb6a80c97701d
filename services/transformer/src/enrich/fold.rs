//! One spelling for grouping: without case and accents.

use unicode_normalization::UnicodeNormalization;

/// Lower case, compatibility forms unified, accents of Latin, Greek and Cyrillic letters dropped
/// (U+0300 to U+036F); marks of other scripts tell words apart and stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .filter(|c| !('\u{300}'..='\u{36F}').contains(c))
        .collect::<String>()
        .to_lowercase()
        .nfc()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fold;

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
}
