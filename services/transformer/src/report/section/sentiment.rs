//! How posts sound: shares and mean over time.

use std::collections::BTreeMap;

use maud::html;
use time::Date;

use super::{Section, labels, point, real, share};
use crate::report::chart::{Chart, Series, Style, Unit};
use crate::report::texts::Text;
use crate::report::{Data, Lang};

/// As the views call them, lowest of the stack first.
const SENTIMENTS: [(&str, Text, &str); 3] = [
    ("negative", Text::Negative, "negative"),
    ("neutral", Text::Neutral, "neutral"),
    ("positive", Text::Positive, "positive"),
];

pub(super) fn section(data: &Data, lang: Lang) -> Section {
    let (scored, _) = data.scores();
    if scored == 0 {
        return Section::empty("sentiment", Text::Sentiment, lang, Text::NoSentiment).wide();
    }
    let known = lang.percent(share(scored, data.posts()));
    let body = html! { (shares(data, lang).figure(lang)) (mean(data, lang).figure(lang)) };
    let note = Some(lang.fill(Text::SentimentNote, &[&known]));
    Section { id: "sentiment", title: Text::Sentiment, note, full: true, body }
}

fn shares(data: &Data, lang: Lang) -> Chart {
    let period = data.period;
    let mut scored: BTreeMap<Date, i64> = BTreeMap::new();
    let mut posts: BTreeMap<(Date, &str), i64> = BTreeMap::new();
    for row in &data.sentiment {
        let Some(sentiment) = row.sentiment.as_deref() else { continue };
        let at = period.point(row.day);
        *scored.entry(at).or_default() += row.posts;
        *posts.entry((at, sentiment)).or_default() += row.posts;
    }
    let series = SENTIMENTS.map(|(sentiment, name, class)| {
        let part = |point: Date| {
            let all = scored.get(&point).copied().filter(|all| *all > 0)?;
            Some(share(posts.get(&(point, sentiment)).copied().unwrap_or(0), all))
        };
        Series { name: lang.say(name), class, values: period.points().into_iter().map(part).collect() }
    });
    Chart {
        title: lang.say(Text::SentimentShares),
        point: point(period, lang),
        labels: labels(period, lang),
        series: series.to_vec(),
        unit: Unit::Share,
        style: Style::Columns,
    }
}

fn mean(data: &Data, lang: Lang) -> Chart {
    let period = data.period;
    let mut sums: BTreeMap<Date, (i64, f64)> = BTreeMap::new();
    for row in &data.sentiment {
        let (scored, sum) = sums.entry(period.point(row.day)).or_default();
        *scored += row.scored;
        *sum += row.sentiment_sum;
    }
    let mean =
        |point| sums.get(&point).filter(|(scored, _)| *scored > 0).map(|(scored, sum)| sum / real(*scored));
    let values = period.points().into_iter().map(mean).collect();
    Chart {
        title: lang.say(Text::SentimentMean),
        point: point(period, lang),
        labels: labels(period, lang),
        series: vec![Series { name: lang.say(Text::Mean), class: "c1", values }],
        unit: Unit::Score,
        style: Style::Lines,
    }
}
