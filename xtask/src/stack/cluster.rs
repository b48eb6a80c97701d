//! Three brokers, each of them dead for a while under load: nothing is lost, and no longer stall than an election takes.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::containers;
use super::engine::docker;
use super::findings::Findings;
use super::run::output;
use super::test::Running;
use super::{posts, telemetry, up};

const BROKERS: [&str; 3] = ["kafka", "kafka-2", "kafka-3"];
const ADDRESSES: &str = "kafka:9092,kafka-2:9092,kafka-3:9092";
/// For how long each is dead: longer than the longest stall, so that one that has no end shows.
const DEAD: Duration = Duration::from_secs(45);
/// No batch is stored for so long at most. A dead leader is given up after 6 s (the controller's session with its broker), up to
/// 4 s later where it was the controller itself; then leaders, the transactions' and the group's coordinators are found anew.
const STALL: Duration = Duration::from_secs(30);
const BACK: Duration = Duration::from_secs(120);
const NOW: &str = "SELECT CAST(UTC_TIMESTAMP(3) AS CHAR)";
/// Seconds from a moment until each batch since then was stored.
const STORED: &str = "SELECT TIMESTAMPDIFF(MICROSECOND, CAST(? AS DATETIME(3)), applied_at) / 1e6 + 0e0 AS moment FROM batches \
                      WHERE posts > 0 AND applied_at >= CAST(? AS DATETIME(3)) ORDER BY moment";

/// Kills one broker after another while posts come in.
pub(super) async fn play(running: &Running, findings: &mut Findings) -> Result<()> {
    findings.part("Three brokers and two transformers");
    let transformers = running.containers.iter().filter(|one| one.service == "transformer").count();
    findings.is(transformers == 2, format!("{transformers} transformers share one group"));
    for one in &running.containers {
        findings.is(up::is_well(one), format!("{} is {}", one.service, one.state));
    }
    copies(running, findings)?;
    for broker in BROKERS {
        findings.part(&format!("{broker} is dead while posts come in"));
        let id = &running.container(broker)?.id;
        let (killed, began): (String, _) =
            (sqlx::query_scalar(NOW).fetch_one(&running.rows).await?, Instant::now());
        // A kill by Docker counts as a wish to stop: it stays dead.
        output(docker(&["kill", id]))?;
        tokio::time::sleep(DEAD).await;
        let stored: Vec<f64> =
            sqlx::query_scalar(STORED).bind(&killed).bind(&killed).fetch_all(&running.rows).await?;
        let longest = longest_gap(&stored, began.elapsed().as_secs_f64());
        findings.is(
            longest <= STALL.as_secs_f64(),
            format!(
                "{} batches are stored in the {} s without {broker}, none for {longest:.1} s at most; {} s are allowed",
                stored.len(),
                DEAD.as_secs(),
                STALL.as_secs()
            ),
        );
        output(docker(&["start", id]))?;
        // Healthy is not enough: the next kill is to find two copies of everything.
        let back = telemetry::until(BACK, async || {
            containers::of(&running.project)
                .is_ok_and(|all| containers::service(&all, broker).is_ok_and(up::is_well))
                && topics(running, &["--under-replicated-partitions"])
                    .is_ok_and(|behind| !behind.contains("Topic:"))
        })
        .await;
        findings.is(back, format!("{broker} is back, healthy, and holds every copy it has to"));
    }
    running.simulator.halt().await?;
    posts::agree(running, findings, "after each broker was dead").await
}

/// The longest time without any of these moments, from 0 to `end`.
fn longest_gap(moments: &[f64], end: f64) -> f64 {
    let from = std::iter::once(0.0).chain(moments.iter().copied());
    let to = moments.iter().copied().chain([end]);
    from.zip(to).map(|(from, to)| to - from).fold(0.0, f64::max)
}

/// Reads back what was asked for: three copies, and no acknowledgement before two have it.
fn copies(running: &Running, findings: &mut Findings) -> Result<()> {
    let told = topics(running, &[])?;
    let topics: Vec<Topic<'_>> = told.lines().filter_map(Topic::read).collect();
    for name in ["tweets.batches.v1", "extractor.cursors.v1", "__consumer_offsets", "__transaction_state"] {
        findings.is(topics.iter().any(|topic| topic.name == name), format!("Kafka has the topic {name}"));
    }
    for topic in topics {
        let Topic { name, copies, least } = topic;
        findings.is(
            copies == "3" && least == "2",
            format!("{name}: replication factor {copies}, min.insync.replicas {least}"),
        );
    }
    Ok(())
}

/// What Kafka's own tool says of the topics; it lies in the pinned image as in its stand-in.
fn topics(running: &Running, words: &[&str]) -> Result<String> {
    let java = ["java", "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp"];
    let tool = ["/opt/kafka/libs/*", "org.apache.kafka.tools.TopicCommand", "--bootstrap-server", ADDRESSES];
    let kafka = running.container(BROKERS[0])?;
    let told = output(docker(&[&["exec", &kafka.id], &java[..], &tool, &["--describe"], words].concat()))?;
    // Its errors may come with a good end.
    ensure!(!told.contains("Error while executing"), "Kafka's tool says: {told}");
    Ok(told)
}

/// A topic's line of `--describe`; the lines of its partitions are indented.
#[derive(Debug, PartialEq, Eq)]
struct Topic<'a> {
    name: &'a str,
    copies: &'a str,
    least: &'a str,
}

impl<'a> Topic<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let field = |name: &str| {
            line.split('\t').find_map(|field| field.strip_prefix(name)?.strip_prefix(": ")).map(str::trim)
        };
        let settings = field("Configs").unwrap_or_default().split(',');
        let least = settings
            .filter_map(|setting| setting.split_once('='))
            .find_map(|(name, value)| (name == "min.insync.replicas").then_some(value));
        Some(Self {
            name: field("Topic")?,
            copies: field("ReplicationFactor")?,
            least: least.unwrap_or("not set"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_shows_wherever_it_lies() {
        assert_eq!(longest_gap(&[], 45.0), 45.0);
        assert_eq!(longest_gap(&[1.0, 2.0, 3.0], 45.0), 42.0);
        assert_eq!(longest_gap(&[1.0, 20.0, 40.0], 45.0), 20.0);
        assert_eq!(longest_gap(&[30.0, 40.0], 45.0), 30.0);
    }

    #[test]
    fn copies_are_read_from_what_the_tool_says() {
        let told = "Topic: tweets.batches.v1\tTopicId: dWy2_Y1rTDWcz3wwtH1Q8Q\tPartitionCount: 6\tReplicationFactor: 3\t\
                    Configs: min.insync.replicas=2,retention.ms=2592000000\n\
                    \tTopic: tweets.batches.v1\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: \n\
                    Topic: bare\tTopicId: dWy2_Y1rTDWcz3wwtH1Q8Q\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n";
        let found: Vec<_> = told.lines().filter_map(Topic::read).collect();
        let topic = |name, copies, least| Topic { name, copies, least };
        assert_eq!(found, [topic("tweets.batches.v1", "3", "2"), topic("bare", "1", "not set")]);
    }
}
