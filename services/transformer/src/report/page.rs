//! The whole page out of the figures: no clock, no client, no script.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use time::{OffsetDateTime, PrimitiveDateTime};

use super::section::{self, Section};
use super::texts::Text;
use super::{Attached, Data, Lang};

const STYLE: &str = include_str!("style.css");
/// Nothing is fetched and nothing is run, whatever a post's text holds: the browser itself refuses.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The page of `data` and what is `attached` to it, in `lang`, as made at `made_at` (UTC).
pub fn page(data: &Data, attached: &Attached, lang: Lang, made_at: OffsetDateTime) -> String {
    let sections = section::all(data, attached, lang);
    let (from, to) = (lang.long_day(data.period.from), lang.long_day(data.period.to));
    let period = lang.fill(Text::Period, &[&from, &to]);
    let made = lang.moment(PrimitiveDateTime::new(made_at.date(), made_at.time()));
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.tag()) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (lang.say(Text::Title)) ": " (period) }
                // An icon of its own keeps browsers from asking a server for one.
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (lang.say(Text::Title)) }
                    p.period { (period) }
                    (notice(data, lang))
                    (section::key_figures(data, lang))
                    (contents(&sections, lang))
                }
                main { @for section in &sections { (section.markup(lang)) } }
                footer {
                    p { (lang.say(Text::About)) }
                    p { (lang.fill(Text::MadeAt, &[&made, env!("CARGO_PKG_VERSION")])) }
                }
            }
        }
    };
    markup.into_string()
}

/// Says that the period is empty, and which is not.
fn notice(data: &Data, lang: Lang) -> Markup {
    if data.posts() > 0 {
        return Markup::default();
    }
    let words = match data.latest {
        Some(day) => lang.fill(Text::NothingHere, &[&lang.long_day(day)]),
        None => lang.say(Text::NothingStored).to_owned(),
    };
    html! { p.notice { (words) } }
}

fn contents(sections: &[Section], lang: Lang) -> Markup {
    html! {
        nav aria-label=(lang.say(Text::Contents)) {
            ul {
                @for section in sections {
                    li { a href=(format!("#{}", section.id)) { (lang.say(section.title)) } }
                }
            }
        }
    }
}
