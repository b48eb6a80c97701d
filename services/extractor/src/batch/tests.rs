//! A batch's name, interval and price, and what becomes of one that is too large.

use contract::{BatchId, Cursor, Tweet, TweetBatch, User, content_digest, encode};

use super::*;
use crate::plan::Walk;

fn walk() -> Walk {
    let cursor = Cursor {
        rule: "covid".to_owned(),
        identity: "me".to_owned(),
        query: "covid".to_owned(),
        query_fingerprint: contract::query_fingerprint("covid"),
        walk: 7,
        page: 1,
        open: true,
        since_id: Some(5),
        covered_to: Some(1_000),
        end_time: Some(9_000),
        ..Cursor::default()
    };
    Walk { cursor, gap: None }
}

fn content(posts: i64) -> TweetBatch {
    let tweet = |id| Tweet { id, text: format!("casa {id} {}", "x".repeat(100)), ..Tweet::default() };
    TweetBatch {
        tweets: (0..posts).map(tweet).collect(),
        included: (1000..1010).map(tweet).collect(),
        users: vec![User { id: 42, ..User::default() }],
        extra: Some("{}".to_owned()),
        ..TweetBatch::default()
    }
}

fn made(posts: i64) -> TweetBatch {
    let fetched = Fetched { observed_at: 8_000, attempts: 2, refetched: true, ..Fetched::default() };
    let priced = Priced { bill: Bill { posts, users: 1 }, cost: UsdMicros(posts * 5_000 + 10_000) };
    page(content(posts), &walk(), &Seen::default(), fetched, priced)
}

#[test]
fn a_batch_says_where_it_belongs_what_it_covers_and_what_it_cost() {
    let batch = TweetBatch { tweets: vec![], included: vec![], users: vec![], ..made(3) };
    insta::assert_json_snapshot!(batch);
}

#[test]
fn the_digest_is_of_the_content_alone() {
    assert_eq!(made(3).digest, content_digest(&content(3)));
}

#[test]
fn merged_polls_are_one_message_that_counts_them() {
    let mut walk = walk();
    (walk.cursor.page, walk.cursor.idle_polls) = (0, 59);
    let message = idle(&walk, Fetched::default());
    assert_eq!((message.kind, message.idle_polls), (contract::BatchKind::Idle, 60));
    assert_eq!((message.batch_id.as_str(), message.cost_usd_micros), ("covid/7/1", 0));
    assert_eq!((message.covers_from, message.covers_to), (Some(1_000), Some(9_000)));
}

#[test]
fn an_answer_within_the_limit_is_one_message_without_a_part_in_its_name() {
    let whole = parts(made(3), &id(&walk()), 900_000).unwrap();
    assert_eq!(whole, [made(3)]);
}

#[test]
fn an_answer_too_large_is_sent_in_parts_that_together_are_the_answer() {
    let whole = made(90);
    let sent = parts(whole.clone(), &id(&walk()), 3_000).unwrap();
    assert!(sent.len() > 4);
    assert!(sent.iter().all(|part| encode(part).unwrap().len() <= 3_000));
    let mut posts: Vec<i64> = sent.iter().flat_map(|part| part.tweets.iter().map(|tweet| tweet.id)).collect();
    posts.sort_unstable();
    assert_eq!(posts, (0..90).collect::<Vec<_>>());
    assert_eq!(sent.iter().map(|part| part.included.len()).sum::<usize>(), 10);
    assert_eq!(sent.iter().map(|part| part.cost_usd_micros).sum::<i64>(), whole.cost_usd_micros);
    assert_eq!(sent.iter().map(|part| part.billed_posts).sum::<i32>(), whole.billed_posts);
    let names: Vec<BatchId> = sent.iter().map(|part| part.batch_id.parse().unwrap()).collect();
    for (at, (part, name)) in sent.iter().zip(&names).enumerate() {
        let number = i32::try_from(at + 1).unwrap();
        assert_eq!((name.part, part.part), (Some(number), number));
        assert_eq!(usize::try_from(part.parts).unwrap(), sent.len());
        assert_eq!(part.digest, content_digest(part));
        assert_eq!((part.observed_at, part.attempts, part.refetched), (8_000, 2, true));
        let last = at + 1 == sent.len();
        assert_eq!(
            (part.walk_finished, part.covers_to.is_some()),
            (last, last),
            "only the last part vouches"
        );
    }
}

#[test]
fn a_single_post_larger_than_the_limit_stays_whole() {
    let sent = parts(made(1), &id(&walk()), 10).unwrap();
    assert_eq!(sent.iter().map(|part| part.tweets.len()).sum::<usize>(), 1);
}
