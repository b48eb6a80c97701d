//! A trace as text: the tree of its spans with offset, duration, service and a bar on one time axis.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::trace_sink::SpanRecord;

/// Columns of the time axis.
const WIDTH: u128 = 40;

/// Draws a trace; spans whose parent is not among them stand as roots, marked.
pub fn draw(trace: &[SpanRecord]) -> String {
    let Some(began) = trace.iter().map(|bar| bar.start_ns).min() else {
        return "no span\n".to_owned();
    };
    let ended = trace.iter().map(|bar| bar.end_ns).max().unwrap_or(began);
    let axis = Axis { began, lasts: (ended - began).max(1) };
    let rows = rows(trace);
    let label = |row: &Row<'_>| row.label().chars().count();
    let widest = rows.iter().map(label).max().unwrap_or_default();
    let service = trace.iter().map(|bar| bar.service.chars().count()).max().unwrap_or_default();
    let id = trace.first().map_or("", |bar| &bar.trace_id);
    let mut text = format!("trace {id}: {} spans in {:.1} ms\n", trace.len(), milliseconds(axis.lasts));
    let _infallible = writeln!(text, "{:>9} {:>9}  {:service$}  span", "from ms", "for ms", "service");
    for row in &rows {
        let bar = row.bar;
        let (from, lasts) = (bar.start_ns - began, bar.end_ns.saturating_sub(bar.start_ns));
        let _infallible = writeln!(
            text,
            "{:>9.1} {:>9.1}  {:service$}  {:widest$}  |{}|",
            milliseconds(from),
            milliseconds(lasts),
            bar.service,
            row.label(),
            axis.bar(bar),
        );
    }
    text
}

struct Axis {
    began: u64,
    lasts: u64,
}

impl Axis {
    /// A bar of at least one column.
    fn bar(&self, bar: &SpanRecord) -> String {
        let column = |at: u64| u128::from(at - self.began) * WIDTH / u128::from(self.lasts);
        let from = column(bar.start_ns).min(WIDTH - 1);
        let to = column(bar.end_ns.max(bar.start_ns)).clamp(from + 1, WIDTH);
        (0..WIDTH).map(|at| if (from..to).contains(&at) { '#' } else { ' ' }).collect()
    }
}

/// A span where it is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The span.
    pub bar: &'a SpanRecord,
    /// Spans it lies within.
    pub depth: usize,
    is_orphan: bool,
}

impl Row<'_> {
    fn label(&self) -> String {
        let mark = if self.is_orphan { " (its parent is not here)" } else { "" };
        format!("{}{}{mark}", "  ".repeat(self.depth), self.bar.name)
    }
}

/// The spans in the order of the tree, siblings by their begin.
pub fn rows(trace: &[SpanRecord]) -> Vec<Row<'_>> {
    let ids: BTreeSet<&str> = trace.iter().map(|bar| bar.span_id.as_str()).collect();
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(trace.len());
    let mut open: Vec<(&SpanRecord, usize)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut roots: Vec<&SpanRecord> =
        trace.iter().filter(|bar| bar.parent_span_id.as_deref().is_none_or(|id| !ids.contains(id))).collect();
    roots.sort_by_key(|bar| bar.start_ns);
    open.extend(roots.into_iter().rev().map(|bar| (bar, 0)));
    while let Some((bar, depth)) = open.pop() {
        if !seen.insert(bar.span_id.as_str()) {
            continue;
        }
        rows.push(Row { bar, depth, is_orphan: depth == 0 && bar.parent_span_id.is_some() });
        let mut children: Vec<&SpanRecord> = trace
            .iter()
            .filter(|child| child.parent_span_id.as_deref() == Some(bar.span_id.as_str()))
            .collect();
        children.sort_by_key(|child| child.start_ns);
        open.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
    }
    rows
}

#[expect(clippy::cast_precision_loss, reason = "a duration for people, to a tenth of a millisecond")]
fn milliseconds(ns: u64) -> f64 {
    ns as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::super::tests::{bar, whole};
    use super::*;

    #[test]
    fn a_batch_is_drawn_as_a_tree_on_one_time_axis() {
        insta::assert_snapshot!(draw(&whole()));
    }

    #[test]
    fn a_span_without_its_parent_is_drawn_and_marked() {
        let mut trace = whole();
        trace.retain(|bar| bar.span_id != "c3");
        trace.push(bar("77", "a1", "extractor", "GET /2/tweets/search/recent", 23_000, 0));
        insta::assert_snapshot!(draw(&trace));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(draw(&[]), "no span\n");
    }
}
