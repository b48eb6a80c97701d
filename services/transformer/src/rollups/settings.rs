//! Section `rollups`.

use bootstrap::DurationText;
use serde::Deserialize;

/// When rollups are made, and what a day is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RollupSettings {
    /// Name of the IANA time zone the analysts' days follow.
    pub report_timezone: String,
    /// From one look at the marks to the next: the current hour is made again at most this often.
    pub interval: DurationText,
}
