//! Answers of both vocabularies, whole and odd.

use serde_json::{Value, json};
use x_api::model::tweet::ReferenceKind;
use x_api::{IdError, Malformed, Page, Reason, Received, Section, TweetId, Vocabulary};

use crate::support::{POST_NAMES, TWEET_NAMES, json as parse};

fn page(value: &Value) -> Page {
    Page::from_json(value, Received::default()).unwrap()
}

#[test]
fn both_vocabularies_parse_to_the_same_model() {
    assert_eq!(page(&parse(TWEET_NAMES)), page(&parse(POST_NAMES)));
}

#[test]
fn a_page_is_written_back_in_either_vocabulary_without_a_difference() {
    let page = page(&parse(TWEET_NAMES));
    assert_eq!(page.to_json(Vocabulary::Tweet), parse(TWEET_NAMES));
    assert_eq!(page.to_json(Vocabulary::Post), parse(POST_NAMES));
}

#[test]
fn typed_members_hold_what_was_sent() {
    let page = page(&parse(POST_NAMES));
    let tweet = &page.tweets[0];
    assert_eq!(tweet.id, TweetId::from_i64(1_460_323_737_035_677_698).unwrap());
    assert!(tweet.note.as_ref().unwrap().text.as_ref().unwrap().ends_with("porque é longo mesmo."));
    assert_eq!(tweet.created_at.as_ref().unwrap().at().unix_timestamp(), 1_795_178_096);
    assert_eq!(tweet.edit_controls.as_ref().unwrap().edits_remaining.unwrap().get(), 5);
    assert_eq!(tweet.public_metrics.as_ref().unwrap().retweets.unwrap().get(), 3);
    let kinds: Vec<_> = tweet.referenced.iter().flatten().filter_map(|other| other.kind.clone()).collect();
    assert_eq!(kinds, [ReferenceKind::Quoted, ReferenceKind::RepliedTo]);
    let point = tweet.geo.as_ref().unwrap().coordinates.as_ref().unwrap();
    let degrees: Vec<f64> = point.coordinates.iter().flatten().map(x_api::Real::get).collect();
    assert_eq!(degrees, [-34.877_123_456_789_01, -8.0]);
    assert_eq!(
        page.includes.tweets[0].referenced.as_ref().unwrap()[0].kind,
        Some(ReferenceKind::Other("mirrored".into()))
    );
    assert_eq!(page.includes.users[0].public_metrics.as_ref().unwrap().tweets.unwrap().get(), 30);
    assert_eq!(page.includes.places[0].geo.as_ref().unwrap().bbox.as_ref().unwrap().len(), 4);
    assert_eq!(page.includes.media[1].variants.as_ref().unwrap()[0].bit_rate.unwrap().get(), 832_000);
    assert_eq!(page.includes.polls[0].options.as_ref().unwrap()[1].label.as_deref(), Some("não"));
    assert_eq!(page.errors[0].suffix(), Some("not-authorized-for-resource"));
    assert_eq!(page.next_token(), Some("b26v89c19zqg8o3fpzbkk2sl"));
}

#[test]
fn members_without_a_field_are_extra_at_every_level() {
    let page = page(&parse(TWEET_NAMES));
    let tweet = &page.tweets[0];
    assert_eq!(page.extra["shape_of_tomorrow"], json!({"a": [null, true]}));
    assert_eq!(page.includes.extra["topics"][0]["id"], "1");
    assert_eq!(tweet.extra.keys().collect::<Vec<_>>(), ["article"]);
    assert_eq!(tweet.note.as_ref().unwrap().extra["note_shape_of_tomorrow"], json!([1, 2.5]));
    assert_eq!(tweet.public_metrics.as_ref().unwrap().extra["echo_count"], 7);
    let link = &tweet.entities.as_ref().unwrap().urls.as_ref().unwrap()[0];
    assert_eq!(link.images.as_ref().unwrap()[1].extra["alt"], "fatia");
    assert_eq!(page.includes.users[0].extra.keys().collect::<Vec<_>>(), ["parody"]);
}

