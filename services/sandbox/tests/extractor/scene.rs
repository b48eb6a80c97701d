//! One test's scene: a simulator with posts, empty topics, an empty database, and an extractor with one rule.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use contract::topics::{BATCHES, COMPLIANCE, CURSORS, REJECTED};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use sandbox::environment::Sandbox;
use sandbox::mysql::Database;
use sandbox::process::Ended;
use sandbox::service::{Service, ServiceSpec};
use sandbox::simulator::{Simulator, SimulatorOptions, TruthKind};
use sandbox::topics::{Committed, committed};
use sandbox::verdict::{Collected, Sources, Verdict};
use sandbox::wait::throughout;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// For anything that is waited for: far beyond what it takes on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
/// The rule of every scene.
pub(crate) const RULE: &str = "covid";
/// Its query: what the generated posts are about.
pub(crate) const QUERY: &str =
    "covid OR covid19 OR coronavirus OR quarentena OR quarantine OR \"fique em casa\"";
/// The endpoint faults are aimed at; the free one of the start is left alone.
pub(crate) const SEARCH: &str = "/2/tweets/search/recent";
/// Two polls and a half: who was going to ask would have.
const QUIET: Duration = Duration::from_millis(2500);
/// What may be spent where the limit is not the point.
pub(crate) const AMPLE_USD: &str = "100";

/// What a scene begins with.
#[derive(Clone, Copy)]
pub(crate) struct Stage {
    /// Posts that exist; about nine of ten match.
    pub(crate) posts: u64,
    /// Flags of the simulator.
    pub(crate) flags: &'static [&'static str],
}

impl Stage {
    pub(crate) const fn posts(posts: u64) -> Self {
        Self { posts, flags: &[] }
    }
}

/// A scene in play.
pub(crate) struct Scene {
    pub(crate) sandbox: Sandbox,
    name: String,
    folder: PathBuf,
    rules: PathBuf,
}

impl Scene {
    pub(crate) async fn open(mut sandbox: Sandbox, stage: Stage) -> Self {
        static SCENES: AtomicU32 = AtomicU32::new(1);
        let name = format!("scene{}", SCENES.fetch_add(1, Ordering::Relaxed));
        let folder = sandbox.folder().join(&name);
        remove_topics(&sandbox.kafka.brokers()).await;
        let options = SimulatorOptions {
            posts: stage.posts,
            arguments: stage.flags.iter().map(ToString::to_string).collect(),
            ..SimulatorOptions::default()
        };
        sandbox.simulator = Some(Simulator::start(&folder.join("simulator"), &options).await.unwrap());
        sandbox.database = Database::make(&sandbox.mysql, &name).await.unwrap();
        let migrator = sandbox.migrator(&format!("{name}-migrator")).set("mysql.database", &name);
        let migrated = migrator.run(&["migrate"], LIMIT).await.unwrap();
        assert_eq!(migrated.ended, Ended::Exited(0), "{}", migrated.stderr);
        let rules = folder.join("rules.toml");
        let scene = Self { sandbox, name, folder, rules };
        scene.write_rules(&[(RULE, QUERY)]);
        scene
    }

    pub(crate) async fn close(mut self) -> Sandbox {
        self.sandbox.simulator = None;
        self.sandbox
    }

