//! What the views tell: sums that are true, whatever came twice, late, edited or deleted.

use std::collections::BTreeMap;

use contract::{Compliance, ComplianceAction, Link, Reference, Tweet, TweetBatch, content_digest};
use transformer::{
    rollups::{RollupError, rebuild},
    to_mysql::Mode,
};

use crate::{
    fixtures::{NOON, page, post, received},
    server::Place,
};

const ZONE: &str = "America/Sao_Paulo";
const HOUR_MS: i64 = 3_600_000;

/// A post of so many hours after noon (UTC).
fn at(hours: i64, number: i64, text: &str) -> Tweet {
    let id = ((NOON + hours * HOUR_MS - 1_288_834_974_657) << 22) + number;
    Tweet { created_at: Some(NOON + hours * HOUR_MS), ..post(id, text, number) }
}

fn of_rule(rule: &str, number: i32, tweets: Vec<Tweet>) -> TweetBatch {
    let mut batch = page(number, NOON + 48 * HOUR_MS + i64::from(number), tweets);
    batch.rule = rule.to_owned();
    batch.batch_id = format!("{rule}/1/{number}");
    batch.digest = content_digest(&batch);
    batch
}

async fn apply(place: &Place, batches: Vec<TweetBatch>, mode: Mode) {
    let batches: Vec<_> = (0..).zip(batches).map(|(offset, batch)| received(batch, offset)).collect();
    place.writer().await.apply(&batches, mode).await.unwrap();
}

async fn roll(place: &Place) {
    place.rollups(ZONE).await.roll(|_| true).await.unwrap();
}

/// Key and posts of a view.
async fn told(place: &Place, query: &'static str) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> = sqlx::query_as(query).fetch_all(&place.root).await.unwrap();
    rows.into_iter().collect()
}

fn map<const N: usize>(rows: [(&str, i64); N]) -> BTreeMap<String, i64> {
    rows.map(|(key, posts)| (key.to_owned(), posts)).into()
}

#[tokio::test]
async fn a_post_on_two_rules_with_two_hashtags_and_a_quoted_post_leave_the_totals_true() {
    let place = Place::migrated().await;
    let mut rich = at(0, 1, "#Covid #covid #Máscara #vacina");
    let link = |address: &str| Link {
        url: "https://t.co/a".to_owned(),
        expanded_url: Some(address.to_owned()),
        ..Link::default()
    };
    if let Some(entities) = &mut rich.entities {
        entities.urls =
            ["https://g1.globo.com/a", "https://g1.globo.com/b", "https://x.com/i"].map(link).into();
    }
    let quoted = at(-30, 7, "o citado #covid");
    let mut quoting = at(0, 2, "veja #covid");
    quoting.references = vec![Reference { kind: "quoted".to_owned(), id: quoted.id, extra: None }];
    let mut both = of_rule("covid", 1, vec![rich.clone(), quoting.clone()]);
    both.included = vec![quoted];
    both.digest = content_digest(&both);
    apply(&place, vec![both, of_rule("masks", 1, vec![rich])], Mode::Once).await;
    roll(&place).await;
    let day = "SELECT CAST(day AS CHAR), CAST(SUM(posts) AS SIGNED) FROM ds_volume GROUP BY day";
    assert_eq!(told(&place, day).await, map([("2020-03-25", 2)]), "each once, the quoted one not at all");
    let rules = "SELECT rule, posts FROM ds_rules";
    assert_eq!(told(&place, rules).await, map([("covid", 2), ("masks", 1)]));
    let hashtags = "SELECT hashtag, posts FROM ds_hashtags";
    assert_eq!(told(&place, hashtags).await, map([("covid", 2), ("mascara", 1), ("vacina", 1)]));
    let domains = "SELECT domain, posts FROM ds_domains";
    assert_eq!(told(&place, domains).await, map([("g1.globo.com", 1)]));
    let kinds = "SELECT kind, CAST(SUM(posts) AS SIGNED) FROM ds_volume GROUP BY kind";
    assert_eq!(told(&place, kinds).await, map([("post", 1), ("quote", 1)]));
}

#[tokio::test]
async fn days_are_those_of_the_analysts_and_late_posts_change_nothing_twice() {
    let place = Place::migrated().await;
    // Noon in UTC is nine in São Paulo: fourteen hours later it is still the same day there.
    let posts = |hours: [i64; 3]| hours.map(|hours| at(hours, 1, "covid")).to_vec();
    apply(&place, vec![of_rule("covid", 1, posts([0, 14, 15]))], Mode::Once).await;
    roll(&place).await;
    let day = "SELECT CAST(day AS CHAR), CAST(SUM(posts) AS SIGNED) FROM ds_volume GROUP BY day";
    assert_eq!(told(&place, day).await, map([("2020-03-25", 2), ("2020-03-26", 1)]));
    let late = of_rule("covid", 2, vec![at(1, 1, "covid"), at(14, 1, "covid")]);
    apply(&place, vec![late.clone()], Mode::Once).await;
    apply(&place, vec![late], Mode::Reapply).await;
    roll(&place).await;
    assert_eq!(told(&place, day).await, map([("2020-03-25", 3), ("2020-03-26", 1)]));
    let hours = "SELECT CAST(local_hour AS CHAR), CAST(SUM(posts) AS SIGNED) FROM ds_volume_hourly GROUP BY local_hour";
    let wanted = [
        ("2020-03-25 09:00:00.000", 1),
        ("2020-03-25 10:00:00.000", 1),
        ("2020-03-25 23:00:00.000", 1),
        ("2020-03-26 00:00:00.000", 1),
    ];
    assert_eq!(told(&place, hours).await, map(wanted));
}

