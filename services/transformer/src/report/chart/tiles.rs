//! A map of squares: each Brazilian state roughly where it lies, darker with more posts.

use maud::{Markup, html};

use super::at;
use crate::report::names::STATES;
use crate::report::{Lang, texts::Text};

const SIZE: f64 = 48.0;
const GAP: f64 = 4.0;
/// Shades of the scale, beside the one for none.
const SHADES: f64 = 5.0;

/// The map; `posts` tells those of a state's code.
pub(crate) fn tiles(lang: Lang, posts: impl Fn(&str) -> i64) -> Markup {
    let most = STATES.iter().max_by_key(|(code, ..)| posts(code));
    let (name, highest) = most.map_or(("", 0), |(code, name, ..)| (*name, posts(code)));
    let words = lang.fill(Text::StatesAlt, &[&lang.number(highest), name]);
    html! {
        svg.tiles viewBox=(format!("0 0 {} {}", at(SIZE * 7.0 - GAP), at(SIZE * 8.0 - GAP))) role="img" aria-label=(words) {
            @for (code, name, column, row) in STATES {
                @let (x, y) = (SIZE * f64::from(column), SIZE * f64::from(row));
                @let count = posts(code);
                g class=(format!("tile q{}", shade(count, highest))) {
                    rect x=(at(x)) y=(at(y)) width=(at(SIZE - GAP)) height=(at(SIZE - GAP)) rx="5" {
                        title { (name) ": " (lang.number(count)) }
                    }
                    text x=(at(x + 22.0)) y=(at(y + 19.0)) text-anchor="middle" { (code) }
                    text.count x=(at(x + 22.0)) y=(at(y + 34.0)) text-anchor="middle" { (lang.compact(whole(count))) }
                }
            }
        }
    }
}

/// By the square root: São Paulo alone would leave all others in the lightest shade.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 5")]
fn shade(posts: i64, highest: i64) -> u8 {
    if posts <= 0 || highest <= 0 {
        return 0;
    }
    ((whole(posts) / whole(highest)).sqrt() * SHADES).ceil().clamp(1.0, SHADES) as u8
}

#[expect(clippy::cast_precision_loss, reason = "a shade or a rounded figure")]
fn whole(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::shade;

    #[test]
    fn none_has_a_shade_of_its_own_and_the_highest_the_darkest() {
        assert_eq!([0, 1, 50, 100].map(|posts| shade(posts, 100)), [0, 1, 4, 5]);
        assert_eq!(shade(0, 0), 0);
    }
}
