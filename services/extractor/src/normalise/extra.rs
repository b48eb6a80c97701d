//! What the contract has no field for, on its way to `extra`.

use serde_json::Value;
use x_api::{Count, Extra, Json, Timestamp, Vocabulary};

use crate::clock::millis;

/// Members without a field, in the names of the tweet vocabulary.
#[derive(Debug, Default)]
pub(super) struct Kept(Extra);

impl Kept {
    /// Begins with what X's type had no field for either.
    pub(super) fn of(extra: Extra) -> Self {
        Self(extra)
    }

    /// A member the contract has no field for.
    pub(super) fn put<T: Json>(&mut self, name: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.to_json(Vocabulary::Tweet));
        }
    }

    /// What is left of an object.
    pub(super) fn object(&mut self, name: &str, members: Extra) {
        if !members.is_empty() {
            self.0.insert(name.to_owned(), Value::Object(members));
        }
    }

    /// What is left of the objects of a list, each with its place in the list; nothing if nothing is left of any.
    pub(super) fn list(&mut self, name: &str, left: Vec<Extra>) {
        if left.iter().any(|members| !members.is_empty()) {
            self.0.insert(name.to_owned(), left.into_iter().map(Value::Object).collect());
        }
    }

    /// A time in milliseconds; in full as well where those lose something of it.
    pub(super) fn time(&mut self, name: &str, time: Option<Timestamp>) -> Option<i64> {
        let time = time?;
        if time.at().nanosecond() % 1_000_000 != 0 || !time.at().offset().is_utc() {
            self.put(name, Some(&time));
        }
        Some(millis(time.at()))
    }

    /// A number that has 32 bits in the contract; a larger one is kept here.
    pub(super) fn small(&mut self, name: &str, count: Option<Count>) -> Option<i32> {
        let number = count32(count);
        if number.is_none() {
            self.put(name, count.as_ref());
        }
        number
    }

    pub(super) fn members(self) -> Extra {
        self.0
    }

    /// As the contract carries it.
    pub(super) fn json(self) -> Option<String> {
        (!self.0.is_empty()).then(|| Value::Object(self.0).to_string())
    }
}

pub(super) fn count32(count: Option<Count>) -> Option<i32> {
    count.and_then(|count| i32::try_from(count.get()).ok())
}

pub(super) fn count64(count: Option<Count>) -> Option<i64> {
    count.map(Count::get)
}
