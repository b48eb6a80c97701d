//! With a schema registry batches carry the id it gives their schema; one that cannot be used is named.

use bootstrap::DurationText;
use contract::{Framing as Frame, TweetBatch, headers};
use extractor::config::RegistrySettings;
use extractor::to_kafka::Framing;
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

fn settings(url: &str) -> RegistrySettings {
    let url = (!url.is_empty()).then(|| url.parse().expect("a URL"));
    RegistrySettings { url, timeout: DurationText(std::time::Duration::from_secs(5)) }
}

async fn registry(answer: ResponseTemplate) -> MockServer {
    bootstrap::install_crypto_provider();
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/subjects/tweets.batches.v1-value/versions"))
        .and(header("Content-Type", "application/vnd.schemaregistry.v1+json"))
        .and(body_string_contains("TweetBatch"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn the_batch_schema_is_registered_and_its_id_framed() {
    let server = registry(ResponseTemplate::new(200).set_body_string(r#"{"id": 258}"#)).await;
    let framing = Framing::of(&settings(&server.uri())).await.unwrap();
    assert_eq!((framing, framing.content_type()), (Framing::Confluent(258), headers::CONFLUENT_TYPE));
    let value = framing.encode(&TweetBatch::default()).unwrap();
    assert!(matches!(Frame::of(&value).unwrap(), Frame::Confluent { schema_id: 258, .. }));
}

#[tokio::test]
async fn without_a_registry_values_carry_their_fingerprint() {
    let framing = Framing::of(&settings("")).await.unwrap();
    assert_eq!((framing, framing.content_type()), (Framing::SingleObject, headers::SINGLE_OBJECT_TYPE));
}

#[tokio::test]
async fn a_registry_that_refuses_or_does_not_answer_is_named() {
    let server = registry(ResponseTemplate::new(409).set_body_string("incompatible")).await;
    let refused = Framing::of(&settings(&server.uri())).await.unwrap_err().to_string();
    assert!(refused.contains("tweets.batches.v1-value with 409: incompatible"), "{refused}");
    let secret = Framing::of(&settings("http://user:hidden@127.0.0.1:1")).await.unwrap_err();
    assert!(format!("{secret} {secret:?}").contains("do not belong"), "{secret}");
    assert!(!format!("{secret} {secret:?}").contains("hidden"), "{secret:?}");
    let gone = Framing::of(&settings("http://127.0.0.1:1")).await.unwrap_err().to_string();
    assert!(gone.starts_with("schema_registry.url: no answer from http://127.0.0.1:1"), "{gone}");
}
