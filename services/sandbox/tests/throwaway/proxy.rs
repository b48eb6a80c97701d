//! The proxy, on real transactions of rdkafka and sqlx.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::producer::{BaseRecord, Producer, ThreadedProducer};
use sandbox::kafka::{Kafka, KafkaOptions};
use sandbox::mysql::{Database, Mysql, MysqlOptions};
use sandbox::proxy::{Api, Protocol, Proxy, Rule};
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{ConnectOptions, Connection};

const LIMIT: Duration = Duration::from_secs(30);
/// Long enough that something which is not held would have happened.
const HELD: Duration = Duration::from_millis(300);

fn transaction(brokers: &str, payload: &str) -> Result<(), rdkafka::error::KafkaError> {
    let producer: ThreadedProducer<_> =
        ClientConfig::new().set("bootstrap.servers", brokers).set("transactional.id", "the-test").create()?;
    producer.init_transactions(LIMIT)?;
    producer.begin_transaction()?;
    producer.send(BaseRecord::<(), str>::to("held").payload(payload)).map_err(|(error, _)| error)?;
    producer.commit_transaction(LIMIT)
}

async fn payloads(kafka: &Kafka) -> Vec<Vec<u8>> {
    let messages = sandbox::topics::committed(&kafka.brokers(), "held", LIMIT).await.unwrap();
    messages.into_iter().map(|message| message.payload).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn holds_end_txn_of_a_kafka_transaction_before_and_after_the_broker_has_it() {
    let folder = crate::support::folder();
    let proxy = Proxy::start(Protocol::Kafka).await.unwrap();
    let options = KafkaOptions { proxied_as: Some(proxy.address()), ..KafkaOptions::default() };
    let kafka = Kafka::start(crate::support::tools(), folder.path(), &options).await.unwrap();
    proxy.forward_to(kafka.behind_proxy());
    crate::kafka::make_topic(&kafka.brokers(), "held").await;
    let brokers = proxy.address().to_string();

    let mut before = proxy.hold(Rule::kafka(Api::EndTxn));
    let first = tokio::task::spawn_blocking({
        let brokers = brokers.clone();
        move || transaction(&brokers, "first")
    });
    before.reached(LIMIT).await.unwrap();
    assert!(payloads(&kafka).await.is_empty());
    before.release();
    first.await.unwrap().unwrap();
    assert_eq!(payloads(&kafka).await, [b"first"]);

    let mut produced = proxy.hold(Rule::kafka(Api::Produce).containing("held"));
    let mut answered = proxy.hold(Rule::kafka(Api::EndTxn).after_answer());
    let second = tokio::task::spawn_blocking(move || transaction(&brokers, "second"));
    produced.reached(LIMIT).await.unwrap();
    produced.release();
    answered.reached(LIMIT).await.unwrap();
    // The broker has committed; the producer does not know yet.
    assert_eq!(payloads(&kafka).await.len(), 2);
    assert!(!second.is_finished());
    answered.cut();
    // librdkafka asks again on a new connection and hears that the transaction is committed.
    second.await.unwrap().unwrap();
    assert_eq!(payloads(&kafka).await.len(), 2);
}

async fn insert(options: MySqlConnectOptions, id: i64) -> Result<(), sqlx::Error> {
    let mut connection = options.connect().await?;
    let mut transaction = connection.begin().await?;
    sqlx::query("INSERT INTO held VALUES (?)").bind(id).execute(&mut *transaction).await?;
    transaction.commit().await
}

async fn ids(connection: &mut MySqlConnection) -> Vec<i64> {
    sqlx::query_scalar("SELECT id FROM held ORDER BY id").fetch_all(connection).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn holds_and_cuts_commit_of_a_mysql_transaction_before_in_and_after() {
    let folder = crate::support::folder();
    let mysql = Mysql::start(crate::support::tools(), folder.path(), &MysqlOptions::default()).await.unwrap();
    let database = Database::make(&mysql, "garimpo").await.unwrap();
    let mut root = mysql.root("garimpo").acquire().await.unwrap().detach();
    sqlx::raw_sql("CREATE TABLE held (id BIGINT PRIMARY KEY)").execute(&mut root).await.unwrap();
    let proxy = Proxy::start(Protocol::Mysql).await.unwrap();
    proxy.forward_to(mysql.address());
    let direct = database.transformer.options(&mysql, "garimpo").unwrap();
    // The usual mode, which would take TLS if it were offered: the proxy must still be able to read.
    let proxied = direct.port(proxy.address().port()).ssl_mode(sqlx::mysql::MySqlSslMode::Preferred);

    let mut before = proxy.hold(Rule::mysql("COMMIT"));
    let writes = tokio::spawn(insert(proxied.clone(), 1));
    before.reached(LIMIT).await.unwrap();
    assert_eq!(ids(&mut root).await, [0; 0]);
    before.release();
    writes.await.unwrap().unwrap();
    assert_eq!(ids(&mut root).await, [1]);

    let mut never_sent = proxy.hold(Rule::mysql("COMMIT"));
    let writes = tokio::spawn(insert(proxied.clone(), 2));
    never_sent.reached(LIMIT).await.unwrap();
    never_sent.cut();
    writes.await.unwrap().unwrap_err();
    assert_eq!(ids(&mut root).await, [1]);

    let mut committed = proxy.hold(Rule::mysql("commit").after_answer());
    let writes = tokio::spawn(insert(proxied.clone(), 3));
    committed.reached(LIMIT).await.unwrap();
    assert_eq!(ids(&mut root).await, [1, 3]);
    assert!(!writes.is_finished());
    committed.cut();
    writes.await.unwrap().unwrap_err();

    let mut prepared = proxy.hold(Rule::mysql("INSERT INTO held").number(2).in_flight());
    insert(proxied.clone(), 4).await.unwrap();
    let mut writes = tokio::spawn(insert(proxied.clone(), 5));
    let seen = prepared.reached(LIMIT).await.unwrap();
    assert_eq!(seen.request, "INSERT INTO held VALUES (?)");
    assert!(tokio::time::timeout(HELD, &mut writes).await.is_err(), "the answer went on");
    prepared.release();
    writes.await.unwrap().unwrap();
    assert_eq!(ids(&mut root).await, [1, 3, 4, 5]);

    proxy.go_down();
    insert(proxied.clone(), 6).await.unwrap_err();
    proxy.forward_to(mysql.address());
    insert(proxied, 6).await.unwrap();
    assert_eq!(ids(&mut root).await, [1, 3, 4, 5, 6]);
}
