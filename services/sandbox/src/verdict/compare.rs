//! One side against another: what is missing, beyond, changed.

use std::collections::BTreeSet;

use super::posts::{Observed, Posts, checksum};

/// Posts of one kind on two sides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Posts there should be.
    pub wanted: usize,
    /// Checksum of ids and texts there should be.
    pub wanted_checksum: String,
    /// Posts there are.
    pub found: usize,
    /// Checksum of ids and texts there are.
    pub found_checksum: String,
    /// Ids that are missing.
    pub missing: Vec<i64>,
    /// Ids that should not be there.
    pub beyond: Vec<i64>,
    /// Ids whose text differs in any byte.
    pub changed: Vec<i64>,
    /// Child rows (hashtags, mentions, links) beyond those there should be.
    pub child_rows_beyond: u64,
    /// Child rows that are missing.
    pub child_rows_missing: u64,
    /// Ids of posts with too many or too few child rows.
    pub children_differ: Vec<i64>,
}

impl Difference {
    /// Compares posts of one kind.
    pub fn of(wanted: &Posts, found: &Posts) -> Self {
        let mut difference = Self {
            wanted: wanted.len(),
            wanted_checksum: checksum(wanted),
            found: found.len(),
            found_checksum: checksum(found),
            beyond: found.keys().filter(|id| !wanted.contains_key(id)).copied().collect(),
            ..Self::default()
        };
        for (id, truth) in wanted {
            let Some(post) = found.get(id) else {
                difference.missing.push(*id);
                continue;
            };
            if post.text != truth.text {
                difference.changed.push(*id);
            }
            if post.children != truth.children {
                difference.children_differ.push(*id);
                difference.child_rows_beyond += post.children.beyond(truth.children);
                difference.child_rows_missing += truth.children.beyond(post.children);
            }
        }
        difference
    }

    /// True where nothing differs.
    pub fn agrees(&self) -> bool {
        self.wanted_checksum == self.found_checksum
            && self.missing.is_empty()
            && self.beyond.is_empty()
            && self.changed.is_empty()
            && self.children_differ.is_empty()
    }
}

/// One side against another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    /// Posts that a rule matched.
    pub matched: Difference,
    /// Posts that are there only because another one refers to them.
    pub included: Difference,
    /// Rule and post there should be.
    pub rules_missing: Vec<(String, i64)>,
    /// Rule and post that should not be there.
    pub rules_beyond: Vec<(String, i64)>,
}

impl Comparison {
    /// Compares what was found with what there should be.
    pub fn of(wanted: &Observed, found: &Observed) -> Self {
        Self {
            matched: Difference::of(&wanted.matched, &found.matched),
            included: Difference::of(&wanted.included, &found.included),
            rules_missing: pairs_without(wanted, found),
            rules_beyond: pairs_without(found, wanted),
        }
    }

    /// True where nothing differs.
    pub fn agrees(&self) -> bool {
        self.matched.agrees()
            && self.included.agrees()
            && self.rules_missing.is_empty()
            && self.rules_beyond.is_empty()
    }

    /// Posts there should be and are not.
    pub fn lost(&self) -> usize {
        self.matched.missing.len() + self.included.missing.len()
    }
}

fn pairs_without(all: &Observed, without: &Observed) -> Vec<(String, i64)> {
    let none = BTreeSet::new();
    let pairs = all.rules.iter().flat_map(|(rule, ids)| {
        let known = without.rules.get(rule).unwrap_or(&none);
        ids.difference(known).map(|id| (rule.clone(), *id))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::super::posts::{Children, Post};
    use super::*;

    fn post(text: &str, urls: u64) -> Post {
        Post::new(Some(text), Children { urls, ..Children::default() })
    }

    #[test]
    fn equal_sides_agree() {
        let posts = Posts::from([(1, post("a", 2)), (2, post("b", 0))]);
        assert!(Difference::of(&posts, &posts).agrees());
    }

    #[test]
    fn each_way_to_differ_is_told_apart() {
        let wanted =
            Posts::from([(1, post("a", 2)), (2, post("b", 1)), (3, post("c", 0)), (4, post("d", 3))]);
        let found = Posts::from([(1, post("a", 4)), (2, post("B", 1)), (4, post("d", 2)), (5, post("e", 0))]);
        let difference = Difference::of(&wanted, &found);
        assert_eq!(difference.missing, [3]);
        assert_eq!(difference.beyond, [5]);
        assert_eq!(difference.changed, [2]);
        assert_eq!(difference.children_differ, [1, 4]);
        assert_eq!((difference.child_rows_beyond, difference.child_rows_missing), (2, 1));
        assert!(!difference.agrees());
    }

    #[test]
    fn a_post_counted_for_the_wrong_rule_is_a_difference() {
        let (mut wanted, mut found) = (Observed::default(), Observed::default());
        wanted.match_post("covid", 1, post("a", 0));
        found.match_post("quarantine", 1, post("a", 0));
        let comparison = Comparison::of(&wanted, &found);
        assert_eq!(comparison.rules_missing, [("covid".to_owned(), 1)]);
        assert_eq!(comparison.rules_beyond, [("quarantine".to_owned(), 1)]);
        assert!(comparison.matched.agrees() && !comparison.agrees());
    }
}
