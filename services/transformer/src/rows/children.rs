//! Rows that hang on a post: hashtags, mentions, links; and which rule matched it.

use contract::{Link, Mention, Tag};
use time::PrimitiveDateTime;

use super::TweetRow;
use crate::enrich::{Enrichment, Topic, Version, entities};

/// A row of `tweet_rules`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow<'a> {
    /// Post id.
    pub tweet_id: i64,
    /// Rule.
    pub rule: &'a str,
    /// Query of the rule.
    pub query_fingerprint: &'a str,
    /// Batch of the first observation.
    pub first_batch_id: &'a str,
    /// Moment of the first observation.
    pub first_observed_at: PrimitiveDateTime,
    /// Order of the first observation.
    pub first_version: Version,
    /// Moment of the last observation.
    pub last_observed_at: PrimitiveDateTime,
}

/// A row of `tweet_hashtags`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashtagRow<'a> {
    /// Post id.
    pub tweet_id: i64,
    /// From 0.
    pub position: i32,
    /// As X sent it.
    pub tag: &'a Tag,
    /// Without case and accents.
    pub folded: &'a str,
}

/// A row of `tweet_mentions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MentionRow<'a> {
    /// Post id.
    pub tweet_id: i64,
    /// From 0.
    pub position: i32,
    /// As X sent it.
    pub mention: &'a Mention,
    /// Lower case.
    pub folded: &'a str,
}

/// A row of `tweet_urls`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlRow<'a> {
    /// Post id.
    pub tweet_id: i64,
    /// From 0.
    pub position: i32,
    /// As X sent it.
    pub link: &'a Link,
    /// Host it leads to.
    pub domain: Option<&'a str>,
}

/// A row of `tweet_enrichment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnrichmentRow<'a> {
    /// Post id.
    pub tweet_id: i64,
    /// What is derived from its text and place.
    pub enrichment: &'a Enrichment,
}

/// A row of `tweet_topics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicRow<'a> {
    /// Post id.
    pub tweet_id: i64,
    /// Topic and terms found.
    pub topic: &'a Topic,
}

/// Child rows of posts whose content won.
#[derive(Debug, Clone, Default)]
pub struct Children<'a> {
    /// Of `tweet_enrichment`: one for each post.
    pub enrichments: Vec<EnrichmentRow<'a>>,
    /// Of `tweet_topics`.
    pub topics: Vec<TopicRow<'a>>,
    /// Of `tweet_hashtags`.
    pub hashtags: Vec<HashtagRow<'a>>,
    /// Of `tweet_mentions`.
    pub mentions: Vec<MentionRow<'a>>,
    /// Of `tweet_urls`.
    pub urls: Vec<UrlRow<'a>>,
}

impl<'a> Children<'a> {
    /// Of posts in the order of their ids, so that the rows stand in the order of their keys.
    pub fn of<'r>(tweets: impl IntoIterator<Item = &'r TweetRow<'a>>) -> Self
    where
        'a: 'r,
    {
        let mut children = Self::default();
        for row in tweets {
            children.add(row);
        }
        children
    }

    /// What is derived from one post's text and place.
    pub fn derived(&mut self, tweet_id: i64, enrichment: &'a Enrichment) {
        self.enrichments.push(EnrichmentRow { tweet_id, enrichment });
        self.topics.extend(enrichment.topics.iter().map(|topic| TopicRow { tweet_id, topic }));
    }

    fn add(&mut self, row: &TweetRow<'a>) {
        let (tweet_id, post) = (row.id, row.content.post);
        self.derived(tweet_id, &post.enrichment);
        let Some(found) = entities(row.content.tweet) else { return };
        for ((position, tag), folded) in (0_i32..).zip(&found.hashtags).zip(&post.hashtags) {
            self.hashtags.push(HashtagRow { tweet_id, position, tag, folded });
        }
        for ((position, mention), folded) in (0_i32..).zip(&found.mentions).zip(&post.mentions) {
            self.mentions.push(MentionRow { tweet_id, position, mention, folded });
        }
        for ((position, link), domain) in (0_i32..).zip(&found.urls).zip(&post.domains) {
            self.urls.push(UrlRow { tweet_id, position, link, domain: domain.as_deref() });
        }
    }
}
