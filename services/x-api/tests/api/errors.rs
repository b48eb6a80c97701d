//! Each row of X's table of errors, in both body shapes and under both hosts.

use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;
use wiremock::ResponseTemplate;
use x_api::{Error, ErrorClass, Malformed, SearchRequest, Since, TweetId};

use crate::support::{client, searching};

const HOSTS: [&str; 2] = ["https://api.twitter.com/2/problems/", "https://api.x.com/2/problems/"];
const DATE: &str = "Tue, 24 Nov 2026 03:25:03 GMT";
const NOW: i64 = 1_795_490_703;

fn answer(status: u16, body: &Value) -> ResponseTemplate {
    let body = body.to_string();
    ResponseTemplate::new(status).insert_header("date", DATE).set_body_raw(body, "application/problem+json")
}

async fn refused_with(request: &SearchRequest, answer: ResponseTemplate) -> Error {
    let server = searching(answer).await;
    client(&server.uri()).search_recent(request, 0).await.unwrap_err()
}

async fn refused(answer: ResponseTemplate) -> Error {
    refused_with(&SearchRequest::new("covid"), answer).await
}

fn walking() -> SearchRequest {
    let mut request = SearchRequest::new("covid");
    request.since = Some(Since::Id(TweetId::parse("12").unwrap()));
    request.next_token = Some("b26".to_owned());
    request
}

fn invalid(host: &str, parameter: &str, message: &str) -> Value {
    json!({
        "errors": [{"parameters": {parameter: ["12"]}, "message": message}],
        "title": "Invalid Request", "detail": "One or more parameters to your request was invalid.",
        "type": format!("{host}invalid-request")
    })
}

#[tokio::test]
async fn a_bad_query_is_an_invalid_request_with_its_detail() {
    for host in HOSTS {
        let error = refused(answer(
            400,
            &invalid(host, "query", "There were errors processing your request: missing EOF"),
        ))
        .await;
        let ErrorClass::InvalidRequest(problem) = &error.class else { panic!("{error:?}") };
        assert_eq!(problem.suffix(), Some("invalid-request"));
        assert_eq!(problem.parameters().collect::<Vec<_>>(), ["query"]);
        assert_eq!(problem.detail.as_deref(), Some("One or more parameters to your request was invalid."));
        assert_eq!(
            error.to_string(),
            "GET /2/tweets/search/recent: X refuses the request: There were errors processing your request: missing EOF"
        );
        assert!(!error.is_retriable());
    }
    let old =
        refused(answer(400, &json!({"errors": [{"code": 25, "message": "Query parameters are missing"}]})))
            .await;
    let ErrorClass::InvalidRequest(problem) = &old.class else { panic!("{old:?}") };
    assert_eq!(problem.errors.as_ref().unwrap()[0].code.unwrap().get(), 25);
    assert!(old.to_string().ends_with("Query parameters are missing"), "{old}");
}

#[tokio::test]
async fn an_old_since_id_is_told_from_other_invalid_requests() {
    let message = "'since_id' must be a tweet id created after 2026-11-17T03:25Z.";
    for host in HOSTS {
        let error = refused_with(&walking(), answer(400, &invalid(host, "since_id", message))).await;
        assert!(matches!(error.class, ErrorClass::StaleSinceId(_)), "{error:?}");
    }
    let new = json!({"type": "https://api.x.com/2/problems/invalid-request", "title": "Invalid Request", "detail": message, "parameter": "since_id", "value": "12"});
    assert!(matches!(refused_with(&walking(), answer(400, &new)).await.class, ErrorClass::StaleSinceId(_)));
    let old = json!({"errors": [{"code": 214, "message": message}]});
    assert!(matches!(refused_with(&walking(), answer(400, &old)).await.class, ErrorClass::StaleSinceId(_)));
    // Without a since_id in the request there is no cursor to heal.
    assert!(matches!(refused(answer(400, &old)).await.class, ErrorClass::InvalidRequest(_)));
    let crossed = invalid(HOSTS[0], "since_id", "'since_id' must be smaller than 'until_id'");
    let crossed = json!({"errors": [crossed["errors"][0], {"parameters": {"until_id": ["3"]}}], "type": crossed["type"]});
    assert!(matches!(
        refused_with(&walking(), answer(400, &crossed)).await.class,
        ErrorClass::InvalidRequest(_)
    ));
}

