//! Nothing of an answer is lost on the way to the contract, in either vocabulary.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use x_api::{Page, Received, Vocabulary};

use super::*;

/// One post with everything, and what comes beside it; of the shapes of real answers, of nobody's words.
fn answer() -> Value {
    serde_json::from_str(include_str!("fixtures/answer.json")).unwrap()
}

fn page(answer: &Value) -> Page {
    Page::from_json(answer, Received::default()).unwrap()
}

/// The leaves of a JSON value as texts, objects and lists inside `extra` and `unparsed` included.
fn leaves(value: &Value, into: &mut BTreeMap<String, usize>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| match member {
            Value::String(text) if ["extra", "json"].contains(&name.as_str()) => {
                leaves(&serde_json::from_str(text).unwrap(), into);
            }
            member => leaves(member, into),
        }),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, into)),
        Value::Null => {}
        leaf => {
            let text = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
            // The contract has times in milliseconds.
            let text = x_api::Timestamp::parse(&text)
                .map_or(text, |time| crate::clock::millis(time.at()).to_string());
            *into.entry(text).or_default() += 1;
        }
    }
}

/// Leaves of the answer that the batch does not hold as often.
fn lost(answer: &Value) -> Vec<String> {
    let (mut given, mut kept) = (BTreeMap::new(), BTreeMap::new());
    let mut answer = answer.clone();
    // These three stand in the batch's own fields and in the cursor.
    for name in ["newest_id", "oldest_id", "next_token"] {
        answer["meta"].as_object_mut().map(|meta| meta.remove(name));
    }
    leaves(&answer, &mut given);
    // The contract's coordinates are a point by their definition.
    given.remove("Point");
    leaves(&serde_json::to_value(normalise(page(&answer))).unwrap(), &mut kept);
    given.into_iter().filter(|(leaf, times)| kept.get(leaf) < Some(times)).map(|(leaf, _)| leaf).collect()
}

#[test]
fn an_answer_with_everything_becomes_this_batch() {
    insta::assert_json_snapshot!(normalise(page(&answer())));
}

#[test]
fn nothing_of_an_answer_is_lost() {
    assert_eq!(lost(&answer()), Vec::<String>::new());
}

#[test]
fn both_vocabularies_become_the_same_batch() {
    let posts = page(&answer()).to_json(Vocabulary::Post);
    assert!(posts.to_string().contains("note_post") && !posts.to_string().contains("note_tweet"));
    assert_eq!(normalise(page(&posts)), normalise(page(&answer())));
}

#[test]
fn text_is_untouched() {
    let text = "  a\u{0}\u{200d}e\u{301}\r\n&amp; \u{1F637}  ";
    let batch = normalise(page(
        &json!({"data": [{"id": "1", "text": text, "note_tweet": {"text": text}}], "meta": {}}),
    ));
    assert_eq!(batch.tweets[0].text, text);
    assert_eq!(batch.tweets[0].note.as_ref().unwrap().text, text);
}

#[test]
fn a_number_too_large_for_the_contract_is_kept_as_it_came() {
    let far = json!({"data": [{"id": "1", "entities": {"hashtags": [{"start": 5_000_000_000_i64, "end": 1, "tag": "a"}]}}]});
    let batch = normalise(page(&far));
    let entities = batch.tweets[0].entities.as_ref().unwrap();
    assert_eq!((entities.hashtags[0].start, entities.hashtags[0].end), (None, Some(1)));
    assert_eq!(entities.extra.as_deref(), Some(r#"{"hashtags":[{"start":5000000000}]}"#));
}

/// Any JSON, under names that posts have and names they have not.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z0-9 ]{1,8}".prop_map(Value::from),
        Just(Value::from("2026-11-24T12:00:00.5Z")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let name = prop::sample::select(vec![
            "text",
            "start",
            "end",
            "tag",
            "urls",
            "hashtags",
            "entities",
            "type",
            "id",
            "status",
            "geo",
            "options",
            "place_id",
            "coordinates",
            "domain",
            "entity",
            "name",
            "username",
            "unknown",
            "edits_remaining",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 1..4).prop_map(|members| members
                .into_iter()
                .map(|(n, v)| (n.to_owned(), v))
                .collect::<Map<_, _>>()
                .into()),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_x_sends_is_kept(
        members in prop::collection::vec((prop::sample::select(vec![
            "text", "note_tweet", "author_id", "created_at", "entities", "geo", "attachments", "context_annotations",
            "edit_controls", "public_metrics", "referenced_tweets", "withheld", "surprise",
        ]), any_json()), 0..6),
        beside in any_json(),
    ) {
        let mut post: Map<String, Value> = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        post.insert("id".to_owned(), Value::from("17"));
        let answer = json!({"data": [post], "includes": {"users": [beside], "places": [beside]}, "meta": {}});
        prop_assert_eq!(lost(&answer), Vec::<String>::new());
    }
}
