//! Log lines with the ids of the current trace, as text or JSON.

use std::fmt;

use opentelemetry::Context;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::format::{DefaultFields, Format, Full, Json, JsonFields, Writer};
use tracing_subscriber::fmt::{self as lines, FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::registry::LookupSpan;

use super::LogFormat;
use super::trace_context::TraceIds;

/// A layer that writes one line an event.
pub(super) fn layer<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Each layer keeps its fields apart: text and JSON would otherwise read each other's.
    let layer = lines::layer().with_ansi(false).with_writer(writer);
    match format {
        LogFormat::Text => layer.event_format(Text(lines::format())).fmt_fields(DefaultFields::new()).boxed(),
        LogFormat::Json => {
            layer.event_format(JsonLine(lines::format().json())).fmt_fields(JsonFields::new()).boxed()
        }
    }
}

struct Text(Format<Full>);

struct JsonLine(Format<Json>);

impl<S, N> FormatEvent<S, N> for Text
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        cx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.0.format_event(cx, Writer::new(&mut line), event)?;
        let line = line.trim_end_matches('\n');
        match TraceIds::of_context(&Context::current()) {
            Some(ids) => writeln!(writer, "{line} trace_id={} span_id={}", ids.trace_id, ids.span_id),
            None => writeln!(writer, "{line}"),
        }
    }
}

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        cx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::new();
        self.0.format_event(cx, Writer::new(&mut line), event)?;
        match (TraceIds::of_context(&Context::current()), line.strip_prefix('{')) {
            (Some(ids), Some(rest)) => {
                write!(writer, "{{\"trace_id\":\"{}\",\"span_id\":\"{}\",{rest}", ids.trace_id, ids.span_id)
            }
            _ => writer.write_str(&line),
        }
    }
}
