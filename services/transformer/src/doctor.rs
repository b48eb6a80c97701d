//! `transformer doctor --data-studio`: connect as Data Studio would, and say what keeps it out and the way out.

mod account;
mod collations;
mod connect;
mod report;
mod server;
mod settings;
mod transport;
mod views;

use std::process::ExitCode;

use clap::Args;
use time::OffsetDateTime;

pub use connect::DoctorError;
pub use settings::DoctorSettings;

use connect::Patient;
use report::Report;

/// Connect as an outside client would, and say what keeps it out.
#[derive(Debug, Args)]
pub struct Doctor {
    /// As Data Studio, with the settings of section `doctor`.
    #[arg(long, required = true)]
    data_studio: bool,
}

impl Doctor {
    /// Prints a line for each thing it looked at; 1 if any fails.
    ///
    /// # Errors
    /// Settings that are missing or cannot be read: then nothing was looked at.
    pub async fn run(&self, settings: &DoctorSettings, database: &str) -> Result<ExitCode, DoctorError> {
        let patient = Patient::of(settings, database)?;
        let mut report = Report::default();
        examine(&patient, &mut report).await;
        print!("{report}");
        Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// From the outside in: what a step needs and the one before did not bring is left out, and said so.
async fn examine(patient: &Patient, report: &mut Report) {
    let Some(mut connection) = transport::look(patient, report).await else {
        report.left_out("everything behind the connection: repair the above first");
        return;
    };
    transport::plaintext_is_refused(patient, report).await;
    server::look(&mut connection, OffsetDateTime::now_utc(), report).await;
    account::look(&mut connection, report).await;
    let views = views::look(&mut connection, patient.database(), report).await;
    collations::look(&mut connection, patient.database(), &views, report).await;
}
