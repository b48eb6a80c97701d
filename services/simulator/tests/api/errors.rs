//! Each row of X's error table, in both shapes of body, from a fault or from what the client did.

use serde_json::{Value, json};

use crate::harness::{COVID, Parameters, SEARCH, Server, ids, start};
use crate::strict::{Required, post_names, tweet_names};

const NOTHING: Required = Required { post: &[], user: &[] };

fn search() -> Parameters<'static> {
    vec![("query", COVID)]
}

struct Seen {
    status: u16,
    remaining: Option<i64>,
    kind: String,
    body: Value,
}

async fn strike(server: &Server, fault: Value, parameters: &Parameters<'_>) -> Seen {
    server.faults(json!([fault])).await;
    let response = server.get(SEARCH, parameters).await;
    let status = response.status().as_u16();
    let remaining =
        response.headers().get("x-rate-limit-remaining").map(|n| n.to_str().unwrap().parse().unwrap());
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let seen = Seen { status, remaining, kind, body: response.json().await.unwrap() };
    assert_eq!(server.get(SEARCH, &search()).await.status(), 200, "a fault strikes once");
    seen
}

#[tokio::test]
async fn every_row_of_the_table_comes_as_a_problem() {
    let server = start(&[]).await;
    let rows = [
        ("bad_request", 400, "Invalid Request", "/invalid-request"),
        ("unauthorized", 401, "Unauthorized", "about:blank"),
        ("credits", 402, "CreditsDepleted", "/credits"),
        ("forbidden", 403, "Client Forbidden", "/client-forbidden"),
        ("rate_limit_window", 429, "Too Many Requests", "about:blank"),
        ("rate_limit_second", 429, "Too Many Requests", "about:blank"),
        ("usage_capped", 429, "UsageCapExceeded", "/usage-capped"),
        ("too_many_connections", 429, "ConnectionException", "/streaming-connection"),
        ("server_error", 503, "Service Unavailable", "about:blank"),
    ];
    let valid = tweet_names().validator("problem", &NOTHING);
    for (kind, status, title, of) in rows {
        let seen = strike(&server, json!({ "kind": kind }), &search()).await;
        assert_eq!((seen.status, seen.body["title"].as_str()), (status, Some(title)), "{kind}");
        assert_eq!(seen.kind, "application/problem+json");
        assert!(seen.body["type"].as_str().unwrap().ends_with(of), "{kind}: {}", seen.body);
        assert!(seen.body["detail"].is_string(), "{kind}");
        // The spec of 2026 does not know the problem of spent credits yet.
        assert_eq!(valid.is_valid(&seen.body), kind != "credits", "{kind}: {}", seen.body);
    }
}

#[tokio::test]
async fn every_row_comes_in_the_older_shape_too() {
    let server = start(&[]).await;
    let valid = tweet_names().validator("error", &NOTHING);
    for (kind, status, code) in [
        ("bad_request", 400, 25),
        ("unauthorized", 401, 89),
        ("credits", 402, 402),
        ("forbidden", 403, 453),
        ("rate_limit_window", 429, 88),
        ("rate_limit_second", 429, 88),
        ("usage_capped", 429, 88),
        ("too_many_connections", 429, 88),
        ("server_error", 503, 130),
    ] {
        let seen = strike(&server, json!({ "kind": kind, "body": "errors" }), &search()).await;
        assert_eq!((seen.status, seen.body["errors"][0]["code"].as_i64()), (status, Some(code)), "{kind}");
        assert_eq!(seen.body.as_object().unwrap().len(), 1, "{}", seen.body);
        assert!(valid.is_valid(&seen.body["errors"][0]), "{}", seen.body);
        assert_eq!(seen.kind, "application/json");
    }
}

#[tokio::test]
async fn the_kinds_of_429_are_told_apart_by_what_remains() {
    let server = start(&[]).await;
    for (kind, is_spent) in [
        ("rate_limit_window", true),
        ("rate_limit_second", false),
        ("usage_capped", false),
        ("too_many_connections", false),
    ] {
        let seen = strike(&server, json!({ "kind": kind }), &search()).await;
        assert_eq!(seen.remaining == Some(0), is_spent, "{kind}");
    }
}

#[tokio::test]
async fn a_window_that_a_fault_spent_opens_when_its_reset_says() {
    let server = start(&["--now", "2021-04-13T12:00:00Z"]).await;
    server.faults(json!([{ "kind": "rate_limit_window", "reset_seconds": 7 }])).await;
    let response = server.get(SEARCH, &search()).await;
    let reset: i64 = response.headers()["x-rate-limit-reset"].to_str().unwrap().parse().unwrap();
    let noon = 1_618_315_200;
    assert!((noon + 7..noon + 60).contains(&reset), "{reset}");
}

#[tokio::test]
async fn each_server_error_comes_on_demand_also_as_a_page_of_a_gateway() {
    let server = start(&[]).await;
    for status in [500, 502, 503, 504] {
        let seen = strike(&server, json!({ "kind": "server_error", "status": status }), &search()).await;
        assert_eq!((seen.status, &seen.body["status"]), (status, &json!(status)));
    }
    server.faults(json!([{ "kind": "server_error", "status": 502, "body": "html" }])).await;
    let response = server.get(SEARCH, &search()).await;
    assert_eq!(response.status(), 502);
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(response.text().await.unwrap().starts_with("<html>"));
}

#[tokio::test]
async fn no_token_and_a_wrong_one_are_refused() {
    let server = start(&["--token", "right"]).await;
    for authorization in [None, Some("Bearer wrong"), Some("Basic right"), Some("right")] {
        let response = server.get_with(SEARCH, authorization).await;
        assert_eq!(response.status(), 401, "{authorization:?}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["title"], "Unauthorized");
    }
    assert_eq!(server.get_with(SEARCH, Some("Bearer right")).await.status(), 400);
}

#[tokio::test]
async fn a_since_id_older_than_the_window_is_refused_and_called_stale() {
    let server = start(&["--window", "2h"]).await;
    let newest = ids(&server.json(SEARCH, &search()).await)[0];
    let three_hours = 3 * 3_600_000_u64;
    let stale = (newest - (three_hours << 22)).to_string();
    let (status, body) = server.status(SEARCH, &vec![("query", COVID), ("since_id", &stale)]).await;
    assert_eq!((status, &body["title"]), (400, &json!("Invalid Request")));
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("'since_id' must be a tweet id created after ["), "{message}");
    assert_eq!(body["errors"][0]["parameters"]["since_id"], json!([stale]));

    let fresh = newest.to_string();
    let asked = vec![("query", COVID), ("since_id", fresh.as_str())];
    assert_eq!(server.status(SEARCH, &asked).await.0, 200);
    let seen = strike(&server, json!({ "kind": "stale_since_id" }), &asked).await;
    assert_eq!((seen.status, &seen.body["title"]), (400, &json!("Invalid Request")));
}

#[tokio::test]
async fn problems_in_post_names_have_their_own_addresses_and_shape() {
    let server = start(&["--vocabulary", "post"]).await;
    let (status, body) = server.status(SEARCH, &vec![("query", "(covid")]).await;
    assert_eq!(status, 400);
    assert_eq!(body["type"], "https://api.x.com/2/problems/invalid-request");
    assert_eq!(body["parameter"], "query");
    assert!(post_names().validator("problem", &NOTHING).is_valid(&body), "{body}");
}
