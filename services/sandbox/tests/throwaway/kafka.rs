//! The throw-away Kafka: durable over kill -9, exact over aborts.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::producer::{BaseRecord, Producer, ThreadedProducer};
use sandbox::kafka::{Kafka, KafkaOptions};

const LIMIT: Duration = Duration::from_secs(30);

pub(crate) async fn make_topic(brokers: &str, name: &str) {
    let admin: AdminClient<_> = ClientConfig::new().set("bootstrap.servers", brokers).create().unwrap();
    let topic = NewTopic::new(name, 2, TopicReplication::Fixed(1));
    let made =
        admin.create_topics([&topic], &AdminOptions::new().operation_timeout(Some(LIMIT))).await.unwrap();
    assert_eq!(made, [Ok(name.to_owned())]);
}

fn send(brokers: &str, topic: &str, payload: &str, commit: bool) {
    let producer: ThreadedProducer<_> = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("transactional.id", "the-test")
        .create()
        .unwrap();
    producer.init_transactions(LIMIT).unwrap();
    producer.begin_transaction().unwrap();
    producer.send(BaseRecord::to(topic).key("key").payload(payload)).unwrap();
    if commit {
        producer.commit_transaction(LIMIT).unwrap();
    } else {
        producer.flush(LIMIT).unwrap();
        producer.abort_transaction(LIMIT).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_a_committed_message_over_kill_9_and_hides_an_aborted_one() {
    let folder = crate::support::folder();
    let mut kafka =
        Kafka::start(crate::support::tools(), folder.path(), &KafkaOptions::default()).await.unwrap();
    make_topic(&kafka.brokers(), "kept").await;
    let brokers = kafka.brokers();
    tokio::task::spawn_blocking(move || {
        send(&brokers, "kept", "aborted", false);
        send(&brokers, "kept", "committed", true);
    })
    .await
    .unwrap();
    let before = kafka.process().pid();
    kafka.kill().await.unwrap();
    kafka.restart().await.unwrap();
    assert_ne!(kafka.process().pid(), before);
    let messages = sandbox::topics::committed(&kafka.brokers(), "kept", LIMIT).await.unwrap();
    let payloads: Vec<&[u8]> = messages.iter().map(|message| message.payload.as_slice()).collect();
    assert_eq!(payloads, [b"committed".as_slice()]);
    assert_eq!(messages[0].key, b"key");
    kafka.stop().await.unwrap();
    assert!(kafka.process().ended().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn creates_no_topic_by_accident_and_takes_the_properties_given() {
    let folder = crate::support::folder();
    let options = KafkaOptions {
        properties: [("num.partitions".to_owned(), "7".to_owned())].into(),
        ..KafkaOptions::default()
    };
    let kafka = Kafka::start(crate::support::tools(), folder.path(), &options).await.unwrap();
    let missing = sandbox::topics::committed(&kafka.brokers(), "missing", LIMIT).await;
    assert!(missing.unwrap_err().to_string().contains("missing"));
    let admin: AdminClient<_> =
        ClientConfig::new().set("bootstrap.servers", kafka.brokers()).create().unwrap();
    let broker = rdkafka::admin::ResourceSpecifier::Broker(1);
    let settings = admin.describe_configs([&broker], &AdminOptions::new()).await.unwrap();
    let settings = settings[0].as_ref().unwrap().entry_map();
    let value = |name: &str| settings[name].value.clone().unwrap();
    assert_eq!(value("num.partitions"), "7");
    assert_eq!(value("auto.create.topics.enable"), "false");
    assert_eq!(value("log.flush.interval.messages"), "1");
    assert_eq!(value("offsets.retention.minutes"), "525600");
    assert_eq!(value("message.max.bytes"), "4194304");
}
