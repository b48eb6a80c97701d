//! What is wrong with a configuration is said in one line that names the thing and the way out.

#![expect(clippy::unwrap_used, reason = "a test ends where its ground gives way")]

use std::path::PathBuf;

use bootstrap::{ConfigError, Layers, Loaded};
use extractor::config::{Settings, load};
use extractor::rules::{Rule, RuleError, rules};
use x_api::{Fields, PageSize};

const REQUIRED: [(&str, &str); 3] = [
    ("EXTRACTOR_KAFKA__BROKERS", "127.0.0.1:9092"),
    ("EXTRACTOR_X__TOKEN_FILE", "/run/secrets/x"),
    ("EXTRACTOR_BUDGET__DAILY_USD", "5"),
];

/// The embedded defaults, what is required, this file, and these variables.
fn loaded(toml: &str, variables: &[(&str, &str)]) -> Result<Loaded<Settings>, ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("rules.toml");
    std::fs::write(&file, toml).unwrap();
    let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load(&Layers { file: None, overlays: vec![file], environment: environment.collect() })
}

fn checked(toml: &str) -> Result<Vec<Rule>, RuleError> {
    rules(&loaded(toml, &REQUIRED).unwrap().value)
}

/// A rule's table with further lines.
fn rule(lines: &str) -> String {
    format!("[[rules]]\nname = 'covid'\nquery = 'covid'\n{lines}\n")
}

#[test]
fn the_defaults_are_the_groups_rule_with_every_field() {
    let rules = checked("").unwrap();
    let [rule] = &rules[..] else { panic!("{rules:?}") };
    assert_eq!(rule.name, "covid");
    assert!(rule.query.starts_with("(covid OR covid19 OR ") && rule.query.ends_with(" -is:nullcast"));
    assert_eq!((rule.fields.clone(), rule.max_results), (Fields::all(), PageSize::MAX));
    assert_eq!(rule.worst_page.to_string(), "$2.50");
}

#[test]
fn what_is_required_is_listed_with_how_to_give_it() {
    let error = loaded("", &[]).unwrap_err();
    assert_eq!(error.exit_code(), 78);
    insta::assert_snapshot!(error);
}

#[test]
fn an_unknown_key_is_refused_with_the_one_that_was_meant() {
    let error = loaded("[budget]\ndaily_us = 3\n", &REQUIRED).unwrap_err().to_string();
    assert!(error.contains("budget.daily_us") && error.contains("did you mean budget.daily_usd?"), "{error}");
    let error = loaded(&rule("qurey = 'a'"), &REQUIRED).unwrap_err().to_string();
    assert!(error.contains("qurey") && error.contains("query"), "{error}");
}

#[test]
fn amounts_of_money_read_from_files_and_variables_alike() {
    let variables = [REQUIRED[0], REQUIRED[1], ("EXTRACTOR_BUDGET__DAILY_USD", "7.55")];
    let settings = loaded("[budget]\nblock_usd = 2\n[prices]\nuser_usd = 0.012", &variables).unwrap().value;
    assert_eq!(settings.budget.daily_usd.to_string(), "$7.55");
    assert_eq!(settings.budget.block_usd.to_string(), "$2.00");
    assert_eq!(settings.prices.user_usd.to_string(), "$0.012");
    let error = loaded("[budget]\nblock_usd = 'much'", &REQUIRED).unwrap_err().to_string();
    assert!(error.contains("block_usd") && error.contains("dollars"), "{error}");
}

#[test]
fn rules_that_cannot_be_collected_say_why_and_what_to_do() {
    let long = format!("[[rules]]\nname = 'covid'\nquery = '{}'", "a".repeat(513));
    let wrong = [
        "rules = []".to_owned(),
        "[[rules]]\nname = 'covid/19'\nquery = 'covid'".to_owned(),
        "[[rules]]\nname = ''\nquery = 'covid'".to_owned(),
        "[[rules]]\nname = 'covid'\nquery = '  '".to_owned(),
        long,
        rule("") + &rule(""),
        rule("expansions = ['author']"),
        rule("max_results = 500"),
        rule("start = 'yesterday'"),
        rule("expansions = ['entities.mentions.username']"),
        rule("settle = '7d'"),
        rule("[budget]\ndaily_usd = 0"),
        rule("[fields]\nplace = ['continent']"),
    ];
    // The daily limit comes from the environment but where it is the point.
    let said: Vec<String> = wrong
        .iter()
        .map(|toml| {
            let variables: &[_] = if toml.contains("daily_usd") { &REQUIRED[..2] } else { &REQUIRED };
            rules(&loaded(toml, variables).unwrap().value).unwrap_err().to_string()
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_rule_has_its_own_expansions_bounds_and_page_size() {
    let rules = checked(&rule(
        "expansions = []\nmax_results = 50\nsettle = '5d'\npoll_interval = '1h'\nstart = '2026-11-20T00:00:00Z'",
    ));
    let rule = &rules.unwrap()[0];
    assert_eq!(rule.worst_page.to_string(), "$0.25");
    assert_eq!((rule.settle.as_secs(), rule.poll_interval.as_secs()), (5 * 86_400, 3_600));
}
