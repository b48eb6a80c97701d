//! Faults that are not an error of X's table: cut bodies, slowness, late index, posts that vanish.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{COUNTS, COVID, SEARCH, USAGE, all_ids, ids, start};

#[tokio::test]
async fn a_cut_body_breaks_off_where_it_was_told_and_is_billed() {
    let server = start(&["--posts", "300"]).await;
    let asked = vec![("query", COVID), ("max_results", "100")];
    server
        .faults(
            json!([{ "kind": "cut_body", "bytes": 1000 }, { "kind": "cut_body", "bytes": 0, "after": 1 }]),
        )
        .await;
    for bytes in [1000, 0] {
        let mut response = server.get(SEARCH, &asked).await;
        assert_eq!(response.status(), 200);
        assert!(response.content_length().unwrap() > 10_000);
        let mut received = 0;
        let broken = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => received += chunk.len(),
                Ok(None) => break false,
                Err(_) => break true,
            }
        };
        assert!(broken, "the body ended as if it were whole");
        assert_eq!(received, bytes);
    }
    let bill = server.json("/_sim/bill", &vec![]).await;
    assert_eq!(bill["usd_micros"], 100 * 5_000, "the same posts on one day");
    assert_eq!(bill["answers"][0]["cut"], true);
    let served = server.json("/_sim/served", &vec![]).await;
    assert_eq!((&served["pages"][0]["times"], &served["pages"][0]["answered_whole"]), (&json!(2), &json!(0)));
    assert_eq!(ids(&server.json(SEARCH, &asked).await).len(), 100);
}

#[tokio::test]
async fn a_reset_leaves_no_answer_at_all_and_no_bill() {
    let server = start(&["--posts", "300"]).await;
    server.faults(json!([{ "kind": "reset" }])).await;
    let asked = vec![("query", COVID)];
    assert!(server.try_get(SEARCH, &asked).await.is_err());
    assert_eq!(server.json("/_sim/bill", &vec![]).await["usd_micros"], 0);
    assert_eq!(server.get(SEARCH, &asked).await.status(), 200);
}

#[tokio::test]
async fn a_slow_answer_comes_late_and_whole() {
    let server = start(&[]).await;
    server.faults(json!([{ "kind": "slow", "ms": 300 }])).await;
    let began = Instant::now();
    server.json(SEARCH, &vec![("query", COVID)]).await;
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn a_fault_waits_strikes_so_often_and_on_its_path_only() {
    let server = start(&[]).await;
    server.faults(json!([{ "kind": "server_error", "after": 1, "times": 2, "path": SEARCH }])).await;
    let mut seen = Vec::new();
    for _ in 0..4 {
        assert_eq!(server.get(USAGE, &vec![]).await.status(), 200);
        assert_eq!(server.get(COUNTS, &vec![("query", COVID)]).await.status(), 200);
        seen.push(server.get(SEARCH, &vec![("query", COVID)]).await.status().as_u16());
    }
    assert_eq!(seen, [200, 503, 503, 200]);
    assert_eq!(server.json("/_sim/faults", &vec![]).await, json!([]));
}

#[tokio::test]
async fn faults_of_a_token_strike_requests_with_one() {
    let server = start(&[]).await;
    server.faults(json!([{ "kind": "bad_token" }])).await;
    let first = server.json(SEARCH, &vec![("query", COVID)]).await;
    let token = first["meta"]["next_token"].as_str().unwrap();
    let next = vec![("query", COVID), ("next_token", token)];
    let (status, body) = server.status(SEARCH, &next).await;
    assert_eq!((status, &body["title"]), (400, &json!("Invalid Request")));
    assert_eq!(body["errors"][0]["parameters"]["next_token"], json!([token]));
    assert_eq!(server.status(SEARCH, &next).await.0, 200);
}

#[tokio::test]
async fn posts_vanish_between_pages() {
    let server = start(&["--posts", "600"]).await;
    let before = server.matched(COVID).await;
    let gone = before[150].to_string();
    server.faults(json!([{ "kind": "delete", "ids": [gone], "fraction": 0.3, "after": 1 }])).await;
    let pages = server.walk(&vec![("query", COVID), ("max_results", "100")]).await;
    assert_eq!(ids(&pages[0]), before[..100]);
    let after = server.matched(COVID).await;
    assert!(!after.contains(&before[150]));
    assert!(
        (before.len() * 6 / 10..before.len() * 8 / 10).contains(&after.len()),
        "{} {}",
        before.len(),
        after.len()
    );
    let rest: Vec<u64> = after.iter().copied().filter(|id| *id < before[99]).collect();
    assert_eq!(all_ids(&pages[1..]), rest);
}

#[tokio::test]
async fn late_posts_are_found_after_their_time_and_not_before() {
    let server = start(&["--posts", "1000", "--span", "10s"]).await;
    let all = server.matched(COVID).await;
    server.faults(json!([{ "kind": "late_index", "fraction": 0.5, "ms": 3_600_000 }])).await;
    server.json(SEARCH, &vec![("query", COVID)]).await;
    let found = server.matched(COVID).await;
    assert!(
        (all.len() * 4 / 10..all.len() * 6 / 10).contains(&found.len()),
        "{} of {}",
        found.len(),
        all.len()
    );
    assert!(found.iter().all(|id| all.contains(id)));

    server.faults(json!([{ "kind": "late_index", "fraction": 1.0, "ms": 1 }])).await;
    server.json(SEARCH, &vec![("query", COVID)]).await;
    assert_eq!(server.matched(COVID).await, all);
}

#[tokio::test]
async fn an_inserted_post_is_found_from_its_time_on_and_replaces_its_namesake() {
    let server = start(&["--posts", "0"]).await;
    let added = server.post("/_sim/posts", &json!({ "posts": [{ "text": "quarentena" }] })).await;
    let id = added["ids"][0].as_str().unwrap();
    assert_eq!(server.matched(COVID).await, [id.parse::<u64>().unwrap()]);
    server.post("/_sim/posts", &json!({ "posts": [{ "id": id, "text": "gripe" }] })).await;
    assert_eq!(server.matched(COVID).await, Vec::<u64>::new());
    let later = json!({ "posts": [{ "id": id, "text": "covid" }], "visible_after_ms": 3_600_000 });
    server.post("/_sim/posts", &later).await;
    assert_eq!(server.matched(COVID).await, Vec::<u64>::new());
    let soon = json!({ "posts": [{ "id": id, "text": "covid" }], "visible_after_ms": 50 });
    server.post("/_sim/posts", &soon).await;
    let deadline = Instant::now() + Duration::from_secs(10);
    while server.matched(COVID).await.is_empty() {
        assert!(Instant::now() < deadline, "a late post was never found");
    }
}
