//! What is collected: rules, checked once, with everything a request of theirs needs.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::time::Duration;

use bootstrap::DurationText;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use x_api::{Expansion, Fields, PageSize, UnknownName};

use crate::config::{FieldSettings, RuleSettings, Settings};
use crate::money::{Prices, UsdMicros, worst_page};

/// X's bound for the query of a recent search.
pub const QUERY_LIMIT: usize = 512;
/// How much of what X reaches has to be left after waiting for posts to settle.
const LEAST_REACH: Duration = Duration::from_secs(3600);

/// A rule that can be walked.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Letters, digits, `-` and `_`.
    pub name: String,
    /// As sent.
    pub query: String,
    /// What is sent along.
    pub expansions: BTreeSet<Expansion>,
    /// What each thing shall hold.
    pub fields: Fields,
    /// Posts a page.
    pub max_results: PageSize,
    /// Where a new rule begins.
    pub start: Start,
    /// Distance of page 1 from now.
    pub settle: Duration,
    /// From walk to walk.
    pub poll_interval: Duration,
    /// The most one page may cost.
    pub worst_page: UsdMicros,
}

/// Where a new rule begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// When it is first seen.
    Now,
    /// At this time.
    At(OffsetDateTime),
}

/// A rule that cannot be collected. Each names the rule and the way out.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// Nothing to do.
    #[error("there is no rule: give [[rules]] with name and query, in the configuration or by --rules")]
    None,
    /// Not a name.
    #[error("rules[{at}].name: {name:?} has to be 1 to 64 letters, digits, - or _")]
    Name {
        /// Place in the list, from 0.
        at: usize,
        /// As written.
        name: String,
    },
    /// Two rules with one cursor.
    #[error("rule {name}: the name stands twice; give each rule its own")]
    Duplicate {
        /// The rule.
        name: String,
    },
    /// Nothing to search.
    #[error("rule {name}: the query is empty")]
    EmptyQuery {
        /// The rule.
        name: String,
    },
    /// X would refuse it.
    #[error("rule {name}: the query has {length} characters, X takes {QUERY_LIMIT}; split the rule in two")]
    QueryLength {
        /// The rule.
        name: String,
        /// Characters.
        length: usize,
    },
    /// Neither vocabulary has it.
    #[error("rule {name}: {source}; known are {known}")]
    Expansion {
        /// The rule.
        name: String,
        /// What was given.
        source: UnknownName,
        /// All there are.
        known: String,
    },
    /// Neither vocabulary has it.
    #[error("fields.{section}: {source}")]
    Field {
        /// `tweet`, `user`…
        section: &'static str,
        /// What was given.
        source: UnknownName,
    },
    /// X would refuse it.
    #[error("rule {name}: max_results: {source}")]
    MaxResults {
        /// The rule.
        name: String,
        /// The bounds.
        source: x_api::PageSizeError,
    },
    /// Nothing would ever be within reach.
    #[error(
        "rule {name}: settle = {settle} leaves less than an hour of x.recent_window = {window}, which is as far back as X \
         reaches: posts would be out of reach before they are asked for; wait shorter"
    )]
    Settle {
        /// The rule.
        name: String,
        /// As set.
        settle: DurationText,
        /// As set.
        window: DurationText,
    },
    /// Not a time.
    #[error("rule {name}: start: {given:?} is neither \"now\" nor a time such as \"2026-11-20T00:00:00Z\"")]
    Start {
        /// The rule.
        name: String,
        /// As written.
        given: String,
    },
    /// It could never be asked for.
    #[error(
        "rule {name}: one page may cost {worst}, more than budget.daily_usd = {limit}; raise the limit, or take fewer \
         expansions or a smaller max_results"
    )]
    Unaffordable {
        /// The rule.
        name: String,
        /// A page at its worst.
        worst: UsdMicros,
        /// The limit.
        limit: UsdMicros,
    },
    /// The limit is none.
    #[error("budget.{key}: {given} has to be more than nothing")]
    Budget {
        /// `daily_usd` or `block_usd`.
        key: &'static str,
        /// As given.
        given: UsdMicros,
    },
}

