//! Which interval of time a page vouches for. Pages come newest first, so each stands below the one before.

use super::{Seen, Walk};

/// Milliseconds since 1970; from inclusive, to exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// Oldest moment; `None` where it is unknown.
    pub from: Option<i64>,
    /// Newest moment.
    pub to: Option<i64>,
}

/// When a post was made, from its id (X's snowflake: milliseconds since 2010-11-04T01:42:54.657Z above 22 bits).
pub fn snowflake_millis(id: i64) -> i64 {
    (id >> 22) + 1_288_834_974_657
}

impl Walk {
    /// The interval an answer to this walk's next page covers. A page that is not the last may share the millisecond
    /// of its oldest post with the next one and so vouches only for what is later.
    pub fn covers(&self, seen: &Seen) -> Cover {
        let cursor = &self.cursor;
        let later = |id: i64| snowflake_millis(id) + 1;
        let above = cursor.until_id.into_iter().chain(cursor.oldest_id).map(later).min();
        let to = [above, cursor.end_time].into_iter().flatten().min();
        let bottom = if cursor.since_id.is_some() { cursor.covered_to } else { cursor.start_time };
        let from = match (&seen.next_token, seen.oldest) {
            (None, _) => bottom,
            (Some(_), Some(oldest)) => Some(later(oldest)),
            // An empty page in the middle of a walk vouches for nothing.
            (Some(_), None) => to,
        };
        Cover { from: from.map(|from| to.map_or(from, |to| from.min(to))), to }
    }
}
