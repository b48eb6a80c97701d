//! The most engaged posts, with the age each had when its figures were seen.

use maud::{Markup, html};

use super::Section;
use crate::report::data::TopPost;
use crate::report::texts::Text;
use crate::report::{Data, Lang};

/// Characters of a long text that are shown: the rest is behind the link.
const SHOWN: usize = 700;

pub(super) fn section(data: &Data, lang: Lang) -> Section {
    if data.top_posts.is_empty() {
        return Section::empty("top-posts", Text::TopPosts, lang, Text::NoTopPosts).wide();
    }
    let body = html! {
        ol.posts { @for post in &data.top_posts { li { (one(post, lang)) } } }
    };
    let note = Some(lang.say(Text::TopPostsNote).to_owned());
    Section { id: "top-posts", title: Text::TopPosts, note, full: true, body }
}

fn one(post: &TopPost, lang: Lang) -> Markup {
    let counts = [
        (post.likes, Text::Likes),
        (post.reposts, Text::Reposts),
        (post.replies, Text::Replies),
        (post.quotes, Text::Quotes),
    ];
    html! {
        @match &post.post_text {
            Some(text) => p.text dir="auto" { (shown(text)) },
            None => p.text { (lang.say(Text::Deleted)) },
        }
        p.meta {
            @for (count, name) in counts {
                @if let Some(count) = count { span { b { (lang.number(count)) } " " (lang.say(name)) } }
            }
        }
        p.meta {
            @if let Some(at) = post.posted_at { span { (lang.moment(at)) " UTC" } }
            span { (age(post.age_hours, lang)) }
            @if let Some(sentiment) = sentiment(post.sentiment.as_deref()) { span { (lang.say(sentiment)) } }
            a href=(post.url) rel="noopener noreferrer nofollow" { (lang.say(Text::OnX)) }
        }
    }
}

fn age(hours: Option<f64>, lang: Lang) -> String {
    match hours {
        None => lang.say(Text::AgeUnknown).to_owned(),
        Some(hours) if hours < 1.0 => lang.fill(Text::AgeMinutes, &[&lang.decimal(hours * 60.0, 0)]),
        Some(hours) if hours < 48.0 => lang.fill(Text::AgeHours, &[&lang.decimal(hours, 1)]),
        Some(hours) => lang.fill(Text::AgeDays, &[&lang.decimal(hours / 24.0, 1)]),
    }
}

fn sentiment(label: Option<&str>) -> Option<Text> {
    match label? {
        "positive" => Some(Text::Positive),
        "neutral" => Some(Text::Neutral),
        "negative" => Some(Text::Negative),
        _ => None,
    }
}

/// The begin of a long text, cut where a word ends: no emoji or accent is torn apart unless there is no space at all.
fn shown(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(SHOWN) else { return text.to_owned() };
    let head = &text[..cut];
    let end = head.rfind(char::is_whitespace).filter(|end| *end > cut / 2).unwrap_or(cut);
    format!("{} …", head[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_with_a_word_and_a_short_one_is_whole() {
        assert_eq!(shown("fique em casa 👩‍⚕️"), "fique em casa 👩‍⚕️");
        let long = shown(&"máscara ".repeat(200));
        assert!(long.chars().count() <= SHOWN + 2 && long.ends_with("máscara …"), "{long}");
        assert_eq!(shown(&"ア".repeat(1_000)).chars().count(), SHOWN + 2);
    }

    #[test]
    fn the_age_is_told_in_the_unit_people_think_in() {
        let told = [None, Some(0.5), Some(30.25), Some(60.0)].map(|hours| age(hours, Lang::En));
        assert_eq!(
            told,
            [
                "figures never seen",
                "figures seen 30 min after posting",
                "figures seen 30.2 h after posting",
                "figures seen 2.5 days after posting"
            ]
        );
    }
}
