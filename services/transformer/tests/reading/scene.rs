//! A sandbox with the schema in place and a feed of batches, and what the tests ask of it.

use std::time::Duration;

use contract::TweetBatch;
use sandbox::feed::{Feed, Pages, Parcel};
use sandbox::process::Ended;
use sandbox::service::{Finished, Service, ServiceSpec};
use sandbox::{Sandbox, SandboxOptions};
use sqlx::MySqlPool;

/// For whatever takes a moment: a build may run beside the test.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

pub(crate) struct Scene {
    pub(crate) feed: Feed,
    pub(crate) rows: MySqlPool,
    // Last: the processes write into its folder.
    pub(crate) sandbox: Sandbox,
    _turn: sandbox::turns::Turn,
}

impl Scene {
    pub(crate) async fn open() -> Self {
        // One Kafka at a time is enough for two cores.
        let turn = sandbox::turns::turn().await;
        let options = SandboxOptions { simulator: None, ..SandboxOptions::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        let migrated = sandbox.migrator("migrator").run(&["migrate"], LIMIT).await.unwrap();
        assert_eq!(migrated.ended, Ended::Exited(0), "{}", migrated.stderr);
        let feed = Feed::open(&sandbox.kafka.brokers(), "feed").await.unwrap();
        Self { feed, rows: sandbox.mysql.root("garimpo"), sandbox, _turn: turn }
    }

    /// Quick to pause and to come back, and quick to notice a member that died.
    pub(crate) fn transformer(&self, name: &str) -> ServiceSpec {
        let spec = self.sandbox.transformer(name).set("pause.first", "50ms").set("pause.longest", "200ms");
        spec.set("telemetry.export_interval", "500ms")
    }

    pub(crate) async fn running(&self, spec: &ServiceSpec) -> Service {
        let service = spec.start().unwrap();
        service.ready(LIMIT).await.unwrap();
        service
    }

    /// Runs another subcommand beside the running one.
    pub(crate) async fn ask(&self, words: &[&str]) -> Finished {
        self.transformer("asked").run(words, LIMIT).await.unwrap()
    }

    /// Pages of ten posts, of one walk.
    pub(crate) fn pages(&self, walk: i64, pages: std::ops::RangeInclusive<i32>) -> Vec<TweetBatch> {
        let of = Pages { seed: 7, posts: 10 };
        pages.map(|page| of.page("quarentena", walk, page)).collect()
    }

    /// Sends batches to a partition of choice.
    pub(crate) async fn send_to(&self, partition: i32, batches: &[TweetBatch]) {
        let parcels = batches.iter().map(|batch| Parcel::of(batch).on_partition(partition)).collect();
        self.feed.send_as(batches, parcels).await.unwrap();
    }

    /// Sends bytes that are no batch; answers with the ids of its messages.
    pub(crate) async fn send_bytes(&self, partition: i32, values: &[&[u8]]) -> Vec<String> {
        let any = self.pages(1, 1..=1).remove(0);
        let parcel = |value: &&[u8]| Parcel::of(&any).with_value(value.to_vec()).on_partition(partition);
        let places = self.feed.send_raw(values.iter().map(parcel).collect()).await.unwrap();
        places
            .into_iter()
            .map(|(partition, offset)| format!("tweets.batches.v1/{partition}/{offset}"))
            .collect()
    }

    pub(crate) async fn count(&self, what: &'static str) -> i64 {
        sqlx::query_scalar(what).fetch_one(&self.rows).await.unwrap()
    }

    pub(crate) async fn batches(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM batches").await
    }

    /// Waits until a moment comes; `LIMIT` passing first ends the test with the service's log.
    pub(crate) async fn until(&self, service: &Service, what: &str, mut come: impl AsyncFnMut() -> bool) {
        let waited = tokio::time::timeout(LIMIT, async {
            let mut turns = tokio::time::interval(Duration::from_millis(50));
            while !come().await {
                turns.tick().await;
            }
        });
        assert!(waited.await.is_ok(), "{what} did not come; log:\n{}", service.log());
    }

    pub(crate) async fn until_batches(&self, service: &Service, count: i64) {
        self.until(service, "the awaited batch", async || self.batches().await == count).await;
    }
}

/// Body of `GET /health/ready` where it is not ready.
pub(crate) async fn not_ready(service: &Service) -> Option<String> {
    let (status, body) = service.health("ready").await?;
    (status == 503).then_some(body)
}
