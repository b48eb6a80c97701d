//! A batch's trace in Jaeger, what the alerts ask of Prometheus, and a secret that must not arrive.

mod asked;
mod jaeger;
mod secret;

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use sandbox::http;
use sandbox::pipeline::BatchTrace;
use sandbox::waterfall::{draw, whole_way};
use serde_json::Value;

use super::findings::Findings;
use super::page;
use super::test::Running;
use crate::cargo;

pub(super) use jaeger::trace;

/// Spans leave the services every 5 s, the Collector after 2.
const ARRIVAL: Duration = Duration::from_secs(60);
const BETWEEN: Duration = Duration::from_millis(500);
const FULLEST: &str = "SELECT batch_id, trace_id FROM batches WHERE trace_id <> '' AND trace_sampled \
                       ORDER BY posts DESC, batch_id LIMIT 1";
const ALERTS: &str = "otel/prometheus/alerts.yaml";

/// Looks at all three.
pub(super) async fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    let (batch, trace_id): (String, String) = sqlx::query_as(FULLEST).fetch_one(&running.rows).await?;
    let base = jaeger_url(running)?;
    let mut spans = Vec::new();
    let whole = until(ARRIVAL, async || {
        spans = trace(&base, &trace_id).await.unwrap_or_default();
        whole_way(&spans).is_empty() && !spans.is_empty()
    })
    .await;
    let flaws: Vec<String> = whole_way(&spans).iter().map(ToString::to_string).collect();
    findings.is(
        whole,
        format!(
            "batches.trace_id of {batch} leads to a whole trace in Jaeger: {trace_id}, {} spans {}",
            spans.len(),
            flaws.join("; ")
        ),
    );
    println!("{}", draw(&spans));
    let trace = BatchTrace { batch_id: batch, trace_id, spans, flaws: Vec::new() };
    let looked = page::check(running, &trace, findings);
    findings.whole("the page", looked);

    let prometheus = format!("http://127.0.0.1:{}", running.site.port("GARIMPO_PROMETHEUS_PORT", 9090)?);
    let alerts = fs::read_to_string(cargo::root().join(ALERTS)).with_context(|| format!("no {ALERTS}"))?;
    for metric in asked::from_the_first_minute(&alerts) {
        let found =
            until(ARRIVAL * 2, async || !query(&prometheus, metric).await.unwrap_or_default().is_empty())
                .await;
        findings.is(found, format!("Prometheus has {metric}"));
    }
    let rules = get(&format!("{prometheus}/api/v1/rules")).await?;
    let groups = rules["data"]["groups"].as_array().context("no rule groups")?;
    let rules: Vec<&Value> = groups.iter().filter_map(|group| group["rules"].as_array()).flatten().collect();
    let bad: Vec<&str> = rules
        .iter()
        .filter(|rule| rule["health"] == "err")
        .filter_map(|rule| rule["name"].as_str())
        .collect();
    findings.is(
        rules.len() >= 10 && bad.is_empty(),
        format!("{} alert rules are evaluated, with errors: {bad:?}", rules.len()),
    );
    for job in ["collector", "jaeger"] {
        let up = until(ARRIVAL * 2, async || {
            let found = query(&prometheus, &format!("up{{job=\"{job}\"}} == 1")).await;
            !found.unwrap_or_default().is_empty()
        })
        .await;
        findings.is(up, format!("Prometheus reaches {job}"));
    }
    secret::check(running, &base, findings).await
}

/// Jaeger's query API, as it is published on loopback.
pub(super) fn jaeger_url(running: &Running) -> Result<String> {
    Ok(format!("http://127.0.0.1:{}", running.site.port("GARIMPO_JAEGER_PORT", 16686)?))
}

/// The series an instant query finds.
pub(super) async fn query(prometheus: &str, query: &str) -> Result<Vec<Value>> {
    let answer =
        http::client().get(format!("{prometheus}/api/v1/query")).query(&[("query", query)]).send().await?;
    let answer: Value = answer.json().await?;
    answer["data"]["result"]
        .as_array()
        .cloned()
        .with_context(|| format!("Prometheus refuses {query}: {answer}"))
}

/// A JSON answer.
pub(super) async fn get(url: &str) -> Result<Value> {
    let (status, body) = http::get(url).await?;
    if status != 200 {
        bail!("{url} answers {status}: {}", body.chars().take(200).collect::<String>());
    }
    serde_json::from_str(&body).with_context(|| format!("what {url} answers"))
}

/// Whether it became true within the limit.
pub(super) async fn until(limit: Duration, mut ask: impl AsyncFnMut() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < limit {
        if ask().await {
            return true;
        }
        tokio::time::sleep(BETWEEN).await;
    }
    false
}