    /// Where this scene's processes keep their files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn simulator(&self) -> &Simulator {
        self.sandbox.simulator.as_ref().unwrap()
    }

    /// What the extractor collects from its next start on: from two hours ago, that is all there is.
    pub(crate) fn write_rules(&self, rules: &[(&str, &str)]) {
        self.write_rules_from(OffsetDateTime::now_utc() - Duration::from_secs(2 * 3600), rules);
    }

    /// What the extractor collects from its next start on, from this time on.
    pub(crate) fn write_rules_from(&self, start: OffsetDateTime, rules: &[(&str, &str)]) {
        let start = start.format(&Rfc3339).unwrap();
        let rule = |(name, query): &(&str, &str)| {
            format!("[[rules]]\nname = '{name}'\nquery = '{query}'\nstart = '{start}'\nmax_results = 50\n")
        };
        std::fs::write(&self.rules, rules.iter().map(rule).collect::<String>()).unwrap();
    }

    /// The extractor, connected directly; it polls every second, up to now.
    pub(crate) fn extractor(&self) -> ServiceSpec {
        self.extractor_named("extractor")
    }

    /// The extractor, connected to Kafka through the proxy.
    pub(crate) fn extractor_by_proxy(&self) -> ServiceSpec {
        self.extractor().set("kafka.brokers", self.sandbox.kafka_proxy.address().to_string())
    }

    /// Another process with the same identity.
    pub(crate) fn extractor_named(&self, name: &str) -> ServiceSpec {
        let spec = self.sandbox.extractor(&format!("{}-{name}", self.name));
        spec.argument("--rules")
            .argument(self.rules.clone())
            .set("collect.identity", &self.name)
            .set("collect.settle", "0s")
            .set("collect.poll_interval", "1s")
            .set("budget.daily_usd", AMPLE_USD)
            .set("telemetry.log_level", "debug,h2=info,hyper=info,reqwest=info,hyper_util=info,rustls=info")
    }

    /// Ids of the posts that match and exist now.
    pub(crate) async fn matching(&self) -> Vec<String> {
        let truth = self.simulator().truth(QUERY).await.unwrap();
        truth.into_iter().filter(|post| post.kind == TruthKind::Matched).map(|post| post.id).collect()
    }

    /// Waits until every post that matches, and still exists, was served to `extractor`.
    pub(crate) async fn all_served_to(&self, extractor: &Service) {
        let mut known = 0;
        self.until(extractor, "served with all posts", async || {
            let served = self.simulator().served().await.unwrap().posts;
            // The truth is long: asked for when nothing more seems to come.
            if served.len() > std::mem::replace(&mut known, served.len()) {
                return None;
            }
            let wanted = self.matching().await;
            assert!(!wanted.is_empty());
            wanted.iter().all(|id| served.get(id).is_some_and(|times| times.data > 0)).then_some(())
        })
        .await;
    }

    /// Waits until `found` finds what it looks for while `service` lives.
    pub(crate) async fn until<T>(
        &self,
        service: &Service,
        what: &'static str,
        found: impl AsyncFnMut() -> Option<T>,
    ) -> T {
        service.process().until(what, LIMIT, found).await.unwrap()
    }

    /// Requests for pages answered so far, with whatever status.
    pub(crate) async fn requests(&self) -> u64 {
        self.simulator().served().await.unwrap().requests.values().sum()
    }

    /// Answers with this status so far.
    pub(crate) async fn answers(&self, status: u16) -> u64 {
        let requests = self.simulator().served().await.unwrap().requests;
        requests.get(&status.to_string()).copied().unwrap_or(0)
    }

    /// Waits until the rule was polled so often.
    pub(crate) async fn polls(&self, extractor: &Service, times: u64) {
        let before = self.requests().await;
        self.until(extractor, "polling", async || (self.requests().await >= before + times).then_some(()))
            .await;
    }

    /// Sees that nobody asks X for anything while several polls would have been due.
    pub(crate) async fn asks_nothing_more(&self) {
        let before = self.requests().await;
        throughout("X left alone", QUIET, async || self.requests().await == before).await.unwrap();
    }

    /// Gaps on record: from and to.
    pub(crate) async fn gaps(&self) -> Vec<(OffsetDateTime, OffsetDateTime)> {
        let rows = self.sandbox.mysql.root(&self.name);
        let gaps = sqlx::query_as(GAPS).fetch_all(&rows).await.unwrap();
        rows.close().await;
        gaps
    }

    /// Waits for the end of the collection, stops the extractor, applies all batches and compares.
    pub(crate) async fn end_with(&self, extractor: Service) -> Verdict {
        self.all_served_to(&extractor).await;
        assert_eq!(extractor.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", extractor.log());
        self.verdict().await
    }

    /// Ids of all batches in the topic, each once.
    pub(crate) async fn batch_ids(&self) -> Vec<String> {
        let messages = committed(&self.sandbox.kafka.brokers(), BATCHES, LIMIT).await.unwrap();
        let id = |message: &Committed| message.headers[contract::headers::BATCH_ID].clone();
        let mut ids: Vec<_> =
            messages.iter().map(|message| String::from_utf8(id(message)).unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The transformer of this scene's database.
    pub(crate) fn transformer(&self) -> ServiceSpec {
        self.sandbox
            .transformer(&format!("{}-transformer", self.name))
            .set("mysql.database", &self.name)
            .set("kafka.group_id", &self.name)
    }

    /// Applies all batches of the topic and compares all sides.
    pub(crate) async fn verdict(&self) -> Verdict {
        let brokers = self.sandbox.kafka.brokers();
        let batches = self.batch_ids().await;
        let rows = self.sandbox.mysql.root(&self.name);
        let transformer = self.transformer().start().unwrap();
        self.until(&transformer, "applying all batches", async || {
            let applied: i64 = sqlx::query_scalar("SELECT COUNT(DISTINCT batch_id) FROM batches")
                .fetch_one(&rows)
                .await
                .unwrap();
            (usize::try_from(applied).unwrap() == batches.len()).then_some(())
        })
        .await;
        assert_eq!(transformer.terminate(LIMIT).await.unwrap(), Ended::Exited(0), "{}", transformer.log());
        let rules = [Collected { rule: RULE.to_owned(), query: QUERY.to_owned(), ..Collected::default() }];
        let sources = Sources { simulator: self.simulator(), brokers: &brokers, rows: &rows, rules: &rules };
        let verdict = Verdict::read(sources, LIMIT).await;
        rows.close().await;
        verdict.unwrap()
    }
}

const GAPS: &str = "SELECT from_at, to_at FROM coverage WHERE kind = 'gap' ORDER BY from_at";

/// Removes what the scene before left.
pub(crate) async fn remove_topics(brokers: &str) {
    let admin: AdminClient<DefaultClientContext> =
        ClientConfig::new().set("bootstrap.servers", brokers).create().unwrap();
    let topics = [BATCHES, CURSORS, REJECTED, COMPLIANCE];
    let options = AdminOptions::new().operation_timeout(Some(LIMIT));
    for removed in admin.delete_topics(&topics, &options).await.unwrap() {
        match removed {
            Ok(_) | Err((_, rdkafka::types::RDKafkaErrorCode::UnknownTopicOrPartition)) => {}
            Err((topic, code)) => panic!("the topic {topic} cannot be removed: {code}"),
        }
    }
}

/// What must hold after a run in which nothing was bought again.
#[track_caller]
pub(crate) fn assert_agrees(verdict: &Verdict) {
    assert!(verdict.agrees(), "\n{verdict}");
    assert_within(verdict, AMPLE_USD);
}

/// What must hold after a run in which so many answers were lost on their way.
#[track_caller]
pub(crate) fn assert_agrees_after(verdict: &Verdict, lost: u64) {
    assert!(verdict.agrees_after(lost), "after {lost} lost answers:\n{verdict}");
    assert_within(verdict, AMPLE_USD);
}

#[track_caller]
pub(crate) fn assert_within(verdict: &Verdict, limit_usd: &str) {
    let limit: f64 = limit_usd.parse().unwrap();
    #[expect(clippy::cast_precision_loss, reason = "a few dollars")]
    let bill = verdict.money.bill as f64 / 1e6;
    assert!(bill > 0.0 && bill <= limit, "billed ${bill} with a limit of ${limit}");
}
