//! The page for people: `transformer report` over the run's views, with the run's figures and one batch's trace beside.

use std::time::Duration;

use anyhow::{Result, bail};
use sandbox::pipeline::{BatchTrace, Pipeline};
use sandbox::process::Ended;
use sandbox::service::Finished;
use sandbox::waterfall;
use serde_json::{Value, json};

use super::report::Report;

/// A million posts roll within a minute.
const LIMIT: Duration = Duration::from_secs(300);

/// Rolls the rollups up to the last post and writes the pages the report names: in Portuguese and in English.
pub(super) async fn write(pipeline: &Pipeline, report: &Report) -> Result<()> {
    let transformer = pipeline.sandbox.transformer("report");
    well("transformer rollups roll", &transformer.run(&["rollups", "roll"], LIMIT).await?)?;
    let attached = report.look.report.with_extension("attached.json");
    super::run::write(&attached, &serde_json::to_string_pretty(&attach(report))?)?;
    for (lang, page) in ["pt", "en"].iter().zip(&report.look.pages) {
        let (out, attached) = (page.display().to_string(), attached.display().to_string());
        let words = ["report", "--lang", lang, "--out", &out, "--attach", &attached];
        well("transformer report", &transformer.run(&words, LIMIT).await?)?;
    }
    Ok(())
}

fn well(what: &str, finished: &Finished) -> Result<()> {
    if finished.ended == Ended::Exited(0) {
        Ok(())
    } else {
        bail!("{what} failed: {}", finished.stderr.trim())
    }
}

/// What `transformer report --attach` takes.
fn attach(report: &Report) -> Value {
    json!({ "figures": figures(report), "trace": trace(&report.trace) })
}

fn figures(report: &Report) -> Vec<Value> {
    let (matched, speed) = (&report.verdict.rows.matched, &report.speed);
    let agrees = if report.verdict.agrees() { ["iguais", "agree"] } else { ["diferentes", "differ"] };
    let live = if report.live.batches > 0 { &report.live } else { speed };
    let figure = |[pt, en]: [&str; 2], value: Value, unit: &str| json!({ "label": { "pt": pt, "en": en }, "value": value, "unit": unit });
    let tenths = |value: f64| json!((value * 10.0).round() / 10.0);
    let mut figures = vec![
        json!({
            "label": { "pt": "verdade e linhas", "en": "truth and rows" },
            "value": { "pt": agrees[0], "en": agrees[1] },
        }),
        json!({ "label": { "pt": "publicações que existem", "en": "posts that exist" }, "value": matched.wanted }),
        json!({ "label": { "pt": "publicações nas tabelas", "en": "posts in the tables" }, "value": matched.found }),
        figure(
            ["do simulador ao MySQL", "from simulator to MySQL"],
            tenths(speed.posts_per_second()),
            "posts/s",
        ),
        figure(["resposta até o banco, p50", "answer to database, p50"], json!(milliseconds(live.p50)), "ms"),
        figure(["resposta até o banco, p99", "answer to database, p99"], json!(milliseconds(live.p99)), "ms"),
        figure(["serviços prontos após", "services ready after"], tenths(report.started.as_secs_f64()), "s"),
        figure(
            ["primeira publicação gravada após", "first post stored after"],
            tenths(report.first.as_secs_f64()),
            "s",
        ),
    ];
    for (name, bytes) in &report.memory {
        let label = [format!("memória máxima, {name}"), format!("most memory, {name}")];
        figures.push(figure([&label[0], &label[1]], tenths(super::report::megabytes(*bytes)), "MB"));
    }
    figures
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// One batch's trace, as the page takes it.
pub(crate) fn trace(trace: &BatchTrace) -> Value {
    let begin = trace.spans.iter().map(|span| span.start_ns).min().unwrap_or_default();
    let after = |ns: u64| ns.saturating_sub(begin) / 1_000;
    // Whole microseconds: floating figures of nanoseconds since 1970 would have lost them.
    #[expect(clippy::cast_precision_loss, reason = "microseconds of one batch")]
    let ms = |microseconds: u64| microseconds as f64 / 1_000.0;
    let span = |row: waterfall::Row<'_>| {
        let (start, end) = (after(row.bar.start_ns), after(row.bar.end_ns));
        json!({
            "name": row.bar.name,
            "service": row.bar.service,
            "start_ms": ms(start),
            "duration_ms": ms(end.saturating_sub(start)),
            "depth": row.depth.min(9),
        })
    };
    let spans: Vec<Value> = waterfall::rows(&trace.spans).into_iter().map(span).collect();
    json!({ "batch": trace.batch_id, "spans": spans })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sandbox::trace_sink::SpanRecord;

    use super::*;

    fn span(id: &str, parent: Option<&str>, start_ns: u64, end_ns: u64) -> SpanRecord {
        SpanRecord {
            trace_id: "0af7".to_owned(),
            span_id: id.to_owned(),
            parent_span_id: parent.map(str::to_owned),
            service: "extractor".to_owned(),
            name: format!("step {id}"),
            kind: "internal".to_owned(),
            start_ns,
            end_ns,
            error: None,
            attributes: BTreeMap::new(),
            events: Vec::new(),
            links: Vec::new(),
        }
    }

    #[test]
    fn spans_are_handed_over_as_a_tree_in_milliseconds_from_the_first() {
        let began = 1_790_000_000_000_000_000;
        let spans = vec![
            span("b", Some("a"), began + 1_500_000, began + 2_000_000),
            span("a", None, began, began + 9_000_000),
        ];
        let given = BatchTrace {
            batch_id: "covid/1/3".to_owned(),
            trace_id: "0af7".to_owned(),
            spans,
            flaws: Vec::new(),
        };
        let told = trace(&given);
        assert_eq!(told["batch"], "covid/1/3");
        assert_eq!(told["spans"][0]["name"], "step a");
        assert_eq!(
            told["spans"][1],
            json!({ "name": "step b", "service": "extractor", "start_ms": 1.5, "duration_ms": 0.5, "depth": 1 })
        );
    }

    #[test]
    fn a_runs_figures_have_a_name_in_both_languages() {
        let report = super::super::report::tests::report(None);
        let given = attach(&report);
        let figures = given["figures"].as_array().unwrap();
        assert_eq!(figures.len(), 10);
        for figure in figures {
            assert!(figure["label"]["pt"] != figure["label"]["en"] && !figure["value"].is_null(), "{figure}");
        }
        assert_eq!(figures[2]["value"], 5_000);
        assert_eq!(
            figures[4],
            json!({ "label": { "pt": "resposta até o banco, p50", "en": "answer to database, p50" }, "value": 41, "unit": "ms" })
        );
    }
}
