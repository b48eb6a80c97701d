//! The query language of search: terms, phrases, OR, AND by standing together, parentheses, negation, operators.

mod facts;
mod parse;
mod words;

pub(crate) use facts::{Facts, Tokens};
pub(crate) use parse::parse;
#[cfg(test)]
pub(crate) use words::fold;

use words::contains;

/// A parsed query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Query {
    /// Matches every post: what `--any-query` makes of any query.
    Everything,
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
    Is(Test),
}

/// One question about a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// Words of the text, one after the other, without accents and in small letters.
    Words(Vec<String>),
    Hashtag(String),
    Cashtag(String),
    Mention(String),
    From(String),
    Lang(String),
    Reply,
    Quote,
    Retweet,
    Nullcast,
    Verified,
    Hashtags,
    Cashtags,
    Mentions,
    Links,
    Media,
    Images,
    Videos,
    Geo,
}

impl Query {
    /// True if the post answers the query.
    pub(crate) fn matches(&self, facts: &Facts) -> bool {
        *self == Self::Everything || self.holds(facts, &Tokens::of(&facts.text))
    }

    fn holds(&self, facts: &Facts, tokens: &Tokens) -> bool {
        match self {
            Self::Everything => true,
            Self::All(parts) => parts.iter().all(|part| part.holds(facts, tokens)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(facts, tokens)),
            Self::Not(part) => !part.holds(facts, tokens),
            Self::Is(test) => test.holds(facts, tokens),
        }
    }
}

impl Test {
    /// `lang:`, `is:` and `has:` say nothing alone; X wants one that does beside them.
    pub(crate) fn stands_alone(&self) -> bool {
        matches!(
            self,
            Self::Words(_) | Self::Hashtag(_) | Self::Cashtag(_) | Self::Mention(_) | Self::From(_)
        )
    }

    fn holds(&self, facts: &Facts, tokens: &Tokens) -> bool {
        match self {
            Self::Words(words) => contains(tokens, words),
            Self::Hashtag(tag) => tokens.signed('#').any(|t| t == tag),
            Self::Cashtag(tag) => tokens.signed('$').any(|t| t == tag),
            Self::Mention(name) => tokens.signed('@').any(|t| t == name),
            Self::From(who) => facts.username.eq_ignore_ascii_case(who) || facts.author_id == *who,
            Self::Lang(lang) => facts.lang == *lang,
            Self::Reply => facts.is_reply,
            Self::Quote => facts.is_quote,
            Self::Retweet => facts.is_retweet,
            Self::Nullcast => facts.is_nullcast,
            Self::Verified => facts.is_verified,
            Self::Hashtags => tokens.signed('#').next().is_some(),
            Self::Cashtags => tokens.signed('$').any(|t| t.bytes().any(|b| b.is_ascii_alphabetic())),
            Self::Mentions => facts.has_mentions,
            Self::Links => facts.has_links,
            Self::Media => facts.has_media,
            Self::Images => facts.has_images,
            Self::Videos => facts.has_videos,
            Self::Geo => facts.has_geo,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OF_THE_GROUP: &str = "(covid OR covid19 OR coronavirus OR quarentena OR quarantine OR \"fique em casa\") (lang:pt OR lang:en) -is:nullcast";

    fn found(query: &str, text: &str) -> bool {
        parse(query).unwrap().matches(&Facts { text: text.into(), lang: "pt".into(), ..Facts::default() })
    }

    #[test]
    fn the_groups_query_finds_its_words_with_and_without_accents() {
        for text in [
            "o Coronavírus chegou",
            "COVID-19!",
            "#covid19",
            "por favor, FIQUE EM CASA",
            "a quarentena",
            "co\u{301}vid",
        ] {
            assert!(found(OF_THE_GROUP, text), "{text}");
        }
        for text in ["covidiota", "fique na casa", "a pandemia", "fique em, digamos, casa"] {
            assert!(!found(OF_THE_GROUP, text), "{text}");
        }
    }

    #[test]
    fn lang_and_nullcast_narrow_it() {
        let query = parse(OF_THE_GROUP).unwrap();
        let facts = Facts { text: "covid".into(), lang: "en".into(), ..Facts::default() };
        assert!(query.matches(&facts));
        assert!(!query.matches(&Facts { lang: "es".into(), ..facts.clone() }));
        assert!(!query.matches(&Facts { is_nullcast: true, ..facts }));
    }

    #[test]
    fn and_binds_tighter_than_or_and_minus_negates_a_group() {
        assert!(found("a b OR c", "c"));
        assert!(!found("a (b OR c)", "c"));
        assert!(found("covid -(gripe OR dengue)", "covid"));
        assert!(!found("covid -(gripe OR dengue)", "covid e dengue"));
        assert!(found("#Covid19 lang:pt", "oi #covid19"));
        assert!(!found("#covid lang:pt", "oi #covid19"));
    }

    #[test]
    fn says_what_is_wrong_with_a_query() {
        for (query, part) in [
            ("(covid", "')'"),
            ("covid)", "')'"),
            ("covid OR", "OR"),
            ("\"fique em casa", "quot"),
            ("lang:pt", "standalone"),
            ("-covid", "standalone"),
            ("covid OR lang:pt", "standalone"),
            ("covid is:funny", "is:funny"),
            ("covid near:here", "near"),
            ("", "empty"),
            ("covid OR (-covid)", "standalone"),
        ] {
            let problem = parse(query).unwrap_err().to_string();
            assert!(problem.contains(part), "{query}: {problem}");
        }
    }
}
