//! On a real Kafka: what is committed together is seen together, and one identity has one writer.

#![expect(clippy::unwrap_used, reason = "a test ends where its ground gives way")]

use std::sync::{Arc, Weak};
use std::time::Duration;

use contract::topics::{BATCHES, CURSORS};
use contract::{Cursor, Money, Started, TweetBatch, decode, encode};
use extractor::config::KafkaSettings;
use extractor::to_kafka::{Failure, ToKafka, Transaction};
use extractor::topics::{TopicError, Topics};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use sandbox::folder::Folder;
use sandbox::kafka::{Kafka, KafkaOptions};
use sandbox::setup::{Cache, Progress, set_up};
use sandbox::topics::{Committed, committed};
use sandbox::wait;
use tokio::sync::{Mutex, OnceCell};

const LIMIT: Duration = Duration::from_secs(60);

/// One broker for all tests of this process, each under an identity and a rule of its own; it ends with the last of
/// them.
struct Broker {
    settings: KafkaSettings,
    // Dropped in this order: the process, then its folder.
    _kafka: Kafka,
    _folder: Folder,
}

static BROKER: Mutex<Weak<OnceCell<Broker>>> = Mutex::const_new(Weak::new());

/// A test's own corner of the broker.
struct Corner {
    broker: Arc<OnceCell<Broker>>,
    name: &'static str,
}

impl Corner {
    async fn of(name: &'static str) -> Self {
        let mut shared = BROKER.lock().await;
        let broker = shared.upgrade().unwrap_or_default();
        *shared = Arc::downgrade(&broker);
        drop(shared);
        broker.get_or_init(start).await;
        Self { broker, name }
    }

    fn settings(&self) -> &KafkaSettings {
        &self.broker.get().unwrap().settings
    }

    fn process(&self, instance: &str) -> Started {
        Started { identity: self.name.to_owned(), instance: instance.to_owned(), ..Started::default() }
    }

    fn cursor(&self, page: i32) -> Cursor {
        let (rule, identity) = (self.name.to_owned(), self.name.to_owned());
        Cursor { rule, identity, walk: 1, page, ..Cursor::default() }
    }

    /// A page: batch, cursor and money.
    fn page(&self, number: i32) -> Transaction {
        let batch = TweetBatch { batch_id: format!("{}/1/{number}", self.name), ..TweetBatch::default() };
        let identity = self.name.to_owned();
        let money = Money { identity, spent_usd_micros: number.into(), ..Money::default() };
        let headers = vec![("batch-id".to_owned(), batch.batch_id.clone())];
        let transaction = Transaction::new().cursor(&self.cursor(number)).unwrap().money(&money).unwrap();
        transaction.batch(format!("{}/1", self.name), encode(&batch).unwrap(), headers)
    }

    async fn seen(&self, topic: &str) -> Vec<Committed> {
        let mut messages = committed(&self.settings().brokers, topic, LIMIT).await.unwrap();
        messages
            .retain(|message| String::from_utf8_lossy(&message.key).split('/').any(|part| part == self.name));
        messages
    }

    /// Pages that a reader sees.
    async fn pages(&self) -> Vec<i32> {
        let page = |value: &[u8]| {
            let batch = decode::<TweetBatch>(value, |_| None).unwrap();
            batch.batch_id.parse::<contract::BatchId>().unwrap().page
        };
        self.seen(BATCHES).await.iter().map(|message| page(&message.payload)).collect()
    }
}

async fn start() -> Broker {
    let tools = tokio::task::spawn_blocking(|| set_up(&Cache::of_this_user()?, &Progress::silent()));
    let tools = tools.await.unwrap().unwrap();
    let folder = Folder::make(false).unwrap();
    let kafka = Kafka::start(&tools, folder.path(), &KafkaOptions::default()).await.unwrap();
    let settings = KafkaSettings {
        brokers: kafka.brokers(),
        replication_factor: 1,
        retention_days: 30,
        start_timeout: "30s".parse().unwrap(),
    };
    Topics::new(&settings).unwrap().ensure().await.unwrap();
    Broker { settings, _kafka: kafka, _folder: folder }
}

fn unexpected(failure: &Failure) {
    panic!("{failure}");
}

