//! Where posts are tagged: a map of squares, the first states, the countries.

use std::collections::BTreeMap;

use maud::html;

use super::Section;
use crate::report::chart::{Bar, bars, tiles};
use crate::report::texts::Text;
use crate::report::{Data, Lang, names};

/// Lines of a list.
const LINES: usize = 10;
const COUNTRIES: usize = 5;

pub(super) fn section(data: &Data, lang: Lang) -> Section {
    if data.states.is_empty() {
        return Section::empty("states", Text::States, lang, Text::NoStates).wide();
    }
    let mut states: BTreeMap<&str, i64> = BTreeMap::new();
    let mut countries: BTreeMap<&str, i64> = BTreeMap::new();
    for row in &data.states {
        *countries.entry(&row.country).or_default() += row.posts;
        if let Some(state) = &row.state {
            *states.entry(state).or_default() += row.posts;
        }
    }
    let tagged = data.states.iter().map(|row| row.posts).sum();
    let note = lang.fill(Text::StatesNote, &[&lang.number(tagged), &lang.number(data.posts())]);
    let lines = |sums: &BTreeMap<&str, i64>, most: usize, name: &dyn Fn(&str) -> String| {
        let mut sums: Vec<(&str, i64)> = sums.iter().map(|(code, posts)| (*code, *posts)).collect();
        sums.sort_by_key(|(_, posts)| -posts);
        sums.truncate(most);
        let line = |(code, posts)| Bar { name: html! { (name(code)) }, posts, more: Vec::new() };
        sums.into_iter().map(line).collect::<Vec<Bar>>()
    };
    let body = html! {
        @if states.is_empty() { p.empty { (lang.say(Text::NoBrazil)) } }
        div.two {
            @if !states.is_empty() {
                figure { (tiles(lang, |code| states.get(code).copied().unwrap_or(0))) }
                figure { (bars(lang, Text::State, &[], &lines(&states, LINES, &|code| names::state(code).to_owned()))) }
            }
            figure {
                figcaption { (lang.say(Text::Countries)) }
                (bars(lang, Text::Country, &[], &lines(&countries, COUNTRIES, &|code| names::country(lang, code))))
            }
        }
    };
    Section { id: "states", title: Text::States, note: Some(note), full: true, body }
}
