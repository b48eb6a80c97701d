//! How a text sounds, by VADER's rules over a lexicon of its language.
//!
//! Constants and most rules are those of VADER 3.3.2 (Hutto and Gilbert 2014, `vaderSentiment.py`), which LeIA took over
//! for Portuguese. They stand here, and not in the crate vader-sentimental (0.1.3), because that one knows English alone, splits the
//! text by itself, tells capitals by `[A-Z]`, and does not say how many words it knew: with an engine of its own for each
//! language, scores of the two could not be compared. Its speed and accuracy were not measured.
//!
//! On purpose otherwise than VADER: neither negation nor emphasis reaches across punctuation; a second negation within
//! reach does not turn the valence back (`não tem nada de bom`); hashtags are read as words; phrases are taken as they stand in the
//! lexicon. Its rules for `least`, `never so`, `never this` and `without doubt` are left out: they are English alone.

use super::enrichment::Sentiment;
use super::lexicon::{Entry, Lexicon};
use super::words::{Word, Words};

/// C_INCR: a word in capitals among others that are not.
const CAPITALS: i32 = 733;
/// N_SCALAR, in hundredths.
const NEGATED: i32 = -74;
/// How much of a booster is left one, two and three words away, in hundredths.
const REACH: [i32; 3] = [100, 95, 90];
/// For each exclamation mark, up to four.
const EXCLAMATION: i32 = 292;

/// A word or phrase as the engine sees it.
#[derive(Debug, Clone, Copy)]
struct Heard {
    entry: Entry,
    capitals: bool,
    /// Punctuation goes before.
    begins: bool,
}

/// Score and coverage; `None` where the lexicon knows no word of the text.
pub(super) fn sentiment(words: &Words, lexicon: &Lexicon) -> Option<Sentiment> {
    let spoken: Vec<Word> =
        words.words().iter().filter(|word| word.lettered && !word.joined).copied().collect();
    let shouted = spoken.iter().filter(|word| word.capitals).count();
    let emphasis = shouted > 0 && shouted < spoken.len();

    let mut heard: Vec<Heard> = Vec::with_capacity(spoken.len());
    let mut known = 0;
    let mut at = 0;
    while let Some(first) = spoken.get(at) {
        let (entry, length) = longest(words, lexicon, &spoken, at);
        if entry.valence.is_some() {
            known += length;
        }
        heard.push(Heard { entry, capitals: emphasis && first.capitals, begins: words.begins(first) });
        at += length;
    }
    if known == 0 {
        return None;
    }
    let turn = heard.iter().position(|word| word.entry.contrasts);
    let sum: i32 = (0..heard.len())
        .map(|at| match (valence(&heard, at), turn) {
            (weight, Some(turn)) if at < turn => weight / 2,
            (weight, Some(turn)) if at > turn => weight * 3 / 2,
            (weight, _) => weight,
        })
        .fold(0, i32::saturating_add);
    let share = known.saturating_mul(1000) / spoken.len();
    Some(Sentiment { score: compound(sum, words.marks()), coverage: i16::try_from(share).unwrap_or(1000) })
}

/// What stands at a word, the longest phrase first, and the words it takes.
fn longest(words: &Words, lexicon: &Lexicon, spoken: &[Word], at: usize) -> (Entry, usize) {
    let Some(first) = spoken.get(at) else { return (Entry::default(), 1) };
    let Some(entry) = lexicon.get(words.text(first, first)) else { return (Entry::default(), 1) };
    for length in (2..=usize::from(entry.longest)).rev() {
        // Where punctuation parts the words, no spelling of a phrase fits.
        let phrase = spoken.get(at + length - 1).and_then(|last| lexicon.get(words.text(first, last)));
        if let Some(phrase) =
            phrase.filter(|phrase| **phrase != Entry { longest: phrase.longest, ..Entry::default() })
        {
            return (*phrase, length);
        }
    }
    (*entry, 1)
}

/// A word's valence as the three words before it leave it, thousandths.
fn valence(heard: &[Heard], at: usize) -> i32 {
    let Some(word) = heard.get(at) else { return 0 };
    let Some(valence) = word.entry.valence.map(i32::from) else { return 0 };
    if word.entry.negates && followed(heard, at) {
        // VADER's "no": a negation before a word that it can turn, else a word of its own.
        return 0;
    }
    let mut weight = valence + if word.capitals { CAPITALS * valence.signum() } else { 0 };
    let mut parted = word.begins;
    let mut negated = false;
    for (distance, share) in REACH.into_iter().enumerate() {
        let Some(before) =
            at.checked_sub(distance + 1).and_then(|before| heard.get(before)).filter(|_| !parted)
        else {
            break;
        };
        let entry = before.entry;
        if entry.boost != 0 {
            let shout = if before.capitals { CAPITALS } else { 0 };
            weight += weight.signum() * (i32::from(entry.boost) * share / 100 + shout);
        }
        negated |= entry.negates && (entry.valence.is_none() || followed(heard, at - distance - 1));
        parted = before.begins;
    }
    if negated { weight * NEGATED / 100 } else { weight }
}

