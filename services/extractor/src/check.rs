//! `extractor check`: what is in effect, what it may cost, and what brokers and topics lack.

use std::collections::BTreeSet;
use std::process::ExitCode;

use bootstrap::Loaded;
use rdkafka::admin::ResourceSpecifier;
use x_api::{Expansion, Vocabulary};

use crate::config::Settings;
use crate::money::{Prices, UsdMicros, worst_page};
use crate::rules::{self, Rule};
use crate::topics::{TopicError, Topics};

/// X's limit of recent search: 450 requests in 15 minutes.
const PAGES_A_DAY: i64 = 450 * 4 * 24;

/// Prints all of it; 1 if anything is lacking.
pub(crate) async fn check(loaded: &Loaded<Settings>) -> anyhow::Result<ExitCode> {
    let settings = &loaded.value;
    println!("Effective configuration:\n{}", loaded.origins);
    let rules = rules::rules(settings)?;
    println!("{}", costs(&rules, settings));
    let mut lacks = secret(settings);
    lacks.extend(kafka(settings).await);
    if lacks.is_empty() {
        println!("Brokers and topics lack nothing.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("Lacking:");
    for lack in &lacks {
        println!("  {lack}");
    }
    Ok(ExitCode::FAILURE)
}

/// Each rule's worst price a page, by what it is made of, and a day.
fn costs(rules: &[Rule], settings: &Settings) -> String {
    let prices = rules::prices(settings);
    let limit = settings.budget.daily_usd;
    let mut text = format!("Worst prices (posts {}, accounts {} each):\n", prices.post, prices.user);
    for rule in rules {
        let day = rule.worst_page.times(PAGES_A_DAY);
        text += &format!(
            "  {}: at most {} a page of {}; {} a day at X's {PAGES_A_DAY} pages, where the limit stops it at {}\n",
            rule.name,
            rule.worst_page,
            rule.max_results.get(),
            day,
            limit.min(day),
        );
        for (what, price) in parts(rule, settings.x.vocabulary, &prices) {
            text += &format!("    {what}: {price}\n");
        }
    }
    text + &format!("  all rules together: at most {limit} a UTC day\n")
}

/// The posts alone, and what each expansion adds to them.
fn parts(rule: &Rule, vocabulary: Vocabulary, prices: &Prices) -> Vec<(String, UsdMicros)> {
    let price =
        |expansions: BTreeSet<Expansion>| prices.cost(worst_page(rule.max_results, &expansions, prices));
    let alone = price(BTreeSet::new());
    let mut parts = vec![("posts that match".to_owned(), alone)];
    for expansion in &rule.expansions {
        let name = expansion.name(vocabulary).map_or_else(
            || format!("{expansion:?} (unknown to the {vocabulary} vocabulary, not sent)"),
            str::to_owned,
        );
        parts.push((name, price([*expansion].into()).less(alone)));
    }
    parts
}

fn secret(settings: &Settings) -> Vec<String> {
    let read = bootstrap::Secret::read("x.token_file", &settings.x.token_file);
    let token = read.map_err(|error| error.to_string()).and_then(|secret| {
        x_api::Token::new(secret.expose()).map_err(|error| format!("x.token_file: {error}"))
    });
    token.err().into_iter().collect()
}

/// What brokers and topics lack.
async fn kafka(settings: &Settings) -> Vec<String> {
    let asked = async {
        let topics = Topics::new(&settings.kafka)?;
        let mut lacks = brokers(&topics, settings.kafka.replication_factor).await?;
        for spec in topics.wanted() {
            if topics.partitions(spec.name)?.is_none() {
                println!("Topic {} does not exist yet; `extractor run` creates it.", spec.name);
                continue;
            }
            let differences = topics.differences(&spec).await?;
            if !differences.is_empty() {
                let topic = spec.name.to_owned();
                lacks.push(TopicError::Settings { topic, differences }.to_string());
            }
        }
        Ok::<_, TopicError>(lacks)
    };
    asked.await.unwrap_or_else(|error| vec![error.to_string()])
}

async fn brokers(topics: &Topics<'_>, copies: i32) -> Result<Vec<String>, TopicError> {
    let ids = topics.brokers()?;
    let mut lacks = Vec::new();
    if i64::try_from(ids.len()).unwrap_or(i64::MAX) < i64::from(copies) {
        lacks.push(format!("kafka.replication_factor is {copies}, but there are {} brokers", ids.len()));
    }
    for id in ids {
        let settings = topics.describe(ResourceSpecifier::Broker(id)).await?;
        let value = |name: &str| settings.get(name).and_then(|entry| entry.value.clone());
        let mut wants = vec![("auto.create.topics.enable", "false", "a misspelt topic would be created")];
        if copies == 1 {
            let why = "on one broker what is acknowledged would be lost with its power";
            wants.push(("log.flush.interval.messages", "1", why));
        }
        for (name, wanted, why) in wants {
            let found = value(name);
            if found.as_deref() != Some(wanted) {
                let found = found.unwrap_or_else(|| "unknown".to_owned());
                lacks.push(format!("broker {id}: {name} is {found}, has to be {wanted}: {why}"));
            }
        }
    }
    Ok(lacks)
}