#[tokio::test]
async fn a_refused_next_token_is_told_from_other_invalid_requests() {
    for (host, name) in [(HOSTS[0], "next_token"), (HOSTS[1], "pagination_token")] {
        let error = refused_with(&walking(), answer(400, &invalid(host, name, "Invalid token"))).await;
        assert!(matches!(error.class, ErrorClass::RefusedToken(_)), "{error:?}");
        assert!(!error.is_retriable());
    }
    let old = json!({"errors": [{"code": 44, "message": "'next_token' parameter is invalid."}]});
    assert!(matches!(refused_with(&walking(), answer(400, &old)).await.class, ErrorClass::RefusedToken(_)));
    // All parameters are listed: the sentence decides.
    let all = json!({"errors": [{"parameters": {"since_id": ["12"], "next_token": ["b26"], "query": ["covid"]}, "message": "Invalid 'next_token':['b26']"}]});
    assert!(matches!(refused_with(&walking(), answer(400, &all)).await.class, ErrorClass::RefusedToken(_)));
}

#[tokio::test]
async fn refusals_of_the_token_the_access_and_the_credits_are_never_retried() {
    let blank = |status: u16, title: &str| json!({"title": title, "type": "about:blank", "status": status, "detail": title});
    let unauthorized = [
        blank(401, "Unauthorized"),
        json!({"errors": [{"code": 89, "message": "Invalid or expired token."}]}),
    ];
    for body in unauthorized {
        let error = refused(answer(401, &body)).await;
        assert!(matches!(error.class, ErrorClass::Unauthorized(_)), "{error:?}");
        assert!(!error.is_retriable());
    }
    for host in HOSTS {
        let body = json!({"type": format!("{host}client-forbidden"), "title": "Client Forbidden", "reason": "client-not-enrolled", "detail": "attach it to a Project"});
        let error = refused(answer(403, &body)).await;
        let ErrorClass::Forbidden(problem) = &error.class else { panic!("{error:?}") };
        assert_eq!(problem.reason.as_deref(), Some("client-not-enrolled"));
        assert!(!error.is_retriable());
        let credits =
            json!({"type": format!("{host}credits"), "title": "CreditsDepleted", "detail": "no credits"});
        let error = refused(answer(402, &credits)).await;
        assert!(matches!(error.class, ErrorClass::CreditsSpent(_)), "{error:?}");
        assert!(!error.is_retriable());
    }
    let old = refused(answer(402, &json!({"errors": [{"code": 453, "message": "credits"}]}))).await;
    assert!(matches!(old.class, ErrorClass::CreditsSpent(_)), "{old:?}");
}

fn limited(body: &Value, remaining: &str) -> ResponseTemplate {
    answer(429, body)
        .insert_header("x-rate-limit-limit", "450")
        .insert_header("x-rate-limit-remaining", remaining)
        .insert_header("x-rate-limit-reset", (NOW + 600).to_string())
}

