//! The bill: posts and users by X's prices, with and without the rule of one UTC day; and what was served.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::harness::{COUNTS, COVID, Parameters, SEARCH, Server, USAGE, start};

async fn bill(server: &Server) -> Value {
    server.json("/_sim/bill", &vec![]).await
}

fn asked() -> Parameters<'static> {
    vec![
        ("query", COVID),
        ("max_results", "100"),
        ("tweet.fields", "author_id,referenced_tweets"),
        ("expansions", "author_id,referenced_tweets.id,referenced_tweets.id.author_id"),
    ]
}

/// Different posts and users of an answer.
fn resources(page: &Value) -> (HashSet<String>, HashSet<String>) {
    let ids = |list: &Value| -> HashSet<String> {
        list.as_array().into_iter().flatten().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    };
    let posts = &ids(&page["data"]) | &ids(&page["includes"]["tweets"]);
    (posts, ids(&page["includes"]["users"]))
}

#[tokio::test]
async fn without_the_rule_every_answer_is_billed_whole_every_time() {
    let server = start(&["--same-day-rule", "off", "--posts", "500"]).await;
    let page = server.json(SEARCH, &asked()).await;
    let (posts, users) = resources(&page);
    assert!(posts.len() > 100 && users.len() > 50);
    let once = posts.len() * 5_000 + users.len() * 10_000;
    assert_eq!(bill(&server).await["usd_micros"], once);
    server.json(SEARCH, &asked()).await;
    let bill = bill(&server).await;
    assert_eq!(bill["usd_micros"], 2 * once);
    assert_eq!((&bill["posts"], &bill["users"]), (&json!(2 * posts.len()), &json!(2 * users.len())));
    assert_eq!(bill["answers"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn with_the_rule_a_resource_is_billed_once_a_day() {
    let server = start(&["--same-day-rule", "on", "--posts", "900"]).await;
    let pages = server.walk(&asked()).await;
    server.walk(&asked()).await;
    let (posts, users) = pages.iter().map(resources).reduce(|a, b| (&a.0 | &b.0, &a.1 | &b.1)).unwrap();
    let bill = bill(&server).await;
    assert_eq!(bill["usd_micros"], posts.len() * 5_000 + users.len() * 10_000);
    let days = bill["by_day"].as_object().unwrap();
    let sum: u64 = days.values().map(|day| day["usd_micros"].as_u64().unwrap()).sum();
    assert_eq!(bill["usd_micros"], sum);
}

#[tokio::test]
async fn a_request_for_counts_has_its_price_and_usage_is_free() {
    let server = start(&["--posts", "100"]).await;
    server.json(COUNTS, &vec![("query", COVID)]).await;
    server.json(USAGE, &vec![]).await;
    let bill = bill(&server).await;
    assert_eq!((&bill["usd_micros"], &bill["counts_requests"]), (&json!(5_000), &json!(1)));
}

#[tokio::test]
async fn a_refused_request_costs_nothing_and_is_counted() {
    let server = start(&["--posts", "100"]).await;
    server.faults(json!([{ "kind": "server_error", "times": 2 }, { "kind": "credits" }])).await;
    for status in [503, 503, 402] {
        assert_eq!(server.status(SEARCH, &asked()).await.0, status);
    }
    assert_eq!(server.status(SEARCH, &vec![("query", "(")]).await.0, 400);
    assert_eq!(bill(&server).await["usd_micros"], 0);
    let served = server.json("/_sim/served", &vec![]).await;
    assert_eq!(served["requests"], json!({ "400": 1, "402": 1, "503": 2 }));
    assert_eq!(served["posts"], json!({}));
}

#[tokio::test]
async fn what_was_served_is_counted_by_post_and_by_page() {
    let server = start(&["--posts", "300"]).await;
    let pages = server.walk(&asked()).await;
    server.json(SEARCH, &asked()).await;
    let served = server.json("/_sim/served", &vec![]).await;
    for (page, times) in pages.iter().zip([2, 1, 1]) {
        for post in page["data"].as_array().unwrap() {
            assert_eq!(served["posts"][post["id"].as_str().unwrap()]["data"], times);
        }
    }
    let listed = served["pages"].as_array().unwrap();
    assert_eq!(listed.len(), pages.len());
    let first = listed.iter().find(|page| page["request"]["next_token"].is_null()).unwrap();
    assert_eq!((&first["times"], &first["answered_whole"]), (&json!(2), &json!(2)));
    assert_eq!(first["request"]["query"], COVID);
    assert_eq!(first["results"], json!([100, 100]));
}

#[tokio::test]
async fn usage_tells_the_posts_that_were_billed() {
    let server = start(&["--posts", "300"]).await;
    server.json(SEARCH, &vec![("query", COVID), ("max_results", "50")]).await;
    let usage = server.json(USAGE, &vec![]).await;
    assert_eq!(usage["data"]["project_usage"], 50);
}
