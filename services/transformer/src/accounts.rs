//! MySQL's accounts and what each may do: provisioned by an administrator, never by a migration.

mod apply;
mod grants;
mod look;
mod session;
mod settings;
mod statement;
mod statements;
mod wanted;

use std::process::ExitCode;

use clap::Subcommand;

pub use apply::AccountsError;
pub use settings::{AccountSettings, AccountsSettings, AnalystSettings, ResearcherSettings};

use crate::admin::AdminSettings;

/// MySQL's accounts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make or change every account that has a password file in the settings; run it again after a migration that
    /// adds views, and to change passwords.
    Apply {
        /// Print the statements instead, passwords as ***.
        #[arg(long)]
        dry_run: bool,
    },
}

impl Command {
    /// Runs it; prints what it did.
    ///
    /// # Errors
    /// What kept it from its work, with the way out.
    pub async fn run(
        &self,
        settings: &AccountsSettings,
        admin: &AdminSettings,
        database: &str,
    ) -> Result<ExitCode, AccountsError> {
        let Self::Apply { dry_run } = self;
        apply::apply(settings, admin, database, *dry_run).await?;
        Ok(ExitCode::SUCCESS)
    }
}
