//! Stacked columns.

use maud::{Markup, html};

use super::axis::{Side, axes};
use super::{Chart, Frame, at};
use crate::report::Lang;

/// Part of a point's room its column takes; without a gap where there are many.
const FILLED: f64 = 0.72;
const MANY: usize = 62;
/// Neighbours lie over each other by so much, or their smoothed edges would show as a seam.
const OVERLAP: f64 = 0.4;

/// What lies in the frame.
#[expect(clippy::cast_precision_loss, reason = "a number of points")]
pub(super) fn columns(chart: &Chart, lang: Lang, frame: Frame) -> Markup {
    let points = chart.labels.len();
    let highest = chart.heights().into_iter().fold(0.0, f64::max);
    let side = Side::around(0.0, highest, chart.unit);
    let room = frame.plot_width() / points.max(1) as f64;
    // A single day as wide as the page would be a wall.
    let width = (if points > MANY { room + OVERLAP } else { room * FILLED }).min(56.0);
    let left = |point: usize| frame.left + room * point as f64 + (room - width) / 2.0;
    html! {
        (axes(chart, lang, frame, &side, |point| left(point) + width / 2.0))
        @for (point, label) in chart.labels.iter().enumerate() {
            @for (series, from, to) in stack(chart, point) {
                @let (top, bottom) = (side.y(frame, to), side.y(frame, from));
                rect.(chart.series[series].class) x=(at(left(point))) y=(at(top)) width=(at(width)) height=(at(bottom - top + if from > 0.0 { OVERLAP } else { 0.0 })) {
                    title { (label.long) ": " (chart.unit.show(lang, to - from)) " " (chart.series[series].name) }
                }
            }
        }
    }
}

/// The pieces of one column: number of the series, begin and end.
fn stack(chart: &Chart, point: usize) -> Vec<(usize, f64, f64)> {
    let mut height = 0.0;
    let mut pieces = Vec::new();
    for (number, series) in chart.series.iter().enumerate() {
        let value = series.values.get(point).copied().flatten().unwrap_or(0.0);
        if value > 0.0 {
            pieces.push((number, height, height + value));
            height += value;
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::{Label, Series, Style, Unit, WIDE};
    use super::*;

    #[test]
    fn each_value_above_zero_is_a_rectangle_on_top_of_the_last() {
        let series = |class, values: [Option<f64>; 2]| Series { name: class, class, values: values.to_vec() };
        let label = |text: &str| Label { short: text.to_owned(), long: text.to_owned() };
        let chart = Chart {
            title: "t",
            point: "p",
            labels: vec![label("a"), label("b")],
            series: vec![series("c1", [Some(3.0), Some(0.0)]), series("c2", [Some(1.0), None])],
            unit: Unit::Count,
            style: Style::Columns,
        };
        assert_eq!(stack(&chart, 0), [(0, 0.0, 3.0), (1, 3.0, 4.0)]);
        assert!(stack(&chart, 1).is_empty());
        let drawn = columns(&chart, Lang::En, WIDE).into_string();
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert!(drawn.contains("<title>a: 3 c1</title>"), "{drawn}");
    }
}
