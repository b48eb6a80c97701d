//! What somebody else handed over: the figures of a run and the trace of one batch.

use super::{Section, figures};
use crate::report::Lang;
use crate::report::attached::{Attached, Figure, Value};
use crate::report::chart::waterfall;
use crate::report::texts::Text;

pub(super) fn run(given: &Attached, lang: Lang) -> Option<Section> {
    if given.figures.is_empty() {
        return None;
    }
    let shown: Vec<(&str, String)> =
        given.figures.iter().map(|figure| (figure.label.of(lang), value(figure, lang))).collect();
    Some(Section { id: "run", title: Text::Run, note: None, full: true, body: figures(&shown) })
}

fn value(figure: &Figure, lang: Lang) -> String {
    let value = match &figure.value {
        Value::Whole(number) => lang.number(*number),
        Value::Number(number) => lang.decimal(*number, 1),
        Value::Words(words) => words.of(lang).to_owned(),
    };
    figure.unit.as_ref().map_or(value.clone(), |unit| format!("{value}\u{a0}{unit}"))
}

pub(super) fn trace(given: &Attached, lang: Lang) -> Option<Section> {
    let trace = given.trace.as_ref()?;
    if trace.spans.is_empty() {
        return Some(Section::empty("trace", Text::Trace, lang, Text::NoSpans).wide());
    }
    let begin = trace.spans.iter().map(|span| span.start_ms).fold(f64::INFINITY, f64::min);
    let end = trace.spans.iter().map(|span| span.start_ms + span.duration_ms).fold(begin, f64::max);
    let (steps, length) = (trace.spans.len().to_string(), lang.decimal(end - begin, 1));
    let note = Some(lang.fill(Text::TraceNote, &[&trace.batch, &steps, &length]));
    Some(Section { id: "trace", title: Text::Trace, note, full: true, body: waterfall(lang, &trace.spans) })
}
