//! Names with their figures: topics, hashtags, domains, rules.

use maud::{Markup, html};

use super::{Section, real, share};
use crate::report::chart::{Bar, bars, center};
use crate::report::data::{Named, Topic};
use crate::report::texts::Text;
use crate::report::{Data, Lang, names};

pub(super) fn topics(data: &Data, lang: Lang) -> Section {
    if data.topics.is_empty() {
        return Section::empty("topics", Text::Topics, lang, Text::NoTopics).wide();
    }
    let all = data.posts();
    let line = |topic: &Topic| Bar {
        name: html! { (names::topic(lang, &topic.topic)) },
        posts: topic.posts,
        more: vec![html! { (lang.percent(share(topic.posts, all))) }, mean(topic, lang)],
    };
    let lines: Vec<Bar> = data.topics.iter().map(line).collect();
    let body = bars(lang, Text::Topic, &[Text::Share, Text::Mean], &lines);
    let note = Some(lang.say(Text::TopicsNote).to_owned());
    Section { id: "topics", title: Text::Topics, note, full: true, body }
}

fn mean(topic: &Topic, lang: Lang) -> Markup {
    if topic.scored == 0 {
        return html! { (lang.say(Text::NoValue)) };
    }
    let mean = topic.sentiment_sum / real(topic.scored);
    html! { (center(mean)) (lang.score(mean)) }
}

pub(super) fn hashtags(data: &Data, lang: Lang) -> Section {
    if data.hashtags.is_empty() {
        return Section::empty("hashtags", Text::Hashtags, lang, Text::NoHashtags);
    }
    let line = |tag: &Named| Bar { name: html! { "#" (tag.name) }, posts: tag.posts, more: Vec::new() };
    let lines: Vec<Bar> = data.hashtags.iter().map(line).collect();
    let body = bars(lang, Text::Hashtag, &[], &lines);
    let note = Some(lang.say(Text::HashtagsNote).to_owned());
    Section { id: "hashtags", title: Text::Hashtags, note, full: false, body }
}

pub(super) fn domains(data: &Data, lang: Lang) -> Section {
    named("domains", [Text::Domains, Text::DomainsNote, Text::NoDomains, Text::Domain], &data.domains, lang)
}

pub(super) fn rules(data: &Data, lang: Lang) -> Section {
    named("rules", [Text::Rules, Text::RulesNote, Text::NoRules, Text::Rule], &data.rules, lang).wide()
}

fn named(id: &'static str, texts: [Text; 4], rows: &[Named], lang: Lang) -> Section {
    let [title, note, none, head] = texts;
    if rows.is_empty() {
        return Section::empty(id, title, lang, none);
    }
    let line = |row: &Named| Bar { name: html! { (row.name) }, posts: row.posts, more: Vec::new() };
    let lines: Vec<Bar> = rows.iter().map(line).collect();
    let note = Some(lang.say(note).to_owned());
    Section { id, title, note, full: false, body: bars(lang, head, &[], &lines) }
}