/// Checks the rules of a configuration.
///
/// # Errors
/// The first thing that is wrong.
pub fn rules(settings: &Settings) -> Result<Vec<Rule>, RuleError> {
    let budget = &settings.budget;
    for (key, given) in [("daily_usd", budget.daily_usd), ("block_usd", budget.block_usd)] {
        if given <= UsdMicros::ZERO {
            return Err(RuleError::Budget { key, given });
        }
    }
    if settings.rules.is_empty() {
        return Err(RuleError::None);
    }
    let fields = fields(&settings.fields)?;
    let mut rules = BTreeMap::new();
    for (at, written) in settings.rules.iter().enumerate() {
        let rule = rule(at, written, settings, &fields)?;
        if let Some(double) = rules.insert(rule.name.clone(), rule) {
            return Err(RuleError::Duplicate { name: double.name });
        }
    }
    Ok(rules.into_values().collect())
}

/// The prices in force.
pub fn prices(settings: &Settings) -> Prices {
    let prices = &settings.prices;
    let mentions_per_post = i64::from(prices.mentions_per_post);
    Prices { post: prices.post_usd, user: prices.user_usd, mentions_per_post }
}

fn rule(at: usize, written: &RuleSettings, settings: &Settings, fields: &Fields) -> Result<Rule, RuleError> {
    let RuleSettings { name, query, expansions, start, settle, poll_interval, max_results } = written;
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || name.len() > 64 || !name.chars().all(letters) {
        return Err(RuleError::Name { at, name: name.clone() });
    }
    let name = name.clone();
    let query = query.trim().to_owned();
    let length = query.chars().count();
    if length == 0 {
        return Err(RuleError::EmptyQuery { name });
    }
    if length > QUERY_LIMIT {
        return Err(RuleError::QueryLength { name, length });
    }
    let expansions = expansions.as_ref().unwrap_or(&settings.collect.expansions);
    let expansions = named(expansions).map_err(|source| {
        let known = Expansion::ALL.iter().filter_map(|one| one.name(settings.x.vocabulary));
        RuleError::Expansion { name: name.clone(), source, known: known.collect::<Vec<_>>().join(", ") }
    })?;
    let max_results = match max_results.map(PageSize::new) {
        None => PageSize::MAX,
        Some(size) => size.map_err(|source| RuleError::MaxResults { name: name.clone(), source })?,
    };
    let start = match start.as_deref() {
        None | Some("now") => Start::Now,
        Some(given) => OffsetDateTime::parse(given, &Rfc3339)
            .map(Start::At)
            .map_err(|_| RuleError::Start { name: name.clone(), given: given.to_owned() })?,
    };
    let settle = settle.unwrap_or(settings.collect.settle);
    let window = settings.x.recent_window;
    if settle.0 + LEAST_REACH >= window.0 {
        return Err(RuleError::Settle { name, settle, window });
    }
    let prices = prices(settings);
    let worst = prices.cost(worst_page(max_results, &expansions, &prices));
    let limit = settings.budget.daily_usd;
    if worst > limit {
        return Err(RuleError::Unaffordable { name, worst, limit });
    }
    Ok(Rule {
        name,
        query,
        expansions,
        fields: fields.clone(),
        max_results,
        start,
        settle: settle.0,
        poll_interval: poll_interval.unwrap_or(settings.collect.poll_interval).0,
        worst_page: worst,
    })
}

fn fields(written: &FieldSettings) -> Result<Fields, RuleError> {
    let section = |section| move |source| RuleError::Field { section, source };
    Ok(Fields {
        tweet: named(&written.tweet).map_err(section("tweet"))?,
        user: named(&written.user).map_err(section("user"))?,
        media: named(&written.media).map_err(section("media"))?,
        place: named(&written.place).map_err(section("place"))?,
        poll: named(&written.poll).map_err(section("poll"))?,
    })
}

fn named<T: FromStr<Err = UnknownName> + Ord>(names: &[String]) -> Result<BTreeSet<T>, UnknownName> {
    names.iter().map(|name| name.parse()).collect()
}
