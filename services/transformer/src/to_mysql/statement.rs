//! Statements of a few fixed sizes, so that the prepared-statement cache stays small and is hit.

use std::sync::OnceLock;

/// Rows or ids a statement carries: powers of two up to this one. The widest table has 36 columns, and MySQL takes
/// 65,535 placeholders.
pub(super) const LARGEST: usize = 1024;
const SIZES: usize = LARGEST.ilog2() as usize + 1;

/// The text of a `.sql` file and its forms for each size, made when first asked for.
#[derive(Debug)]
pub(super) struct Statement {
    /// What the span is called: operation and table.
    pub(super) name: &'static str,
    text: &'static str,
    sized: [OnceLock<String>; SIZES],
}

impl Statement {
    pub(super) const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, sized: [const { OnceLock::new() }; SIZES] }
    }

    /// The SQL for `size` rows or ids, a power of two up to [`LARGEST`].
    pub(super) fn sql(&'static self, size: usize) -> &'static str {
        let place = (size.max(1).ilog2() as usize).min(SIZES - 1);
        self.sized[place].get_or_init(|| self.build(1 << place))
    }

    fn build(&self, size: usize) -> String {
        // Comments of the file stay in the file.
        let text: Vec<&str> = self.text.lines().filter(|line| !line.starts_with("--")).collect();
        let text = text.join("\n");
        let row = format!("({})", vec!["?"; self.columns()].join(","));
        text.replace("/*rows*/", &vec![row.as_str(); size].join(","))
            .replace("/*ids*/", &vec!["?"; size].join(","))
    }

    /// Columns named between the first parentheses.
    pub(super) fn columns(&self) -> usize {
        let list = self.text.split_once("INTO ").and_then(|(_, rest)| rest.split_once('('));
        let list = list.and_then(|(_, rest)| rest.split_once(')')).map_or("", |(list, _)| list);
        list.split(',').count()
    }
}

macro_rules! statements {
    ($($ident:ident = $name:literal in $file:literal;)+) => {
        $(pub(super) static $ident: Statement = Statement::new($name, include_str!(concat!("sql/", $file)));)+
    };
}

statements! {
    INSERT_BATCHES = "INSERT batches" in "insert_batches.sql";
    KNOWN_BATCHES = "SELECT batches" in "known_batches.sql";
    LOCK_TWEETS = "SELECT tweets" in "lock_tweets.sql";
    INSERT_TWEETS = "INSERT tweets" in "insert_tweets.sql";
    UPSERT_TWEETS = "UPSERT tweets" in "upsert_tweets.sql";
    UPSERT_RULES = "UPSERT tweet_rules" in "upsert_tweet_rules.sql";
    DELETE_HASHTAGS = "DELETE tweet_hashtags" in "delete_tweet_hashtags.sql";
    DELETE_MENTIONS = "DELETE tweet_mentions" in "delete_tweet_mentions.sql";
    DELETE_URLS = "DELETE tweet_urls" in "delete_tweet_urls.sql";
    INSERT_HASHTAGS = "INSERT tweet_hashtags" in "insert_tweet_hashtags.sql";
    INSERT_MENTIONS = "INSERT tweet_mentions" in "insert_tweet_mentions.sql";
    INSERT_URLS = "INSERT tweet_urls" in "insert_tweet_urls.sql";
    DELETE_ENRICHMENT = "DELETE tweet_enrichment" in "delete_tweet_enrichment.sql";
    DELETE_TOPICS = "DELETE tweet_topics" in "delete_tweet_topics.sql";
    INSERT_ENRICHMENT = "INSERT tweet_enrichment" in "insert_tweet_enrichment.sql";
    INSERT_TOPICS = "INSERT tweet_topics" in "insert_tweet_topics.sql";
    UPSERT_EDITS = "UPSERT tweet_edits" in "upsert_tweet_edits.sql";
    INSERT_MARKS = "INSERT rollup_marks" in "insert_rollup_marks.sql";
    UPSERT_PLACES = "UPSERT places" in "upsert_places.sql";
    UPSERT_AUTHORS = "UPSERT authors" in "upsert_authors.sql";
    UPSERT_MEDIA = "UPSERT media" in "upsert_media.sql";
    UPSERT_POLLS = "UPSERT polls" in "upsert_polls.sql";
    UPSERT_COVERAGE = "UPSERT coverage" in "upsert_coverage.sql";
    UPSERT_TOMBSTONES = "UPSERT tweets" in "upsert_tombstones.sql";
    ATTACHED_TWEETS = "SELECT tweets" in "attached_tweets.sql";
    DELETE_MEDIA = "DELETE media" in "delete_media.sql";
    DELETE_POLLS = "DELETE polls" in "delete_polls.sql";
    UPSERT_SPENDING = "UPSERT spending" in "upsert_spending.sql";
}

/// What goes with a post's content.
pub(super) static DELETE_CHILDREN: [&Statement; 5] =
    [&DELETE_HASHTAGS, &DELETE_MENTIONS, &DELETE_URLS, &DELETE_ENRICHMENT, &DELETE_TOPICS];

/// The largest power of two that is not above `count`, and not above `most`.
pub(super) fn size_for(count: usize, most: usize) -> usize {
    1 << count.min(most).clamp(1, LARGEST).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_has_as_many_placeholders_as_its_rows_and_stays_below_the_limit() {
        let all = [&INSERT_BATCHES, &INSERT_TWEETS, &UPSERT_TWEETS, &UPSERT_AUTHORS, &INSERT_URLS];
        for statement in all {
            for size in [1, 2, 64, LARGEST] {
                let placeholders = statement.sql(size).matches('?').count();
                assert_eq!(placeholders, statement.columns() * size, "{}", statement.name);
            }
            assert!(statement.columns() * size_for(usize::MAX, LARGEST) <= 65_535, "{}", statement.name);
        }
    }

    #[test]
    fn a_thousand_rows_need_few_statements() {
        let (mut left, mut sizes) = (1000, Vec::new());
        while left > 0 {
            sizes.push(size_for(left, 256));
            left -= size_for(left, 256);
        }
        assert_eq!(sizes, [256, 256, 256, 128, 64, 32, 8]);
    }
}
