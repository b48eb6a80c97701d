//! Commands of administrators: certificates, accounts, and the doctor.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bootstrap::{Layers, ServiceInfo, Telemetry};
use clap::Subcommand;

use crate::config::provisioning;
use crate::{accounts, certificates, doctor};

/// What prepares MySQL for those who read it.
#[derive(Debug, Subcommand)]
pub(super) enum Provisioning {
    /// Certificates for MySQL's TLS.
    #[command(subcommand)]
    Certificates(certificates::Command),
    /// MySQL's accounts and what each may do.
    #[command(subcommand)]
    Accounts(accounts::Command),
    /// Connect as an outside client would, and say what keeps it out; 1 if anything does.
    Doctor(doctor::Doctor),
}

impl Provisioning {
    /// Runs it with its own part of the configuration.
    pub(super) fn execute(self, config: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        let mut settings = provisioning::load(&Layers::of_process(config, []))?.value;
        // It answers a person and ends.
        settings.telemetry.otlp_endpoint = None;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let instance = std::process::id().to_string();
            let service = ServiceInfo { name: "transformer", version: env!("CARGO_PKG_VERSION"), instance };
            let telemetry = Telemetry::init(&settings.telemetry, &service)?;
            let result = self.work(settings).await;
            telemetry.flush_and_shutdown(Duration::from_secs(1)).await;
            result
        })
    }

    async fn work(self, settings: provisioning::Provisioning) -> anyhow::Result<ExitCode> {
        let database = &settings.mysql.database;
        Ok(match self {
            Self::Certificates(command) => command.run(settings.certificates, &settings.admin).await?,
            Self::Accounts(command) => command.run(&settings.accounts, &settings.admin, database).await?,
            Self::Doctor(doctor) => doctor.run(&settings.doctor, database).await?,
        })
    }
}