#[tokio::test]
async fn an_edited_post_counts_once_with_its_latest_text_a_rule_and_a_deleted_one_not_at_all() {
    let place = Place::migrated().await;
    let first = at(0, 1, "antes #um");
    let mut second = at(1, 1, "depois #dois");
    second.edit_history = vec![first.id, second.id];
    // The rule `masks` matched the first text alone.
    let batches = [
        of_rule("covid", 1, vec![first.clone()]),
        of_rule("masks", 1, vec![first.clone()]),
        of_rule("covid", 2, vec![second.clone(), at(2, 1, "weg")]),
    ];
    for batch in batches {
        apply(&place, vec![batch], Mode::Once).await;
        roll(&place).await;
    }
    let delete = |post_id| Compliance {
        post_id,
        action: ComplianceAction::Delete,
        at: NOON + 100 * HOUR_MS,
        source: "test".to_owned(),
    };
    assert_eq!(place.count("SELECT CAST(SUM(posts) AS SIGNED) FROM ds_volume").await, 2);
    place.writer().await.follow(&[delete(at(2, 1, "").id)]).await.unwrap();
    roll(&place).await;
    assert_eq!(place.count("SELECT CAST(SUM(posts) AS SIGNED) FROM ds_volume").await, 1);
    assert_eq!(told(&place, "SELECT hashtag, posts FROM ds_hashtags").await, map([("dois", 1)]));
    assert_eq!(told(&place, "SELECT rule, posts FROM ds_rules").await, map([("covid", 1), ("masks", 1)]));
    let top = "SELECT post_text, engagement FROM ds_top_posts";
    assert_eq!(told(&place, top).await, map([("depois #dois", 1)]));
    // The version before it, of another hour, counts again.
    place.writer().await.follow(&[delete(second.id)]).await.unwrap();
    roll(&place).await;
    assert_eq!(told(&place, "SELECT hashtag, posts FROM ds_hashtags").await, map([("um", 1)]));
}

#[tokio::test]
async fn a_mark_made_while_its_hour_is_rolled_stays() {
    let place = Place::migrated().await;
    apply(&place, vec![of_rule("covid", 1, vec![at(0, 1, "covid")])], Mode::Once).await;
    let mut writer = place.root.begin().await.unwrap();
    let late = "INSERT INTO rollup_marks (hour, batch_id) VALUES ('2020-03-25 12:00', 'late')";
    sqlx::raw_sql(late).execute(&mut *writer).await.unwrap();
    let rolled = place.rollups(ZONE).await.roll(|_| true).await.unwrap();
    assert_eq!((rolled.hours, rolled.marks), (1, 1));
    writer.commit().await.unwrap();
    assert_eq!(place.count("SELECT COUNT(*) FROM rollup_marks WHERE batch_id = 'late'").await, 1);
    assert_eq!(place.rollups(ZONE).await.roll(|_| true).await.unwrap().marks, 1);
}

#[tokio::test]
async fn one_roller_works_at_a_time_and_only_in_the_time_zone_of_the_rollups() {
    let place = Place::migrated().await;
    apply(&place, vec![of_rule("covid", 1, vec![at(0, 1, "covid"), at(14, 1, "covid")])], Mode::Once).await;
    roll(&place).await;
    apply(&place, vec![of_rule("covid", 2, vec![at(0, 2, "covid")])], Mode::Once).await;
    let mut other = place.root.begin().await.unwrap();
    let lock = "SELECT value FROM report_settings WHERE name = 'report_timezone' FOR UPDATE";
    sqlx::raw_sql(lock).execute(&mut *other).await.unwrap();
    let busy = place.rollups(ZONE).await.roll(|_| true).await;
    assert!(matches!(busy, Err(RollupError::Busy)), "{busy:?}");
    other.rollback().await.unwrap();
    let elsewhere = place.rollups("UTC").await.roll(|_| true).await.unwrap_err().to_string();
    assert!(elsewhere.contains("made in America/Sao_Paulo, the setting says UTC"), "{elsewhere}");
    assert!(elsewhere.contains("transformer rollups rebuild"), "{elsewhere}");

    let settings = transformer::config::RollupSettings {
        report_timezone: "UTC".to_owned(),
        interval: bootstrap::DurationText(std::time::Duration::from_secs(60)),
    };
    rebuild(&place.transformer, &settings, "2020-03-26".parse().unwrap()).await.unwrap();
    let day = "SELECT CAST(day AS CHAR), CAST(SUM(posts) AS SIGNED) FROM ds_volume GROUP BY day";
    assert_eq!(told(&place, day).await, map([("2020-03-25", 2), ("2020-03-26", 1)]));
}

#[tokio::test]
async fn a_rebuild_brings_back_what_was_lost_and_removes_what_should_not_be() {
    let place = Place::migrated().await;
    let posts = (0..40).map(|hours| at(hours, 1, "covid #tag")).collect();
    apply(&place, vec![of_rule("covid", 1, posts)], Mode::Once).await;
    let before = place.everything().await;
    for damage in [
        "DELETE FROM rollup_posts_hour WHERE HOUR(hour) = 15",
        "UPDATE rollup_hashtags_day SET posts = posts * 2",
        "INSERT INTO rollup_posts_hour SELECT hour + INTERVAL 99 DAY, local_hour, language, kind, sentiment, country_code, state, 5, 0, 0 FROM rollup_posts_hour LIMIT 1",
    ] {
        assert!(sqlx::raw_sql(damage).execute(&place.root).await.unwrap().rows_affected() > 0, "{damage}");
    }
    let settings = transformer::config::RollupSettings {
        report_timezone: ZONE.to_owned(),
        interval: bootstrap::DurationText(std::time::Duration::from_secs(60)),
    };
    rebuild(&place.transformer, &settings, "earliest".parse().unwrap()).await.unwrap();
    assert_eq!(place.everything().await, before);
}
