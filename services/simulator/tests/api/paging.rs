//! A walk by `next_token` gives each post exactly once, newest first, though posts come and go.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::json;

use crate::harness::{COVID, Parameters, SEARCH, Server, all_ids, ids, start};

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Between {
    Nothing,
    /// So many new posts, newer than all others.
    Newer(usize),
    /// The post at this part of all of them vanishes.
    Delete(usize),
    /// A post is indexed late, at this part of the interval.
    Late(usize),
}

fn between() -> impl Strategy<Value = Between> {
    prop_oneof![
        Just(Between::Nothing),
        (1..5_usize).prop_map(Between::Newer),
        (0..1000_usize).prop_map(Between::Delete),
        (0..1000_usize).prop_map(Between::Late),
    ]
}

struct Walked {
    pages: Vec<Vec<u64>>,
    /// Posts that were there before the first page and never went.
    lasting: HashSet<u64>,
    late: Vec<u64>,
}

async fn walk(server: &Server, size: usize, events: &[Between]) -> Walked {
    let before = server.matched(COVID).await;
    let mut walked =
        Walked { pages: Vec::new(), lasting: before.iter().copied().collect(), late: Vec::new() };
    let size = size.to_string();
    let mut token: Option<String> = None;
    let mut events = events.iter().cycle();
    loop {
        let mut asked: Parameters<'_> = vec![("query", COVID), ("max_results", &size)];
        asked.extend(token.as_deref().map(|token| ("next_token", token)));
        let page = server.json(SEARCH, &asked).await;
        walked.pages.push(ids(&page));
        let Some(next) = page["meta"]["next_token"].as_str() else { return walked };
        token = Some(next.to_owned());
        match events.next().unwrap() {
            Between::Nothing => {}
            Between::Newer(count) => {
                server
                    .post("/_sim/posts", &json!({ "posts": vec![json!({ "text": "covid" }); *count] }))
                    .await;
            }
            Between::Delete(part) => {
                let id = before[part * before.len() / 1000];
                server.post("/_sim/delete", &json!({ "ids": [id.to_string()] })).await;
                walked.lasting.remove(&id);
            }
            Between::Late(part) => {
                // Generated ids end in three zero bits: the next number is free.
                let id = before[part * before.len() / 1000] + 5;
                server
                    .post("/_sim/posts", &json!({ "posts": [{ "id": id.to_string(), "text": "covid" }] }))
                    .await;
                walked.late.push(id);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn each_post_comes_once_newest_first_though_posts_come_and_go(
        seed in 0..1000_u64,
        size in 10..=100_usize,
        posts in 50..400_usize,
        events in proptest::collection::vec(between(), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let walked = runtime.block_on(async {
            let server = start(&["--seed", &seed.to_string(), "--posts", &posts.to_string()]).await;
            walk(&server, size, &events).await
        });
        let all: Vec<u64> = walked.pages.concat();
        prop_assert!(all.is_sorted_by(|newer, older| newer > older), "newest first, none twice");
        let seen: HashSet<u64> = all.iter().copied().collect();
        for id in &walked.lasting {
            prop_assert!(seen.contains(id), "post {id} was there all the time and was not seen");
        }
        let full = walked.pages.len().saturating_sub(1);
        prop_assert!(walked.pages[..full].iter().all(|page| page.len() == size), "only the last page may be short");
        let first = walked.pages[0].first().copied().unwrap_or(0);
        let unexpected = all.iter().filter(|id| !walked.lasting.contains(id) && !walked.late.contains(id));
        // What is neither lasting nor late was there at first and vanished only after its page.
        prop_assert!(unexpected.into_iter().all(|id| *id <= first && id.is_multiple_of(8)));
    }
}

#[tokio::test]
async fn a_walk_gives_exactly_the_truth() {
    let server = start(&["--posts", "2500"]).await;
    let pages = server.walk(&vec![("query", COVID), ("max_results", "100")]).await;
    assert_eq!(all_ids(&pages), server.matched(COVID).await);
    for page in &pages {
        let of_page = ids(page);
        assert_eq!(page["meta"]["result_count"], of_page.len());
        assert_eq!(page["meta"]["newest_id"], of_page[0].to_string());
        assert_eq!(page["meta"]["oldest_id"], of_page[of_page.len() - 1].to_string());
    }
}

#[tokio::test]
async fn a_token_is_refused_with_other_parameters_and_taken_with_another_size() {
    let server = start(&[]).await;
    let page = server.json(SEARCH, &vec![("query", COVID)]).await;
    let token = page["meta"]["next_token"].as_str().unwrap();
    for changed in [
        vec![("query", "covid"), ("next_token", token)],
        vec![("query", COVID), ("next_token", token), ("tweet.fields", "lang")],
        vec![("query", COVID), ("next_token", token), ("since_id", "2000000000000000000")],
        vec![("query", COVID), ("next_token", &token[1..])],
    ] {
        let (status, body) = server.status(SEARCH, &changed).await;
        assert_eq!(status, 400, "{changed:?}: {body}");
    }
    for name in ["next_token", "pagination_token"] {
        let next = server.json(SEARCH, &vec![("query", COVID), (name, token), ("max_results", "20")]).await;
        assert_eq!(ids(&next).len(), 20);
        assert!(ids(&next)[0] < ids(&page)[9]);
    }
}

#[tokio::test]
async fn the_next_page_may_be_empty_when_its_posts_vanished() {
    let server = start(&["--posts", "60"]).await;
    let page = server.json(SEARCH, &vec![("query", COVID)]).await;
    let token = page["meta"]["next_token"].as_str().unwrap();
    let rest: Vec<String> = server.matched(COVID).await.iter().map(u64::to_string).collect();
    server.post("/_sim/delete", &json!({ "ids": rest })).await;
    let next = server.json(SEARCH, &vec![("query", COVID), ("next_token", token)]).await;
    assert_eq!(next, json!({ "meta": { "result_count": 0 } }));
}
