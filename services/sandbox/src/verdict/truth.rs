//! The simulator's side: what exists, as its control API tells.

use serde_json::Value;

use super::posts::{Children, Observed, Post};
use crate::error::SandboxError;
use crate::simulator::{Simulator, Truth, TruthKind};

/// A rule, as far as its truth depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Collected {
    /// The rule's name.
    pub rule: String,
    /// Its query.
    pub query: String,
    /// Where it began (RFC 3339), if older posts exist.
    pub start: Option<String>,
    /// Its expansions, where they are not the extractor's own.
    pub expansions: Option<Vec<String>>,
}

/// Everything that exists now for these rules.
///
/// # Errors
/// The simulator does not answer as agreed.
pub async fn truth(simulator: &Simulator, rules: &[Collected]) -> Result<Observed, SandboxError> {
    let mut observed = Observed::default();
    for rule in rules {
        let expansions = rule.expansions.as_ref().map(|names| names.join(","));
        let mut parameters = vec![("query", rule.query.as_str())];
        parameters.extend(rule.start.as_deref().map(|start| ("start_time", start)));
        parameters.extend(expansions.as_deref().map(|names| ("expansions", names)));
        let mut wrong = None;
        simulator
            .each_truth(&parameters, |truth| {
                if !take(&mut observed, rule, &truth) {
                    wrong = Some(truth.id);
                }
            })
            .await?;
        if let Some(id) = wrong {
            let reason = format!("{id:?} is no id");
            return Err(SandboxError::Control {
                name: "simulator",
                action: "tell the truth".to_owned(),
                reason,
            });
        }
    }
    Ok(observed)
}

/// False where its id is none.
fn take(observed: &mut Observed, rule: &Collected, truth: &Truth) -> bool {
    let Ok(id) = truth.id.parse() else { return false };
    let is_refused =
        rule.expansions.as_ref().is_some_and(|names| !names.iter().any(|name| brings_posts(name)));
    match truth.kind {
        TruthKind::Matched => observed.match_post(&rule.rule, id, post(&truth.post)),
        // The simulator takes no expansion at all for its own default.
        TruthKind::Included if is_refused => {}
        TruthKind::Included => observed.include_post(id, post(&truth.post)),
    }
    true
}

fn brings_posts(expansion: &str) -> bool {
    ["referenced_", "edit_history_"].iter().any(|of_posts| expansion.starts_with(of_posts))
}

/// Full text and its children: those of the note where there is one, in either vocabulary.
fn post(post: &Value) -> Post {
    let note = post.get("note_tweet").or_else(|| post.get("note_post"));
    let text = note.and_then(|note| note["text"].as_str()).or_else(|| post["text"].as_str());
    let entities = note.and_then(|note| note.get("entities")).unwrap_or(&post["entities"]);
    let count = |kind: &str| entities[kind].as_array().map_or(0, |all| all.len() as u64);
    let children = Children { hashtags: count("hashtags"), mentions: count("mentions"), urls: count("urls") };
    Post::new(text, children)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn truth(kind: TruthKind, post: Value) -> Truth {
        Truth { id: "9".to_owned(), kind, post }
    }

    #[test]
    fn a_long_post_is_compared_by_its_note_and_the_notes_entities_in_either_vocabulary() {
        for name in ["note_tweet", "note_post"] {
            let note = json!({"text": "the whole text", "entities": {"urls": [{}]}});
            let post = json!({"id": "9", "text": "cut…", "entities": {"hashtags": [{}, {}]}, name: note});
            let mut observed = Observed::default();
            let rule = Collected { rule: "covid".to_owned(), ..Collected::default() };
            assert!(take(&mut observed, &rule, &truth(TruthKind::Matched, post)));
            let children = Children { urls: 1, ..Children::default() };
            assert_eq!(observed.matched[&9], Post::new(Some("the whole text"), children));
        }
    }

    #[test]
    fn a_rule_that_expands_no_posts_has_no_included_ones() {
        let mut observed = Observed::default();
        for (expansions, included) in [(Some(vec!["author_id".to_owned()]), 0), (None, 1)] {
            let rule = Collected { expansions, ..Collected::default() };
            assert!(take(&mut observed, &rule, &truth(TruthKind::Included, json!({"text": "quoted"}))));
            assert_eq!(observed.included.len(), included);
        }
    }

    #[test]
    fn a_post_without_a_valid_id_is_no_truth() {
        let bad = Truth { id: "x".to_owned(), kind: TruthKind::Matched, post: json!({}) };
        assert!(!take(&mut Observed::default(), &Collected::default(), &bad));
    }
}