#[tokio::test]
async fn an_empty_window_says_when_it_ends_by_xs_clock() {
    let bodies = [
        json!({"title": "Too Many Requests", "status": 429, "type": "about:blank"}),
        json!({"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
    ];
    for body in bodies {
        let error = refused(limited(&body, "0")).await;
        let end = OffsetDateTime::from_unix_timestamp(NOW + 600).unwrap();
        assert_eq!(error.class, ErrorClass::RateLimited { until: Some(end) });
        assert_eq!((error.retry_at(), error.retry_after()), (Some(end), Some(Duration::from_secs(600))));
        assert!(error.is_retriable());
    }
    let bare = refused(answer(429, &json!({}))).await;
    assert_eq!(bare.class, ErrorClass::RateLimited { until: None });
    assert_eq!(bare.retry_after(), None);
    let told = refused(answer(429, &json!({})).insert_header("retry-after", "7")).await;
    assert_eq!(told.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn one_request_a_second_is_a_pause_of_a_second() {
    let error = refused(limited(&json!({"title": "Too Many Requests"}), "449")).await;
    assert_eq!(error.class, ErrorClass::TooFast);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)));
    assert!(error.is_retriable());
}

#[tokio::test]
async fn a_usage_cap_is_no_rate_limit() {
    for host in HOSTS {
        let body = json!({"title": "UsageCapExceeded", "period": "Monthly", "scope": "Product", "detail": "Usage cap exceeded: Monthly product cap", "type": format!("{host}usage-capped")});
        let error = refused(limited(&body, "449")).await;
        let ErrorClass::UsageCapped { until, period, .. } = &error.class else { panic!("{error:?}") };
        assert_eq!((*until, period.as_deref()), (None, Some("Monthly")));
        assert!(!error.is_retriable());
        let told =
            refused(limited(&body, "449").insert_header("retry-after", "Tue, 01 Dec 2026 00:00:00 GMT"))
                .await;
        assert_eq!(told.retry_at().unwrap().to_string(), "2026-12-01 0:00:00.0 +00:00:00");
    }
    let old = refused(limited(&json!({"errors": [{"code": 88, "message": "UsageCapExceeded"}]}), "1")).await;
    assert!(matches!(old.class, ErrorClass::UsageCapped { .. }), "{old:?}");
}

#[tokio::test]
async fn an_open_stream_is_too_many_connections() {
    for host in HOSTS {
        let body = json!({"title": "ConnectionException", "detail": "This stream is currently at the maximum allowed connection limit.", "connection_issue": "TooManyConnections", "type": format!("{host}streaming-connection")});
        let error = refused(limited(&body, "49")).await;
        assert!(matches!(error.class, ErrorClass::TooManyConnections(_)), "{error:?}");
        assert!(error.is_retriable());
    }
}

#[tokio::test]
async fn server_errors_are_retried_whatever_their_body() {
    for status in [500, 502, 503, 504] {
        let html = ResponseTemplate::new(status).set_body_raw("<html>over capacity</html>", "text/html");
        let error = refused(html.insert_header("retry-after", "3")).await;
        let ErrorClass::Server { status: seen, problem } = &error.class else { panic!("{error:?}") };
        assert_eq!((*seen, problem.detail.as_deref()), (status, Some("<html>over capacity</html>")));
        assert!(error.is_retriable());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    }
}

#[tokio::test]
async fn other_statuses_keep_what_was_said() {
    let error = refused(answer(410, &json!({"title": "Gone"}))).await;
    assert!(
        matches!(&error.class, ErrorClass::Unexpected { status: 410, problem } if problem.title.as_deref() == Some("Gone"))
    );
    assert!(!error.is_retriable());
}

#[tokio::test]
async fn an_answer_that_would_end_a_walk_by_mistake_is_malformed() {
    for body in [
        json!({"data": [{"id": "1"}]}),
        json!({"meta": []}),
        json!({"meta": {"next_token": 7}}),
        json!({"data": {}, "meta": {}}),
    ] {
        let error = refused(answer(200, &body)).await;
        assert!(matches!(error.class, ErrorClass::Malformed(Malformed::Structure { .. })), "{error:?}");
        assert!(!error.is_retriable());
    }
    let html = refused(ResponseTemplate::new(200).set_body_raw("<html>log in", "text/html")).await;
    assert!(matches!(html.class, ErrorClass::Malformed(Malformed::NotJson { .. })), "{html:?}");
    assert!(html.is_retriable());
}
