//! Each walk goes on where the last page ended, and covers each moment once.

mod property;

use super::*;
use crate::rules::Start;
use std::time::Duration;

/// 2026-11-24T12:00:00Z.
const NOON: i64 = 1_795_521_600_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

fn terms(query: &str) -> Terms {
    Terms {
        query: query.to_owned(),
        fingerprint: contract::query_fingerprint(query),
        settle: MINUTE,
        window: 7 * DAY,
    }
}

fn id(millis: i64) -> i64 {
    (millis - 1_288_834_974_657) << 22
}

fn rule() -> Rule {
    Rule {
        name: "covid".to_owned(),
        query: "covid".to_owned(),
        expansions: std::collections::BTreeSet::new(),
        fields: x_api::Fields::default(),
        max_results: x_api::PageSize::MAX,
        start: Start::Now,
        settle: Duration::from_secs(60),
        poll_interval: Duration::from_secs(60),
        worst_page: crate::money::UsdMicros(500_000),
    }
}

fn asks(step: Step) -> Walk {
    match step {
        Step::Ask(walk) => walk,
        other => panic!("{other:?}"),
    }
}

fn seen(newest: i64, oldest: i64, token: Option<&str>) -> Seen {
    Seen { newest: Some(id(newest)), oldest: Some(id(oldest)), next_token: token.map(str::to_owned) }
}

/// A rule that was claimed at noon and has walked once, up to 12:09.
fn walked() -> Cursor {
    let walk = asks(next(&claim("covid", "me", &terms("covid"), NOON), &terms("covid"), NOON + 10 * MINUTE));
    walk.advance(&seen(NOON + 5 * MINUTE, NOON + MINUTE, None))
}

