//! How the collection works: pipeline, cost, gaps.

use std::collections::BTreeMap;

use maud::html;
use time::{Date, Duration, PrimitiveDateTime};

use super::{Section, figures, hour_labels, labels, point, real};
use crate::report::chart::{Chart, Series, Style, Unit};
use crate::report::data::{Gap, PipelineHour};
use crate::report::texts::Text;
use crate::report::{Data, Lang, Period};

/// Longest gaps shown.
const GAPS: usize = 30;

/// A day of the analysts may end in the next UTC day: both are read.
fn utc(period: Period) -> Period {
    Period { from: period.from, to: period.to.saturating_add(Duration::DAY) }
}

pub(super) fn pipeline(data: &Data, lang: Lang) -> Section {
    if data.pipeline.is_empty() {
        return Section::empty("pipeline", Text::Pipeline, lang, Text::NoPipeline).wide();
    }
    let sum = |of: fn(&PipelineHour) -> i64| lang.number(data.pipeline.iter().map(of).sum());
    let longest = data.pipeline.iter().map(|hour| hour.most_seconds).fold(0.0, f64::max);
    let days = utc(data.period);
    let body = html! {
        (figures(&[
            (lang.say(Text::Answers), sum(|hour| hour.batches)),
            (lang.say(Text::Carried), sum(|hour| hour.posts)),
            (lang.say(Text::IdlePolls), sum(|hour| hour.idle_polls)),
            (lang.say(Text::Refetched), sum(|hour| hour.refetched)),
            (lang.say(Text::Rejected), sum(|hour| hour.rejected)),
            (lang.say(Text::Longest), Unit::Seconds.show(lang, longest)),
        ]))
        (carried(&data.pipeline, lang).figure(lang))
        (delay(&data.pipeline, lang).figure(lang))
    };
    let note = lang.fill(Text::PipelineNote, &[&lang.short_day(days.from), &lang.short_day(days.to)]);
    Section { id: "pipeline", title: Text::Pipeline, note: Some(note), full: true, body }
}

