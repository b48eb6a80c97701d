//! What a page costs, and the most it may cost.

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;

use x_api::{Expansion, Page, PageSize, Section};

use super::UsdMicros;

/// X's price list: every resource returned is billed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prices {
    /// A post read.
    pub post: UsdMicros,
    /// An account read.
    pub user: UsdMicros,
    /// Accounts one post may mention: X states no bound, so this is a setting.
    pub mentions_per_post: i64,
}

/// What an answer is billed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// Posts, matched and sent along.
    pub posts: i64,
    /// Accounts.
    pub users: i64,
}

impl Prices {
    /// In dollars.
    pub fn cost(&self, bill: Bill) -> UsdMicros {
        self.post.times(bill.posts) + self.user.times(bill.users)
    }
}

/// The most posts and accounts a page may hold: X's documented bounds for what one post brings along.
///
/// A post stands on at most 2 others (it answers one and quotes one; a repeat stands alone), has at most 5 further
/// versions, and media of at most 4 others.
pub fn worst_page(size: PageSize, expansions: &BTreeSet<Expansion>, prices: &Prices) -> Bill {
    const REFERENCED: i64 = 2;
    const VERSIONS: i64 = 5;
    const MEDIA: i64 = 4;
    let page = i64::from(size.get());
    let has = |wanted: &[Expansion]| wanted.iter().any(|one| expansions.contains(one));
    let count = |wanted: &[Expansion], each: i64| if has(wanted) { page * each } else { 0 };

    use Expansion as E;
    let referenced = [E::Referenced, E::ReferencedMediaKeys, E::ReferencedAuthorId];
    // Accounts that the posts sent along mention come along as well.
    let mentioning = if has(&referenced) { 1 + REFERENCED } else { 1 };
    let mentions = prices.mentions_per_post.saturating_mul(mentioning);
    Bill {
        posts: page
            + count(&referenced, REFERENCED)
            + count(&[E::EditHistory], VERSIONS)
            + count(&[E::MediaSource], MEDIA),
        users: count(&[E::AuthorId], 1)
            + count(&[E::InReplyToUserId], 1)
            + count(&[E::ReferencedAuthorId], REFERENCED)
            + count(&[E::Mentions], mentions)
            + count(&[E::NoteMentions], mentions),
    }
}

impl Bill {
    /// What an answer holds. A resource is billed once, however often the answer repeats it; what could not be read
    /// was billed as well.
    pub fn of(page: &Page) -> Self {
        let unread = |sections: &[Section]| {
            page.unparsed.iter().filter(|entry| sections.contains(&entry.section)).count()
        };
        let posts = distinct(page.tweets.iter().chain(&page.includes.tweets).map(|tweet| tweet.id));
        let users = distinct(page.includes.users.iter().map(|user| user.id));
        Self {
            posts: whole(posts + unread(&[Section::Data, Section::IncludedTweets])),
            users: whole(users + unread(&[Section::Users])),
        }
    }
}

fn distinct<T: Eq + Hash>(items: impl Iterator<Item = T>) -> usize {
    items.collect::<HashSet<T>>().len()
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRICES: Prices = Prices { post: UsdMicros(5_000), user: UsdMicros(10_000), mentions_per_post: 50 };

    fn worst(expansions: &[&str]) -> String {
        let expansions = expansions.iter().map(|name| name.parse().unwrap()).collect();
        PRICES.cost(worst_page(PageSize::MAX, &expansions, &PRICES)).to_string()
    }

    #[test]
    fn expansions_are_priced_by_what_they_may_bring() {
        assert_eq!(worst(&[]), "$0.50");
        assert_eq!(worst(&["geo.place_id", "attachments.media_keys"]), "$0.50");
        assert_eq!(worst(&["author_id"]), "$1.50");
        assert_eq!(worst(&["author_id", "referenced_tweets.id"]), "$2.50");
        assert_eq!(worst(&["referenced_tweets.id.author_id"]), "$3.50");
        assert_eq!(worst(&["entities.mentions.username"]), "$50.50");
    }

    #[test]
    fn an_answer_is_billed_by_distinct_resource_and_for_what_cannot_be_read() {
        let answer = serde_json::json!({
            "data": [{"id": "3", "text": "a"}, {"id": "2", "text": "b"}, {"text": "no id"}],
            "includes": {"tweets": [{"id": "2", "text": "b"}, {"id": "1", "text": "c"}],
                         "users": [{"id": "7"}, {"id": "7"}, {"name": "no id"}]},
        });
        let page = Page::from_json(&answer, x_api::Received::default()).unwrap();
        assert_eq!(Bill::of(&page), Bill { posts: 4, users: 2 });
    }
}
