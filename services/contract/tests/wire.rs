//! What one release writes, every later one reads; what nobody wrote is refused and never panics.

use contract::{
    BatchId, BatchKind, Compliance, Cursor, Fingerprint, Framing, Money, Record, Rejected, Started, Tag,
    Tweet, TweetBatch, Unparsed, User, WireError, content_digest, decode, encode, encode_confluent,
    encode_version, known_fingerprints, schema_text,
};
use proptest::prelude::*;

fn no_registry(_: u32) -> Option<Fingerprint> {
    None
}

fn batch() -> TweetBatch {
    TweetBatch {
        batch_id: "covid/7/2".to_owned(),
        kind: BatchKind::Page,
        rule: "covid".to_owned(),
        walk: 7,
        page: 2,
        tweets: vec![Tweet {
            id: 1_700_000_000_000_000_001,
            text: "Fique em casa 😷".to_owned(),
            ..Tweet::default()
        }],
        users: vec![User { id: 42, ..User::default() }],
        unparsed: vec![Unparsed {
            section: "data".to_owned(),
            json: "{}".to_owned(),
            reason: "no id".to_owned(),
        }],
        ..TweetBatch::default()
    }
}

#[test]
fn an_older_version_is_read_with_defaults_for_what_it_lacks() {
    let value = encode_version(&batch(), 1).unwrap();
    let read: TweetBatch = decode(&value, no_registry).unwrap();
    assert_eq!(read, TweetBatch { unparsed: vec![], ..batch() });
}

#[test]
fn either_framing_carries_the_same_record() {
    let single = encode(&batch()).unwrap();
    let newest = *known_fingerprints::<TweetBatch>().last().unwrap();
    assert_eq!(
        Framing::of(&single).unwrap(),
        Framing::SingleObject { fingerprint: newest, body: &single[10..] }
    );
    let confluent = encode_confluent(&batch(), 300).unwrap();
    assert!(matches!(Framing::of(&confluent).unwrap(), Framing::Confluent { schema_id: 300, .. }));
    let read: TweetBatch = decode(&confluent, |id| (id == 300).then_some(newest)).unwrap();
    assert_eq!(read, batch());
    assert!(matches!(decode::<TweetBatch>(&confluent, no_registry), Err(WireError::UnresolvedId(300))));
}

#[test]
fn an_unknown_schema_is_told_apart_from_bad_data() {
    let mut value = encode(&batch()).unwrap();
    value[2] ^= 0xFF;
    assert!(matches!(decode::<TweetBatch>(&value, no_registry), Err(WireError::UnknownSchema { .. })));
    assert!(matches!(decode::<TweetBatch>(b"not avro", no_registry), Err(WireError::UnknownFraming(_))));
    let mut longer = encode(&batch()).unwrap();
    longer.push(0);
    assert!(matches!(decode::<TweetBatch>(&longer, no_registry), Err(WireError::Trailing(1))));
    let whole = encode(&batch()).unwrap();
    assert!(matches!(decode::<TweetBatch>(&whole[..whole.len() - 3], no_registry), Err(WireError::Body(_))));
}

/// A released schema is never edited, only followed by a new version: its fingerprint stands here.
#[test]
fn released_schemas_keep_their_fingerprints() {
    fn of<T: Record>() -> Vec<String> {
        known_fingerprints::<T>()
            .into_iter()
            .map(|fingerprint| {
                assert!(schema_text::<T>(fingerprint).unwrap().contains("garimpo.v1"));
                fingerprint.to_string()
            })
            .collect()
    }
    assert_eq!(of::<TweetBatch>(), ["a93078c4efe40013", "c167dec272457265"]);
    assert_eq!(of::<Cursor>(), ["80507eab8febac86"]);
    assert_eq!(of::<Money>(), ["628cf20ea722d1e2"]);
    assert_eq!(of::<Started>(), ["514edb85027db3f2"]);
    assert_eq!(of::<Rejected>(), ["730ba96c08b397d1"]);
    assert_eq!(of::<Compliance>(), ["63eb01d0b9653d25"]);
}

#[test]
fn a_digest_tells_content_apart_and_ignores_how_it_was_fetched() {
    let again = TweetBatch { received_at: 5, attempts: 3, refetched: true, ..batch() };
    assert_eq!(content_digest(&batch()), content_digest(&again));
    let mut other = batch();
    other.tweets[0].text.push('!');
    assert_ne!(content_digest(&batch()), content_digest(&other));
}

#[test]
fn batch_ids_read_as_they_are_written() {
    for text in ["covid/1/1", "covid_pt-2/12/340", "covid/1/1/2"] {
        assert_eq!(text.parse::<BatchId>().unwrap().to_string(), text);
    }
    for text in ["", "covid", "covid/1", "/1/1", "covid/x/1", "covid/1/1/1/1"] {
        assert!(text.parse::<BatchId>().unwrap_err().to_string().contains("rule/walk/page"));
    }
    assert_eq!("covid/1/9/2".parse::<BatchId>().unwrap().partition_key(), "covid/1");
}

prop_compose! {
    fn any_tweet()(
        id in 1i64.., text in any::<String>(), tags in prop::collection::vec(any::<String>(), 0..3),
        lang in prop::option::of(any::<String>()), history in prop::collection::vec(any::<i64>(), 0..3),
    ) -> Tweet {
        let hashtags = tags.into_iter().map(|tag| Tag { tag, ..Tag::default() }).collect();
        Tweet {
            id, text, lang, edit_history: history,
            entities: Some(contract::Entities { hashtags, ..Default::default() }), ..Tweet::default()
        }
    }
}

proptest! {
    #[test]
    fn any_batch_survives_the_wire(tweets in prop::collection::vec(any_tweet(), 0..5), cost in any::<i64>()) {
        let sent = TweetBatch { tweets, cost_usd_micros: cost, ..batch() };
        let read: TweetBatch = decode(&encode(&sent).unwrap(), no_registry).unwrap();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(body in prop::collection::vec(any::<u8>(), 0..600), version in 0usize..2) {
        let mut value = encode_version(&batch(), version + 1).unwrap()[..10].to_vec();
        value.extend_from_slice(&body);
        let _either = decode::<TweetBatch>(&value, no_registry);
        let _either = decode::<TweetBatch>(&body, no_registry);
    }

    #[test]
    fn a_damaged_batch_never_makes_a_reader_panic(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut value = encode(&batch()).unwrap();
        let at = at.index(value.len());
        value[at] ^= 1 << bit;
        let _either = decode::<TweetBatch>(&value, no_registry);
    }
}
