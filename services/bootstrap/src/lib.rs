//! Start and stop of a service: layered configuration, telemetry, health, shutdown. Knows neither service.
//!
//! ```no_run
//! use bootstrap::{Layers, Loaded, Schema, TelemetrySettings};
//!
//! #[derive(serde::Deserialize)]
//! struct Settings {
//!     telemetry: TelemetrySettings,
//! }
//!
//! const SCHEMA: Schema = Schema { prefix: "EXTRACTOR", defaults: "", required: &[], reserved: &["CONFIG"] };
//! let loaded: Loaded<Settings> = SCHEMA.load(&Layers::of_process(None, []))?;
//! println!("{}", loaded.origins); // what `check` prints
//! # Ok::<(), bootstrap::ConfigError>(())
//! ```

mod config;
mod exit;
mod health;
mod shutdown;
mod telemetry;

pub use config::{
    ConfigError, DurationText, Layers, Loaded, MissingKey, Origin, Origins, Required, Schema, Secret,
    UnknownKey,
};
pub use exit::report;
pub use health::{Health, HealthError, HealthSettings, Heartbeat, Probe, Readiness, ask};
pub use shutdown::stop_on_signals;
pub use telemetry::trace_context::{TraceIds, adopt, extract, inject, link};
pub use telemetry::{LogFormat, ServiceInfo, Telemetry, TelemetryError, TelemetrySettings, meter};

/// Makes ring the process's TLS provider; call it before the first HTTP client (reqwest is built without one).
/// Calling it again changes nothing.
pub fn install_crypto_provider() {
    // Err means that one is installed already, which is what we want.
    let _already = rustls::crypto::ring::default_provider().install_default();
}
