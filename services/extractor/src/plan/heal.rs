//! What becomes of a walk when X refuses its bounds: it goes on with others, and what is lost is recorded.

use contract::{Cursor, Gap};

use super::{Seen, Step, Terms, Walk, snowflake_millis};

/// From the end of what X still gives: a bound nearer than the first would pass while a request is on its way, and is
/// moved to the second.
const LEAST_MS: i64 = 10_000;
const MARGIN_MS: i64 = 5 * 60_000;

impl Walk {
    /// After a refused `since_id`: by time, from where the last walk ended. `None`: there is nothing else to try.
    pub fn without_since_id(self) -> Option<Self> {
        let since_id = self.cursor.since_id?;
        let from = self.cursor.covered_to.unwrap_or_else(|| snowflake_millis(since_id));
        let cursor = Cursor { since_id: None, start_time: Some(from), ..down_by_id(self.cursor) };
        Some(Self { cursor, ..self })
    }

    /// After a refused `next_token`: down from the oldest post so far. `None`: there is nothing else to try.
    pub fn without_token(self) -> Option<Self> {
        self.cursor.next_token.as_ref()?;
        Some(Self { cursor: down_by_id(self.cursor), ..self })
    }

    /// Keeps the lower bound within what X still gives. What lies before is a gap; a walk wholly before it is closed.
    ///
    /// A bound that X still gives stays as it is: each move costs the walk its token.
    pub(super) fn within(mut self, terms: &Terms, now: i64) -> Step {
        let Some(start) = self.cursor.start_time else { return Step::Ask(self) };
        // A draft of page 1 may have been written with its bound raised already: its gap is known by what was covered.
        let known = if self.cursor.page == 0 { self.cursor.covered_to } else { None };
        let lost_from = self.gap.take().and_then(|gap| gap.from).or(known).unwrap_or(start);
        let to = self.covers(&Seen::default()).to;
        let bound =
            if start < earliest(terms, now, LEAST_MS) { earliest(terms, now, MARGIN_MS) } else { start };
        let reachable = to.is_none_or(|to| bound < to || bound == start);
        let lost_to = if reachable { bound } else { to.unwrap_or(bound) };
        self.gap = (lost_from < lost_to).then(|| Gap {
            from: Some(lost_from),
            to: Some(lost_to),
            reason: "further back than X's recent search reaches".to_owned(),
        });
        if bound != start {
            self.cursor = down_by_id(self.cursor);
        }
        self.cursor.start_time = Some(lost_to.max(start));
        if reachable { Step::Ask(self) } else { Step::Close(self) }
    }
}

/// The earliest whole second X is sure to give for this long from now on.
fn earliest(terms: &Terms, now: i64, margin: i64) -> i64 {
    super::whole_second(now - terms.window + margin)
}

/// A token belongs to the bounds it came with: with others the walk goes on below the oldest post.
fn down_by_id(cursor: Cursor) -> Cursor {
    Cursor { until_id: cursor.oldest_id.or(cursor.until_id), next_token: None, ..cursor }
}
