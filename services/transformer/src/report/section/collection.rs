//! How the collection works: pipeline, cost, gaps.

use std::collections::BTreeMap;

use maud::html;
use time::{Date, Duration, PrimitiveDateTime};

use super::{Section, figures, labels, point, real};
use crate::report::chart::{Chart, Label, Series, Style, Unit};
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

/// Every hour from the first to the last: one without an answer is told by its absence.
fn hours(rows: &[PipelineHour]) -> Vec<(PrimitiveDateTime, Option<&PipelineHour>)> {
    let by_hour: BTreeMap<PrimitiveDateTime, &PipelineHour> =
        rows.iter().map(|row| (row.hour, row)).collect();
    let last = by_hour.keys().next_back().copied();
    let mut hours = Vec::new();
    let mut at = by_hour.keys().next().copied();
    while let Some(hour) = at.filter(|hour| Some(*hour) <= last) {
        hours.push((hour, by_hour.get(&hour).copied()));
        at = hour.checked_add(Duration::HOUR);
    }
    hours
}

fn by_hour(rows: &[PipelineHour], lang: Lang, title: Text, unit: Unit) -> Chart {
    let label = |(hour, _): &(PrimitiveDateTime, _)| Label {
        short: format!("{}, {}h", lang.short_day(hour.date()), hour.hour()),
        long: lang.moment(*hour),
    };
    let labels = hours(rows).iter().map(label).collect();
    let style = if unit == Unit::Count { Style::Columns } else { Style::Lines };
    Chart {
        title: lang.say(title),
        point: lang.say(Text::HourOfDay),
        labels,
        series: Vec::new(),
        unit,
        style,
    }
}

fn carried(rows: &[PipelineHour], lang: Lang) -> Chart {
    let posts = |(_, row): (_, Option<&PipelineHour>)| Some(row.map_or(0.0, |row| real(row.posts)));
    let values = hours(rows).into_iter().map(posts).collect();
    let series = vec![Series { name: lang.say(Text::Posts), class: "c1", values }];
    Chart { series, ..by_hour(rows, lang, Text::CarriedByHour, Unit::Count) }
}

fn delay(rows: &[PipelineHour], lang: Lang) -> Chart {
    let series = |name, class, of: fn(&PipelineHour) -> f64| {
        let values = hours(rows).into_iter().map(|(_, row)| row.map(of)).collect();
        Series { name: lang.say(name), class, values }
    };
    let series = vec![
        series(Text::MeanDelay, "c1", |row| row.mean_seconds),
        series(Text::MostDelay, "c2", |row| row.most_seconds),
    ];
    Chart { series, ..by_hour(rows, lang, Text::DelayByHour, Unit::Seconds) }
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
