//! Tells words, hashtags, mentions, links, emoticons and emoji of a text apart.

use unicode_normalization::char::is_combining_mark;

use super::Words;
use super::writer::Writer;

/// Reads a text in NFKC.
pub(super) fn scan(text: &str) -> Words {
    let mut out = Writer::for_text(text);
    let mut rest = text;
    let mut after_space = true;
    while let Some(c) = rest.chars().next() {
        let taken = step(rest, c, after_space, &mut out);
        after_space = c.is_whitespace();
        rest = rest.get(taken..).unwrap_or_default();
    }
    out.finish()
}

/// Reads what stands first; the bytes it took.
fn step(rest: &str, c: char, after_space: bool, out: &mut Writer) -> usize {
    let width = c.len_utf8();
    if c.is_alphanumeric() {
        if let Some(length) = link(rest, c, out.is_open()) {
            out.gap();
            return length;
        }
        out.letter(c);
        return width;
    }
    if after_space && let Some((sign, length)) = emoticon(rest, c) {
        out.sign(&sign);
        return length;
    }
    let next_in_word = || rest.chars().nth(1).is_some_and(char::is_alphanumeric);
    match c {
        ' ' => out.gap(),
        // Within a word an apostrophe is left out: "don't" is written "dont" as often.
        '\'' | '’' | 'ʼ' if out.is_open() && next_in_word() => {}
        '#' if next_in_word() || rest.starts_with("#_") => return hashtag(rest, out),
        '@' if !out.is_open() => return 1 + prefix(rest.get(1..), |c| c.is_ascii_alphanumeric() || c == '_'),
        '&' => return entity(rest, out),
        '!' => {
            out.exclamation();
            out.stop();
        }
        '?' => {
            out.question();
            out.stop();
        }
        _ if is_stop(c) => out.stop(),
        _ if is_unseen(c) => {}
        _ if is_combining_mark(c) => out.mark(c),
        _ if is_emoji(c) => out.sign(c.encode_utf8(&mut [0; 4])),
        _ => out.gap(),
    }
    width
}

/// Splits `#FiqueEmCasa` where a capital follows a small letter, and at `_`; repeats it whole, as many write it small.
fn hashtag(rest: &str, out: &mut Writer) -> usize {
    out.gap();
    let (first, mut taken, mut after_small) = (out.len(), 1, false);
    for c in rest.chars().skip(1) {
        if c == '_' {
            out.gap();
        } else if c.is_alphanumeric() {
            if after_small && c.is_uppercase() {
                out.gap();
            }
            out.letter(c);
        } else if is_combining_mark(c) {
            out.mark(c);
        } else {
            break;
        }
        after_small = c.is_lowercase();
        taken += c.len_utf8();
    }
    out.gap();
    out.join(first);
    taken
}

/// Length of the link that begins here. X shortens every address to t.co; what is left bare is prose.
fn link(rest: &str, first: char, within_word: bool) -> Option<usize> {
    let begins = |with: &str| rest.get(..with.len()).is_some_and(|found| found.eq_ignore_ascii_case(with));
    let found = match first {
        'h' | 'H' => begins("https://") || begins("http://"),
        _ if within_word => false,
        'w' | 'W' => begins("www."),
        't' | 'T' => begins("t.co/"),
        'p' => begins("pic.twitter.com/") || begins("pic.x.com/"),
        _ => false,
    };
    // An address is ASCII: languages without spaces go on right after it.
    found.then(|| prefix(Some(rest), |c| c.is_ascii_graphic()))
}

/// `:)`, `<3` and their like, up to the next space, a repeated mouth once; `<` may come escaped, as X sends it.
fn emoticon(rest: &str, first: char) -> Option<(String, usize)> {
    if !matches!(first, ':' | ';' | '=' | '<' | '>' | '(' | '&') {
        return None;
    }
    let taken = prefix(Some(rest), |c| !c.is_whitespace());
    let chunk = rest.get(..taken).filter(|_| taken <= 16)?;
    let mut sign = chunk.replace("&lt;", "<").replace("&gt;", ">").to_ascii_lowercase();
    while sign.len() > 2 && sign.as_bytes().iter().rev().take(2).all(|b| sign.as_bytes().last() == Some(b)) {
        sign.pop();
    }
    let letters = sign.chars().filter(|c| c.is_alphanumeric()).count();
    let first = sign.chars().next()?;
    let faces = match first {
        '(' => sign.ends_with([':', ';', '=']),
        _ => sign.ends_with(|c: char| c != first),
    };
    (faces && letters <= 1 && sign.is_ascii() && (2..=4).contains(&sign.len()) && !sign.contains('&'))
        .then_some((sign, taken))
}

/// X escapes three signs.
fn entity(rest: &str, out: &mut Writer) -> usize {
    out.gap();
    ["&amp;", "&lt;", "&gt;"]
        .iter()
        .find(|entity| rest.starts_with(**entity))
        .map_or(1, |entity| entity.len())
}

/// Bytes of the characters at the beginning that hold.
fn prefix(text: Option<&str>, holds: impl Fn(char) -> bool) -> usize {
    let text = text.unwrap_or_default();
    text.find(|c| !holds(c)).unwrap_or(text.len())
}

/// Punctuation that ends a phrase; so does a line's end.
fn is_stop(c: char) -> bool {
    "\n.,;:\"()[]{}|“”«»–—…¿¡。、「」،؟".contains(c)
}

/// Marks of direction and joining, variation selectors, skin tones, tags: they part no word.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E01EF}')
}

/// Signs that may carry a valence. Letters of flags are none.
fn is_emoji(c: char) -> bool {
    matches!(c,
        '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}'
        | '\u{1F000}'..='\u{1F1E5}' | '\u{1F200}'..='\u{1FAFF}')
}
