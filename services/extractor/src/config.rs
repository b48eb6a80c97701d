//! The settings, a section for each part.

use std::path::PathBuf;

use bootstrap::{
    ConfigError, DurationText, HealthSettings, Layers, Loaded, Required, Schema, TelemetrySettings,
};
use serde::Deserialize;
use url::Url;
use x_api::Vocabulary;

use crate::money::UsdMicros;

/// The configuration: sections of `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// X.
    pub x: XSettings,
    /// Brokers and topics.
    pub kafka: KafkaSettings,
    /// The registry of schemas, if any.
    pub schema_registry: RegistrySettings,
    /// Defaults of all rules.
    pub collect: CollectSettings,
    /// The limit.
    pub budget: BudgetSettings,
    /// X's price list.
    pub prices: PriceSettings,
    /// What each thing shall hold.
    pub fields: FieldSettings,
    /// What to collect.
    #[serde(default)]
    pub rules: Vec<RuleSettings>,
    /// Logs, traces, metrics.
    pub telemetry: TelemetrySettings,
    /// The health endpoint.
    pub health: HealthSettings,
}

/// The section `[x]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct XSettings {
    /// Scheme, host, port.
    pub base_url: Url,
    /// File with the bearer token.
    pub token_file: PathBuf,
    /// Names in requests.
    pub vocabulary: Vocabulary,
    /// For one request.
    pub timeout: DurationText,
    /// How far back recent search reaches.
    pub recent_window: DurationText,
}

/// The section `[kafka]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaSettings {
    /// `host:port`, separated by commas.
    pub brokers: String,
    /// Copies of a new topic.
    pub replication_factor: i32,
    /// Retention of batches, in days.
    pub retention_days: u32,
    /// How long a start waits for the brokers.
    pub start_timeout: DurationText,
}

/// The section `[schema_registry]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrySettings {
    /// REST URL; `None`: single-object encoding.
    pub url: Option<Url>,
    /// For one request.
    pub timeout: DurationText,
}

/// The section `[collect]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CollectSettings {
    /// Who collects.
    pub identity: String,
    /// Distance of page 1 from now.
    pub settle: DurationText,
    /// From walk to walk.
    pub poll_interval: DurationText,
    /// What is sent along.
    pub expansions: Vec<String>,
}

/// The section `[budget]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetSettings {
    /// The most to spend a UTC day.
    pub daily_usd: UsdMicros,
    /// Reserved at once.
    pub block_usd: UsdMicros,
}

/// The section `[prices]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceSettings {
    /// A post read.
    pub post_usd: UsdMicros,
    /// An account read.
    pub user_usd: UsdMicros,
    /// Bound for the expansions of mentions.
    pub mentions_per_post: u32,
}

/// The section `[fields]`: names of either vocabulary.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSettings {
    /// Of posts.
    pub tweet: Vec<String>,
    /// Of accounts.
    pub user: Vec<String>,
    /// Of pictures and videos.
    pub media: Vec<String>,
    /// Of places.
    pub place: Vec<String>,
    /// Of polls.
    pub poll: Vec<String>,
}

/// One of `[[rules]]`, as written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    /// Letters, digits, `-`, `_`.
    pub name: String,
    /// At most 512 characters.
    pub query: String,
    /// Instead of `collect.expansions`.
    pub expansions: Option<Vec<String>>,
    /// Where a new rule begins: `now` or RFC 3339.
    pub start: Option<String>,
    /// Instead of `collect.settle`.
    pub settle: Option<DurationText>,
    /// Instead of `collect.poll_interval`.
    pub poll_interval: Option<DurationText>,
    /// 10 to 100.
    pub max_results: Option<u32>,
}

const SCHEMA: Schema = Schema {
    prefix: "EXTRACTOR",
    defaults: include_str!("../config/default.toml"),
    required: &[
        Required { key: "kafka.brokers", how: "the Kafka brokers, such as `127.0.0.1:9092`" },
        Required { key: "x.token_file", how: "a file that holds the X API's bearer token alone" },
        Required {
            key: "budget.daily_usd",
            how: "the most to spend a UTC day, in dollars, such as `5.00`; nothing is collected without a limit",
        },
    ],
    reserved: &["CONFIG", "RULES"],
};

/// Reads all layers.
///
/// # Errors
/// Unknown, missing and misshaped settings, each with where it came from.
pub fn load(layers: &Layers) -> Result<Loaded<Settings>, ConfigError> {
    SCHEMA.load(layers)
}
