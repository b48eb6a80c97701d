//! Layers, origins, and the words of each error.

use std::path::PathBuf;

use serde::Deserialize;

use super::*;

const DEFAULTS: &str = r#"
[kafka]
# host:port, several apart by commas
brokers = ["127.0.0.1:9092"]
[budget]
# required: dollars a UTC day
daily_usd = ""
[x]
base_url = "https://api.x.com"
timeout = "30s"
token_file = ""
retries = 3
[[rules]]
name = "embedded"
query = "covid"
"#;

const SCHEMA: Schema = Schema {
    prefix: "EXTRACTOR",
    defaults: DEFAULTS,
    required: &[
        Required { key: "budget.daily_usd", how: "the most to spend a UTC day in dollars, such as `5.00`" },
        Required { key: "x.token_file", how: "the file that holds X's bearer token" },
    ],
    reserved: &["CONFIG"],
};

#[derive(Debug, Deserialize)]
struct Settings {
    kafka: Kafka,
    budget: Budget,
    x: X,
    rules: Vec<Rule>,
    telemetry: crate::TelemetrySettings,
    health: crate::HealthSettings,
}

#[derive(Debug, Deserialize)]
struct Kafka {
    brokers: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Budget {
    daily_usd: f64,
}

#[derive(Debug, Deserialize)]
struct X {
    base_url: String,
    timeout: DurationText,
    token_file: PathBuf,
    retries: std::num::NonZeroU32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    name: String,
    query: String,
    settle: Option<DurationText>,
}

const GIVEN: [(&str, &str); 2] =
    [("EXTRACTOR_BUDGET__DAILY_USD", "5.00"), ("EXTRACTOR_X__TOKEN_FILE", "/run/secrets/none")];

/// Loads with a file's text and variables; the folder's name in the outcome is replaced.
fn load(file: &str, variables: &[(&str, &str)]) -> Result<Loaded<Settings>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("extractor.toml");
    std::fs::write(&path, file).unwrap();
    let layers = Layers {
        file: Some(path),
        overlays: vec![],
        environment: variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
    };
    let place = folder.path().display().to_string();
    SCHEMA.load(&layers).map_err(|e| {
        assert_eq!(e.exit_code(), 78);
        e.to_string().replace(&place, "DIR")
    })
}

fn refusal(file: &str, variables: &[(&str, &str)]) -> String {
    load(file, &[&GIVEN, variables].concat()).unwrap_err()
}

#[test]
fn the_environment_lies_over_the_file_and_the_file_over_the_defaults() {
    let file = "[x]\ntimeout = \"5s\"\nretries = 4\n";
    let more = [("EXTRACTOR_X__TIMEOUT", "1m30s"), ("EXTRACTOR_KAFKA__BROKERS", "a:1, b:2"), ("OTHER", "x")];
    let loaded = load(file, &[&GIVEN[..], &more].concat()).unwrap();
    let Settings { kafka, budget, x, rules, telemetry, health } = loaded.value;
    assert_eq!(x.timeout.as_secs(), 90);
    assert_eq!(x.retries.get(), 4);
    assert_eq!(x.base_url, "https://api.x.com");
    assert_eq!(x.token_file, PathBuf::from("/run/secrets/none"));
    assert_eq!(kafka.brokers, ["a:1", "b:2"]);
    assert!((budget.daily_usd - 5.0).abs() < f64::EPSILON);
    assert_eq!((rules[0].name.as_str(), rules[0].query.as_str()), ("embedded", "covid"));
    assert_eq!(telemetry.otlp_endpoint, None);
    assert!(health.listen.ip().is_loopback());

    let origin = |key| loaded.origins.origin(key).cloned();
    assert_eq!(origin("x.timeout"), Some(Origin::Variable("EXTRACTOR_X__TIMEOUT".into())));
    assert!(matches!(origin("x.retries"), Some(Origin::File(path)) if path.ends_with("extractor.toml")));
    assert_eq!(origin("x.base_url"), Some(Origin::Embedded));
    assert_eq!(origin("telemetry.otlp_endpoint"), None);
}

#[test]
fn an_overlay_replaces_a_list_of_tables_whole() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules.toml");
    std::fs::write(
        &rules,
        "[[rules]]\nname = \"a\"\nquery = \"q\"\nsettle = \"5d\"\n[[rules]]\nname = \"b\"\nquery = \"r\"\n",
    )
    .unwrap();
    let environment = GIVEN.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    let layers = Layers { file: None, overlays: vec![rules], environment };
    let loaded: Loaded<Settings> = SCHEMA.load(&layers).unwrap();
    let names: Vec<_> = loaded.value.rules.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(loaded.value.rules[0].settle.unwrap().as_secs(), 5 * 86_400);
    assert!(matches!(loaded.origins.origin("rules[1].query"), Some(Origin::File(_))));
}

#[test]
fn the_effective_configuration_names_every_origin_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let token = folder.path().join("token");
    std::fs::write(&token, "s3cret-token").unwrap();
    let more = [
        ("EXTRACTOR_X__TOKEN_FILE", token.to_str().unwrap()),
        ("EXTRACTOR_X__BASE_URL", "http://user:pa55@127.0.0.1:1/x"),
    ];
    let loaded = load("[telemetry]\nlog_level = \"debug\"\n", &[&GIVEN[..], &more].concat()).unwrap();
    let shown = loaded.origins.to_string();
    assert!(!shown.contains("s3cret") && !shown.contains("pa55"), "{shown}");
    // The files of a test lie in folders of their own, whose names change.
    let line = |(key, value, origin): (&str, &str, &Origin)| {
        let value = value.replace(&folder.path().display().to_string(), "DIR");
        match origin {
            Origin::File(path) => format!("{key} = {value}  # file {}", path.rsplit('/').next().unwrap()),
            other => format!("{key} = {value}  # {other}"),
        }
    };
    insta::assert_snapshot!(loaded.origins.iter().map(line).collect::<Vec<_>>().join("\n"));
}

