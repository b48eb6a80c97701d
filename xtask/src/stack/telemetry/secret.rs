//! Spans with secrets, sent as a faulty service would: Jaeger must show none of them.

use std::time::Duration;

use anyhow::{Context, Result};
use sandbox::http;
use serde_json::{Value, json};

use super::super::findings::Findings;
use super::super::test::Running;
use super::{get, until};

const ARRIVAL: Duration = Duration::from_secs(60);
const TRACE: &str = "5ec2e7005ec2e7005ec2e7005ec2e700";

/// Attributes whose value has to be masked; what is told of each is the key. The first is the span's resource's, the last
/// its event's.
fn secrets() -> [(&'static str, String); 7] {
    // Put together here, so that nothing in this file looks like a secret to a scanner.
    let token = format!("{}{}", "A".repeat(22), "MLheAAAAAAA0aBcDeFgHiJkLmNoPqRsTuVwXyZ");
    [
        ("process.command_args", "--url=https://user:hunter4resource@db.example.org/".to_owned()),
        ("http.request.header.authorization", format!("Bearer {token}")),
        ("db.password", "hunter2hunter2".to_owned()),
        ("x.token", token.clone()),
        ("exception.message", format!("GET failed with header bearer {token}")),
        ("url.full", "https://user:pa55word@db.example.org/".to_owned()),
        ("exception.stacktrace", format!("header bearer {}", "Event".repeat(4))),
    ]
}

/// Sends them to the Collector, and reads them from Jaeger.
pub(super) async fn check(running: &Running, jaeger: &str, findings: &mut Findings) -> Result<()> {
    let collector = running.container("collector")?.address("backend")?;
    let (status, _) =
        http::get(&format!("http://{collector}:13133/")).await.context("the Collector's health")?;
    findings.is(status == 200, format!("the Collector's own health check answers {status}"));

    let attribute = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_nanos();
    let mut attributes: Vec<Value> = secrets().iter().map(|(key, value)| attribute(key, value)).collect();
    let of_resource = json!([attribute("service.name", "faulty"), attributes.remove(0)]);
    let event =
        json!({"timeUnixNano": now.to_string(), "name": "exception", "attributes": [attributes.pop()]});
    attributes.push(attribute("garimpo.batch_id", "kept/1/1"));
    let span = json!({
        "traceId": TRACE, "spanId": "5ec2e7005ec2e700", "name": "a span with secrets", "kind": 1,
        "startTimeUnixNano": now.to_string(), "endTimeUnixNano": (now + 1_000_000).to_string(), "attributes": attributes,
        "events": [event],
    });
    let sent = json!({"resourceSpans": [{"resource": {"attributes": of_resource}, "scopeSpans": [{"spans": [span]}]}]});
    http::client()
        .post(format!("http://{collector}:4318/v1/traces"))
        .json(&sent)
        .send()
        .await?
        .error_for_status()?;

    let mut shown = String::new();
    let arrived = until(ARRIVAL, async || {
        shown = get(&format!("{jaeger}/api/traces/{TRACE}"))
            .await
            .map(|answer| answer.to_string())
            .unwrap_or_default();
        shown.contains("a span with secrets")
    })
    .await;
    findings.is(
        arrived && shown.contains("kept/1/1"),
        "a span with secrets arrives in Jaeger, what is none unchanged",
    );
    for (key, value) in secrets() {
        let secret = value.rsplit([' ', ':']).next().unwrap_or_default();
        let secret = secret.split('@').next().unwrap_or_default();
        let masked = shown.contains(key) && !shown.contains(secret);
        findings.is(arrived && masked, format!("the value of {key} is masked"));
    }
    Ok(())
}
