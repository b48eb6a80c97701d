//! Headers: the clock, the limits, the type of the body.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::harness::{COUNTS, COVID, SEARCH, USAGE, start};

fn number(response: &reqwest::Response, name: &str) -> u64 {
    response.headers()[name].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_limits_count_down_in_each_answer_and_each_endpoint_has_its_own() {
    let server = start(&["--rate-limit", "5"]).await;
    for remaining in [4, 3] {
        let response = server.get(SEARCH, &vec![("query", COVID)]).await;
        assert_eq!(number(&response, "x-rate-limit-limit"), 5);
        assert_eq!(number(&response, "x-rate-limit-remaining"), remaining);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let reset = number(&response, "x-rate-limit-reset");
        assert!((now + 840..=now + 901).contains(&reset), "{reset} at {now}");
    }
    let counts = server.get(COUNTS, &vec![("query", COVID)]).await;
    assert_eq!(number(&counts, "x-rate-limit-limit"), 300);
    assert_eq!(number(&counts, "x-rate-limit-remaining"), 299);
    let usage = server.get(USAGE, &vec![]).await;
    assert_eq!(number(&usage, "x-rate-limit-limit"), 50);
}

#[tokio::test]
async fn the_limits_can_be_raised_while_it_runs() {
    let server = start(&["--rate-limit", "1"]).await;
    assert_eq!(server.get(SEARCH, &vec![("query", COVID)]).await.status(), 200);
    assert_eq!(server.get(SEARCH, &vec![("query", COVID)]).await.status(), 429);
    server.post("/_sim/limits", &json!({ "search": 1_000_000 })).await;
    let response = server.get(SEARCH, &vec![("query", COVID)]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(number(&response, "x-rate-limit-remaining"), 999_999);
}

#[tokio::test]
async fn the_date_is_that_of_the_simulators_clock_in_answers_and_in_errors() {
    let server = start(&["--now", "2021-04-13T22:00:00Z"]).await;
    for path in [SEARCH, USAGE, "/2/nowhere"] {
        let response = server.get(path, &vec![]).await;
        let date = response.headers()["date"].to_str().unwrap();
        assert!(date.starts_with("Tue, 13 Apr 2021 22:0"), "{path}: {date}");
    }
}

#[tokio::test]
async fn an_answer_is_json_and_an_error_a_problem() {
    let server = start(&[]).await;
    let kind = async |query: &str| {
        let response = server.get(SEARCH, &vec![("query", query)]).await;
        response.headers()["content-type"].to_str().unwrap().to_owned()
    };
    assert_eq!(kind(COVID).await, "application/json; charset=utf-8");
    assert_eq!(kind("(").await, "application/problem+json");
}
