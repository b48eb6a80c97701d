//! The sections of the page, in their order.

mod attached;
mod collection;
mod lists;
mod places;
mod posts;
mod sentiment;
mod volume;

use maud::{Markup, html};
use time::{Duration, PrimitiveDateTime};

use super::chart::Label;
use super::texts::Text;
use super::{Attached, Data, Lang, Period};

/// One section.
pub(crate) struct Section {
    /// Where links of the page lead.
    pub(crate) id: &'static str,
    /// Its heading.
    pub(crate) title: Text,
    note: Option<String>,
    /// Over both columns of a wide page.
    full: bool,
    body: Markup,
}

impl Section {
    /// What is told where there is nothing to draw.
    fn empty(id: &'static str, title: Text, lang: Lang, why: Text) -> Self {
        let body = html! { p.empty { (lang.say(why)) } };
        Self { id, title, note: None, full: false, body }
    }

    fn wide(self) -> Self {
        Self { full: true, ..self }
    }

    /// The section with its heading.
    pub(crate) fn markup(&self, lang: Lang) -> Markup {
        let heading = format!("{}-title", self.id);
        html! {
            section id=(self.id) aria-labelledby=(heading) class=[self.full.then_some("full")] {
                h2 id=(heading) { (lang.say(self.title)) }
                @if let Some(note) = &self.note { p.note { (note) } }
                (self.body)
            }
        }
    }
}

/// All of them; those of what is not attached are left out.
pub(crate) fn all(data: &Data, given: &Attached, lang: Lang) -> Vec<Section> {
    let mut sections = vec![
        volume::section(data, lang),
        sentiment::section(data, lang),
        lists::topics(data, lang),
        lists::hashtags(data, lang),
        lists::domains(data, lang),
        places::section(data, lang),
        lists::rules(data, lang),
        posts::section(data, lang),
        collection::pipeline(data, lang),
        collection::cost(data, lang),
        collection::gaps(data, lang),
    ];
    sections.extend(attached::run(given, lang));
    sections.extend(attached::trace(given, lang));
    sections
}

/// The figures under the title.
pub(crate) fn key_figures(data: &Data, lang: Lang) -> Markup {
    let posts = data.posts();
    let (scored, sum) = data.scores();
    let spent: f64 = data.cost.iter().map(|cost| cost.usd).sum();
    let mean = if scored > 0 { lang.score(sum / real(scored)) } else { lang.say(Text::NoValue).to_owned() };
    let known =
        if posts > 0 { lang.percent(share(scored, posts)) } else { lang.say(Text::NoValue).to_owned() };
    figures(&[
        (lang.say(Text::PostsInPeriod), lang.number(posts)),
        (lang.say(Text::PostsADay), lang.decimal(real(posts) / real(data.period.days()), 0)),
        (lang.say(Text::MeanSentiment), mean),
        (lang.say(Text::SentimentKnown), known),
        (lang.say(Text::Spent), lang.dollars(spent)),
    ])
}

/// Figures with their names.
fn figures(figures: &[(&str, String)]) -> Markup {
    html! {
        dl.figures {
            @for (name, figure) in figures { div { dt { (name) } dd { (figure) } } }
        }
    }
}

/// The points of a chart over the period.
fn labels(period: Period, lang: Lang) -> Vec<Label> {
    let label = |point| match period.by_month() {
        true => Label { short: lang.short_year_month(point), long: lang.short_year_month(point) },
        false => Label { short: lang.short_day(point), long: lang.long_day(point) },
    };
    period.points().into_iter().map(label).collect()
}

/// Hours of a chart up to which each may have its label; beyond, only days do.
const FEW_HOURS: usize = 36;

/// The label of each hour from `first` to `last`, both included.
fn hour_labels(
    first: PrimitiveDateTime,
    last: PrimitiveDateTime,
    lang: Lang,
) -> Vec<(PrimitiveDateTime, Label)> {
    let hours: Vec<PrimitiveDateTime> =
        std::iter::successors(Some(first), |hour| hour.checked_add(Duration::HOUR))
            .take_while(|hour| *hour <= last)
            .collect();
    let few = hours.len() <= FEW_HOURS;
    let label = |hour: PrimitiveDateTime| {
        let short = match hour.hour() {
            0 => lang.short_day(hour.date()),
            clock if few => format!("{clock}h"),
            _ => String::new(),
        };
        (hour, Label { short, long: lang.moment(hour) })
    };
    hours.into_iter().map(label).collect()
}

/// Days or months, for a table's head.
fn point(period: Period, lang: Lang) -> &'static str {
    lang.say(if period.by_month() { Text::Month } else { Text::Day })
}

#[expect(clippy::cast_precision_loss, reason = "figures for people, far below 2^53")]
fn real(count: i64) -> f64 {
    count as f64
}

fn share(part: i64, whole: i64) -> f64 {
    if whole > 0 { real(part) / real(whole) } else { 0.0 }
}