/// The parameters of the next request that say which page it is.
fn bounds(walk: &Walk) -> Vec<String> {
    let parameters = walk.request(&rule()).parameters(x_api::Vocabulary::Tweet);
    let wanted = ["since_id", "start_time", "until_id", "end_time", "next_token"];
    parameters
        .into_iter()
        .filter(|(name, _)| wanted.contains(name))
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

#[test]
fn a_new_rule_begins_when_it_is_claimed_and_waits_until_that_has_settled() {
    let cursor = claim("covid", "me", &terms("covid"), NOON + 300);
    assert_eq!(next(&cursor, &terms("covid"), NOON + MINUTE), Step::Wait(NOON + MINUTE + 1_000));
    let walk = asks(next(&cursor, &terms("covid"), NOON + 2 * MINUTE + 700));
    assert_eq!(bounds(&walk), ["start_time=2026-11-24T12:00:00Z", "end_time=2026-11-24T12:01:00Z"]);
    assert_eq!((walk.cursor.walk, walk.page()), (1, 1));
}

#[test]
fn later_walks_ask_since_the_newest_post_of_page_one_and_every_page_keeps_the_bounds() {
    let first = asks(next(&walked(), &terms("covid"), NOON + 20 * MINUTE));
    let since = format!("since_id={}", id(NOON + 5 * MINUTE));
    assert_eq!(bounds(&first), [since.as_str(), "end_time=2026-11-24T12:19:00Z"]);
    let open = first.advance(&seen(NOON + 18 * MINUTE, NOON + 15 * MINUTE, Some("t1")));
    assert!(open.open && open.in_flight);
    let second = asks(next(&open, &terms("covid"), NOON + 40 * MINUTE));
    assert_eq!(bounds(&second), [since.as_str(), "end_time=2026-11-24T12:19:00Z", "next_token=t1"]);
    let done = second.advance(&seen(NOON + 14 * MINUTE, NOON + 11 * MINUTE, None));
    assert!(!done.open && !done.in_flight && done.page == 2);
    assert_eq!(done.last_newest_id, Some(id(NOON + 18 * MINUTE)));
    assert_eq!(done.covered_to, Some(NOON + 19 * MINUTE));
}

#[test]
fn an_empty_page_one_keeps_since_id_and_is_counted_rather_than_walked() {
    let walk = asks(next(&walked(), &terms("covid"), NOON + 20 * MINUTE));
    assert!(walk.is_idle(&Seen::default()));
    let idle = walk.idle(NOON + 20 * MINUTE);
    let again = asks(next(&idle, &terms("covid"), NOON + 21 * MINUTE));
    assert_eq!((again.cursor.walk, again.cursor.idle_polls), (2, 1));
    assert_eq!(again.cursor.since_id, Some(id(NOON + 5 * MINUTE)));
    let reported = again.advance(&Seen::default());
    assert_eq!((reported.walk, reported.idle_polls, reported.idle_since), (2, 0, None));
    assert_eq!(reported.last_newest_id, Some(id(NOON + 5 * MINUTE)));
}

#[test]
fn a_poll_within_the_second_covered_already_waits() {
    let cursor = walked();
    assert_eq!(
        next(&cursor, &terms("covid"), NOON + 10 * MINUTE + 900),
        Step::Wait(NOON + 10 * MINUTE + 1_000)
    );
}

#[test]
fn without_settle_there_is_no_upper_bound() {
    let unsettled = Terms { settle: 0, ..terms("covid") };
    let walk = asks(next(&walked(), &unsettled, NOON + 10 * MINUTE));
    let rule = Rule { settle: Duration::ZERO, ..rule() };
    assert_eq!(walk.request(&rule).until, None);
}

#[test]
fn a_refused_token_goes_on_below_the_oldest_post_with_the_same_lower_bound() {
    let first = asks(next(&walked(), &terms("covid"), NOON + 20 * MINUTE));
    let open = first.advance(&seen(NOON + 18 * MINUTE, NOON + 15 * MINUTE, Some("t1")));
    let walk = asks(next(&open, &terms("covid"), NOON + 21 * MINUTE)).without_token().unwrap();
    let expected =
        [format!("since_id={}", id(NOON + 5 * MINUTE)), format!("until_id={}", id(NOON + 15 * MINUTE))];
    assert_eq!(bounds(&walk), expected);
    assert_eq!(walk.page(), 2);
    let third = walk.advance(&seen(NOON + 14 * MINUTE, NOON + 13 * MINUTE, Some("t2")));
    let third = asks(next(&third, &terms("covid"), NOON + 22 * MINUTE));
    assert_eq!(bounds(&third)[..2], expected);
    assert_eq!(bounds(&third)[2], "next_token=t2");
    assert_eq!(first.without_token(), None, "page 1 has no token to refuse");
}

#[test]
fn a_stale_since_id_goes_on_by_time_and_what_was_lost_is_a_gap() {
    let now = NOON + 9 * DAY;
    let walk = asks(next(&walked(), &terms("covid"), now)).without_since_id().unwrap();
    let walk = asks(again(walk, &terms("covid"), now));
    let from = now - 7 * DAY + 5 * MINUTE;
    assert_eq!(bounds(&walk)[0], "start_time=2026-11-26T12:05:00Z");
    let gap = walk.gap.clone().unwrap();
    assert_eq!((gap.from, gap.to), (Some(NOON + 9 * MINUTE), Some(from)));
    // A restart finds the raised bound in its cursor, and the gap by what had been covered.
    assert_eq!(asks(next(&walk.cursor, &terms("covid"), now + 1)).gap, Some(gap));
    assert_eq!(walk.covers(&Seen::default()).from, Some(from));
}

#[test]
fn a_bound_stays_on_every_page_until_x_reaches_it_no_more() {
    let now = NOON + 9 * DAY;
    let healed = asks(next(&walked(), &terms("covid"), now)).without_since_id().unwrap();
    let first = asks(again(healed, &terms("covid"), now));
    let open = first.advance(&seen(now - DAY, now - 2 * DAY, Some("t1")));
    let second = asks(next(&open, &terms("covid"), now + 4 * MINUTE));
    assert_eq!(bounds(&second)[0], bounds(&first)[0]);
    assert_eq!((second.cursor.next_token.as_deref(), &second.gap), (Some("t1"), &None));
    // Ten minutes later the bound has passed: what is above it goes on without the token, which belonged to it.
    let late = asks(next(&open, &terms("covid"), now + 10 * MINUTE));
    let until = format!("until_id={}", id(now - 2 * DAY));
    assert_eq!(bounds(&late), ["start_time=2026-11-26T12:15:00Z".to_owned(), until]);
    let gap = late.gap.unwrap();
    assert_eq!((gap.from, gap.to), (first.cursor.start_time, late.cursor.start_time));
}

#[test]
fn a_since_id_older_than_x_reaches_loses_nothing_while_polls_kept_watching() {
    let idle = Cursor { covered_to: Some(NOON + 9 * DAY - 5 * MINUTE), ..walked() };
    let now = NOON + 9 * DAY;
    let walk = asks(next(&idle, &terms("covid"), now)).without_since_id().unwrap();
    let walk = asks(again(walk, &terms("covid"), now));
    assert_eq!(bounds(&walk)[0], "start_time=2026-12-03T11:55:00Z");
    assert_eq!(walk.gap, None);
    assert_eq!(walk.without_since_id(), None, "a time is not refused as a stale id");
}

#[test]
fn the_rest_of_a_walk_that_x_reaches_no_more_is_closed_with_its_gap() {
    let first = asks(next(&walked(), &terms("covid"), NOON + 20 * MINUTE));
    let open = first.advance(&seen(NOON + 18 * MINUTE, NOON + 15 * MINUTE, Some("t1")));
    let now = NOON + 9 * DAY;
    let walk = asks(next(&open, &terms("covid"), now)).without_since_id().unwrap();
    let Step::Close(walk) = again(walk, &terms("covid"), now) else { panic!("reachable") };
    let gap = walk.gap.clone().unwrap();
    assert_eq!((gap.from, gap.to), (Some(NOON + 9 * MINUTE), Some(NOON + 15 * MINUTE + 1)));
    assert_eq!(walk.advance(&Seen::default()).covered_to, Some(NOON + 19 * MINUTE));
}

#[test]
fn a_changed_query_begins_where_the_old_one_ended() {
    let walk = asks(next(&walked(), &terms("covid19"), NOON + 20 * MINUTE));
    assert_eq!(bounds(&walk), ["start_time=2026-11-24T12:09:00Z", "end_time=2026-11-24T12:19:00Z"]);
    assert_eq!((walk.cursor.walk, walk.cursor.query.as_str()), (2, "covid19"));
}

#[test]
fn a_query_changed_in_the_middle_of_a_walk_takes_over_its_rest_as_a_walk_of_its_own() {
    let first = asks(next(&walked(), &terms("covid"), NOON + 20 * MINUTE));
    let open = first.advance(&seen(NOON + 18 * MINUTE, NOON + 15 * MINUTE, Some("t1")));
    let rest = asks(next(&open, &terms("covid19"), NOON + 30 * MINUTE));
    assert_eq!((rest.cursor.walk, rest.page()), (3, 1));
    let until = format!("until_id={}", id(NOON + 15 * MINUTE));
    assert_eq!(bounds(&rest), [format!("since_id={}", id(NOON + 5 * MINUTE)), until]);
    let done = rest.advance(&seen(NOON + 14 * MINUTE, NOON + 12 * MINUTE, None));
    assert_eq!(done.covered_to, Some(NOON + 19 * MINUTE));
    assert_eq!(done.last_newest_id, Some(id(NOON + 18 * MINUTE)));
}

#[test]
fn the_rest_of_a_walk_buys_nothing_again_though_it_is_empty_and_its_query_changes_once_more() {
    let first = asks(next(&walked(), &terms("covid"), NOON + 20 * MINUTE));
    let open = first.advance(&seen(NOON + 18 * MINUTE, NOON + 15 * MINUTE, Some("t1")));
    let rest = asks(next(&open, &terms("covid19"), NOON + 30 * MINUTE));
    let again = asks(next(&rest.cursor, &terms("covid-19"), NOON + 31 * MINUTE));
    assert_eq!((again.cursor.walk, again.cursor.query.as_str()), (3, "covid-19"));
    assert_eq!(bounds(&again), bounds(&rest));
    for rest in [rest, again] {
        assert!(!rest.is_idle(&Seen::default()));
        let done = rest.advance(&Seen::default());
        assert_eq!(done.last_newest_id, Some(id(NOON + 18 * MINUTE)));
        assert_eq!((done.walk, done.covered_to), (3, Some(NOON + 19 * MINUTE)));
    }
}