#[test]
fn an_entry_that_cannot_be_read_does_not_lose_its_page() {
    let value = json!({
        "data": [{"text": "no id"}, {"id": "20"}, "no object", {"id": 21}, {"id": "9223372036854775808"}, {"id": "22"}],
        "includes": {"users": [{"id": "x1"}, {"id": "7"}]},
        "meta": {"result_count": 6}
    });
    let page = page(&value);
    assert_eq!(page.tweets.iter().map(|tweet| tweet.id.get()).collect::<Vec<_>>(), [20, 22]);
    let found: Vec<_> =
        page.unparsed.iter().map(|entry| (entry.section, entry.index, entry.reason.clone())).collect();
    let wrong = |expected| Reason::WrongType { expected };
    assert_eq!(
        found,
        [
            (Section::Data, 0, Reason::Missing { member: "id" }),
            (Section::Data, 2, wrong("an object")),
            (Section::Data, 3, wrong("an id as text")),
            (Section::Data, 4, Reason::Id(IdError::TooLarge { given: "9223372036854775808".to_owned() })),
            (Section::Users, 0, Reason::Id(IdError::NotDecimal { given: "x1".to_owned() })),
        ]
    );
    assert_eq!(page.unparsed[0].json, json!({"text": "no id"}));
    assert_eq!(page.to_json(Vocabulary::Tweet), value);
}

#[test]
fn a_member_of_a_new_type_is_kept_beside_the_post_it_belongs_to() {
    let value = json!({"data": [{
        "id": "1", "text": "ok", "lang": 5, "created_at": "yesterday", "geo": null,
        "entities": {"hashtags": "none", "urls": []}, "edit_controls": {"edits_remaining": "05"}
    }]});
    let page = page(&value);
    let tweet = &page.tweets[0];
    assert_eq!(tweet.text.as_deref(), Some("ok"));
    assert_eq!((tweet.lang.as_deref(), tweet.created_at.as_ref()), (None, None));
    assert_eq!(tweet.extra.keys().collect::<Vec<_>>(), ["created_at", "geo", "lang"]);
    assert_eq!(tweet.entities.as_ref().unwrap().extra["hashtags"], "none");
    assert_eq!(page.to_json(Vocabulary::Tweet), value);
}

#[test]
fn a_member_under_both_names_is_read_once_and_kept_twice() {
    let value = json!({"data": [{"id": "1", "note_tweet": {"text": "a"}, "note_post": {"text": "b"}}]});
    let page = page(&value);
    assert_eq!(page.tweets[0].note.as_ref().unwrap().text.as_deref(), Some("a"));
    assert_eq!(page.tweets[0].extra["note_post"], json!({"text": "b"}));
    assert_eq!(page.to_json(Vocabulary::Tweet), value);
}

#[test]
fn an_empty_page_has_no_posts_and_no_next_page() {
    let page = page(&json!({"meta": {"result_count": 0}}));
    assert_eq!((page.tweets.len(), page.next_token(), page.newest_id()), (0, None, None));
}

#[test]
fn ids_are_decimal_texts_up_to_the_largest_bigint() {
    assert_eq!(TweetId::parse("9223372036854775807").unwrap().get(), i64::MAX);
    assert_eq!(TweetId::parse("0").unwrap().to_string(), "0");
    for text in ["", "007", "+1", "-1", " 1", "1.0", "1e3", "٣", "10000000000000000000"] {
        assert!(matches!(TweetId::parse(text), Err(IdError::NotDecimal { .. })), "{text:?}");
    }
    assert!(matches!(TweetId::parse("9223372036854775808"), Err(IdError::TooLarge { .. })));
    assert_eq!(TweetId::from_i64(-1), None);
}

#[test]
fn an_answer_of_another_structure_is_malformed() {
    let received = Received::default;
    let list = Page::parse(b"[]", received());
    assert!(matches!(list, Err(Malformed::Structure { at: "answer", .. })), "{list:?}");
    let data = Page::parse(br#"{"data": {"id": "1"}}"#, received());
    assert!(matches!(data, Err(Malformed::Structure { at: "data", .. })), "{data:?}");
    let html = Page::parse(b"<html>\xff down", received()).unwrap_err();
    assert!(html.to_string().contains("<html>"), "{html}");
}
