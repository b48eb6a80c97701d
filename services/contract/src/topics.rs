//! Topics, and the settings a topic must have before a service uses it.

/// Batches of posts.
pub const BATCHES: &str = "tweets.batches.v1";
/// Cursor, money and start records of extractors; compacted.
pub const CURSORS: &str = "extractor.cursors.v1";
/// Dead letters.
pub const REJECTED: &str = "tweets.rejected.v1";
/// Deletions and edits to follow, by post id; compacted.
pub const COMPLIANCE: &str = "tweets.compliance.v1";

/// An answer is sent in parts where it would pass this many bytes encoded.
pub const PART_LIMIT_BYTES: usize = 900_000;
/// Largest message, on client and topic: librdkafka checks before compression.
pub const MESSAGE_LIMIT_BYTES: usize = 4 * 1024 * 1024;
/// Largest dead letter: a message at the limit and its envelope.
pub const REJECTED_LIMIT_BYTES: usize = 5 * 1024 * 1024;

/// What a topic has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSpec {
    /// Name.
    pub name: &'static str,
    /// Partitions; more is accepted, fewer is refused.
    pub partitions: i32,
    /// Settings that are created with the topic and refused where they differ.
    pub settings: Vec<(&'static str, String)>,
}

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// Every topic of garimpo. `retention_days` is that of batches and dead letters.
///
/// On one broker (`replication` of 1) each append is flushed, since an acknowledged message otherwise lies in the
/// page cache of the only machine that has it; with three, two replicas have to hold it.
pub fn specs(replication: i32, retention_days: u32) -> Vec<TopicSpec> {
    let retention = (u64::from(retention_days) * DAY_MS).to_string();
    let spec = |name, partitions, policy: &str, limit: usize, retained: bool| {
        let mut settings =
            vec![("cleanup.policy", policy.to_owned()), ("max.message.bytes", limit.to_string())];
        if retained {
            settings.push(("retention.ms", retention.clone()));
        }
        if replication == 1 {
            settings.push(("flush.messages", "1".to_owned()));
        } else {
            settings.push(("min.insync.replicas", "2".to_owned()));
        }
        TopicSpec { name, partitions, settings }
    };
    vec![
        spec(BATCHES, 6, "delete", MESSAGE_LIMIT_BYTES, true),
        spec(CURSORS, 1, "compact", MESSAGE_LIMIT_BYTES, false),
        spec(REJECTED, 1, "delete", REJECTED_LIMIT_BYTES, true),
        spec(COMPLIANCE, 1, "compact", MESSAGE_LIMIT_BYTES, false),
    ]
}

/// A setting that differs from what the topic has to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Setting.
    pub setting: String,
    /// What it has to be.
    pub wanted: String,
    /// What the broker says; `None` where it says nothing.
    pub found: Option<String>,
}

impl TopicSpec {
    /// What a topic lacks, given its partitions and a look-up of its settings.
    pub fn differences(
        &self,
        partitions: usize,
        setting: impl Fn(&str) -> Option<String>,
    ) -> Vec<Difference> {
        let mut differences = Vec::new();
        if i64::try_from(partitions).unwrap_or(i64::MAX) < i64::from(self.partitions) {
            differences.push(Difference {
                setting: "partitions".to_owned(),
                wanted: self.partitions.to_string(),
                found: Some(partitions.to_string()),
            });
        }
        for (name, wanted) in &self.settings {
            let found = setting(name);
            if found.as_deref() != Some(wanted.as_str()) {
                differences.push(Difference { setting: (*name).to_owned(), wanted: wanted.clone(), found });
            }
        }
        differences
    }
}
