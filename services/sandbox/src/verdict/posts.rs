//! What is compared of a post, whichever side it is read from: its full text and how many rows hang on it.

use std::collections::{BTreeMap, BTreeSet};

use ring::digest::{Context, SHA256, digest};

/// How many rows hang on a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Children {
    /// Hashtags.
    pub hashtags: u64,
    /// Mentions.
    pub mentions: u64,
    /// Links.
    pub urls: u64,
}

impl Children {
    /// Rows that `self` has and `truth` has not, kind by kind.
    pub fn beyond(self, truth: Self) -> u64 {
        self.hashtags.saturating_sub(truth.hashtags)
            + self.mentions.saturating_sub(truth.mentions)
            + self.urls.saturating_sub(truth.urls)
    }
}

/// A post, come down to what is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// SHA-256 of the full text's bytes (the note where there is one); none where there is no text.
    pub text: Option<[u8; 32]>,
    /// What hangs on it.
    pub children: Children,
}

impl Post {
    /// Of the full text and its children.
    pub fn new(text: Option<&str>, children: Children) -> Self {
        let text = text.and_then(|text| digest(&SHA256, text.as_bytes()).as_ref().try_into().ok());
        Self { text, children }
    }
}

/// Posts by id.
pub type Posts = BTreeMap<i64, Post>;

/// Everything one side knows: the simulator, the topic or the tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// Posts that a rule matched.
    pub matched: Posts,
    /// Posts that are there only because another one refers to them.
    pub included: Posts,
    /// Which posts each rule matched.
    pub rules: BTreeMap<String, BTreeSet<i64>>,
}

impl Observed {
    /// Takes in a post that `rule` matched; a later reading of the same post stands.
    pub fn match_post(&mut self, rule: &str, id: i64, post: Post) {
        self.included.remove(&id);
        self.matched.insert(id, post);
        self.rules.entry(rule.to_owned()).or_default().insert(id);
    }

    /// Takes in a post that another one refers to; one that a rule matched counts as matched alone.
    pub fn include_post(&mut self, id: i64, post: Post) {
        if !self.matched.contains_key(&id) {
            self.included.insert(id, post);
        }
    }
}

/// First 16 hex digits of the SHA-256 over ids and texts, by rising id: equal where the same posts have the same texts.
pub fn checksum(posts: &Posts) -> String {
    let mut context = Context::new(&SHA256);
    for (id, post) in posts {
        context.update(&id.to_be_bytes());
        context.update(&[u8::from(post.text.is_some())]);
        context.update(&post.text.unwrap_or_default());
    }
    let hex: Vec<String> =
        context.finish().as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    hex.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(text: &str) -> Post {
        Post::new(Some(text), Children::default())
    }

    #[test]
    fn the_checksum_tells_one_changed_byte_an_exchanged_text_and_a_lost_text() {
        let base = Posts::from([(1, post("água")), (2, post("agua"))]);
        let changed = Posts::from([(1, post("água ")), (2, post("agua"))]);
        let exchanged = Posts::from([(1, post("agua")), (2, post("água"))]);
        let lost = Posts::from([(1, Post::new(None, Children::default())), (2, post("agua"))]);
        let sums: BTreeSet<String> =
            [&base, &changed, &exchanged, &lost, &Posts::new()].map(checksum).into_iter().collect();
        assert_eq!(sums.len(), 5);
        assert_eq!(checksum(&base), checksum(&base.clone()));
    }

    #[test]
    fn a_post_both_matched_and_referred_to_counts_as_matched_in_any_order() {
        let mut one = Observed::default();
        one.include_post(7, post("a"));
        one.match_post("rule", 7, post("a"));
        let mut other = Observed::default();
        other.match_post("rule", 7, post("a"));
        other.include_post(7, post("a"));
        assert_eq!(one, other);
        assert_eq!((one.matched.len(), one.included.len()), (1, 0));
    }
}
