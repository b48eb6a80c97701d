//! The money of one UTC day: reserved, spent, and what may have been spent unseen.

use contract::Money;
use time::Date;
use time::macros::format_description;

use super::UsdMicros;

/// The money of one UTC day of X's clock. `spent + carried + reserved` never passes the limit by a reservation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// The day.
    pub day: Date,
    /// The most to spend on it.
    pub limit: UsdMicros,
    /// Set aside before it is asked for.
    pub reserved: UsdMicros,
    /// The price of committed answers.
    pub spent: UsdMicros,
    /// What answers nobody committed may have cost at most.
    pub carried: UsdMicros,
    /// The most one request may cost.
    pub page: UsdMicros,
}

/// Whether a page may be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// Enough is reserved already.
    Held,
    /// This has to be durable first.
    Reserve(Ledger),
    /// The limit leaves less than the page may cost.
    Exhausted,
}

impl Ledger {
    /// A day on which nothing was spent yet.
    pub fn new(day: Date, limit: UsdMicros, page: UsdMicros) -> Self {
        let zero = UsdMicros::ZERO;
        Self { day, limit, reserved: zero, spent: zero, carried: zero, page }
    }

    /// Takes over from an earlier process. `in_flight`: a cursor says that a request may have been on its way; with
    /// money still reserved for it its price is carried at its worst, also over midnight, as nobody knows on which side
    /// of it X billed.
    pub fn inherit(self, earlier: Option<&Money>, in_flight: bool) -> Self {
        let Some((earlier, day)) = earlier.and_then(|money| Some((money, read_day(&money.day)?))) else {
            return self;
        };
        let carried = if in_flight && earlier.reserved_usd_micros > 0 {
            UsdMicros(earlier.page_usd_micros)
        } else {
            UsdMicros::ZERO
        };
        if day >= self.day {
            Self {
                day,
                spent: UsdMicros(earlier.spent_usd_micros),
                carried: UsdMicros(earlier.carried_usd_micros) + carried,
                ..self
            }
        } else if day.next_day() == Some(self.day) {
            Self { carried, ..self }
        } else {
            self
        }
    }

    /// The ledger of `today`: a new day begins with nothing spent, and no day returns.
    pub fn on(&self, today: Date) -> Self {
        if today > self.day { Self::new(today, self.limit, self.page) } else { self.clone() }
    }

    /// Whether a page of this worst price may be asked for; reserves in blocks.
    pub fn room(&self, worst: UsdMicros, block: UsdMicros) -> Room {
        let left = self.limit.less(self.spent + self.carried);
        if self.reserved >= worst {
            return Room::Held;
        }
        if left < worst {
            return Room::Exhausted;
        }
        Room::Reserve(Self { reserved: worst.max(block).min(left), ..self.clone() })
    }

    /// The ledger after an answer that X dated `answered`. An answer from beyond midnight counts on both sides: it
    /// was reserved on the one and is spent on the other.
    pub fn settle(&self, cost: UsdMicros, answered: Date) -> Self {
        let day = self.on(answered);
        Self { spent: day.spent + cost, reserved: day.reserved.less(cost), ..day }
    }

    /// The ledger after a request that X may have billed without an answer in hand.
    pub fn maybe_billed(&self, worst: UsdMicros, latest: Date) -> Self {
        let day = self.on(latest);
        Self { carried: day.carried + worst, reserved: day.reserved.less(worst), ..day }
    }

    /// The ledger with nothing set aside: no request is on its way.
    pub fn released(&self) -> Self {
        Self { reserved: UsdMicros::ZERO, ..self.clone() }
    }

    /// What may still be spent.
    pub fn left(&self) -> UsdMicros {
        self.limit.less(self.spent + self.carried)
    }

    /// As it is written to Kafka.
    pub fn record(&self, identity: &str, updated_at: i64) -> Money {
        Money {
            identity: identity.to_owned(),
            day: show_day(self.day),
            limit_usd_micros: self.limit.0,
            reserved_usd_micros: self.reserved.0,
            spent_usd_micros: self.spent.0,
            carried_usd_micros: self.carried.0,
            page_usd_micros: self.page.0,
            updated_at,
        }
    }
}

fn show_day(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

fn read_day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}
