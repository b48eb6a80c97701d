//! The transformer's settings: one struct a concern.

pub mod provisioning;

use std::num::NonZeroUsize;

use bootstrap::{
    ConfigError, DurationText, HealthSettings, Layers, Loaded, Required, Schema, Secret, TelemetrySettings,
};
use serde::Deserialize;

pub use crate::enrich::EnrichSettings;
pub use crate::rollups::RollupSettings;
pub use crate::to_mysql::{MysqlSettings, WriteSettings};

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
pub struct Settings {
    /// `[kafka]`
    pub kafka: KafkaSettings,
    /// `[schema_registry]`
    pub schema_registry: RegistrySettings,
    /// `[mysql]`
    pub mysql: MysqlSettings,
    /// `[write]`
    pub write: WriteSettings,
    /// `[rollups]`
    pub rollups: RollupSettings,
    /// `[pause]`
    pub pause: PauseSettings,
    /// `[traces]`
    pub traces: TraceSettings,
    /// `[enrich]`
    pub enrich: EnrichSettings,
    /// `[telemetry]`
    pub telemetry: TelemetrySettings,
    /// `[health]`
    pub health: HealthSettings,
}

impl Settings {
    /// Looks whether the files that hold secrets can be read, before anything is started.
    ///
    /// # Errors
    /// The first that cannot; the error names the setting.
    pub fn require_secrets(&self) -> Result<(), ConfigError> {
        let file = self.mysql.password_file.as_ref();
        file.map_or(Ok(()), |file| Secret::read("mysql.password_file", file).map(|_| ()))
    }
}

/// Which brokers, in which group, and how much is held of what they send.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaSettings {
    /// `host:port`, separated by commas.
    pub brokers: String,
    /// Consumer group.
    pub group_id: String,
    /// Who assigns partitions.
    pub group_protocol: GroupProtocol,
    /// Name of a static member.
    pub instance_id: Option<String>,
    /// Until a silent member counts as dead (classic protocol).
    pub session_timeout: DurationText,
    /// Copies of a topic created here.
    pub replication_factor: i32,
    /// Retention of batches and dead letters.
    pub retention_days: u32,
    /// Read ahead by librdkafka, KiB.
    pub prefetch_kib: NonZeroUsize,
    /// Waiting for a writer, KiB of encoded batches.
    pub waiting_kib: NonZeroUsize,
}

/// Who assigns partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupProtocol {
    /// The group's leader, all partitions at a time (eager).
    Classic,
    /// The broker, partition by partition (KIP-848).
    Consumer,
}

/// Where schema ids of Confluent's framing are looked up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrySettings {
    /// REST URL.
    pub url: Option<String>,
    /// Limit of one request.
    pub timeout: DurationText,
}

/// What happens when something cannot be done now.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseSettings {
    /// First back-off.
    pub first: DurationText,
    /// Longest back-off.
    pub longest: DurationText,
    /// Messages in a row with something to set aside before nothing further is.
    pub rejected_in_a_row: u32,
}

/// How long traces are to be found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TraceSettings {
    /// Older messages start a trace of their own.
    pub kept: DurationText,
}

const SCHEMA: Schema = Schema {
    prefix: "TRANSFORMER",
    defaults: include_str!("../config/default.toml"),
    required: &[
        Required { key: "kafka.brokers", how: "where Kafka listens, such as 127.0.0.1:9092" },
        Required { key: "mysql.host", how: "where MySQL listens, such as 127.0.0.1" },
    ],
    reserved: &["CONFIG"],
};

/// Reads all layers.
///
/// # Errors
/// Unknown, missing or wrong settings, each named with its origin.
pub fn load(layers: &Layers) -> Result<Loaded<Settings>, ConfigError> {
    let loaded: Loaded<Settings> = SCHEMA.load(layers)?;
    let settings = &loaded.value;
    if settings.pause.first.is_zero() {
        return Err(invalid(&loaded, "pause.first", "it has to be above 0"));
    }
    if settings.rollups.interval.is_zero() {
        return Err(invalid(&loaded, "rollups.interval", "it has to be above 0"));
    }
    if settings.pause.longest < settings.pause.first {
        return Err(invalid(&loaded, "pause.longest", "it has to be at least pause.first"));
    }
    if !matches!(settings.kafka.replication_factor, 1 | 3..=5) {
        let reason = "1 (one broker) or 3 (two in sync); 2 stands still when one broker does";
        return Err(invalid(&loaded, "kafka.replication_factor", reason));
    }
    Ok(loaded)
}

fn invalid(loaded: &Loaded<Settings>, key: &str, reason: &str) -> ConfigError {
    let origin = loaded.origins.origin(key).cloned().unwrap_or(bootstrap::Origin::Embedded);
    ConfigError::Invalid { key: key.to_owned(), origin, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_with(variables: &[(&str, &str)]) -> Result<Loaded<Settings>, ConfigError> {
        let required =
            [("TRANSFORMER_KAFKA__BROKERS", "127.0.0.1:9092"), ("TRANSFORMER_MYSQL__HOST", "127.0.0.1")];
        let environment = required.iter().chain(variables).map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        load(&Layers { environment: environment.collect(), ..Layers::default() })
    }

    #[test]
    fn the_embedded_defaults_and_what_is_required_are_a_configuration() {
        let settings = load_with(&[]).unwrap().value;
        assert_eq!(settings.kafka.group_protocol, GroupProtocol::Classic);
        assert_eq!(settings.mysql.password_file, None);
        assert_eq!(settings.schema_registry.url, None);
        assert_eq!(settings.traces.kept.as_secs(), 72 * 3600);
    }

    #[test]
    fn what_cannot_work_is_refused_with_its_origin_and_reason() {
        let wrong = [
            [("TRANSFORMER_KAFKA__GROUP_PROTOCOL", "cooperative")],
            [("TRANSFORMER_KAFKA__REPLICATION_FACTOR", "2")],
            [("TRANSFORMER_PAUSE__LONGEST", "100ms")],
            [("TRANSFORMER_WRITE__WRITERS", "0")],
            [("TRANSFORMER_WRITE__WRITER", "2")],
            [("TRANSFORMER_TRACES__KEPT", "3 days")],
        ];
        let told: Vec<String> =
            wrong.iter().map(|variables| load_with(variables).unwrap_err().to_string()).collect();
        insta::assert_snapshot!(told.join("\n"));
    }
}
