//! Texts as search sees them: small letters, no accents, cut into words.

use super::facts::Tokens;

/// Small letters without accents.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else if !('\u{300}'..='\u{36f}').contains(&c) {
            folded.extend(c.to_lowercase().map(without_accent));
        }
    }
    folded
}

fn without_accent(c: char) -> char {
    match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// True if the words stand in the text one directly after the other.
pub(crate) fn contains(tokens: &Tokens, words: &[String]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    tokens.words().enumerate().any(|(at, word)| {
        word == first && tokens.words().skip(at + 1).take(rest.len()).eq(rest.iter().map(String::as_str))
    })
}

/// The folded words of a phrase, as they stand in [`Tokens`].
pub(crate) fn words(phrase: &str) -> Vec<String> {
    Tokens::of(phrase).words().map(Into::into).collect()
}
