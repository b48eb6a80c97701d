//! The check that a trace shows the whole way of a batch, each span under the right parent.

use std::fmt;

use crate::trace_sink::SpanRecord;

/// Spans every batch has in one trace, each with its parent's name (none for the root).
pub const WHOLE_WAY: [(&str, Option<&str>); 6] = [
    ("extract page", None),
    ("GET /2/tweets/search/recent", Some("extract page")),
    ("send tweets.batches.v1", Some("extract page")),
    ("process tweets.batches.v1", Some("send tweets.batches.v1")),
    ("enrich batch", Some("process tweets.batches.v1")),
    ("INSERT garimpo", Some("process tweets.batches.v1")),
];

/// What a trace lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// There is no such span.
    Missing(&'static str),
    /// The span hangs on another one than it should.
    WrongParent {
        /// The span.
        name: &'static str,
        /// The parent it should have; none for a root.
        wanted: Option<&'static str>,
        /// The parent it has: its name, or its id where that span is not in the trace; none for a root.
        found: Option<String>,
    },
    /// A span belongs to another trace.
    OtherTrace(String),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "the span `{name}` is missing"),
            Self::WrongParent { name, wanted, found } => {
                let (wanted, found) = (wanted.unwrap_or("no span"), found.as_deref().unwrap_or("no span"));
                write!(f, "the span `{name}` hangs on {found}, not on {wanted}")
            }
            Self::OtherTrace(id) => write!(f, "a span belongs to another trace, {id}"),
        }
    }
}

/// What the trace lacks of [`WHOLE_WAY`]; empty where it is whole.
pub fn whole_way(trace: &[SpanRecord]) -> Vec<Flaw> {
    let first = trace.first().map(|bar| bar.trace_id.as_str());
    let other = trace.iter().find(|bar| Some(bar.trace_id.as_str()) != first);
    let mut flaws: Vec<Flaw> = other.map(|bar| Flaw::OtherTrace(bar.trace_id.clone())).into_iter().collect();
    for (name, wanted) in WHOLE_WAY {
        let mut named = trace.iter().filter(|bar| bar.name == name).peekable();
        if named.peek().is_none() {
            flaws.push(Flaw::Missing(name));
        }
        for bar in named {
            let found = bar.parent_span_id.as_ref().map(|id| parent(trace, id));
            if found.as_deref() != wanted {
                flaws.push(Flaw::WrongParent { name, wanted, found });
            }
        }
    }
    flaws
}

fn parent(trace: &[SpanRecord], id: &str) -> String {
    let bar = trace.iter().find(|bar| bar.span_id == id);
    bar.map_or_else(|| format!("span {id}, which is not in the trace"), |bar| bar.name.clone())
}

#[cfg(test)]
mod tests {
    use super::super::tests::whole;
    use super::*;

    #[test]
    fn the_trace_of_a_batch_is_whole() {
        assert_eq!(whole_way(&whole()), []);
    }

    #[test]
    fn each_span_that_is_taken_away_is_missed() {
        for at in 0..whole().len() {
            let mut trace = whole();
            let gone = trace.remove(at);
            let flaws = whole_way(&trace);
            assert!(
                flaws.iter().any(|flaw| matches!(flaw, Flaw::Missing(name) if *name == gone.name)),
                "{flaws:?}"
            );
        }
    }

    #[test]
    fn a_wrong_parent_and_a_second_trace_are_named() {
        let mut trace = whole();
        trace.iter_mut().find(|bar| bar.span_id == "d4").unwrap().parent_span_id = None;
        trace.iter_mut().find(|bar| bar.span_id == "e5").unwrap().parent_span_id = Some("99".to_owned());
        trace.iter_mut().find(|bar| bar.span_id == "a1").unwrap().trace_id = "beef".to_owned();
        let told: Vec<String> = whole_way(&trace).iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "a span belongs to another trace, beef",
                "the span `process tweets.batches.v1` hangs on no span, not on send tweets.batches.v1",
                "the span `enrich batch` hangs on span 99, which is not in the trace, not on process tweets.batches.v1",
            ]
        );
    }
}
