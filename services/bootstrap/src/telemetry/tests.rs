//! Telemetry against an OTLP receiver inside the test, and against none.

mod receiver;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::trace::TraceContextExt as _;
use tracing::{info, info_span, warn};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

use receiver::Receiver;

use super::*;
use crate::{TraceIds, adopt, extract, inject, link};

fn settings(endpoint: Option<&str>) -> TelemetrySettings {
    TelemetrySettings {
        disk_paths: vec!["/".into(), "/nowhere".into()],
        otlp_endpoint: endpoint.map(str::to_owned),
        traces: true,
        sample_ratio: 0.0,
        queue_size: 2048.try_into().unwrap(),
        export_interval: DurationText(Duration::from_millis(50)),
        export_timeout: DurationText(Duration::from_secs(30)),
        log_format: LogFormat::Text,
        log_level: "info".to_owned(),
    }
}

fn service() -> ServiceInfo {
    ServiceInfo { name: "extractor", version: "1.2.3", instance: "lab-1".to_owned() }
}

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Telemetry for this test's thread alone.
fn start(settings: &TelemetrySettings) -> (Telemetry, tracing::dispatcher::DefaultGuard, Lines) {
    let lines = Lines::default();
    let writer = lines.clone();
    let (telemetry, dispatch) = Telemetry::assemble(settings, &service(), move || writer.clone()).unwrap();
    (telemetry, tracing::dispatcher::set_default(&dispatch), lines)
}

const LIMIT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn spans_arrive_with_parents_across_processes_links_and_the_resource() {
    let receiver = Receiver::start(true).await;
    let (telemetry, _guard, _) = start(&settings(Some(&receiver.endpoint)));

    let page = info_span!("extract page", rule = "covid");
    let headers = inject(&page);
    let process = info_span!("process");
    let context = extract(headers.iter().map(|(k, v)| (k.as_str(), v.as_str())));
    assert!(adopt(&process, context.clone()));
    process.in_scope(|| info_span!("enrich").in_scope(|| ()));
    let replay = info_span!("replay");
    link(&replay, &context);
    let ids = TraceIds::of(&process).unwrap();
    assert_eq!(Some(ids.trace_id.clone()), TraceIds::of(&page).map(|p| p.trace_id));
    assert!(ids.sampled);
    assert!(!adopt(&process, context), "a started span cannot change its parent");
    drop((page, process, replay));
    assert!(telemetry.flush_and_shutdown(LIMIT).await);

    let (page, process, enrich) =
        (receiver.span("extract page"), receiver.span("process"), receiver.span("enrich"));
    assert_eq!((&process.trace_id, &process.parent_span_id), (&page.trace_id, &page.span_id));
    assert_eq!((&enrich.trace_id, &enrich.parent_span_id), (&page.trace_id, &process.span_id));
    let replay = receiver.span("replay");
    assert_ne!(replay.trace_id, page.trace_id);
    assert_eq!(replay.links[0].span_id, page.span_id);

    let request = receiver.spans.lock().unwrap()[0].clone();
    let attributes = &request.resource_spans[0].resource.as_ref().unwrap().attributes;
    for (key, value) in
        [("service.name", "extractor"), ("service.version", "1.2.3"), ("service.instance.id", "lab-1")]
    {
        let found = attributes.iter().find(|a| a.key == key).unwrap_or_else(|| panic!("no {key}"));
        assert!(format!("{found:?}").contains(value), "{found:?}");
    }
}

#[tokio::test]
async fn roots_are_kept_unless_they_ask_for_the_ratio_and_children_follow() {
    let receiver = Receiver::start(true).await;
    let (telemetry, _guard, _) = start(&settings(Some(&receiver.endpoint)));
    info_span!("live").in_scope(|| info_span!("live child").in_scope(|| ()));
    let import = info_span!("import", garimpo.sample = "ratio");
    assert_eq!(TraceIds::of(&import).map(|ids| ids.sampled), Some(false), "the ratio is 0");
    let headers = inject(&import);
    assert!(headers.iter().any(|(k, v)| k == "traceparent" && v.ends_with("-00")), "{headers:?}");
    import.in_scope(|| info_span!("import child").in_scope(|| ()));
    drop(import);
    assert!(telemetry.flush_and_shutdown(LIMIT).await);
    let mut names: Vec<_> = receiver.spans().into_iter().map(|s| s.name).collect();
    names.sort();
    assert_eq!(names, ["live", "live child"]);
}

