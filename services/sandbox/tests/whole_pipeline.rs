//! The whole pipeline: simulator, extractor, Kafka, transformer, MySQL, as real processes.

use std::collections::BTreeSet;
use std::time::Duration;

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
}

#[tokio::test(flavor = "multi_thread")]
async fn two_extractors_of_different_rules_and_two_transformers_share_the_work() {
    use sandbox::pipeline::{ExtractorOptions, Rule, TransformerOptions};
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
