//! A rule's cursor out of its walks in the ledger. Pure.
//!
//! Walks spread over partitions, so a later one may have been applied while an earlier one was not: what follows the first
//! walk that is missing or incomplete is not relied on, and is walked again from the last one before it.

use contract::Cursor;
use thiserror::Error;

/// One walk of a rule, or the hourly report of its polls that found nothing, which uses up a number as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Walk {
    pub(super) walk: i64,
    /// All parts of all its answers were applied.
    pub(super) whole: bool,
    /// Its last page was applied.
    pub(super) finished: bool,
    /// Last page applied.
    pub(super) page: i32,
    pub(super) identity: String,
    pub(super) query: String,
    pub(super) query_fingerprint: String,
    pub(super) since_id: Option<i64>,
    pub(super) until_id: Option<i64>,
    pub(super) newest_id: Option<i64>,
    pub(super) oldest_id: Option<i64>,
    /// Milliseconds since 1970.
    pub(super) covers_to: Option<i64>,
}

/// The ledger does not say where the rule began.
#[derive(Debug, PartialEq, Eq, Error)]
#[error(
    "rule {rule}: no walk of it was finished, so the ledger does not say where it began; left out. The extractor begins it \
     anew: give the rule a `start` in your rules"
)]
pub(super) struct Unknown {
    rule: String,
}

/// Where a rule stands by its walks, ordered by their numbers.
pub(super) fn cursor(rule: &str, walks: &[Walk]) -> Result<Cursor, Unknown> {
    let unknown = || Unknown { rule: rule.to_owned() };
    let last = walks.last().ok_or_else(unknown)?;
    let relied_on = relied_on(walks);
    let (done, rest) = relied_on
        .iter()
        .rposition(|walk| walk.finished)
        .map(|at| relied_on.split_at(at + 1))
        .ok_or_else(unknown)?;
    let between = Cursor {
        rule: rule.to_owned(),
        identity: last.identity.clone(),
        query: last.query.clone(),
        query_fingerprint: last.query_fingerprint.clone(),
        walk: walks.iter().map(|walk| walk.walk).max().unwrap_or_default(),
        last_newest_id: done.iter().filter_map(|walk| walk.newest_id).max(),
        covered_to: done.iter().filter_map(|walk| walk.covers_to).max(),
        ..Cursor::default()
    };
    let all_relied_on = relied_on.len() == walks.len();
    match rest.last() {
        Some(open) if all_relied_on => Ok(in_the_middle(between, rest, open)),
        _ => Ok(between),
    }
}

/// The walks up to the first that is missing or incomplete.
fn relied_on(walks: &[Walk]) -> &[Walk] {
    let mut next = None;
    let good = walks.iter().take_while(|walk| {
        let expected = next.is_none_or(|next| walk.walk <= next);
        next = Some(walk.walk + 1);
        expected && walk.whole
    });
    &walks[..good.count()]
}

/// The rest of a walk: its token went with Kafka, so it goes on below its oldest post.
fn in_the_middle(between: Cursor, rest: &[Walk], open: &Walk) -> Cursor {
    let oldest_id = rest.iter().filter_map(|walk| walk.oldest_id).min();
    Cursor {
        open: true,
        page: open.page,
        since_id: open.since_id,
        start_time: if open.since_id.is_none() { between.covered_to } else { None },
        end_time: rest.iter().filter_map(|walk| walk.covers_to).max(),
        until_id: oldest_id.or(open.until_id),
        newest_id: rest.iter().filter_map(|walk| walk.newest_id).max(),
        oldest_id,
        in_flight: true,
        ..between
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished(walk: i64, newest: i64, covers_to: i64) -> Walk {
        Walk {
            walk,
            whole: true,
            finished: true,
            page: 2,
            newest_id: Some(newest),
            oldest_id: Some(newest - 50),
            covers_to: Some(covers_to),
            identity: "lab".to_owned(),
            query_fingerprint: "f".to_owned(),
            ..Walk::default()
        }
    }

    fn open(walk: i64, newest: i64, covers_to: i64) -> Walk {
        Walk { finished: false, since_id: Some(200), ..finished(walk, newest, covers_to) }
    }

    #[test]
    fn between_walks_the_next_one_begins_at_the_newest_post() {
        let cursor = cursor("covid", &[finished(1, 100, 1_000), finished(2, 200, 2_000)]).unwrap();
        assert_eq!((cursor.walk, cursor.open, cursor.in_flight), (2, false, false));
        assert_eq!((cursor.last_newest_id, cursor.covered_to), (Some(200), Some(2_000)));
        assert_eq!((cursor.identity.as_str(), cursor.rule.as_str()), ("lab", "covid"));
    }

    #[test]
    fn a_walk_in_the_middle_goes_on_below_its_oldest_post() {
        let cursor = cursor("covid", &[finished(1, 200, 1_000), open(2, 300, 2_000)]).unwrap();
        assert!(cursor.open && cursor.in_flight);
        assert_eq!((cursor.walk, cursor.page, cursor.next_token), (2, 2, None));
        assert_eq!((cursor.since_id, cursor.until_id, cursor.oldest_id), (Some(200), Some(250), Some(250)));
        assert_eq!((cursor.newest_id, cursor.last_newest_id), (Some(300), Some(200)));
        assert_eq!((cursor.covered_to, cursor.end_time), (Some(1_000), Some(2_000)));
    }

    #[test]
    fn what_follows_a_walk_that_was_not_applied_is_walked_again() {
        let walks = [finished(1, 100, 1_000), finished(3, 300, 3_000)];
        let cursor = cursor("covid", &walks).unwrap();
        assert_eq!((cursor.last_newest_id, cursor.covered_to), (Some(100), Some(1_000)));
        assert_eq!(cursor.walk, 3, "numbers are not used twice");
        assert!(!cursor.open);
    }

    #[test]
    fn an_answer_with_a_part_missing_is_walked_again() {
        let walks = [finished(1, 100, 1_000), Walk { whole: false, ..finished(2, 200, 2_000) }];
        assert_eq!(cursor("covid", &walks).unwrap().last_newest_id, Some(100));
    }

    #[test]
    fn the_report_of_polls_that_found_nothing_covers_their_time_and_uses_up_its_number() {
        let idle = Walk { newest_id: None, ..finished(2, 0, 5_000) };
        let walks = [finished(1, 100, 1_000), idle, finished(3, 300, 7_000)];
        let cursor = cursor("covid", &walks[..2]).unwrap();
        assert_eq!((cursor.walk, cursor.last_newest_id, cursor.covered_to), (2, Some(100), Some(5_000)));
        assert_eq!(super::cursor("covid", &walks).unwrap().last_newest_id, Some(300));
    }

    #[test]
    fn a_rule_whose_first_walk_was_not_finished_is_left_out_with_the_way_out() {
        let error = cursor("covid", &[open(1, 100, 1_000)]).unwrap_err();
        assert!(error.to_string().contains("give the rule a `start`"), "{error}");
    }
}
