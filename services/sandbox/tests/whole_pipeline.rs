//! The whole pipeline: simulator, extractor, Kafka, transformer, MySQL, as real processes.

use std::collections::BTreeSet;
use std::time::Duration;

use sandbox::pipeline::{ExtractorOptions, Rule, TransformerOptions};
use sandbox::simulator::SimulatorOptions;
use sandbox::waterfall::WHOLE_WAY;
use sandbox::{Pipeline, PipelineOptions, SandboxOptions};

/// On two cores beside a build; alone it takes a few seconds.
const ARRIVAL: Duration = Duration::from_secs(120);
const LIMIT: Duration = Duration::from_secs(30);

fn options(simulator: SimulatorOptions) -> PipelineOptions {
    let sandbox = SandboxOptions { simulator: Some(simulator), ..SandboxOptions::default() };
    PipelineOptions { sandbox, ..PipelineOptions::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_post_arrives_once_and_at_its_price_in_one_trace_a_batch() {
    let simulator = SimulatorOptions { posts: 700, rate: 25.0, seed: 3, ..SimulatorOptions::default() };
    let mut pipeline = Pipeline::start(&options(simulator)).await.unwrap();
    let backlog = pipeline.arrived(ARRIVAL).await.unwrap();
    assert!(backlog.bought > 400, "{backlog:?}");
    // What came live in the meantime is walked to by its since_id.
    pipeline.sandbox.simulator.as_ref().unwrap().halt().await.unwrap();
    let all = pipeline.arrived(ARRIVAL).await.unwrap();

    let trace = pipeline.trace(None, LIMIT).await.unwrap();
    assert_eq!(trace.flaws, [], "{}", sandbox::waterfall::draw(&trace.spans));
    let names: BTreeSet<&str> = trace.spans.iter().map(|span| span.name.as_str()).collect();
    assert!(WHOLE_WAY.iter().all(|(name, _)| names.contains(name)), "{names:?}");
    let services: BTreeSet<&str> = trace.spans.iter().map(|span| span.service.as_str()).collect();
    assert_eq!(services, BTreeSet::from(["extractor", "transformer"]));

    pipeline.stop(LIMIT).await.unwrap();
    let verdict = pipeline.verdict(LIMIT).await.unwrap();
    assert!(verdict.agrees(), "{verdict}");
    assert!(verdict.doubled.is_nothing(), "{verdict}");
    assert!(verdict.money.agrees() && verdict.money.bill > 0, "{verdict}");
    assert!(verdict.rows.included.wanted > 0, "no post refers to another: {verdict}");
    assert!(all.bought >= backlog.bought);

    // A verdict that could not say no would be none.
    let (id,): (i64,) =
        sqlx::query_as("SELECT MAX(id) FROM tweets").fetch_one(pipeline.rows()).await.unwrap();
    let spoil = sqlx::query("UPDATE tweets SET text = CONCAT(text, ' ') WHERE id = ?").bind(id);
    spoil.execute(pipeline.rows()).await.unwrap();
    let verdict = pipeline.verdict(LIMIT).await.unwrap();
    assert!(!verdict.agrees());
    assert!(verdict.to_string().contains(&format!("posts with another text: {id}")), "{verdict}");
}

/// What the invented archive beside this file holds, in the shapes of real ones.
const EDITED: i64 = 1_440_716_640_613_302_273;
const FIRST_EDITION: i64 = 1_440_716_388_955_062_273;
const QUOTING: i64 = 1_440_716_766_442_422_275;
const QUOTED: i64 = 1_439_992_116_540_342_277;

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_ends_as_rows_with_every_byte_edit_place_and_link() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/archive.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    let page: serde_json::Value = serde_json::from_str(&text).unwrap();
    let expansions = ["author_id", "referenced_tweets.id", "edit_history_tweet_ids", "geo.place_id"];
    let rule = Rule {
        start: Some("2021-09-20T00:00:00Z".to_owned()),
        expansions: Some(expansions.map(str::to_owned).to_vec()),
        ..Rule::default()
    };
    let simulator = SimulatorOptions { archive: Some(file), any_query: true, ..SimulatorOptions::default() };
    let extractor = ExtractorOptions { rules: vec![rule], ..ExtractorOptions::default() };
    let mut pipeline =
        Pipeline::start(&PipelineOptions { extractors: vec![extractor], ..options(simulator) })
            .await
            .unwrap();
    pipeline.arrived(ARRIVAL).await.unwrap();
    pipeline.stop(LIMIT).await.unwrap();
    let verdict = pipeline.verdict(LIMIT).await.unwrap();
    assert!(verdict.agrees(), "{verdict}");
    assert_eq!((verdict.rows.matched.found, verdict.rows.included.found), (3, 2), "{verdict}");

    // Against the file itself, past the simulator.
    let matched = page["data"].as_array().unwrap();
    for post in matched.iter().chain(page["includes"]["tweets"].as_array().unwrap()) {
        let id: i64 = post["id"].as_str().unwrap().parse().unwrap();
        let full = post.pointer("/note_tweet/text").unwrap_or(&post["text"]).as_str().unwrap();
        let row = sqlx::query_scalar("SELECT text FROM tweets WHERE id = ?").bind(id);
        let row: String = row.fetch_one(pipeline.rows()).await.unwrap();
        assert_eq!(row, full);
    }
    let edits = "SELECT edit_first_id, edit_last_id, edit_number, edits_remaining FROM tweets WHERE id = ?";
    let row: (i64, i64, i16, i16) =
        sqlx::query_as(edits).bind(EDITED).fetch_one(pipeline.rows()).await.unwrap();
    assert_eq!(row, (FIRST_EDITION, EDITED, 2, 4));
    let place = "SELECT quoted_id, longitude, latitude, places.name FROM tweets JOIN places ON places.id = place_id \
                 WHERE tweets.id = ?";
    let row: (i64, f64, f64, String) =
        sqlx::query_as(place).bind(QUOTING).fetch_one(pipeline.rows()).await.unwrap();
    assert_eq!(row, (QUOTED, -46.63, -23.55, "Sao Paulo".to_owned()));
    let link: (String, String) = sqlx::query_as("SELECT expanded_url, domain FROM tweet_urls")
        .fetch_one(pipeline.rows())
        .await
        .unwrap();
    assert_eq!(link, ("https://example.org/p?a=1&b=ç".to_owned(), "example.org".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_extractors_of_different_rules_and_two_transformers_share_the_work() {
    let rule =
        |name: &str, query: &str| Rule { name: name.to_owned(), query: query.to_owned(), ..Rule::default() };
    let extractor =
        |name: &str, rules| ExtractorOptions { name: name.to_owned(), rules, ..ExtractorOptions::default() };
    let transformer =
        |name: &str| TransformerOptions { name: name.to_owned(), ..TransformerOptions::default() };
    let simulator = SimulatorOptions { posts: 400, seed: 5, ..SimulatorOptions::default() };
    let mut pipeline = Pipeline::start(&PipelineOptions {
        // The rules overlap: a post that both match is one post with two matches.
        extractors: vec![
            extractor("north", vec![rule("quarantine", "quarentena OR quarantine")]),
            extractor(
                "south",
                vec![rule("covid", "covid OR covid19 OR coronavirus"), rule("masks", "mascara OR mask")],
            ),
        ],
        transformers: vec![transformer("first"), transformer("second")],
        ..options(simulator)
    })
    .await
    .unwrap();
    pipeline.arrived(ARRIVAL).await.unwrap();
    let truth = pipeline.truth().await.unwrap();
    let matches: usize = truth.rules.values().map(BTreeSet::len).sum();
    assert!(matches > truth.matched.len(), "no post is matched by two rules");
    pipeline.stop(LIMIT).await.unwrap();
    let verdict = pipeline.verdict(LIMIT).await.unwrap();
    assert!(verdict.posts_agree(), "{verdict}");
    assert_eq!(verdict.doubled.in_topic, [] as [String; 0], "{verdict}");
    assert_eq!(verdict.doubled.applied, [] as [String; 0], "{verdict}");
    assert!(verdict.money.agrees(), "{verdict}");
}