#[tokio::test]
async fn without_traces_metrics_leave_alone_and_nothing_says_that_it_was_sampled() {
    let receiver = Receiver::start(true).await;
    let (telemetry, _guard, _) =
        start(&TelemetrySettings { traces: false, ..settings(Some(&receiver.endpoint)) });
    telemetry.meters.meter("garimpo").u64_counter("garimpo.posts").build().add(7, &[]);
    let (live, continued) = (info_span!("live"), info_span!("continued"));
    let sampled = [("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
    assert!(adopt(&continued, extract(sampled)));
    for span in [&live, &continued] {
        assert_eq!(TraceIds::of(span).map(|ids| ids.sampled), Some(false));
    }
    drop((live, continued));
    assert!(telemetry.flush_and_shutdown(LIMIT).await);
    assert!(receiver.spans().is_empty());
    assert_eq!(receiver.sum("garimpo.posts"), Some(7));
}

#[tokio::test]
async fn of_what_is_logged_spans_carry_warnings_alone_and_nothing_of_where_they_were_made() {
    let receiver = Receiver::start(true).await;
    let (telemetry, _guard, lines) = start(&settings(Some(&receiver.endpoint)));
    info_span!("work", garimpo.rows = 7).in_scope(|| {
        info!("said");
        warn!("warned");
    });
    assert!(telemetry.flush_and_shutdown(LIMIT).await);
    let work = receiver.span("work");
    assert_eq!(work.events.iter().map(|event| event.name.as_str()).collect::<Vec<_>>(), ["warned"]);
    assert_eq!(work.attributes.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["garimpo.rows"]);
    assert!(lines.text().contains("said"), "{}", lines.text());
}

#[tokio::test]
async fn a_receiver_that_hangs_delays_no_work_and_every_dropped_span_is_counted() {
    let receiver = Receiver::start(false).await;
    let few = TelemetrySettings { queue_size: 64.try_into().unwrap(), ..settings(Some(&receiver.endpoint)) };
    let (telemetry, _guard, _) = start(&few);
    let begun = Instant::now();
    for _ in 0..1_000 {
        info_span!("work").in_scope(|| ());
    }
    assert!(begun.elapsed() < Duration::from_secs(2), "work waited for the collector: {:?}", begun.elapsed());
    receiver.until(|r| r.sum("garimpo.spans.dropped") == Some(1_000 - 64)).await;
    receiver.gate.send(true).unwrap();
    assert!(!telemetry.flush_and_shutdown(LIMIT).await, "losses are told");
    assert_eq!(receiver.spans().len(), 64);
}

#[tokio::test]
async fn a_dead_collector_does_not_hold_up_the_end_and_its_spans_count_as_lost() {
    // Bound and closed again: nobody listens there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (telemetry, _guard, _) = start(&settings(Some(&format!("http://127.0.0.1:{port}"))));
    info_span!("work").in_scope(|| ());
    let losses = Arc::clone(&telemetry.losses);
    let begun = Instant::now();
    assert!(!telemetry.flush_and_shutdown(Duration::from_millis(500)).await);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(losses.lost_spans(), 1);
}

#[tokio::test]
async fn a_receiver_that_hangs_does_not_hold_up_the_end() {
    let receiver = Receiver::start(false).await;
    let (telemetry, _guard, _) = start(&settings(Some(&receiver.endpoint)));
    info_span!("work").in_scope(|| ());
    let begun = Instant::now();
    assert!(!telemetry.flush_and_shutdown(Duration::from_millis(300)).await);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn metrics_arrive() {
    let receiver = Receiver::start(true).await;
    let (telemetry, _guard, _) = start(&settings(Some(&receiver.endpoint)));
    telemetry.meters.meter("garimpo").u64_counter("garimpo.posts").build().add(7, &[]);
    assert!(telemetry.flush_and_shutdown(LIMIT).await);
    assert_eq!(receiver.sum("garimpo.posts"), Some(7));
    assert_eq!(receiver.sum("garimpo.spans.dropped"), Some(0));
}

#[tokio::test]
async fn log_lines_carry_the_ids_of_the_current_trace_in_both_formats_without_any_endpoint() {
    for format in [LogFormat::Text, LogFormat::Json] {
        let (telemetry, guard, lines) = start(&TelemetrySettings { log_format: format, ..settings(None) });
        info!("outside");
        let span = info_span!("page", rule = "covid");
        let ids = TraceIds::of(&span).unwrap();
        span.in_scope(|| info!(posts = 3, "inside"));
        drop((span, guard));
        assert!(telemetry.flush_and_shutdown(LIMIT).await);

        let text = lines.text();
        let [outside, inside] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
        assert!(!outside.contains("trace_id"), "{outside}");
        match format {
            LogFormat::Text => {
                assert!(
                    inside.ends_with(&format!("trace_id={} span_id={}", ids.trace_id, ids.span_id)),
                    "{inside}"
                );
                assert!(inside.contains("inside posts=3"), "{inside}");
            }
            LogFormat::Json => {
                let line: serde_json::Value = serde_json::from_str(inside).unwrap();
                assert_eq!(line["trace_id"], ids.trace_id);
                assert_eq!(line["span_id"], ids.span_id);
                assert_eq!(line["fields"]["posts"], 3);
                assert_eq!(line["span"]["rule"], "covid");
            }
        }
    }
}

#[tokio::test]
async fn spans_of_the_http_stack_are_not_exported() {
    let receiver = Receiver::start(true).await;
    let (telemetry, _guard, _) = start(&settings(Some(&receiver.endpoint)));
    info_span!(target: "hyper::client", "noise").in_scope(|| info_span!("work").in_scope(|| ()));
    assert!(telemetry.flush_and_shutdown(LIMIT).await);
    assert_eq!(receiver.spans().len(), 1);
    assert_eq!(receiver.span("work").name, "work");
}

#[test]
fn headers_of_nobody_carry_no_parent() {
    assert!(!extract([("batch-id", "x"), ("traceparent", "nonsense")]).span().span_context().is_valid());
    assert!(inject(&tracing::Span::none()).is_empty());
    assert_eq!(TraceIds::of(&tracing::Span::none()), None);
    assert!(!tracing::Span::none().context().has_active_span());
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let refusal = |settings: &TelemetrySettings| {
        Telemetry::assemble(settings, &service(), std::io::sink).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(
        refusal(&TelemetrySettings { log_level: "a=b=c".to_owned(), ..settings(None) }),
        "telemetry.log_level: \"a=b=c\" is no log filter; give a level or such as \"info,extractor=debug\""
    );
    assert_eq!(
        refusal(&TelemetrySettings { sample_ratio: 5.0, ..settings(None) }),
        "telemetry.sample_ratio: 5 is not between 0.0 and 1.0"
    );
    assert!(
        refusal(&settings(Some("not a url")))
            .starts_with("telemetry.otlp_endpoint: cannot export to not a url: ")
    );
}