/// A series: its name, its colour and what it takes of an hour, be there an answer in it or not.
type Given = (Text, &'static str, fn(Option<&PipelineHour>) -> Option<f64>);

/// Columns over every hour from the first to the last: one without an answer is told by its absence.
fn by_hour(rows: &[PipelineHour], lang: Lang, title: Text, given: &[Given]) -> Chart {
    let of: BTreeMap<PrimitiveDateTime, &PipelineHour> = rows.iter().map(|row| (row.hour, row)).collect();
    let ends = of.keys().next().zip(of.keys().next_back());
    let hours = ends.map_or_else(Vec::new, |(first, last)| hour_labels(*first, *last, lang));
    let series = given.iter().map(|(name, class, value)| {
        let values = hours.iter().map(|(hour, _)| value(of.get(hour).copied())).collect();
        Series { name: lang.say(*name), class, values }
    });
    Chart {
        title: lang.say(title),
        point: lang.say(Text::HourOfDay),
        series: series.collect(),
        labels: hours.into_iter().map(|(_, label)| label).collect(),
        unit: Unit::Count,
        style: Style::Columns,
    }
}

fn carried(rows: &[PipelineHour], lang: Lang) -> Chart {
    let posts: Given = (Text::Posts, "c1", |row| Some(row.map_or(0.0, |row| real(row.posts))));
    by_hour(rows, lang, Text::CarriedByHour, &[posts])
}

fn delay(rows: &[PipelineHour], lang: Lang) -> Chart {
    let mean: Given = (Text::MeanDelay, "c1", |row| Some(row?.mean_seconds));
    let most: Given = (Text::MostDelay, "c2", |row| Some(row?.most_seconds));
    let chart = by_hour(rows, lang, Text::DelayByHour, &[mean, most]);
    Chart { unit: Unit::Seconds, style: Style::Lines, ..chart }
}

pub(super) fn cost(data: &Data, lang: Lang) -> Section {
    if data.cost.is_empty() {
        return Section::empty("cost", Text::Cost, lang, Text::NoCost).wide();
    }
    let days = utc(data.period);
    let mut by_point: BTreeMap<Date, f64> = BTreeMap::new();
    let mut by_rule: BTreeMap<&str, (f64, i64, i64, f64)> = BTreeMap::new();
    for row in &data.cost {
        *by_point.entry(days.point(row.day)).or_default() += row.usd;
        let (usd, posts, users, refetched) = by_rule.entry(&row.rule).or_default();
        *usd += row.usd;
        *posts += row.billed_posts;
        *users += row.billed_users;
        *refetched += row.refetched_usd;
    }
    let values = days.points().iter().map(|day| Some(by_point.get(day).copied().unwrap_or(0.0))).collect();
    let chart = Chart {
        title: lang.say(if days.by_month() { Text::CostByMonth } else { Text::CostByDay }),
        point: point(days, lang),
        labels: labels(days, lang),
        series: vec![Series { name: lang.say(Text::Usd), class: "c1", values }],
        unit: Unit::Dollars,
        style: Style::Columns,
    };
    let heads = [Text::Usd, Text::BilledPosts, Text::BilledUsers, Text::RefetchedUsd];
    let body = html! {
        (chart.figure(lang))
        figure {
            div.scroll {
                table {
                    thead { tr {
                        th scope="col" { (lang.say(Text::Rule)) }
                        @for head in heads { th.number scope="col" { (lang.say(head)) } }
                    } }
                    tbody {
                        @for (rule, (usd, posts, users, refetched)) in &by_rule {
                            tr {
                                th scope="row" { bdi { (rule) } }
                                td.number { (lang.dollars(*usd)) }
                                td.number { (lang.number(*posts)) }
                                td.number { (lang.number(*users)) }
                                td.number { (lang.dollars(*refetched)) }
                            }
                        }
                    }
                }
            }
        }
    };
    let note = lang.fill(Text::CostNote, &[&lang.short_day(days.from), &lang.short_day(days.to)]);
    Section { id: "cost", title: Text::Cost, note: Some(note), full: true, body }
}

pub(super) fn gaps(data: &Data, lang: Lang) -> Section {
    if data.gaps.is_empty() {
        return Section::empty("gaps", Text::Gaps, lang, Text::NoGaps).wide();
    }
    let mut shown: Vec<&Gap> = data.gaps.iter().collect();
    // Those without an end are the longest anybody knows of.
    shown.sort_by(|a, b| b.hours.unwrap_or(f64::MAX).total_cmp(&a.hours.unwrap_or(f64::MAX)));
    let left_out = shown.split_off(shown.len().min(GAPS)).len();
    shown.sort_by_key(|gap| gap.from_at);
    let moment = |at: Option<PrimitiveDateTime>| {
        at.map_or_else(|| lang.say(Text::NoValue).to_owned(), |at| lang.moment(at))
    };
    let heads = [Text::Rule, Text::Kind, Text::GapFrom, Text::GapTo];
    let body = html! {
        div.scroll {
            table {
                thead { tr {
                    @for head in heads { th scope="col" { (lang.say(head)) } }
                    th.number scope="col" { (lang.say(Text::GapHours)) }
                    th scope="col" { (lang.say(Text::GapReason)) }
                } }
                tbody {
                    @for gap in shown {
                        tr {
                            th scope="row" { bdi { (gap.rule) } }
                            td { (lang.say(kind(gap))) }
                            td { (moment(gap.from_at)) }
                            td { (moment(gap.to_at)) }
                            td.number { (gap.hours.map_or_else(|| lang.say(Text::NoValue).to_owned(), |hours| lang.decimal(hours, 1))) }
                            td { (gap.reason.as_deref().unwrap_or(lang.say(Text::NoValue))) }
                        }
                    }
                }
            }
        }
        @if left_out > 0 { p.note { (lang.fill(Text::MoreGaps, &[&left_out.to_string()])) } }
    };
    Section {
        id: "gaps",
        title: Text::Gaps,
        note: Some(lang.say(Text::GapsNote).to_owned()),
        full: true,
        body,
    }
}

fn kind(gap: &Gap) -> Text {
    if gap.kind == "unreachable" { Text::Unreachable } else { Text::NotSeen }
}
