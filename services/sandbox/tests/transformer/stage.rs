//! What each test stands on: Kafka and MySQL, the schema migrated, a feed of batches; and the judgement at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use contract::TweetBatch;
use contract::topics::{BATCHES, COMPLIANCE, REJECTED};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::types::RDKafkaErrorCode;
use sandbox::feed::{Feed, Parcel};
use sandbox::mysql::Database;
use sandbox::process::Ended;
use sandbox::service::{Service, ServiceSpec};
use sandbox::verdict::{Sides, Verdict};
use sandbox::{groups, topics, wait};
use serde_json::Value;
use sqlx::MySqlPool;

use crate::pool::Lease;

/// Of each wait: far more than it takes on a busy machine of two cores.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

pub(crate) struct Stage {
    pub(crate) feed: Arc<Feed>,
    pub(crate) pool: MySqlPool,
    /// Of database, group and folder: no test sees another's.
    pub(crate) name: String,
    // Last: it is given back when all that stands on it is gone.
    pub(crate) sandbox: Lease,
}

impl Stage {
    /// Everything but a transformer.
    pub(crate) async fn set() -> Self {
        let stage = Self::unmigrated().await;
        let migrated = stage.migrator().run(&["migrate"], LIMIT).await.unwrap();
        assert_eq!(migrated.ended, Ended::Exited(0), "{}", migrated.stderr);
        stage
    }

    /// As [`Stage::set`], with an empty database.
    pub(crate) async fn unmigrated() -> Self {
        static STAGES: AtomicU32 = AtomicU32::new(1);
        let mut sandbox = Lease::take().await;
        let name = format!("stage{}", STAGES.fetch_add(1, Ordering::Relaxed));
        remove_topics(&sandbox.kafka.brokers()).await;
        sandbox.database = Database::make(&sandbox.mysql, &name).await.unwrap();
        let feed = Feed::open(&sandbox.kafka.brokers(), &name).await.unwrap();
        Self { feed: Arc::new(feed), pool: sandbox.mysql.root(&name), name, sandbox }
    }

    /// What changes tables.
    pub(crate) fn migrator(&self) -> ServiceSpec {
        self.sandbox.migrator(&format!("{}-migrator", self.name)).set("mysql.database", &self.name)
    }

    /// A transformer that backs off briefly and tells what became of each batch; a static member of its group, so that
    /// it has its partitions back at once when it is started again.
    pub(crate) fn transformer(&self, name: &str) -> ServiceSpec {
        self.sandbox
            .transformer(&format!("{}-{name}", self.name))
            .set("mysql.database", &self.name)
            .set("kafka.group_id", &self.name)
            .set("kafka.instance_id", name)
            .set("kafka.session_timeout", "3s")
            .set("pause.first", "100ms")
            .set("pause.longest", "1s")
            .set("telemetry.log_format", "json")
            .set("telemetry.log_level", "info,transformer=debug")
    }

    /// As [`Stage::transformer`], with MySQL behind the proxy.
    pub(crate) fn behind_mysql_proxy(&self, name: &str) -> ServiceSpec {
        self.transformer(name).set("mysql.port", self.sandbox.mysql_proxy.address().port().to_string())
    }

    /// As [`Stage::transformer`], with Kafka behind the proxy.
    pub(crate) fn behind_kafka_proxy(&self, name: &str) -> ServiceSpec {
        self.transformer(name).set("kafka.brokers", self.sandbox.kafka_proxy.address().to_string())
    }

    pub(crate) fn brokers(&self) -> String {
        self.sandbox.kafka.brokers()
    }

    /// Batch ids in the ledger.
    pub(crate) async fn ledger(&self) -> BTreeSet<String> {
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT batch_id FROM batches").fetch_all(&self.pool).await.unwrap();
        ids.into_iter().collect()
    }

