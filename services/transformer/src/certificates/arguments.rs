//! `transformer certificates …`: the command line, and settings with its flags over them.

use std::path::PathBuf;
use std::process::ExitCode;

use bootstrap::DurationText;
use clap::{Args, Subcommand};
use time::OffsetDateTime;

use super::{CertificateError, CertificateSettings, KeyKind, folder, make, rotate, show};
use crate::admin::AdminSettings;

/// Certificates for MySQL's TLS.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a CA, and certificates of it for the server and for a client, in a folder that has none.
    Make {
        /// The folder.
        #[arg(long)]
        out: PathBuf,
        /// Leave a folder that holds all of them as it is, and end well: for a start that repeats this.
        #[arg(long)]
        keep: bool,
        /// Over the settings.
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Make a new server certificate of the same CA and have MySQL take it, without a restart.
    Rotate {
        /// The folder `certificates make` wrote.
        #[arg(long)]
        out: PathBuf,
        /// A new client certificate, too.
        #[arg(long)]
        client: bool,
        /// Leave out names the current certificate is valid for.
        #[arg(long)]
        drop_names: bool,
        /// Over the settings.
        #[command(flatten)]
        wanted: Wanted,
    },
    /// List the certificates of a folder; 1 if one is expired or does not fit.
    Show {
        /// The folder.
        folder: PathBuf,
    },
}

/// Over the settings of section `certificates`.
#[derive(Debug, Args)]
pub struct Wanted {
    /// A host name or address the server is reached by; repeat it for each. Over certificates.names.
    #[arg(long = "name")]
    names: Vec<String>,
    /// Over certificates.key.
    #[arg(long, value_enum)]
    key: Option<KeyKind>,
    /// Over certificates.ca_valid_for.
    #[arg(long)]
    ca_valid_for: Option<DurationText>,
    /// Over certificates.server_valid_for.
    #[arg(long)]
    server_valid_for: Option<DurationText>,
    /// Over certificates.client_valid_for.
    #[arg(long)]
    client_valid_for: Option<DurationText>,
}

impl Command {
    /// Runs it; prints what it did.
    ///
    /// # Errors
    /// What kept it from its work, with the way out.
    pub async fn run(
        self,
        settings: CertificateSettings,
        admin: &AdminSettings,
    ) -> Result<ExitCode, CertificateError> {
        let now = OffsetDateTime::now_utc();
        match self {
            Self::Make { out, keep, .. } if keep && folder::holds_all(&out) => {
                println!("{} holds certificates already: nothing was written", out.display());
            }
            Self::Make { out, wanted, .. } => print!("{}", make::make(&out, &wanted.over(settings)?, now)?),
            Self::Rotate { out, client, drop_names, wanted } => {
                let settings = wanted.over(settings)?;
                let how = rotate::How { client, drop_names };
                print!("{}", rotate::rotate(&out, &settings, how, admin, now).await?);
            }
            Self::Show { folder } => {
                let shown = show::show(&folder, now)?;
                print!("{}", shown.text);
                return Ok(if shown.wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Wanted {
    fn over(self, mut settings: CertificateSettings) -> Result<CertificateSettings, CertificateError> {
        if !self.names.is_empty() {
            settings.names = self.names;
        }
        settings.key = self.key.unwrap_or(settings.key);
        settings.ca_valid_for = self.ca_valid_for.unwrap_or(settings.ca_valid_for);
        settings.server_valid_for = self.server_valid_for.unwrap_or(settings.server_valid_for);
        settings.client_valid_for = self.client_valid_for.unwrap_or(settings.client_valid_for);
        for (setting, length) in [
            ("certificates.ca_valid_for", settings.ca_valid_for),
            ("certificates.server_valid_for", settings.server_valid_for),
            ("certificates.client_valid_for", settings.client_valid_for),
        ] {
            if length.is_zero() {
                return Err(CertificateError::NoValidity { setting });
            }
        }
        Ok(settings)
    }
}
