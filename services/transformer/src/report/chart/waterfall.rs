//! The spans of a trace as bars on one time axis, in a table that can be read without them.

use maud::{Markup, html};

use super::at;
use crate::report::attached::Span;
use crate::report::{Lang, texts::Text};

/// The narrowest bar, in hundredths of the axis.
const NARROWEST: f64 = 0.5;

/// The table.
pub(crate) fn waterfall(lang: Lang, spans: &[Span]) -> Markup {
    let (begin, length) = axis(spans);
    html! {
        table.waterfall {
            thead {
                tr {
                    th scope="col" { (lang.say(Text::Step)) }
                    th.drawn scope="col" aria-hidden="true" {}
                    th.number scope="col" { (lang.say(Text::Begins)) }
                    th.number scope="col" { (lang.say(Text::Lasts)) }
                }
            }
            tbody {
                @for span in spans {
                    @let left = ((span.start_ms - begin) / length * 100.0).clamp(0.0, 100.0 - NARROWEST);
                    @let width = (span.duration_ms / length * 100.0).clamp(NARROWEST, 100.0 - left);
                    tr {
                        th scope="row" class=(format!("depth{}", span.depth.min(6))) {
                            bdi { (span.name) } " " span.service { (span.service) }
                        }
                        td.drawn aria-hidden="true" {
                            svg.meter viewBox="0 0 100 10" preserveAspectRatio="none" {
                                rect.(class(spans, span)) x=(at(left)) y="0" width=(at(width)) height="10" {}
                            }
                        }
                        td.number { (lang.decimal(span.start_ms - begin, 1)) }
                        td.number { (lang.decimal(span.duration_ms, 1)) }
                    }
                }
            }
        }
    }
}

/// Begin and length of the axis, milliseconds; the length is above zero.
pub(crate) fn axis(spans: &[Span]) -> (f64, f64) {
    let begin = spans.iter().map(|span| span.start_ms).fold(f64::INFINITY, f64::min);
    let end = spans.iter().map(|span| span.start_ms + span.duration_ms).fold(f64::NEG_INFINITY, f64::max);
    if begin.is_finite() && end > begin { (begin, end - begin) } else { (0.0, 1.0) }
}

/// A colour for each service, in the order they come.
fn class(spans: &[Span], span: &Span) -> &'static str {
    let mut services: Vec<&str> = Vec::new();
    for other in spans {
        if !services.contains(&other.service.as_str()) {
            services.push(&other.service);
        }
    }
    let at = services.iter().position(|service| *service == span.service).unwrap_or_default();
    ["c1", "c2", "c3", "c4"][at % 4]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_span_is_a_bar_on_one_axis_however_short_it_is() {
        let span = |service: &str, start_ms, duration_ms| Span {
            name: "step".to_owned(),
            service: service.to_owned(),
            start_ms,
            duration_ms,
            depth: 0,
        };
        let spans = [span("extractor", 1_000.0, 50.0), span("transformer", 1_049.99, 0.01)];
        assert_eq!(axis(&spans).0, 1_000.0);
        let drawn = waterfall(Lang::En, &spans).into_string();
        assert!(drawn.contains(r#"<rect class="c1" x="0" y="0" width="100" height="10">"#), "{drawn}");
        assert!(drawn.contains(r#"<rect class="c2" x="99.5" y="0" width="0.5" height="10">"#), "{drawn}");
        assert_eq!(axis(&[]), (0.0, 1.0));
    }
}
