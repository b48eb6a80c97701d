//! For any answer: what is read and written back is what came, whatever X adds, leaves out or changes.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use x_api::{Page, Received, Vocabulary};

/// Members of objects X sends, by vocabulary where they differ: any of them may hold anything.
const SHARED: &[&str] = &[
    "id",
    "text",
    "author_id",
    "created_at",
    "lang",
    "entities",
    "hashtags",
    "urls",
    "mentions",
    "annotations",
    "images",
    "public_metrics",
    "like_count",
    "geo",
    "coordinates",
    "bbox",
    "properties",
    "place_id",
    "edit_controls",
    "edits_remaining",
    "editable_until",
    "attachments",
    "media_keys",
    "poll_ids",
    "media_key",
    "type",
    "options",
    "position",
    "end_datetime",
    "variants",
    "start",
    "end",
    "tag",
    "probability",
    "description",
    "url",
    "status",
    "withheld",
    "country_codes",
    "context_annotations",
    "domain",
    "entity",
    "name",
    "title",
    "detail",
    "errors",
    "next_token",
    "result_count",
    "newest_id",
    "display_text_range",
    "possibly_sensitive",
    "topics",
    "members_to_come",
];
const TWEET: &[&str] = &[
    "note_tweet",
    "referenced_tweets",
    "edit_history_tweet_ids",
    "retweet_count",
    "tweet_count",
    "pinned_tweet_id",
];
const POST: &[&str] = &[
    "note_post",
    "referenced_posts",
    "edit_history_post_ids",
    "repost_count",
    "post_count",
    "pinned_post_id",
];

fn member(vocabulary: Vocabulary) -> impl Strategy<Value = String> {
    let own = if vocabulary == Vocabulary::Tweet { TWEET } else { POST };
    prop_oneof![4 => proptest::sample::select(SHARED), 2 => proptest::sample::select(own)]
        .prop_map(str::to_owned)
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-180.0..180.0_f64).prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(json!("2026-11-20T12:34:56.000Z")),
        Just(json!("2026-11-20T12:34:56Z")),
        Just(json!("2026-11-20t09:34:56.7891234567-03:00")),
        Just(json!("quoted")),
    ]
}

fn value(vocabulary: Vocabulary) -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 48, 6, move |inner| {
        let object = btree_map(member(vocabulary), inner.clone(), 0..6);
        prop_oneof![
            vec(inner, 0..4).prop_map(Value::from),
            object.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An object with an id that is mostly good.
fn thing(vocabulary: Vocabulary) -> impl Strategy<Value = Value> {
    let id = prop_oneof![8 => (0..i64::MAX).prop_map(|id| json!(id.to_string())), 1 => leaf()];
    let members = btree_map(member(vocabulary), value(vocabulary), 0..10);
    (id, members).prop_map(|(id, members)| {
        let mut object: Map<String, Value> = members.into_iter().collect();
        for name in ["id", "media_key"] {
            object.insert(name.to_owned(), id.clone());
        }
        Value::Object(object)
    })
}

fn list(vocabulary: Vocabulary) -> impl Strategy<Value = Value> {
    prop_oneof![9 => vec(thing(vocabulary), 0..4).prop_map(Value::from), 1 => value(vocabulary)]
}

fn answer(vocabulary: Vocabulary) -> impl Strategy<Value = Value> {
    let included = if vocabulary == Vocabulary::Tweet { "tweets" } else { "posts" };
    let names = proptest::sample::select(vec![included, "users", "places", "media", "polls", "topics"]);
    let includes = btree_map(names.prop_map(str::to_owned), list(vocabulary), 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()));
    let data = vec(thing(vocabulary), 0..4).prop_map(Value::from);
    let other = proptest::sample::select(vec!["includes", "errors", "meta", "data_to_come"]);
    let others = btree_map(other.prop_map(str::to_owned), value(vocabulary), 0..4);
    (data, includes, others).prop_map(|(data, includes, others)| {
        let mut object: Map<String, Value> = Map::new();
        object.insert("data".to_owned(), data);
        object.insert("includes".to_owned(), includes);
        object.extend(others);
        Value::Object(object)
    })
}

fn assert_lossless(answer: &Value, vocabulary: Vocabulary) -> Result<(), TestCaseError> {
    let body = serde_json::to_vec(answer).unwrap();
    let page = Page::parse(&body, Received::default()).unwrap();
    let data = answer["data"].as_array().map_or(0, Vec::len);
    let unread = page.unparsed.iter().filter(|entry| entry.section == x_api::Section::Data).count();
    prop_assert_eq!(page.tweets.len() + unread, data);
    prop_assert_eq!(&page.to_json(vocabulary), answer);
    Ok(())
}

proptest! {
    #[test]
    fn nothing_of_a_tweet_answer_is_lost(answer in answer(Vocabulary::Tweet)) {
        assert_lossless(&answer, Vocabulary::Tweet)?;
    }

    #[test]
    fn nothing_of_a_post_answer_is_lost(answer in answer(Vocabulary::Post)) {
        assert_lossless(&answer, Vocabulary::Post)?;
    }
}
