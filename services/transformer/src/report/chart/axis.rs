//! Axes: round figures at the side, labels beneath that do not run into each other.

use maud::{Markup, html};

use super::{Chart, Frame, Label, RIGHT, TOP, Unit, at};
use crate::report::Lang;

/// Lines across the plot.
const LINES: f64 = 4.0;

/// The side of a plot: from the lowest round figure to the highest, with those between.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Side {
    pub(super) ticks: Vec<f64>,
    low: f64,
    high: f64,
}

impl Side {
    /// Round figures around `low` and `high`, zero among them.
    pub(super) fn around(low: f64, high: f64, unit: Unit) -> Self {
        if unit == Unit::Share {
            return Self { ticks: vec![0.0, 0.25, 0.5, 0.75, 1.0], low: 0.0, high: 1.0 };
        }
        // A mean that hardly moves is not to look as if it did.
        let least = if unit == Unit::Score { 0.2 } else { 0.0 };
        let (low, high) = (low.min(-least), high.max(least));
        let span = if high > low { high - low } else { 1.0 };
        let rough = span / LINES;
        let power = 10_f64.powf(rough.log10().floor());
        let round = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * power);
        let step = round.into_iter().find(|step| *step >= rough * 0.999).unwrap_or(rough);
        let step = if unit == Unit::Count { step.ceil().max(1.0) } else { step };
        let first = (low / step).floor();
        let last = (high / step).ceil().max(first + 1.0);
        let mut ticks = Vec::new();
        let mut tick = first;
        while tick <= last {
            ticks.push(tick * step);
            tick += 1.0;
        }
        Self { ticks, low: first * step, high: last * step }
    }

    /// Where a value lies in the frame.
    pub(super) fn y(&self, frame: Frame, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        frame.floor() - share * (frame.floor() - TOP)
    }
}

/// Lines across with their figures, and labels beneath at `x` of a point's number.
pub(super) fn axes(chart: &Chart, lang: Lang, frame: Frame, side: &Side, x: impl Fn(usize) -> f64) -> Markup {
    let right = frame.width - RIGHT;
    html! {
        @for tick in &side.ticks {
            @let y = side.y(frame, *tick);
            line class=(if *tick == 0.0 { "zero" } else { "grid" }) x1=(at(frame.left)) x2=(at(right)) y1=(at(y)) y2=(at(y)) {}
            text.tick x=(at(frame.left - 6.0)) y=(at(y + 4.0)) text-anchor="end" { (chart.unit.tick(lang, *tick)) }
        }
        @for point in labelled(&chart.labels, frame) {
            @let middle = x(point).clamp(frame.left + 12.0, right - 18.0);
            text.tick x=(at(middle)) y=(at(frame.height - 7.0)) text-anchor="middle" { (chart.labels[point].short) }
        }
    }
}

/// The points whose label is shown: of those that have one evenly spaced ones, as many as fit.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful of labels")]
fn labelled(labels: &[Label], frame: Frame) -> Vec<usize> {
    let fit = ((frame.plot_width() / frame.label) as usize).max(1);
    let named: Vec<usize> = (0..labels.len()).filter(|at| !labels[*at].short.is_empty()).collect();
    named.iter().copied().step_by(named.len().div_ceil(fit).max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{NARROW, WIDE};
    use super::*;

    #[test]
    fn the_side_has_round_figures_with_zero_among_them() {
        assert_eq!(Side::around(0.0, 87.0, Unit::Count).ticks, [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(Side::around(0.0, 3.0, Unit::Count).ticks, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(Side::around(0.0, 0.0, Unit::Count).ticks, [0.0, 1.0]);
        assert_eq!(Side::around(-0.31, 0.12, Unit::Score).ticks, [-0.4, -0.2, 0.0, 0.2]);
        assert_eq!(Side::around(-0.05, -0.04, Unit::Score).ticks, [-0.2, -0.1, 0.0, 0.1, 0.2]);
        assert_eq!(Side::around(0.2, 0.3, Unit::Share).ticks.len(), 5);
    }

    #[test]
    fn a_value_lies_between_the_floor_and_the_top() {
        let side = Side::around(0.0, 100.0, Unit::Count);
        assert_eq!([0.0, 100.0].map(|value| side.y(WIDE, value)), [254.0, 10.0]);
    }

    #[test]
    fn no_more_labels_than_fit() {
        for points in [1, 7, 31, 92, 168, 744] {
            for frame in [WIDE, NARROW] {
                let label = |at: usize| if at.is_multiple_of(4) { "1 nov".to_owned() } else { String::new() };
                let labels: Vec<Label> =
                    (0..points).map(|at| Label { short: label(at), long: String::new() }).collect();
                let shown = labelled(&labels, frame);
                assert!((1..=12).contains(&shown.len()), "{shown:?} of {points}");
                assert!(shown.iter().all(|at| at.is_multiple_of(4)), "a point without a label has one");
            }
        }
    }
}
