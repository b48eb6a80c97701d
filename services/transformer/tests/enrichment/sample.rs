//! The labelled sample beside what is derived from it.

use contract::Tweet;
use transformer::enrich::{Enricher, Enrichment, Relations};

/// One labelled post.
pub(crate) struct Labelled {
    pub(crate) tag: Option<String>,
    pub(crate) text: String,
    pub(crate) language: Option<String>,
    pub(crate) topics: Vec<String>,
    pub(crate) sentiment: String,
    pub(crate) hard: bool,
}

/// A post's labels, and what is derived from it with X's tag and without one.
pub(crate) struct Judged {
    pub(crate) labelled: Labelled,
    pub(crate) derived: Enrichment,
    pub(crate) untagged: Option<String>,
}

pub(crate) fn labelled() -> Vec<Labelled> {
    let filled = |field: &str| Some(field.to_owned()).filter(|field| !field.is_empty());
    let lines = include_str!("sample.tsv").lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [_, tag, language, topics, sentiment, hard, text] = fields.as_slice() else { panic!("{line}") };
        Labelled {
            tag: filled(tag),
            text: text.replace("\\n", "\n"),
            language: filled(language),
            topics: topics.split(',').filter(|topic| !topic.is_empty()).map(str::to_owned).collect(),
            sentiment: (*sentiment).to_owned(),
            hard: *hard == "hard",
        }
    });
    lines.collect()
}

pub(crate) fn judged() -> Vec<Judged> {
    let enricher = Enricher::embedded().unwrap();
    let derive = |text: &str, lang: Option<String>| {
        let tweet = Tweet { text: text.to_owned(), lang, ..Tweet::default() };
        enricher.derive(&tweet, &Relations::default(), None)
    };
    let judge = |labelled: Labelled| {
        let derived = derive(&labelled.text, labelled.tag.clone());
        let untagged = derive(&labelled.text, None).language;
        Judged { labelled, derived, untagged }
    };
    labelled().into_iter().map(judge).collect()
}

#[test]
fn the_sample_is_what_its_readme_says() {
    let posts = labelled();
    assert_eq!(posts.len(), 300);
    let labels = ["positive", "neutral", "negative"];
    assert!(posts.iter().all(|post| labels.contains(&post.sentiment.as_str()) && post.topics.is_sorted()));
    let known = Enricher::embedded().unwrap();
    let names: Vec<&str> = known.topic_names().collect();
    let unknown = posts.iter().flat_map(|post| &post.topics).find(|topic| !names.contains(&topic.as_str()));
    assert_eq!(unknown, None);
}
