//! Placeholders of posts and what hangs on them: the order is that of the columns in `sql/`.

use super::values::{Bind, Values};
use crate::{
    enrich::{Sentiment, VERSION, Version},
    rows::{EditRow, EnrichmentRow, HashtagRow, MarkRow, MentionRow, RuleRow, TopicRow, TweetRow, UrlRow},
};

impl Bind for TweetRow<'_> {
    fn bind(&self, values: &mut Values) {
        let (content, tweet) = (&self.content, self.content.tweet);
        let (relations, edits) = (&content.post.relations, content.post.edits);
        let controls = tweet.edit_controls.as_ref();
        values
            .put(self.id)
            .put(tweet.author_id)
            .put(content.created_at)
            .put(content.text)
            .put(content.short_text)
            .put(tweet.lang.as_deref())
            .put(tweet.conversation_id)
            .put(tweet.in_reply_to_user_id)
            .put(relations.replied_to)
            .put(relations.quoted)
            .put(relations.retweeted)
            .put(edits.map(|edits| edits.first))
            .put(edits.map(|edits| edits.last))
            .put(edits.and_then(|edits| edits.number))
            .put(content.editable_until)
            .put(controls.and_then(|controls| controls.edits_remaining))
            .put(controls.and_then(|controls| controls.is_edit_eligible))
            .put(tweet.place_id.as_deref())
            .put(content.longitude)
            .put(content.latitude)
            .put(tweet.source.as_deref())
            .put(tweet.possibly_sensitive)
            .put(tweet.reply_settings.as_deref())
            .put(content.details.as_deref())
            .put(tweet.extra.as_deref())
            .put(content.batch_id)
            .put(content.observed_at)
            .put(&content.version.0[..]);
        let figures = self.metrics.as_ref().map(|metrics| metrics.figures);
        let version = self.metrics.as_ref().map_or(Version::NONE, |metrics| metrics.version);
        values
            .put(figures.and_then(|figures| figures.retweet_count))
            .put(figures.and_then(|figures| figures.reply_count))
            .put(figures.and_then(|figures| figures.like_count))
            .put(figures.and_then(|figures| figures.quote_count))
            .put(figures.and_then(|figures| figures.bookmark_count))
            .put(figures.and_then(|figures| figures.impression_count))
            .put(figures.and_then(|figures| figures.extra.as_deref()))
            .put(self.metrics.as_ref().map(|metrics| metrics.observed_at))
            .put(&version.0[..]);
    }

    fn weight(&self) -> usize {
        let length = |text: Option<&str>| text.map_or(0, str::len);
        let content = &self.content;
        512 + content.text.len()
            + length(content.short_text)
            + length(content.details.as_deref())
            + length(content.tweet.extra.as_deref())
    }
}

impl Bind for RuleRow<'_> {
    fn bind(&self, values: &mut Values) {
        values
            .put(self.tweet_id)
            .put(self.rule)
            .put(self.query_fingerprint)
            .put(self.first_batch_id)
            .put(self.first_observed_at)
            .put(&self.first_version.0[..])
            .put(self.last_observed_at);
    }
}

impl Bind for HashtagRow<'_> {
    fn bind(&self, values: &mut Values) {
        values
            .put(self.tweet_id)
            .put(self.position)
            .put(self.tag.tag.as_str())
            .put(self.folded)
            .put(self.tag.start)
            .put(self.tag.end);
    }
}

impl Bind for EnrichmentRow<'_> {
    fn bind(&self, values: &mut Values) {
        let derived = self.enrichment;
        values
            .put(self.tweet_id)
            .put(derived.kind.name())
            .put(derived.language.as_deref())
            .put(derived.language_detected)
            .put(derived.sentiment.map(|sentiment| decimal(sentiment.score)))
            .put(derived.sentiment.map(Sentiment::label))
            .put(derived.sentiment.map(|sentiment| decimal(sentiment.coverage)))
            .put(derived.country_code.as_deref())
            .put(derived.state.as_deref())
            .put(VERSION);
    }
}

/// Thousandths as MySQL writes them. As text: a float in place of a DECIMAL makes MySQL prepare the whole statement again
/// each time it runs (`Com_stmt_reprepare` counts it).
fn decimal(thousandths: i16) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let size = thousandths.unsigned_abs();
    format!("{sign}{}.{:03}", size / 1000, size % 1000)
}

impl Bind for TopicRow<'_> {
    fn bind(&self, values: &mut Values) {
        values.put(self.tweet_id).put(self.topic.name.as_str()).put(self.topic.hits);
    }
}

impl Bind for EditRow {
    fn bind(&self, values: &mut Values) {
        values.put(self.first_id).put(self.tweet_id);
    }
}

impl Bind for MarkRow<'_> {
    fn bind(&self, values: &mut Values) {
        values.put(self.hour.column()).put(self.batch_id);
    }
}

impl Bind for MentionRow<'_> {
    fn bind(&self, values: &mut Values) {
        values
            .put(self.tweet_id)
            .put(self.position)
            .put(self.mention.id)
            .put(self.mention.username.as_str())
            .put(self.folded)
            .put(self.mention.start)
            .put(self.mention.end)
            .put(self.mention.extra.as_deref());
    }
}

impl Bind for UrlRow<'_> {
    fn bind(&self, values: &mut Values) {
        values
            .put(self.tweet_id)
            .put(self.position)
            .put(self.link.url.as_str())
            .put(self.link.expanded_url.as_deref())
            .put(self.link.unwound_url.as_deref())
            .put(self.link.display_url.as_deref())
            .put(self.domain)
            .put(self.link.title.as_deref())
            .put(self.link.description.as_deref())
            .put(self.link.status)
            .put(self.link.media_key.as_deref())
            .put(self.link.start)
            .put(self.link.end)
            .put(self.link.extra.as_deref());
    }

    fn weight(&self) -> usize {
        let link = self.link;
        let texts = [&link.expanded_url, &link.unwound_url, &link.title, &link.description, &link.extra];
        512 + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn thousandths_are_written_with_three_places() {
        let written: Vec<String> = [-1000, -440, -7, 0, 50, 1000].map(decimal).into();
        assert_eq!(written, ["-1.000", "-0.440", "-0.007", "0.000", "0.050", "1.000"]);
    }
}
