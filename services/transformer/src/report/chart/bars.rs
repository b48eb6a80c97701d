//! A table whose second column is drawn: names with their figures as bars.

use maud::{Markup, html};

use super::at;
use crate::report::{Lang, texts::Text};

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// What is counted, as shown.
    pub(crate) name: Markup,
    /// How many.
    pub(crate) posts: i64,
    /// Further cells, one for each of `more`.
    pub(crate) more: Vec<Markup>,
}

/// The table; `name` and `more` head its columns beside the number of posts.
pub(crate) fn bars(lang: Lang, name: Text, more: &[Text], lines: &[Bar]) -> Markup {
    let most = lines.iter().map(|line| line.posts).max().unwrap_or_default();
    html! {
        table.bars {
            thead {
                tr {
                    th scope="col" { (lang.say(name)) }
                    th.drawn scope="col" aria-hidden="true" {}
                    th.number scope="col" { (lang.say(Text::Posts)) }
                    @for head in more { th.number scope="col" { (lang.say(*head)) } }
                }
            }
            tbody {
                @for line in lines {
                    tr {
                        th scope="row" { bdi { (line.name) } }
                        td.drawn aria-hidden="true" { (meter(share(line.posts, most))) }
                        td.number { (lang.number(line.posts)) }
                        @for cell in &line.more { td.number { (cell) } }
                    }
                }
            }
        }
    }
}

/// A bar filled from the left up to `share`, 0 to 1.
fn meter(share: f64) -> Markup {
    html! {
        svg.meter viewBox="0 0 100 10" preserveAspectRatio="none" {
            rect.c1 x="0" y="0" width=(at((share * 100.0).clamp(0.5, 100.0))) height="10" {}
        }
    }
}

/// A bar from the middle, to the left for what is negative: a score of -1 to 1.
pub(crate) fn center(score: f64) -> Markup {
    let (class, width) = (if score < 0.0 { "negative" } else { "positive" }, score.abs().min(1.0) * 50.0);
    let left = if score < 0.0 { 50.0 - width } else { 50.0 };
    html! {
        svg.center viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="4" width="100" height="2" {}
            rect.(class) x=(at(left)) y="0" width=(at(width.max(0.8))) height="10" {}
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a width on a screen")]
fn share(part: i64, whole: i64) -> f64 {
    if whole > 0 { part as f64 / whole as f64 } else { 0.0 }
}
