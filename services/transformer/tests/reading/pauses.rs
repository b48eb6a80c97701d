//! What is not readable yet pauses its partition alone; MySQL away pauses everything and sets nothing aside.

use contract::TweetBatch;
use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::scene::{Scene, not_ready};

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_schema_pauses_its_partition_alone_and_says_what_is_needed() {
    let scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer")).await;
    let mut unknown = contract::encode(&scene.pages(1, 1..=1)[0]).unwrap();
    unknown[2..10].copy_from_slice(&[1, 2, 3, 4, 5, 6, 7, 8]);
    scene.send_bytes(0, &[&unknown]).await;
    scene.send_to(0, &scene.pages(2, 1..=1)).await;
    let said =
        async || not_ready(&service).await.is_some_and(|body| body.contains("schema 0102030405060708"));
    scene.until(&service, "the pause", said).await;
    scene.send_to(1, &scene.pages(3, 1..=5)).await;
    scene.until_batches(&service, 5).await;
    assert_eq!(scene.ask(&["rejected", "list"]).await.stdout, "nothing is set aside\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schema_id_waits_for_the_registry_and_is_read_once_it_is_resolved() {
    let scene = Scene::open().await;
    let registry = MockServer::start().await;
    let spec = scene.transformer("transformer").set("schema_registry.url", registry.uri());
    let service = scene.running(&spec).await;
    let batch = scene.pages(1, 1..=1).remove(0);
    scene.send_bytes(0, &[&contract::encode_confluent(&batch, 42).unwrap()]).await;
    let said = async || not_ready(&service).await.is_some_and(|body| body.contains("schema id 42"));
    scene.until(&service, "the pause", said).await;

    let newest = contract::known_fingerprints::<TweetBatch>().pop().unwrap();
    let text = contract::schema_text::<TweetBatch>(newest).unwrap();
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "schema": text }));
    Mock::given(method("GET")).and(path("/schemas/ids/42")).respond_with(answer).mount(&registry).await;
    scene.until_batches(&service, 1).await;
    scene.until(&service, "readiness", async || not_ready(&service).await.is_none()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_away_pauses_keeps_the_partitions_and_loses_nothing() {
    let mut scene = Scene::open().await;
    let service = scene.running(&scene.transformer("transformer").set("kafka.waiting_kib", "64")).await;
    scene.send_to(0, &scene.pages(1, 1..=5)).await;
    scene.until_batches(&service, 5).await;
    scene.sandbox.mysql.kill().await.unwrap();
    for walk in 2..12 {
        scene.send_to(0, &scene.pages(walk, 1..=20)).await;
    }
    let said = async || not_ready(&service).await.is_some_and(|body| body.contains("mysql"));
    scene.until(&service, "the pause", said).await;
    scene.sandbox.mysql.restart().await.unwrap();
    scene.until(&service, "all batches", async || scene.batches().await == 205).await;
    assert_eq!(service.log().matches("partitions revoked").count(), 0);
    assert_eq!(scene.ask(&["rejected", "list"]).await.stdout, "nothing is set aside\n");
}
