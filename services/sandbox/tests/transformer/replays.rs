//! `replay --reapply`: rows are written, and every table ends the same: here or elsewhere, in any order, with two writers.

use std::collections::BTreeMap;
use std::time::Duration;

use contract::{Compliance, ComplianceAction};
use sandbox::feed::{Pages, Parcel};
use sandbox::mysql::Database;
use sandbox::process::Ended;
use sandbox::service::ServiceSpec;
use sandbox::tables::{Content, contents};
use sandbox::wait;
use sqlx::MySqlPool;

use crate::stage::{LIMIT, Stage, stop};

const PAGES: Pages = Pages { seed: 81, posts: 30 };
/// When and how a batch was processed; everything else comes from the batches alone.
const PROCESSING: [&str; 1] = ["batches.applied_at"];
const REPLAYED: Duration = Duration::from_secs(120);

/// Marked hours are rolled first: each mark is one of a kind.
pub(crate) async fn tables(spec: &ServiceSpec, pool: &MySqlPool) -> BTreeMap<String, Content> {
    let rolled = spec.run(&["rollups", "roll"], LIMIT).await.unwrap();
    assert_eq!(rolled.ended, Ended::Exited(0), "{}", rolled.stderr);
    let tables = contents(pool, &PROCESSING).await.unwrap();
    assert_eq!(tables["rollup_marks"].rows, 0);
    tables
}

pub(crate) async fn replay(spec: &ServiceSpec, further: &[&str]) -> String {
    let arguments = [&["replay", "--reapply", "--from", "earliest"], further].concat();
    let replayed = spec.run(&arguments, REPLAYED).await.unwrap();
    assert_eq!(replayed.ended, Ended::Exited(0), "{} {}", replayed.stdout, replayed.stderr);
    replayed.stdout
}

/// Batches with posts seen again on other partitions, a page fetched again, and a deletion of a post that was stored.
async fn filled() -> Stage {
    let stage = Stage::set().await;
    for walk in 1..=8 {
        let pages: Vec<_> = (1..=5)
            .flat_map(|page| ["covid", "quarentena"].map(|rule| PAGES.page(rule, walk, page)))
            .collect();
        stage.feed.send(&pages).await.unwrap();
    }
    let mut again = PAGES.page("covid", 3, 2);
    again.observed_at += 90_000;
    again.tweets.truncate(20);
    again.tweets[0].text.push_str(" (de novo)");
    again.digest = contract::content_digest(&again);
    stage.feed.send(&[again.clone()]).await.unwrap();
    let event = Compliance {
        post_id: again.tweets[7].id,
        action: ComplianceAction::Delete,
        at: again.observed_at + 1,
        source: "test".to_owned(),
    };
    stage.feed.send_raw(vec![Parcel::of_compliance(&event)]).await.unwrap();
    let service = stage.transformer("one").start().unwrap();
    stage.all_applied().await;
    stage.offsets_at_the_end().await;
    let rows = async || {
        let repeated = stage.number("SELECT COUNT(*) FROM batches").await == 81;
        let deleted =
            stage.number("SELECT COUNT(*) FROM tweets WHERE deleted_at IS NOT NULL AND text IS NULL").await
                == 1;
        (repeated && deleted).then_some(())
    };
    wait::until("81 ledger rows and a tombstone", LIMIT, rows).await.unwrap();
    stop(&service).await;
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_into_the_same_database_writes_rows_and_leaves_every_table_as_it_was() {
    let stage = filled().await;
    let spec = stage.transformer("replayer");
    let before = tables(&spec, &stage.pool).await;
    for table in [
        "batches",
        "tweets",
        "tweet_rules",
        "tweet_hashtags",
        "tweet_mentions",
        "tweet_urls",
        "tweet_enrichment",
        "rollup_posts_hour",
        "rollup_posts_day",
        "rollup_rules_day",
        "rollup_hashtags_day",
        "rollup_domains_day",
        "rollup_engaged_day",
        "authors",
        "places",
        "spending",
    ] {
        assert!(before[table].rows > 0, "{table} is empty");
    }
    let offsets = stage.offsets().await;
    let told = replay(&spec, &[]).await;
    assert!(told.contains("81 batches"), "{told}");
    assert_eq!(tables(&spec, &stage.pool).await, before);

    // What is lost comes back, so rows are written; and in the other order.
    for damage in [
        "DELETE FROM tweets WHERE id % 3 = 0 AND deleted_at IS NULL",
        "UPDATE tweets SET text = 'x' WHERE id % 3 = 1 AND deleted_at IS NULL",
        "DELETE FROM tweet_hashtags",
        "DELETE FROM tweet_mentions",
        "DELETE FROM tweet_urls",
        "DELETE FROM tweet_enrichment",
        "DELETE FROM tweet_topics",
        "DELETE FROM rollup_posts_day",
        "UPDATE rollup_hashtags_hour SET posts = posts + 1",
        "DELETE FROM authors WHERE id % 2 = 0",
        "DELETE FROM spending",
        "DELETE FROM batches WHERE page = 4",
        "DELETE FROM tweet_rules WHERE tweet_id % 2 = 0",
    ] {
        let damaged = sqlx::raw_sql(damage).execute(&stage.pool).await.unwrap();
        assert!(damaged.rows_affected() > 0, "{damage}");
    }
    assert_ne!(tables(&spec, &stage.pool).await, before);
    let told = replay(&spec, &["--order", "reverse", "--writers", "2"]).await;
    assert!(told.contains("81 batches") && told.contains("0 posts refused"), "{told}");
    let after = tables(&spec, &stage.pool).await;
    assert_eq!(after, before);
    assert_eq!(stage.offsets().await, offsets, "a replay leaves the group alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_into_an_empty_database_backwards_with_two_writers_ends_in_the_same_tables() {
    let stage = filled().await;
    let first = stage.transformer("first");
    let wanted = tables(&first, &stage.pool).await;
    for (name, further) in [
        ("forward", ["--order", "forward", "--writers", "1"]),
        ("reverse", ["--order", "reverse", "--writers", "2"]),
    ] {
        let name = &format!("{}_{name}", stage.name);
        Database::make(&stage.sandbox.mysql, name).await.unwrap();
        let migrated = stage.migrator().set("mysql.database", name);
        assert_eq!(migrated.run(&["migrate"], LIMIT).await.unwrap().ended, Ended::Exited(0));
        let spec = stage.transformer(&format!("replayer-{name}")).set("mysql.database", name);
        replay(&spec, &further).await;
        let pool = stage.sandbox.mysql.root(name);
        let deleted = "SELECT COUNT(*) FROM tweets WHERE deleted_at IS NOT NULL";
        let deletions: i64 = sqlx::query_scalar(deleted).fetch_one(&pool).await.unwrap();
        assert_eq!(deletions, 0, "deletions are no batches");
        // As after a restore: before anybody looks.
        let followed = spec.run(&["compliance", "apply"], LIMIT).await.unwrap();
        assert_eq!(followed.ended, Ended::Exited(0), "{}", followed.stderr);
        assert_eq!(tables(&spec, &pool).await, wanted, "{name}");
        pool.close().await;
    }
    assert_eq!(tables(&first, &stage.pool).await, wanted, "the first database was left alone");
}
