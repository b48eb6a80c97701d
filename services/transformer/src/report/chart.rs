//! Charts as inline SVG: drawn wide and narrow, described in words, with their figures as a table beneath.

mod axis;
mod bars;
mod columns;
mod lines;
mod tiles;
mod waterfall;

use maud::{Markup, html};

pub(crate) use bars::{Bar, bars, center};
pub(crate) use tiles::tiles;
pub(crate) use waterfall::waterfall;

use super::{Lang, texts::Text};

/// What a value is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Whole things.
    Count,
    /// 0 to 1.
    Share,
    /// -1 to 1.
    Score,
    /// Seconds.
    Seconds,
    /// US dollars.
    Dollars,
}

impl Unit {
    /// In a table or a description.
    #[expect(clippy::cast_possible_truncation, reason = "counts are whole and far below 2^53")]
    pub(crate) fn show(self, lang: Lang, value: f64) -> String {
        match self {
            Self::Count => lang.number(value.round() as i64),
            Self::Share => lang.percent(value),
            Self::Score => lang.score(value),
            Self::Seconds => lang.fill(Text::Seconds, &[&lang.decimal(value, 1)]),
            Self::Dollars => lang.dollars(value),
        }
    }

    /// On an axis.
    fn tick(self, lang: Lang, value: f64) -> String {
        match self {
            Self::Count | Self::Dollars => lang.compact(value),
            Self::Share => format!("{}%", lang.compact(value * 100.0)),
            Self::Score if value == 0.0 => "0".to_owned(),
            Self::Score => lang.score(value),
            Self::Seconds => format!("{}\u{a0}s", lang.compact(value)),
        }
    }
}

/// Values of one name along the axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Series {
    /// What the legend calls it.
    pub(crate) name: &'static str,
    /// CSS class that colours it.
    pub(crate) class: &'static str,
    /// One for each point; none where nothing is known.
    pub(crate) values: Vec<Option<f64>>,
}

/// One point of the axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// Under the axis.
    pub(crate) short: String,
    /// In the table and in descriptions.
    pub(crate) long: String,
}

/// How the series are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Stacked columns.
    Columns,
    /// A line for each series.
    Lines,
}

/// Series over points in time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chart {
    /// What it shows.
    pub(crate) title: &'static str,
    /// What a point is, for the table's head.
    pub(crate) point: &'static str,
    /// The points, in order; at least one.
    pub(crate) labels: Vec<Label>,
    /// The series, the lowest of a stack first.
    pub(crate) series: Vec<Series>,
    /// Of all values.
    pub(crate) unit: Unit,
    /// Columns or lines.
    pub(crate) style: Style,
}

/// A drawing's size and margins, in units that are pixels where it is not scaled.
#[derive(Debug, Clone, Copy)]
struct Frame {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    /// Room a label under the axis takes.
    label: f64,
}

/// For pages from 700 pixels on.
const WIDE: Frame = Frame { class: "wide", width: 860.0, height: 280.0, left: 60.0, label: 66.0 };
/// For telephones: text would vanish in the scaled wide one.
const NARROW: Frame = Frame { class: "narrow", width: 350.0, height: 210.0, left: 48.0, label: 58.0 };
const TOP: f64 = 10.0;
const RIGHT: f64 = 10.0;
const BOTTOM: f64 = 26.0;

impl Frame {
    fn plot_width(self) -> f64 {
        self.width - self.left - RIGHT
    }

    fn floor(self) -> f64 {
        self.height - BOTTOM
    }
}

impl Chart {
    /// The chart with its legend and table.
    pub(crate) fn figure(&self, lang: Lang) -> Markup {
        let words = self.describe(lang);
        html! {
            figure.chart {
                figcaption { (self.title) }
                @if self.series.len() > 1 {
                    ul.legend {
                        @for series in &self.series { li { span.swatch.(series.class) {} (series.name) } }
                    }
                }
                @for frame in [WIDE, NARROW] {
                    svg class=(format!("plot {}", frame.class)) role="img" aria-label=(words)
                        viewBox=(format!("0 0 {} {}", frame.width, frame.height)) {
                        @match self.style {
                            Style::Columns => (columns::columns(self, lang, frame)),
                            Style::Lines => (lines::lines(self, lang, frame)),
                        }
                    }
                }
                details {
                    summary { (lang.say(Text::Table)) }
                    (self.table(lang))
                }
            }
        }
    }

    /// What a stack, or the highest line, amounts to at each point.
    fn heights(&self) -> Vec<f64> {
        let at = |point: usize| self.series.iter().filter_map(move |series| *series.values.get(point)?);
        let height = |point: usize| match self.style {
            Style::Columns => at(point).sum(),
            Style::Lines => at(point).fold(f64::NEG_INFINITY, f64::max),
        };
        (0..self.labels.len()).map(height).collect()
    }

    fn describe(&self, lang: Lang) -> String {
        let heights = self.heights();
        let highest = heights.iter().zip(&self.labels).filter(|(height, _)| height.is_finite());
        let highest = highest.max_by(|(a, _), (b, _)| a.total_cmp(b));
        let ends = self.labels.first().zip(self.labels.last());
        match (ends, highest) {
            (Some((first, last)), Some((height, at))) => {
                let height = self.unit.show(lang, *height);
                lang.fill(Text::ChartAlt, &[self.title, &first.long, &last.long, &height, &at.long])
            }
            _ => self.title.to_owned(),
        }
    }

    fn table(&self, lang: Lang) -> Markup {
        html! {
            div.scroll {
                table {
                    thead {
                        tr {
                            th scope="col" { (self.point) }
                            @for series in &self.series { th.number scope="col" { (series.name) } }
                        }
                    }
                    tbody {
                        @for (point, label) in self.labels.iter().enumerate() {
                            tr {
                                th scope="row" { (label.long) }
                                @for series in &self.series {
                                    td.number {
                                        @match series.values.get(point).copied().flatten() {
                                            Some(value) => (self.unit.show(lang, value)),
                                            None => (lang.say(Text::NoValue)),
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A coordinate with at most one decimal place: a third of the page's bytes would be digits nobody sees.
fn at(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
