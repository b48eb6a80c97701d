//! What the enrichment of a post costs, stage by stage, over the labelled sample; and what the tables hold in memory.

use std::hint::black_box;

use contract::{Place, Tweet};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use transformer::enrich::{Enricher, Relations, Words};

const SAMPLE: &str = include_str!("../tests/enrichment/sample.tsv");

/// The sample's posts; one in ten is tagged with a place, more than X's are.
fn posts() -> Vec<(Tweet, Option<Place>)> {
    let names = [
        "São Paulo, Brasil",
        "Campinas, Brasil",
        "Bom Jesus, Brasil",
        "Minas Gerais, Brasil",
        "Lisboa, Portugal",
    ];
    let lines = SAMPLE.lines().skip(1).enumerate();
    let posts = lines.map(|(n, line)| {
        let fields: Vec<&str> = line.split('\t').collect();
        let tag = fields.get(1).copied().filter(|tag| !tag.is_empty());
        let text = fields.last().copied().unwrap_or_default().replace("\\n", "\n");
        let place = (n % 10 == 0).then(|| Place {
            full_name: names.get(n / 10 % names.len()).map(|name| (*name).to_owned()),
            country_code: Some("BR".to_owned()),
            place_type: Some("city".to_owned()),
            bbox: vec![-46.8, -24.0, -46.3, -23.3],
            ..Place::default()
        });
        (Tweet { text, lang: tag.map(str::to_owned), ..Tweet::default() }, place)
    });
    posts.collect()
}

/// Resident memory of this process in kB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or_default()
}

fn stages(criterion: &mut Criterion) {
    let before = resident();
    let enricher = Enricher::embedded().expect("the embedded tables are read");
    println!("taxonomy, lexicons and places: {} kB resident", resident().saturating_sub(before));

    let posts = posts();
    let read: Vec<(Words, Option<String>)> = posts
        .iter()
        .map(|(tweet, _)| {
            let words = enricher.words(&tweet.text);
            let language = enricher.language(tweet.lang.as_deref(), &tweet.text, &words).0;
            (words, language)
        })
        .collect();

    // A figure over all posts: criterion divides by their number where it prints elements a second.
    let mut group = criterion.benchmark_group("enrich 300 posts");
    group.throughput(Throughput::Elements(u64::try_from(posts.len()).unwrap_or_default()));
    group.bench_function("normalise", |bench| {
        bench.iter(|| posts.iter().for_each(|(tweet, _)| drop(black_box(enricher.words(&tweet.text)))));
    });
    group.bench_function("language", |bench| {
        bench.iter(|| {
            for ((tweet, _), (words, _)) in posts.iter().zip(&read) {
                black_box(enricher.language(tweet.lang.as_deref(), &tweet.text, words));
            }
        });
    });
    group.bench_function("language, all detected", |bench| {
        bench.iter(|| {
            for ((tweet, _), (words, _)) in posts.iter().zip(&read) {
                black_box(enricher.language(None, &tweet.text, words));
            }
        });
    });
    group.bench_function("topics", |bench| {
        bench.iter(|| {
            for (words, language) in &read {
                black_box(enricher.topics(words, language.as_deref()));
            }
        });
    });
    group.bench_function("sentiment", |bench| {
        bench.iter(|| {
            for (words, language) in &read {
                black_box(enricher.sentiment(words, language.as_deref()));
            }
        });
    });
    group.bench_function("region", |bench| {
        bench.iter(|| {
            for place in posts.iter().filter_map(|(_, place)| place.as_ref()) {
                black_box(enricher.state(place));
            }
        });
    });
    group.bench_function("whole", |bench| {
        bench.iter(|| {
            for (tweet, place) in &posts {
                black_box(enricher.derive(tweet, &Relations::default(), place.as_ref()));
            }
        });
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