    /// A single number.
    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.pool).await.unwrap()
    }

    /// Waits until `more` batches than now are in the ledger.
    pub(crate) async fn applies(&self, more: usize) {
        let wanted = self.ledger().await.len() + more;
        let enough = async || (self.ledger().await.len() >= wanted).then_some(());
        wait::until("further rows of the ledger", LIMIT, enough).await.unwrap();
    }

    /// Waits until everything sent is in the ledger.
    pub(crate) async fn all_applied(&self) {
        let sent = self.feed.sent();
        let all = async || {
            let ledger = self.ledger().await;
            sent.batches.keys().all(|id| ledger.contains(id)).then_some(())
        };
        wait::until("a ledger row of each batch that was sent", LIMIT, all).await.unwrap();
    }

    /// Offsets the group has committed, by partition of the topic of batches.
    pub(crate) async fn offsets(&self) -> BTreeMap<i32, i64> {
        groups::committed(&self.brokers(), &self.name, BATCHES).await.unwrap()
    }

    /// Waits until the group has committed past every message of the topic of batches.
    pub(crate) async fn offsets_at_the_end(&self) {
        let messages = topics::committed(&self.brokers(), BATCHES, LIMIT).await.unwrap();
        let ends: BTreeMap<i32, i64> =
            messages.iter().map(|message| (message.partition, message.offset + 1)).collect();
        let reached = async || {
            let offsets = self.offsets().await;
            ends.iter().all(|(partition, end)| offsets.get(partition) == Some(end)).then_some(())
        };
        wait::until("offsets one past the last message of each partition", LIMIT, reached).await.unwrap();
    }

    /// Every message that the group's offsets have passed has its row in the ledger.
    pub(crate) async fn offsets_follow_the_ledger(&self) {
        let offsets = self.offsets().await;
        let rows: Vec<(i32, i64)> = sqlx::query_as("SELECT kafka_partition, kafka_offset FROM batches")
            .fetch_all(&self.pool)
            .await
            .unwrap();
        let rows: BTreeSet<(i32, i64)> = rows.into_iter().collect();
        for message in topics::committed(&self.brokers(), BATCHES, LIMIT).await.unwrap() {
            let place = (message.partition, message.offset);
            let passed = offsets.get(&place.0).is_some_and(|offset| *offset > place.1);
            assert!(!passed || rows.contains(&place), "offsets {offsets:?} lead: {place:?} is not applied");
        }
    }

    /// One further batch on a partition, and everything sent is applied and committed.
    pub(crate) async fn applies_on(&self, partition: i32, batch: TweetBatch) {
        let parcel = Parcel::of(&batch).on_partition(partition);
        self.feed.send_as(&[batch], vec![parcel]).await.unwrap();
        self.all_applied().await;
        self.offsets_at_the_end().await;
    }

    /// Messages of the dead-letter topic.
    pub(crate) async fn set_aside(&self) -> usize {
        topics::committed(&self.brokers(), REJECTED, LIMIT).await.unwrap().len()
    }

    /// Truth, topic and rows.
    pub(crate) async fn verdict(&self) -> Verdict {
        let sides = Sides::of_feed(&self.feed.sent(), &self.brokers(), &self.pool, LIMIT).await.unwrap();
        Verdict::of(&sides)
    }

    /// Waits until everything sent is applied and its offsets are committed; then truth, topic and rows hold the same,
    /// and nothing is doubled.
    pub(crate) async fn agrees(&self) {
        self.all_applied().await;
        self.offsets_at_the_end().await;
        let verdict = self.verdict().await;
        assert!(verdict.agrees(), "{verdict}");
    }
}

/// SIGTERM, and a good end.
pub(crate) async fn stop(service: &Service) {
    let ended = service.terminate(LIMIT).await.unwrap();
    assert_eq!(ended, Ended::Exited(0), "{}", service.process().last_lines());
}

/// The outcomes of each batch, over all starts of the service so far, as it logged them.
pub(crate) fn outcomes(service: &Service) -> BTreeMap<String, Vec<String>> {
    let mut outcomes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for fields in logged(service, "batch written") {
        let text = |key: &str| fields[key].as_str().unwrap_or_default().to_owned();
        outcomes.entry(text("batch")).or_default().push(text("outcome"));
    }
    outcomes
}

/// The fields of all lines with this message.
pub(crate) fn logged(service: &Service, message: &str) -> Vec<Value> {
    let lines = service.log();
    let fields = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    fields.map(|line| line["fields"].clone()).filter(|fields| fields["message"] == message).collect()
}

/// No batch was applied more than once, over all starts of these services.
pub(crate) fn applied_at_most_once(services: &[&Service]) {
    let mut applied: BTreeMap<String, usize> = BTreeMap::new();
    for service in services {
        for (batch, outcomes) in outcomes(service) {
            *applied.entry(batch).or_default() += outcomes.iter().filter(|o| *o == "applied").count();
        }
    }
    assert!(!applied.is_empty(), "no outcome was logged");
    let twice: Vec<_> = applied.into_iter().filter(|(_, times)| *times > 1).collect();
    assert!(twice.is_empty(), "applied twice: {twice:?}");
}

/// Fails until the transformer is ready, naming what it still waits for.
pub(crate) async fn ready(service: &Service) {
    service.ready(LIMIT).await.unwrap();
}

/// Waits until the service is not ready for a reason that holds all of `words`; returns the reasons.
pub(crate) async fn unready_for(service: &Service, words: &[&str]) -> String {
    let told = async || {
        let (status, body) = service.health("ready").await?;
        (status == 503 && words.iter().all(|word| body.contains(word))).then_some(body)
    };
    wait::until(&format!("readiness that names {words:?}"), LIMIT, told).await.unwrap()
}

/// The lines of `transformer rejected list --json`, with further arguments.
pub(crate) async fn rejected(spec: &ServiceSpec, further: &[&str]) -> Vec<Value> {
    let listed = spec.run(&[&["rejected", "list"], further].concat(), LIMIT).await.unwrap();
    assert_eq!(listed.ended, Ended::Exited(0), "{}", listed.stderr);
    listed.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Removes what the stage before left.
async fn remove_topics(brokers: &str) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create().unwrap();
    let options = AdminOptions::new().operation_timeout(Some(LIMIT));
    for removed in admin.delete_topics(&[BATCHES, REJECTED, COMPLIANCE], &options).await.unwrap() {
        match removed {
            Ok(_) | Err((_, RDKafkaErrorCode::UnknownTopicOrPartition)) => {}
            Err((topic, code)) => panic!("the topic {topic} cannot be removed: {code}"),
        }
    }
}
