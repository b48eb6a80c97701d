//! Figures of the sample as Markdown: counted, never typed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::sample::{Judged, judged};

const LABELS: [&str; 3] = ["positive", "neutral", "negative"];

/// Everything between the marks of docs/enrichment.md.
pub(crate) fn figures() -> String {
    let posts = judged();
    let easy: Vec<&Judged> = posts.iter().filter(|post| !post.labelled.hard).collect();
    let hard: Vec<&Judged> = posts.iter().filter(|post| post.labelled.hard).collect();
    let mut page = String::new();
    language(&posts, &mut page);
    topics(&easy, &hard, &mut page);
    sentiment(&easy, &hard, &mut page);
    page
}

/// Per cent, rounded; `-` of nothing.
fn percent(part: usize, whole: usize) -> String {
    (part * 100 + whole / 2).checked_div(whole).map_or("-".to_owned(), |percent| format!("{percent} %"))
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text).unwrap();
    page.push('\n');
}

fn language(posts: &[Judged], page: &mut String) {
    let derived = |post: &&Judged| (post.labelled.language.clone(), post.derived.language.clone());
    let untagged = |post: &&Judged| (post.labelled.language.clone(), post.untagged.clone());
    let named: Vec<_> = posts.iter().filter(|post| tag_names(post)).collect();
    let nameless: Vec<_> = posts.iter().filter(|post| !tag_names(post)).collect();
    let all: Vec<_> = posts.iter().collect();
    page.push_str("### Language\n\n| posts | | right | wrong | left open |\n|---|--:|--:|--:|--:|\n");
    for (name, pairs) in [
        ("X names a language", named.iter().copied().map(|post| derived(&post)).collect::<Vec<_>>()),
        ("X names none: detected", nameless.iter().copied().map(|post| derived(&post)).collect()),
        ("all, X's tags taken away: detected", all.iter().copied().map(|post| untagged(&post)).collect()),
    ] {
        let right = pairs.iter().filter(|(wanted, found)| wanted == found).count();
        let open = pairs.iter().filter(|(wanted, found)| wanted.is_some() && found.is_none()).count();
        let wrong = pairs.len() - right - open;
        line(page, format_args!("| {name} | {} | {right} | {wrong} | {open} |", pairs.len()));
    }
    page.push_str("\nDetected without X's tags, by the language a reader names:\n\n");
    let mut confusion: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for post in posts {
        let name = |language: &Option<String>| language.clone().unwrap_or_else(|| "none".to_owned());
        *confusion
            .entry(name(&post.labelled.language))
            .or_default()
            .entry(name(&post.untagged))
            .or_default() += 1;
    }
    page.push_str("| reader | detected |\n|---|---|\n");
    for (wanted, found) in confusion {
        let found: Vec<String> =
            found.iter().map(|(language, count)| format!("{language} {count}")).collect();
        line(page, format_args!("| {wanted} | {} |", found.join(", ")));
    }
}

fn tag_names(post: &Judged) -> bool {
    let tag = post.labelled.tag.as_deref();
    tag.is_some_and(|tag| !matches!(tag, "und" | "zxx" | "art") && !tag.starts_with('q'))
}

/// Labelled, found, and both.
#[derive(Default, Clone, Copy)]
struct Hits {
    wanted: usize,
    found: usize,
    right: usize,
}

impl Hits {
    fn row(self, name: &str) -> String {
        let Self { wanted, found, right } = self;
        let balance = percent(2 * right, wanted + found);
        format!(
            "| {name} | {wanted} | {found} | {right} | {} | {} | {balance} |",
            percent(right, found),
            percent(right, wanted)
        )
    }
}

fn topics(easy: &[&Judged], hard: &[&Judged], page: &mut String) {
    page.push_str("\n### Topics\n\n| topic | labelled | found | both | precision | recall | F1 |\n|---|--:|--:|--:|--:|--:|--:|\n");
    let mut each: BTreeMap<&str, Hits> = BTreeMap::new();
    for post in easy {
        count(post, |topic, add| add(each.entry(topic).or_default()));
    }
    for (topic, hits) in &each {
        line(page, format_args!("{}", hits.row(topic)));
    }
    let total = |posts: &[&Judged]| {
        let mut hits = Hits::default();
        posts.iter().for_each(|post| count(post, |_, add| add(&mut hits)));
        hits
    };
    line(page, format_args!("{}", total(easy).row("**all**")));
    line(page, format_args!("{}", total(hard).row("hard posts")));
    let whole = |posts: &[&Judged]| {
        let same =
            posts.iter().filter(|post| names(post).eq(post.labelled.topics.iter().map(String::as_str)));
        same.count()
    };
    let (right, hard_right) = (whole(easy), whole(hard));
    line(
        page,
        format_args!(
            "\nExactly the labelled topics, no more and no fewer: {right} of {} posts ({}); of the hard ones {hard_right} of {} ({}).",
            easy.len(),
            percent(right, easy.len()),
            hard.len(),
            percent(hard_right, hard.len()),
        ),
    );
}

fn names(post: &Judged) -> impl Iterator<Item = &str> {
    post.derived.topics.iter().map(|topic| topic.name.as_str())
}

fn count<'a>(post: &'a Judged, mut topic: impl FnMut(&'a str, &dyn Fn(&mut Hits))) {
    let wanted: Vec<&str> = post.labelled.topics.iter().map(String::as_str).collect();
    for name in &wanted {
        topic(name, &|hits| hits.wanted += 1);
    }
    for name in names(post) {
        topic(name, &|hits| hits.found += 1);
        if wanted.contains(&name) {
            topic(name, &|hits| hits.right += 1);
        }
    }
}

fn sentiment(easy: &[&Judged], hard: &[&Judged], page: &mut String) {
    page.push_str("\n### Sentiment\n");
    let of = |language: &str| -> Vec<&Judged> {
        let spoken = easy.iter().filter(|post| post.derived.language.as_deref() == Some(language));
        spoken.copied().collect()
    };
    for (name, posts) in [("Portuguese", of("pt")), ("English", of("en")), ("Hard posts", hard.to_vec())] {
        let label = |post: &Judged| post.derived.sentiment.map(|sentiment| sentiment.label());
        line(page, format_args!("\n{name}, {} posts:\n", posts.len()));
        page.push_str("| reader \\ score | positive | neutral | negative | none |\n|---|--:|--:|--:|--:|\n");
        for wanted in LABELS {
            let row: Vec<&&Judged> = posts.iter().filter(|post| post.labelled.sentiment == wanted).collect();
            let cell = |found: Option<&str>| row.iter().filter(|post| label(post) == found).count();
            let [positive, neutral, negative] = LABELS.map(|found| cell(Some(found)));
            line(page, format_args!("| {wanted} | {positive} | {neutral} | {negative} | {} |", cell(None)));
        }
        let scored: Vec<&&Judged> = posts.iter().filter(|post| post.derived.sentiment.is_some()).collect();
        let right = scored.iter().filter(|post| label(post) == Some(&post.labelled.sentiment)).count();
        let opposite = scored.iter().filter(|post| {
            matches!(
                (label(post), post.labelled.sentiment.as_str()),
                (Some("positive"), "negative") | (Some("negative"), "positive")
            )
        });
        line(
            page,
            format_args!(
                "\nScored: {} of {} ({}). Of those right {} ({}), the opposite {} ({}).",
                scored.len(),
                posts.len(),
                percent(scored.len(), posts.len()),
                right,
                percent(right, scored.len()),
                opposite.clone().count(),
                percent(opposite.count(), scored.len()),
            ),
        );
    }
}