#[tokio::test]
async fn batch_cursor_and_money_are_seen_together_and_found_again_by_the_next_start() {
    let corner = Corner::of("together").await;
    let (mut kafka, empty) = ToKafka::start(corner.settings(), corner.process("first")).await.unwrap();
    assert_eq!(empty.cursor("together").unwrap(), None);
    let receipt = kafka.commit(&corner.page(1), unexpected).await.unwrap();
    assert_eq!(corner.pages().await, [1]);
    let records = corner.seen(CURSORS).await;
    let keys: Vec<_> =
        records.iter().map(|record| String::from_utf8_lossy(&record.key).into_owned()).collect();
    assert_eq!(keys, ["started/together", "cursor/together", "money/together"]);
    let message = &corner.seen(BATCHES).await[0];
    assert_eq!(receipt.batch, Some((message.partition, message.offset)));
    assert_eq!(message.headers["batch-id"], b"together/1/1");

    let (_kafka, found) = ToKafka::start(corner.settings(), corner.process("second")).await.unwrap();
    assert_eq!(found.cursor("together").unwrap(), Some(corner.cursor(1)));
    assert_eq!(found.money("together").unwrap().unwrap().spent_usd_micros, 1);
    assert_eq!(found.first_owner("together").as_deref(), Some("together"));
}

#[tokio::test]
async fn the_older_of_two_with_one_identity_is_told_who_took_over_and_writes_nothing() {
    let corner = Corner::of("two").await;
    let (mut older, _) = ToKafka::start(corner.settings(), corner.process("older")).await.unwrap();
    older.commit(&corner.page(1), unexpected).await.unwrap();
    let (mut newer, _) = ToKafka::start(corner.settings(), corner.process("newer")).await.unwrap();
    for _ in 0..2 {
        let fenced = older.commit(&corner.page(2), |_| ()).await.unwrap_err();
        assert_eq!(fenced.by.instance, "newer");
    }
    // Asking must not have fenced the newer one.
    newer.commit(&corner.page(3), unexpected).await.unwrap();
    assert_eq!(corner.pages().await, [1, 3]);
}

/// What another extractor leaves open hides what is committed behind it from a reader of committed records.
#[tokio::test]
async fn a_start_behind_the_open_transaction_of_another_identity_is_not_overlooked() {
    let corner = Corner::of("behind").await;
    let (mut older, _) = ToKafka::start(corner.settings(), corner.process("older")).await.unwrap();
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &corner.settings().brokers).set("isolation.level", "read_uncommitted");
    let other: BaseProducer = config.clone().set("transactional.id", "behind-another").create().unwrap();
    other.init_transactions(LIMIT).unwrap();
    other.begin_transaction().unwrap();
    other.send(BaseRecord::to(CURSORS).key("cursor/behind-another").payload("open")).unwrap();
    other.flush(LIMIT).unwrap();
    let written = async || {
        let all: BaseConsumer = config.create().unwrap();
        all.fetch_watermarks(CURSORS, 0, LIMIT).unwrap().1
    };
    let before = written().await;
    let (settings, newer) = (corner.settings().clone(), corner.process("newer"));
    let newer = tokio::spawn(async move { ToKafka::start(&settings, newer).await });
    // Its start record and the end of that transaction.
    let started = async || (written().await >= before + 2).then_some(());
    wait::until("the newer one's start", LIMIT, started).await.unwrap();
    let page = corner.page(1);
    let taken = tokio::spawn(async move { older.commit(&page, |_| ()).await });
    let undecided = async || !taken.is_finished();
    wait::throughout("nothing is decided", Duration::from_secs(9), undecided).await.unwrap();
    other.abort_transaction(LIMIT).unwrap();
    assert_eq!(taken.await.unwrap().unwrap_err().by.instance, "newer");
    newer.await.unwrap().unwrap();
    assert_eq!(corner.pages().await, [0; 0]);
}

#[tokio::test]
async fn a_producer_that_broke_without_anybody_starting_is_replaced_and_commits_once() {
    let corner = Corner::of("broken").await;
    let (mut kafka, _) = ToKafka::start(corner.settings(), corner.process("only")).await.unwrap();
    kafka.commit(&corner.page(1), unexpected).await.unwrap();
    // As when the broker gave up a transaction that took too long: the epoch is another one, but nobody started.
    let brokers = corner.settings().brokers.clone();
    let bump = tokio::task::spawn_blocking(move || {
        let other: BaseProducer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("transactional.id", "extractor-broken")
            .create()
            .unwrap();
        other.init_transactions(LIMIT).unwrap();
    });
    bump.await.unwrap();
    kafka.commit(&corner.page(2), |_| ()).await.unwrap();
    kafka.commit(&corner.page(3), unexpected).await.unwrap();
    assert_eq!(corner.pages().await, [1, 2, 3]);
}

#[tokio::test]
async fn a_topic_with_other_settings_is_refused_by_name_and_difference() {
    let corner = Corner::of("topics").await;
    let other = KafkaSettings { retention_days: 7, ..corner.settings().clone() };
    let error = Topics::new(&other).unwrap().ensure().await.unwrap_err();
    let TopicError::Settings { topic, .. } = &error else { panic!("{error}") };
    assert_eq!(topic, BATCHES);
    let text = error.to_string();
    assert!(text.contains("retention.ms is 2592000000, has to be 604800000"), "{text}");
}
