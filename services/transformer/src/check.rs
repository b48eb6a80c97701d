//! `transformer check`: what the configuration is, and what brokers, topics and MySQL lack for it.

mod kafka;
mod mysql;

use std::process::ExitCode;

use bootstrap::Origins;

use crate::config::Settings;
use crate::decode::Decoder;
use crate::enrich::Enricher;

/// What was looked at, and what is lacking.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<String>,
    lacking: usize,
}

impl Report {
    /// Something that is as it has to be.
    pub fn good(&mut self, text: impl AsRef<str>) {
        self.lines.push(format!("ok       {}", text.as_ref()));
    }

    /// Something that is not, with the way out.
    pub fn lacks(&mut self, text: impl AsRef<str>) {
        self.lacking += 1;
        self.lines.push(format!("LACKING  {}", text.as_ref()));
    }
}

/// Prints it all; 1 if anything is lacking.
pub async fn check(settings: &Settings, origins: &Origins) -> ExitCode {
    println!("{origins}");
    let mut report = Report::default();
    kafka::look(settings, &mut report).await;
    mysql::look(settings, &mut report).await;
    match Decoder::new(&settings.schema_registry) {
        Ok(_) => {}
        Err(error) => report.lacks(error.to_string()),
    }
    match Enricher::load(&settings.enrich) {
        Ok(_) => report.good("taxonomy and lexicons are read"),
        Err(error) => report.lacks(error.to_string()),
    }
    for line in &report.lines {
        println!("{line}");
    }
    match report.lacking {
        0 => ExitCode::SUCCESS,
        lacking => {
            println!("{lacking} lacking");
            ExitCode::FAILURE
        }
    }
}