#[test]
fn the_effective_configuration_prints_aligned() {
    let shown = load("", &GIVEN).unwrap().origins.to_string();
    let column =
        |sign: &str| shown.lines().map(|l| l.find(sign).unwrap()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!((column(" = ").len(), column("  # ").len()), (1, 1), "{shown}");
}

#[test]
fn a_token_given_in_place_of_its_file_is_not_printed() {
    let loaded =
        load("", &[("EXTRACTOR_BUDGET__DAILY_USD", "5"), ("EXTRACTOR_X__TOKEN_FILE", "AAAAtoken")]).unwrap();
    assert!(!loaded.origins.to_string().contains("AAAAtoken"));
    let error = Secret::read("x.token_file", &loaded.value.x.token_file).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("AAAAtoken"));
}

#[test]
fn an_empty_variable_counts_as_not_given() {
    assert!(
        load("", &[GIVEN[1], ("EXTRACTOR_BUDGET__DAILY_USD", "")]).unwrap_err().contains("budget.daily_usd")
    );
}

/// Each refused configuration above its error, as one snapshot: unknown keys come with the source and the nearest
/// known key, wrong values with key, source and what is expected, missing settings all at once.
#[test]
fn every_error_names_the_key_its_source_and_the_way_out() {
    let rule = |more: &str| format!("[[rules]]\nname = \"a\"\n{more}");
    let files = [
        "[kafak]\nbrokers = []\n[x]\ntimout = \"5s\"",
        "colour = 1",
        &rule("qeury = \"b\""),
        &rule(""),
        &rule("query = \"q\"\nsettle = \"soon\""),
        "[x]\nretries = \"many\"",
        "[x]\ntimeout = 5",
        "[kafka]\nbrokers = 5",
        "kafka = 5",
        "[telemetry]\nlog_format = \"xml\"",
        "[health]\nlisten = \"here\"",
        "[x\ntimeout = 1",
    ];
    let variables = [
        ("EXTRACTOR_KAFKA__BROKER", "a:1"),
        ("EXTRACTOR_X__TOKEN", "s3cret"),
        ("EXTRACTOR_X__RETRIES", "0"),
        ("EXTRACTOR_BUDGET__DAILY_USD", "five"),
        ("EXTRACTOR_RULES", "a"),
        ("EXTRACTOR_X", "a"),
    ];
    let of_files = files.map(|text| format!("{text}\n=> {}\n", refusal(text, &[])));
    let of_variables = variables.map(|(k, v)| format!("{k}={v}\n=> {}\n", refusal("", &[(k, v)])));
    assert!(!refusal("", &[("EXTRACTOR_X__TOKEN", "s3cret")]).contains("s3cret"));
    let missing = format!("nothing given\n=> {}\n", load("", &[]).unwrap_err());
    insta::assert_snapshot!([&of_files[..], &of_variables, &[missing]].concat().join("\n"));
}

#[test]
fn a_configuration_file_that_was_named_has_to_exist() {
    let layers = Layers { file: Some("/nowhere/extractor.toml".into()), ..Layers::default() };
    let error = SCHEMA.load::<Settings>(&layers).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot read the configuration file /nowhere/extractor.toml: No such file"),
        "{error}"
    );
}

#[test]
fn an_index_in_a_key_is_followed_by_a_dot() {
    let keys = ["", "a.b", "rules[0]", "rules[0]query", "rules[0].query", "rules[0]x[1][2]y.z"];
    assert_eq!(
        keys.map(error::dotted),
        ["", "a.b", "rules[0]", "rules[0].query", "rules[0].query", "rules[0].x[1][2].y.z"]
    );
}

#[test]
fn secrets_lose_their_line_end_and_never_print() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let refusal = || Secret::read("x.token_file", &path).unwrap_err().to_string();
    let expected = |reason| {
        let place = path.display();
        format!(
            "x.token_file: cannot read the secret from {place}: {reason}; it has to be the path of a file that holds the secret alone"
        )
    };
    assert_eq!(refusal(), expected("No such file or directory (os error 2)"));
    std::fs::write(&path, "\n").unwrap();
    assert_eq!(refusal(), expected("the file is empty"));
    std::fs::write(&path, "s3cret\r\n").unwrap();
    let secret = Secret::read("x.token_file", &path).unwrap();
    assert_eq!(secret.expose(), "s3cret");
    assert_eq!(format!("{secret} {secret:?}"), "*** ***");
}

#[test]
fn lengths_of_time_read_and_print_alike() {
    for (text, millis) in
        [("0", 0), ("250ms", 250), ("60s", 60_000), ("1h30m", 5_400_000), ("7d", 604_800_000)]
    {
        let parsed: DurationText = text.parse().unwrap();
        assert_eq!(parsed.as_millis(), millis, "{text}");
        assert_eq!(parsed.to_string().parse::<DurationText>(), Ok(parsed));
    }
    for wrong in ["", "5", "s", "5 parsecs", "-1s", "99999999999999999999d"] {
        assert!(wrong.parse::<DurationText>().is_err(), "{wrong}");
    }
}
