//! A line for each series, broken where nothing is known.

use maud::{Markup, html};

use super::axis::{Side, axes};
use super::{Chart, Frame, Series, at};
use crate::report::Lang;

/// Up to so many points each has a dot.
const DOTS: usize = 40;

/// What lies in the frame.
#[expect(clippy::cast_precision_loss, reason = "a number of points")]
pub(super) fn lines(chart: &Chart, lang: Lang, frame: Frame) -> Markup {
    let points = chart.labels.len();
    let values = || chart.series.iter().flat_map(|series| series.values.iter().flatten().copied());
    let side = Side::around(values().fold(0.0, f64::min), values().fold(0.0, f64::max), chart.unit);
    let room = frame.plot_width() / points.max(1) as f64;
    let x = |point: usize| frame.left + room * (point as f64 + 0.5);
    html! {
        (axes(chart, lang, frame, &side, x))
        @for series in &chart.series {
            path.line.(series.class) d=(path(series, |point, value| (x(point), side.y(frame, value)))) {}
            @for (point, value) in series.values.iter().enumerate() {
                @if let Some(value) = value {
                    @if points <= DOTS || is_alone(series, point) {
                        circle.(series.class) cx=(at(x(point))) cy=(at(side.y(frame, *value))) r="3" {
                            title { (chart.labels[point].long) ": " (chart.unit.show(lang, *value)) " " (series.name) }
                        }
                    }
                }
            }
        }
    }
}

fn path(series: &Series, place: impl Fn(usize, f64) -> (f64, f64)) -> String {
    let mut path = String::new();
    let mut pen_down = false;
    for (point, value) in series.values.iter().enumerate() {
        if let Some(value) = value {
            let (x, y) = place(point, *value);
            path.push_str(&format!("{}{} {}", if pen_down { 'L' } else { 'M' }, at(x), at(y)));
        }
        pen_down = value.is_some();
    }
    path
}

/// Between two unknown ones no line is seen.
fn is_alone(series: &Series, point: usize) -> bool {
    let known = |at: Option<usize>| at.and_then(|at| *series.values.get(at)?).is_some();
    !known(point.checked_sub(1)) && !known(Some(point + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_where_nothing_is_known() {
        let values = vec![Some(1.0), Some(2.0), None, Some(3.0)];
        let series = Series { name: "s", class: "c1", values };
        #[expect(clippy::cast_precision_loss, reason = "four points")]
        let drawn = path(&series, |point, value| (point as f64, value));
        assert_eq!(drawn, "M0 1L1 2M3 3");
        assert!(is_alone(&series, 3) && !is_alone(&series, 0));
    }
}
