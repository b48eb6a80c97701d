//! Whatever a post's text holds, enrichment comes back, twice the same, within its bounds.

use std::sync::LazyLock;

use contract::{Note, Place, Tweet};
use proptest::prelude::*;
use transformer::enrich::{Enricher, Relations};

static ENRICHER: LazyLock<Enricher> = LazyLock::new(|| Enricher::embedded().unwrap());

/// What a tokenizer stumbles over, joined at random.
fn crooked() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "#",
        "##FiqueEmCasa",
        "@",
        "@a",
        "https://",
        "t.co/",
        "&amp;",
        "&",
        "&lt;3",
        ":)",
        "((((",
        "\u{200d}",
        "\u{345}",
        "e\u{301}",
        "\u{301}",
        "👩🏿‍⚕️",
        "🇧🇷",
        "não",
        "NADA",
        "muito bom",
        "kkkkk",
        "'",
        "’s",
        "ﷺ",
        "ǅ",
        "İ",
        "ß",
        "が",
        "हि",
        "שלום",
        "\u{202e}",
        " ",
        "\n",
        ".",
        "!",
        "?",
        "1.5",
        "mas",
        "not",
        "#_",
        "_",
        "vacina",
        "\0",
        "\u{10ffff}",
    ]);
    prop::collection::vec(parts, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn enrichment_of_any_text_is_whole_repeatable_and_within_bounds(
        text in prop_oneof![any::<String>(), "\\PC{0,300}", crooked()],
        lang in prop_oneof![Just(None), Just(Some("pt".to_owned())), Just(Some("en".to_owned())), any::<String>().prop_map(Some)],
        name in prop_oneof![any::<String>(), crooked()],
        bbox in prop::collection::vec(any::<f64>(), 0..6),
        long in any::<bool>(),
    ) {
        let note = long.then(|| Note { text: text.repeat(20), ..Note::default() });
        let tweet = Tweet { text, lang, note, ..Tweet::default() };
        let place = Place { full_name: Some(name), country_code: Some("BR".to_owned()), bbox, ..Place::default() };
        let derive = || ENRICHER.derive(&tweet, &Relations::default(), Some(&place));
        let derived = derive();
        prop_assert_eq!(&derived, &derive());
        if let Some(sentiment) = derived.sentiment {
            prop_assert!((-1000..=1000).contains(&sentiment.score), "{:?}", sentiment);
            prop_assert!((0..=1000).contains(&sentiment.coverage), "{:?}", sentiment);
        }
        prop_assert!(derived.topics.is_sorted_by(|one, next| one.name < next.name));
        prop_assert!(derived.topics.iter().all(|topic| topic.hits > 0));
        prop_assert!(derived.state.is_none_or(|state| state.len() == 2));
        prop_assert!(derived.language.is_none_or(|language| (2..=35).contains(&language.len())));
    }
}

#[test]
fn a_long_post_is_read_by_its_note() {
    let note = Note { text: "Vacina já! Que alegria".to_owned(), ..Note::default() };
    let tweet = Tweet {
        text: "Que tristeza, que horror".to_owned(),
        lang: Some("pt".to_owned()),
        note: Some(note),
        ..Tweet::default()
    };
    let derived = ENRICHER.derive(&tweet, &Relations::default(), None);
    assert_eq!(derived.topics.iter().map(|topic| topic.name.as_str()).collect::<Vec<_>>(), ["vaccination"]);
    assert_eq!(derived.sentiment.unwrap().label(), "positive");
}

#[test]
fn what_is_not_known_is_not_zero() {
    let tweet = Tweet {
        text: "🤷 123 https://t.co/abcdefghij".to_owned(),
        lang: Some("und".to_owned()),
        ..Tweet::default()
    };
    let derived = ENRICHER.derive(&tweet, &Relations::default(), None);
    assert_eq!(
        (derived.language, derived.sentiment, derived.state, derived.country_code),
        (None, None, None, None)
    );
    let spanish = Tweet { text: "qué tristeza".to_owned(), lang: Some("es".to_owned()), ..Tweet::default() };
    assert_eq!(ENRICHER.derive(&spanish, &Relations::default(), None).sentiment, None);
}
