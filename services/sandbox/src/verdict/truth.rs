//! The simulator's side: what exists, what it served and what it billed, as its control API tells.

use serde::Deserialize;
use serde_json::Value;

use super::posts::{Children, Observed, Post};
use crate::error::SandboxError;

#[derive(Deserialize)]
struct Line {
    id: String,
    kind: String,
    post: Value,
}

/// Takes in the truth of one rule's query: JSON lines of `{id, kind: matched | included, post}`.
///
/// # Errors
/// A line is something else.
pub fn read_truth(into: &mut Observed, rule: &str, lines: &str) -> Result<(), SandboxError> {
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let wrong = |reason: String| SandboxError::Control {
            name: "simulator",
            action: format!("tell the truth of rule {rule}"),
            reason: format!("{reason} in {}", line.chars().take(80).collect::<String>()),
        };
        let read: Line = serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        let id = read.id.parse().map_err(|_| wrong(format!("{:?} is no id", read.id)))?;
        match read.kind.as_str() {
            "matched" => into.match_post(rule, id, post(&read.post)),
            "included" => into.include_post(id, post(&read.post)),
            other => return Err(wrong(format!("unknown kind {other:?}"))),
        }
    }
    Ok(())
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
    use super::*;

    #[test]
    fn a_long_post_is_compared_by_its_note_and_the_notes_entities() {
        let plain = r##"{"id":"9","kind":"matched","post":{"id":"9","text":"cut…","entities":{"hashtags":[{},{}]},
            "note_tweet":{"text":"the whole text","entities":{"urls":[{}]}}}}"##;
        let mut observed = Observed::default();
        read_truth(&mut observed, "covid", &plain.replace('\n', " ")).unwrap();
        let children = Children { urls: 1, ..Children::default() };
        assert_eq!(observed.matched[&9], Post::new(Some("the whole text"), children));
        let renamed = plain.replace('\n', " ").replace("note_tweet", "note_post");
        let mut other = Observed::default();
        read_truth(&mut other, "covid", &renamed).unwrap();
        assert_eq!(observed, other);
    }

    #[test]
    fn a_line_that_is_no_truth_is_named() {
        let error = read_truth(&mut Observed::default(), "covid", r#"{"id":"x","kind":"matched","post":{}}"#);
        assert!(error.unwrap_err().to_string().contains("\"x\" is no id"));
    }
}
