//! After a restore the group begins where the restored ledger ends, and what came since is applied again. Before a release that
//! goes back, it is known whether anything waits.

use sandbox::feed::Pages;
use sandbox::process::Ended;

use crate::stage::{LIMIT, Stage, stop};

const PAGES: Pages = Pages { seed: 83, posts: 20 };

/// What an older dump does not hold: everything, as far as MySQL knows.
const GONE: [&str; 8] = [
    "DELETE FROM batches",
    "DELETE FROM tweet_rules",
    "DELETE FROM tweet_enrichment",
    "DELETE FROM tweet_topics",
    "DELETE FROM tweet_hashtags",
    "DELETE FROM tweet_mentions",
    "DELETE FROM tweet_urls",
    "DELETE FROM tweets",
];

#[tokio::test(flavor = "multi_thread")]
async fn rewound_to_the_ledger_the_group_applies_again_what_the_dump_does_not_hold() {
    let stage = Stage::set().await;
    for walk in 1..=6 {
        let pages: Vec<_> = (1..=3).map(|page| PAGES.page("covid", walk, page)).collect();
        stage.feed.send(&pages).await.unwrap();
    }
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    stage.all_applied().await;
    stage.offsets_at_the_end().await;

    let running = spec.run(&["offsets", "rewind"], LIMIT).await.unwrap();
    assert_ne!(running.ended, Ended::Exited(0), "offsets of a group at work were moved: {}", running.stdout);
    assert!(running.stderr.contains("stop every transformer first"), "{}", running.stderr);
    stop(&service).await;

    for statement in GONE {
        sqlx::query(statement).execute(&stage.pool).await.unwrap();
    }
    let rewound = spec.run(&["offsets", "rewind"], LIMIT).await.unwrap();
    assert_eq!(rewound.ended, Ended::Exited(0), "{}", rewound.stderr);
    let service = spec.start().unwrap();
    stage.agrees().await;
    stop(&service).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_that_waits_is_told_until_it_is_applied() {
    let stage = Stage::set().await;
    let spec = stage.transformer("one");
    let service = spec.start().unwrap();
    stage.feed.send(&[PAGES.page("covid", 1, 1)]).await.unwrap();
    stage.all_applied().await;
    let drained = spec.run(&["offsets", "drained", "--within", "20s"], LIMIT).await.unwrap();
    assert_eq!(drained.ended, Ended::Exited(0), "{}", drained.stderr);

    stop(&service).await;
    stage.feed.send(&[PAGES.page("covid", 2, 1)]).await.unwrap();
    let waits = spec.run(&["offsets", "drained", "--within", "1s"], LIMIT).await.unwrap();
    assert_eq!(waits.ended, Ended::Exited(1), "{}", waits.stdout);
    assert!(waits.stderr.contains("still waits at offset"), "{}", waits.stderr);

    let service = spec.start().unwrap();
    let drained = spec.run(&["offsets", "drained", "--within", "20s"], LIMIT).await.unwrap();
    assert_eq!(drained.ended, Ended::Exited(0), "{}", drained.stderr);
    stage.agrees().await;
    stop(&service).await;
}
