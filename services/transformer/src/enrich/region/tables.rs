//! The embedded tables of Brazil: states with their boxes, municipalities with their state.

use std::collections::HashMap;

use super::super::EnrichError;
use super::super::table::Table;
use super::super::words::Words;
use super::Bounds;

/// Both tables, by folded names.
#[derive(Debug)]
pub(super) struct Tables {
    states: Vec<State>,
    /// Places in `states`: towns of several states share a name.
    municipalities: HashMap<Box<str>, Vec<u8>>,
}

/// One of the 27 units of the federation.
#[derive(Debug)]
pub(super) struct State {
    /// Two letters.
    pub(super) code: String,
    name: String,
    bounds: Bounds,
}

impl Tables {
    pub(super) fn embedded() -> Result<Self, EnrichError> {
        let table = Table::read(None, "places/states.tsv", include_str!("../../../places/states.tsv"))?;
        let mut states = Vec::new();
        for line in table.lines() {
            let state = State::parse(line.text);
            states.push(state.ok_or_else(|| {
                table
                    .error(line.number, "not code, name, west, south, east, north in thousandths of a degree")
            })?);
        }
        let towns = include_str!("../../../places/municipalities.tsv");
        let table = Table::read(None, "places/municipalities.tsv", towns)?;
        let mut municipalities: HashMap<Box<str>, Vec<u8>> = HashMap::new();
        for line in table.lines() {
            let parsed = line.text.split_once('\t').and_then(|(code, name)| {
                let state = states.iter().position(|state| state.code == code)?;
                Some((Words::of(name).key().into(), u8::try_from(state).ok()?))
            });
            let (name, state) =
                parsed.ok_or_else(|| table.error(line.number, "not a state's code, tab, name"))?;
            municipalities.entry(name).or_default().push(state);
        }
        Ok(Self { states, municipalities })
    }

    pub(super) fn states(&self) -> impl Iterator<Item = &State> {
        self.states.iter()
    }

    /// By name, or by its two letters where they may stand for it.
    pub(super) fn state(&self, key: &str, letters: bool) -> Option<&State> {
        self.states().find(|state| state.name == key || (letters && state.code.eq_ignore_ascii_case(key)))
    }

    /// States that have a municipality of that name.
    pub(super) fn municipality(&self, key: &str) -> impl Iterator<Item = &State> {
        let states = self.municipalities.get(key).into_iter().flatten();
        states.filter_map(|state| self.states.get(usize::from(*state)))
    }
}

impl State {
    fn parse(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [code, name, bounds @ ..] = fields.as_slice() else { return None };
        let degrees =
            |field: &&str| field.parse::<i32>().ok().map(|thousandths| f64::from(thousandths) / 1000.0);
        let bounds: Vec<f64> = bounds.iter().map(degrees).collect::<Option<_>>()?;
        let name = Words::of(name).key().to_owned();
        Some(Self { code: (*code).to_owned(), name, bounds: bounds.try_into().ok()? })
    }

    /// Whether it lies within the state's box as a whole.
    pub(super) fn holds(&self, [west, south, east, north]: Bounds) -> bool {
        let [w, s, e, n] = self.bounds;
        w <= west && s <= south && east <= e && north <= n
    }

    /// Whether its centre does.
    pub(super) fn holds_centre(&self, [west, south, east, north]: Bounds) -> bool {
        let (x, y) = (f64::midpoint(west, east), f64::midpoint(south, north));
        self.holds([x, y, x, y])
    }
}
