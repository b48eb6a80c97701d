//! The limit holds over any sequence of answers, failures, deaths and days.

use proptest::prelude::*;
use time::macros::date;
use time::{Date, Duration};

use super::*;

const LIMIT: UsdMicros = UsdMicros(5_000_000);
const WORST: UsdMicros = UsdMicros(2_500_000);
const BLOCK: UsdMicros = UsdMicros(3_000_000);
const DAY: Date = date!(2026 - 11 - 24);

fn ledger() -> Ledger {
    Ledger::new(DAY, LIMIT, WORST)
}

#[test]
fn amounts_read_exactly_and_print_as_people_write_them() {
    for (text, micros, shown) in
        [("5", 5_000_000, "$5.00"), ("0.005", 5_000, "$0.005"), ("2.55", 2_550_000, "$2.55")]
    {
        let amount: UsdMicros = text.parse().unwrap();
        assert_eq!(amount, UsdMicros(micros));
        assert_eq!(amount.to_string(), shown);
    }
    for text in ["", "-1", "1e3", "0.0000001", "NaN", "$5", "99999999999999"] {
        assert!(text.parse::<UsdMicros>().is_err(), "{text}");
    }
}

#[test]
fn money_is_reserved_in_blocks_and_settled_from_them() {
    let Room::Reserve(held) = ledger().room(UsdMicros(1_000_000), BLOCK) else { panic!("no room") };
    assert_eq!(held.reserved, BLOCK);
    let settled = held.settle(UsdMicros(700_000), DAY);
    assert_eq!((settled.spent, settled.reserved), (UsdMicros(700_000), UsdMicros(2_300_000)));
    assert_eq!(settled.room(UsdMicros(1_000_000), BLOCK), Room::Held);
}

#[test]
fn the_last_block_is_what_the_limit_leaves_and_then_there_is_no_room() {
    let nearly = Ledger { spent: UsdMicros(2_400_000), ..ledger() };
    let Room::Reserve(held) = nearly.room(WORST, BLOCK) else { panic!("no room") };
    assert_eq!(held.reserved, UsdMicros(2_600_000));
    let spent = Ledger { spent: UsdMicros(2_500_001), ..ledger() };
    assert_eq!(spent.room(WORST, BLOCK), Room::Exhausted);
}

#[test]
fn a_death_with_a_request_on_its_way_carries_its_worst_price_also_over_midnight() {
    let dead = Ledger { spent: UsdMicros(1_000_000), reserved: BLOCK, ..ledger() }.record("me", 0);
    assert_eq!(ledger().inherit(Some(&dead), true).carried, WORST);
    assert_eq!(ledger().inherit(Some(&dead), true).spent, UsdMicros(1_000_000));
    assert_eq!(ledger().inherit(Some(&dead), false).carried, UsdMicros::ZERO);
    let stopped = ledger().released().record("me", 0);
    assert_eq!(
        ledger().inherit(Some(&stopped), true).carried,
        UsdMicros::ZERO,
        "carried already, or never asked for"
    );
    let tomorrow = Ledger::new(DAY.next_day().unwrap(), LIMIT, WORST);
    let inherited = tomorrow.inherit(Some(&dead), true);
    assert_eq!((inherited.spent, inherited.carried), (UsdMicros::ZERO, WORST));
    let later = Ledger::new(DAY + Duration::days(2), LIMIT, WORST);
    assert_eq!(later.clone().inherit(Some(&dead), true), later);
}

#[test]
fn an_answer_from_beyond_midnight_counts_on_the_day_x_dated_it() {
    let held = Ledger { spent: UsdMicros(2_000_000), reserved: WORST, ..ledger() };
    let settled = held.settle(WORST, DAY.next_day().unwrap());
    assert_eq!((settled.spent, settled.reserved), (WORST, UsdMicros::ZERO));
    assert_eq!(settled.on(DAY), settled, "no day returns");
}

#[derive(Clone, Debug)]
enum Event {
    /// An answer of this price, perhaps dated after midnight.
    Answer { cost: i64, after_midnight: bool },
    /// A cut body, billed or not.
    Cut { cost: i64, after_midnight: bool },
    /// The process dies with the request on its way, after X billed it or before.
    Death { cost: i64, after_midnight: bool },
    /// A stop at leisure.
    Restart,
    /// The next day comes.
    Midnight,
}

fn event() -> impl Strategy<Value = Event> {
    let cost = 0..=WORST.0;
    prop_oneof![
        6 => (cost.clone(), any::<bool>()).prop_map(|(cost, late)| Event::Answer { cost, after_midnight: late }),
        2 => (cost.clone(), any::<bool>()).prop_map(|(cost, late)| Event::Cut { cost, after_midnight: late }),
        2 => (cost, any::<bool>()).prop_map(|(cost, late)| Event::Death { cost, after_midnight: late }),
        1 => Just(Event::Restart),
        1 => Just(Event::Midnight),
    ]
}

proptest! {
    #[test]
    fn x_never_bills_more_than_the_limit_on_any_day(events in prop::collection::vec(event(), 1..60)) {
        let mut today = DAY;
        let mut billed: std::collections::BTreeMap<Date, i64> = std::collections::BTreeMap::new();
        let mut memory = ledger();
        for event in events {
            if matches!(event, Event::Midnight) {
                today = today.next_day().unwrap();
                continue;
            }
            if matches!(event, Event::Restart) {
                let released = memory.released().record("me", 0);
                memory = Ledger::new(today, LIMIT, WORST).inherit(Some(&released), false);
                continue;
            }
            memory = match memory.on(today).room(WORST, BLOCK) {
                Room::Held => memory.on(today),
                Room::Reserve(more) => more,
                Room::Exhausted => continue,
            };
            // What is durable when the request is sent.
            let asked = memory.record("me", 0);
            prop_assert!(memory.spent + memory.carried + memory.reserved <= LIMIT);
            let (cost, late) = match event {
                Event::Answer { cost, after_midnight } | Event::Cut { cost, after_midnight }
                | Event::Death { cost, after_midnight } => (cost, after_midnight),
                Event::Restart | Event::Midnight => unreachable!(),
            };
            if late {
                today = today.next_day().unwrap();
            }
            *billed.entry(today).or_default() += cost;
            match event {
                Event::Answer { .. } => memory = memory.settle(UsdMicros(cost), today),
                Event::Cut { .. } => memory = memory.maybe_billed(WORST, today),
                _ => memory = Ledger::new(today, LIMIT, WORST).inherit(Some(&asked), true),
            }
        }
        for (day, billed) in billed {
            prop_assert!(billed <= LIMIT.0, "{day}: {billed}");
        }
    }
}
