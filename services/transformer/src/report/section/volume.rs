//! How many posts there were: by day, by hour, by language and by kind.

use std::collections::BTreeMap;

use maud::html;

use super::{Section, hour_labels, labels, point, real, share};
use crate::report::chart::{Bar, Chart, Series, Style, Unit, bars};
use crate::report::texts::Text;
use crate::report::{Data, Lang, names};

/// Languages named; the rest is one line.
const NAMED: usize = 6;
/// As the views call them, lowest of the stack first.
pub(super) const KINDS: [(&str, Text, &str); 4] = [
    ("post", Text::KindPost, "c1"),
    ("reply", Text::KindReply, "c2"),
    ("quote", Text::KindQuote, "c3"),
    ("retweet", Text::KindRetweet, "c4"),
];

pub(super) fn section(data: &Data, lang: Lang) -> Section {
    if data.posts() == 0 {
        return Section::empty("volume", Text::Volume, lang, Text::NoPosts).wide();
    }
    let body = html! {
        (by_day(data, lang).figure(lang))
        @if !data.hours.is_empty() { (by_hour(data, lang).figure(lang)) }
        div.two {
            div { (bars(lang, Text::Language, &[Text::Share], &lines(data, languages(data, lang), lang))) }
            div { (bars(lang, Text::Kind, &[Text::Share], &lines(data, kinds(data, lang), lang))) }
        }
    };
    Section { id: "volume", title: Text::Volume, note: None, full: true, body }
}

fn by_day(data: &Data, lang: Lang) -> Chart {
    let period = data.period;
    let points = period.points();
    let series = KINDS.map(|(kind, name, class)| {
        let mut sums = BTreeMap::new();
        for volume in data.volume.iter().filter(|volume| volume.kind == kind) {
            *sums.entry(period.point(volume.day)).or_default() += volume.posts;
        }
        let values = points.iter().map(|point| Some(real(sums.get(point).copied().unwrap_or(0)))).collect();
        Series { name: lang.say(name), class, values }
    });
    Chart {
        title: lang.say(if period.by_month() { Text::VolumeByMonth } else { Text::VolumeByDay }),
        point: point(period, lang),
        labels: labels(period, lang),
        series: series.to_vec(),
        unit: Unit::Count,
        style: Style::Columns,
    }
}

/// Every hour between the first and the last that hold posts, those without included.
fn by_hour(data: &Data, lang: Lang) -> Chart {
    let posts: BTreeMap<_, _> = data.hours.iter().map(|hour| (hour.hour, hour.posts)).collect();
    let ends = posts.keys().next().zip(posts.keys().next_back());
    let hours = ends.map_or_else(Vec::new, |(first, last)| hour_labels(*first, *last, lang));
    let values = hours.iter().map(|(hour, _)| Some(real(posts.get(hour).copied().unwrap_or(0)))).collect();
    let labels = hours.into_iter().map(|(_, label)| label).collect();
    Chart {
        title: lang.say(Text::VolumeByHour),
        point: lang.say(Text::HourOfDay),
        labels,
        series: vec![Series { name: lang.say(Text::Posts), class: "c1", values }],
        unit: Unit::Count,
        style: Style::Columns,
    }
}

fn languages(data: &Data, lang: Lang) -> Vec<(String, i64)> {
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for volume in &data.volume {
        *sums.entry(names::language(lang, volume.language.as_deref())).or_default() += volume.posts;
    }
    let mut sums: Vec<(String, i64)> = sums.into_iter().collect();
    sums.sort_by_key(|(_, posts)| -posts);
    // A single one more would take the line of the rest.
    if sums.len() > NAMED + 1 {
        let rest = sums.split_off(NAMED).into_iter().map(|(_, posts)| posts).sum();
        sums.push((lang.say(Text::OtherLanguages).to_owned(), rest));
    }
    sums
}

fn kinds(data: &Data, lang: Lang) -> Vec<(String, i64)> {
    let of = |kind| data.volume.iter().filter(move |volume| volume.kind == kind);
    let sums = KINDS
        .map(|(kind, name, _)| (lang.say(name).to_owned(), of(kind).map(|volume| volume.posts).sum::<i64>()));
    let mut sums: Vec<(String, i64)> = sums.into_iter().filter(|(_, posts)| *posts > 0).collect();
    sums.sort_by_key(|(_, posts)| -posts);
    sums
}

fn lines(data: &Data, sums: Vec<(String, i64)>, lang: Lang) -> Vec<Bar> {
    let all = data.posts();
    let line = |(name, posts): (String, i64)| {
        let part = lang.percent(share(posts, all));
        Bar { name: html! { (name) }, posts, more: vec![html! { (part) }] }
    };
    sums.into_iter().map(line).collect()
}
