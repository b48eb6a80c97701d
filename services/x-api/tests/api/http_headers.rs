//! What headers say: the rate limit, X's clock, the request's id; also when they talk nonsense.

use serde_json::json;
use time::OffsetDateTime;
use wiremock::ResponseTemplate;
use x_api::{RateLimit, Received, SearchRequest};

use crate::support::{client, searching};

async fn received(headers: &[(&'static str, &'static str)]) -> Received {
    let mut answer = ResponseTemplate::new(200).set_body_json(json!({"meta": {"result_count": 0}}));
    for (name, value) in headers {
        answer = answer.insert_header(*name, *value);
    }
    let server = searching(answer).await;
    client(&server.uri()).search_recent(&SearchRequest::new("covid"), 0).await.unwrap().received
}

#[tokio::test]
async fn headers_become_facts() {
    let received = received(&[
        ("date", "Tue, 24 Nov 2026 03:25:03 GMT"),
        ("x-rate-limit-limit", "450"),
        ("x-rate-limit-remaining", "449"),
        ("x-rate-limit-reset", "1795491603"),
        ("x-transaction-id", "abc123"),
    ])
    .await;
    let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
    let rate_limit = RateLimit { limit: Some(450), remaining: Some(449), reset: Some(at(1_795_491_603)) };
    assert_eq!((received.status, received.rate_limit), (200, rate_limit));
    assert_eq!(received.date, Some(at(1_795_490_703)));
    assert_eq!(received.request_id.as_deref(), Some("abc123"));
    assert_eq!(received.body_bytes, br#"{"meta":{"result_count":0}}"#.len() as u64);
}

#[tokio::test]
async fn missing_headers_are_no_facts() {
    let received = received(&[]).await;
    assert_eq!((received.rate_limit, received.request_id), (RateLimit::default(), None));
}

#[tokio::test]
async fn nonsense_in_headers_is_no_fact() {
    let received = received(&[
        ("date", "yesterday"),
        ("x-rate-limit-limit", "many"),
        ("x-rate-limit-remaining", "-1"),
        // Milliseconds instead of seconds.
        ("x-rate-limit-reset", "1795491603000"),
        ("retry-after", "soon"),
    ])
    .await;
    assert_eq!(
        (received.rate_limit, received.date, received.retry_after),
        (RateLimit::default(), None, None)
    );
}
