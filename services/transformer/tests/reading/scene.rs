//! A sandbox with the schema in place and a feed of batches, and what the tests ask of it.

use std::time::Duration;

use contract::TweetBatch;
use sandbox::feed::{Feed, Pages};
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
        let turn = sandbox::turns::turn().await;
        let options = SandboxOptions { simulator: None, ..SandboxOptions::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        let migrated = sandbox.migrator("migrator").run(&["migrate"], LIMIT).await.unwrap();
        assert_eq!(migrated.ended, Ended::Exited(0), "{}", migrated.stderr);
        let feed = Feed::open(&sandbox.kafka.brokers(), "feed").await.unwrap();
        Self { feed, rows: sandbox.mysql.root("garimpo"), sandbox, _turn: turn }
    }

    pub(crate) fn transformer(&self, name: &str) -> ServiceSpec {
        self.sandbox.transformer(name).set("telemetry.export_interval", "500ms")
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

    /// A page of ten posts.
    pub(crate) fn page(&self) -> TweetBatch {
        Pages { seed: 7, posts: 10 }.page("quarentena", 1, 1)
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

    /// Waits until the one batch has its row.
    pub(crate) async fn until_written(&self, service: &Service) {
        let written = async || {
            let count: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM batches").fetch_one(&self.rows).await.unwrap();
            count == 1
        };
        self.until(service, "the batch", written).await;
    }
}
