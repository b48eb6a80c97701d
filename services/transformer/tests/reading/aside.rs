//! What cannot be stored is set aside, and can be tried again.

use sandbox::process::Ended;
use serde_json::Value;

use crate::scene::{Scene, not_ready};

#[tokio::test(flavor = "multi_thread")]
async fn a_poison_message_is_set_aside_and_the_batches_behind_it_go_on() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    let ids = scene.send_bytes(2, &[b"no batch at all"]).await;
    scene.send_to(2, &scene.pages(1, 1..=2)).await;
    scene.until_batches(&service, 2).await;

    let listed = scene.ask(&["rejected", "list", "--json"]).await;
    let letter: Value = serde_json::from_str(listed.stdout.trim()).unwrap();
    assert_eq!(letter["id"], ids[0]);
    assert_eq!(letter["reason"], "decode");
    assert_eq!(letter["payload_bytes"], 15);
    let again = scene.ask(&["rejected", "replay", "--id", &ids[0]]).await;
    assert_eq!(again.ended, Ended::Exited(1), "{}", again.stdout);
    assert!(again.stdout.contains("0 applied, 1 refused"), "{}", again.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_in_a_row_pause_until_a_good_one_comes() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer").set("pause.rejected_in_a_row", "3")).await;
    scene.send_bytes(0, &[b"1", b"2", b"3", b"4", b"5"]).await;
    let said = async || not_ready(&service).await.is_some_and(|body| body.contains("3 messages in a row"));
    scene.until(&service, "the pause", said).await;
    let listed = scene.ask(&["rejected", "list", "--json"]).await;
    assert_eq!(listed.stdout.lines().count(), 3, "{}", listed.stdout);

    // On another partition, as the one of the streak waits.
    scene.send_to(1, &scene.pages(1, 1..=1)).await;
    scene.until_batches(&service, 1).await;
    scene.send_to(0, &scene.pages(2, 1..=1)).await;
    scene.until_batches(&service, 2).await;
    scene.until(&service, "readiness", async || not_ready(&service).await.is_none()).await;
    let listed = scene.ask(&["rejected", "list", "--json"]).await;
    assert_eq!(listed.stdout.lines().count(), 5, "{}", listed.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_post_is_set_aside_alone_and_replayed_alone_once_its_table_takes_it() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    let mut batches = scene.pages(1, 1..=1);
    // No column holds a moment in the year 287,000.
    let bad = batches[0].tweets[4].id;
    batches[0].tweets[4].lang = Some("x".repeat(300));
    batches[0].digest = contract::content_digest(&batches[0]);
    let good = i64::try_from(batches[0].tweets.len() + batches[0].included.len()).unwrap() - 1;
    scene.send_to(0, &batches).await;
    scene.until_batches(&service, 1).await;
    assert_eq!(scene.count("SELECT COUNT(*) FROM tweets").await, good);

    let listed = scene.ask(&["rejected", "list", "--json"]).await;
    let letter: Value = serde_json::from_str(listed.stdout.trim()).unwrap();
    assert_eq!((&letter["reason"], &letter["post_id"]), (&Value::from("data"), &Value::from(bad)));
    let id = letter["id"].as_str().unwrap();
    let refused = scene.ask(&["rejected", "replay", "--id", id]).await;
    assert_eq!(refused.ended, Ended::Exited(1), "{}{}", refused.stdout, refused.stderr);

    sqlx::query("ALTER TABLE tweets MODIFY lang VARCHAR(400)").execute(&scene.rows).await.unwrap();
    let applied = scene.ask(&["rejected", "replay", "--all"]).await;
    assert_eq!(applied.ended, Ended::Exited(0), "{}{}", applied.stdout, applied.stderr);
    assert_eq!(scene.count("SELECT COUNT(*) FROM tweets").await, good + 1);
    assert_eq!(scene.batches().await, 1);
    assert_eq!(scene.ask(&["rejected", "list"]).await.stdout, "nothing is set aside\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_the_extractor_could_not_read_are_listed_and_their_batch_is_written() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    let mut batches = scene.pages(1, 1..=1);
    batches[0].unparsed.push(contract::Unparsed {
        section: "includes.users".to_owned(),
        json: "{\"id\":\"none\"}".to_owned(),
        reason: "id: not a number".to_owned(),
    });
    batches[0].digest = contract::content_digest(&batches[0]);
    scene.send_to(0, &batches).await;
    scene.until_batches(&service, 1).await;
    let listed = async || scene.ask(&["rejected", "list"]).await.stdout;
    scene.until(&service, "the letter", async || listed().await.contains("includes.users")).await;
    assert!(listed().await.contains("id: not a number"));
}