/// Whether one of the two words that follow has a valence, with no punctuation between.
fn followed(heard: &[Heard], at: usize) -> bool {
    let next = heard.iter().skip(at + 1).take(2);
    next.take_while(|word| !word.begins).any(|word| word.entry.valence.is_some_and(|valence| valence != 0))
}

/// VADER's normalisation, sum / sqrt(sum² + 15), after the emphasis of exclamation and question marks; thousandths.
fn compound(sum: i32, (exclamations, questions): (u8, u8)) -> i16 {
    let asked = match questions {
        0 | 1 => 0,
        2 | 3 => i32::from(questions) * 180,
        _ => 960,
    };
    let marks = i32::from(exclamations.min(4)) * EXCLAMATION + asked;
    let sum = i64::from(sum) + i64::from(sum.signum() * marks);
    // Above 1000 the score is 1 to three places; below, all fits.
    let size = sum.unsigned_abs().min(1_000_000);
    // `size` is in thousandths, its square in millionths, and the root of a million times that in millionths.
    let root = ((size * size + 15_000_000) * 1_000_000).isqrt();
    let score = i16::try_from((size * 1_000_000 + root / 2) / root).unwrap_or(1000);
    if sum < 0 { -score } else { score }
}

#[cfg(test)]
mod tests {
    use super::super::table::Table;
    use super::{Lexicon, Words, compound};

    const LEXICON: &str = "[valences]\ngood\t1.9\nbad\t-2.5\nno\t-1.2\nyeah right\t-2\n❤\t3.2\n:)\t2.1\npositive\t0\n\
        [negations]\nno\nnot\nnothing\n[boosters]\nvery\t0.293\nkind of\t-0.293\n[contrasts]\nbut";

    fn read(text: &str) -> Option<(i16, i16)> {
        let lexicon = Lexicon::parse(&Table::read(None, "lexicon", LEXICON).unwrap()).unwrap();
        super::sentiment(&Words::of(text), &lexicon).map(|found| (found.score, found.coverage))
    }

    fn score(text: &str) -> i16 {
        read(text).unwrap().0
    }

    #[test]
    fn the_score_of_one_word_is_vaders() {
        // 1.9 / sqrt(1.9² + 15) and so on, as vaderSentiment 3.3.2 prints them.
        assert_eq!((score("good"), score("bad"), score("good!!!")), (440, -542, 583));
        assert_eq!((score("very good"), score("not good"), score("a GOOD day")), (493, -341, 562));
    }

    #[test]
    fn a_dampener_and_a_phrase_are_taken_as_phrases() {
        assert!(score("kind of good") < score("good"));
        assert_eq!(score("yeah right"), compound(-2000, (0, 0)));
    }

    #[test]
    fn two_negations_do_not_turn_back_and_none_reaches_across_punctuation() {
        assert_eq!(score("not nothing good"), score("not good"));
        assert_eq!(score("not this. good"), score("good"));
    }

    #[test]
    fn no_is_a_word_by_itself_and_a_negation_before_another() {
        assert_eq!(score("no"), compound(-1200, (0, 0)));
        assert_eq!(score("no good"), score("not good"));
    }

    #[test]
    fn what_follows_but_outweighs_what_went_before() {
        assert!(score("good but bad") < score("bad"));
        assert!(score("bad but good") > 0);
    }

    #[test]
    fn emoji_and_emoticons_count() {
        assert!(score("❤️") > score(":)") && score(":)") > 0);
    }

    #[test]
    fn coverage_is_the_share_of_known_words_and_without_any_there_is_no_score() {
        assert_eq!(read("good 12 days outside"), Some((440, 333)));
        assert_eq!(read("positive"), Some((0, 1000)));
        for text in ["", "12", "days outside", "https://good.com/bad @good"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_score_stays_within_its_bounds() {
        assert_eq!((compound(i32::MAX, (255, 255)), compound(i32::MIN + 1, (255, 255))), (1000, -1000));
    }
}
