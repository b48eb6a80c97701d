//! `transformer accounts apply`: look, plan, run, tell.

use bootstrap::Secret;
use ring::rand::{SecureRandom as _, SystemRandom};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use thiserror::Error;

use super::AccountsSettings;
use super::look::look;
use super::session::text;
use super::statements::plan;
use super::wanted::{DATA_STUDIO, Wanted, wanted};
use crate::admin::{AdminError, AdminSettings};

/// Backslashes are escapes, and names are not quoted by `"`: what the statements are written for.
const SESSION: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'";

/// Why accounts are not as the settings say.
#[derive(Debug, Error)]
pub enum AccountsError {
    /// A password file.
    #[error(transparent)]
    Secret(#[from] bootstrap::ConfigError),
    /// A password that could not be typed.
    #[error("{key}: the password holds a control character; let the file hold one line of visible letters")]
    Password {
        /// The setting.
        key: String,
    },
    /// Nobody could come in.
    #[error(
        "accounts.{user}.hosts is empty: say where {user} may come from, such as [\"172.28.0.0/255.255.255.0\"] or [\"localhost\"]"
    )]
    NoHosts {
        /// The account.
        user: &'static str,
    },
    /// No pattern of hosts.
    #[error(
        "accounts.{user}.hosts: {host:?} is no host pattern of MySQL's: write such as \"172.28.0.0/255.255.255.0\", \"10.0.0.7\" or \"%\""
    )]
    Host {
        /// The account.
        user: &'static str,
        /// What was given.
        host: String,
    },
    /// No random numbers.
    #[error("the system gives no random numbers for a salt")]
    NoRandomNumbers,
    /// The administrator's connection, or a statement.
    #[error(transparent)]
    Admin(#[from] AdminError),
}

/// Brings MySQL's accounts to what the settings say, or only prints how.
pub(super) async fn apply(
    settings: &AccountsSettings,
    admin: &AdminSettings,
    database: &str,
    dry_run: bool,
) -> Result<(), AccountsError> {
    let (wanted, without) = wanted(settings)?;
    let mut connection = admin.connect().await?;
    connection.execute(SESSION).await.map_err(AdminError::statement("set the session up"))?;
    let users: Vec<&str> = wanted.iter().map(|one| one.user).collect();
    let found = look(&mut connection, database, &users).await;
    let found = found
        .map_err(AdminError::statement("read accounts and rights (the account needs SELECT on mysql.*)"))?;
    let plan = plan(&wanted, settings, &found, database, &salt()?);
    if !dry_run && wanted.iter().any(|one| one.user == DATA_STUDIO) {
        // Were init_connect to fail, nobody but administrators could connect any more: it is tried here first.
        let trial = AssertSqlSafe(text(*settings.data_studio.query_time));
        connection
            .execute(trial)
            .await
            .map_err(AdminError::statement("try init_connect, which was not set"))?;
    }
    for statement in &plan.statements {
        if !dry_run {
            let run = connection.execute(AssertSqlSafe(statement.exposed())).await;
            run.map_err(AdminError::statement(format!("run `{statement}`")))?;
        }
        println!("{statement};");
    }
    for note in &plan.notes {
        println!("note: {note}");
    }
    for user in without {
        println!("note: {user} was left alone: accounts.{user}.password_file is not set");
    }
    tell(&wanted, plan.statements.len(), dry_run);
    // What was done stays done, whatever becomes of the farewell.
    let _closed = connection.close().await;
    Ok(())
}

fn tell(wanted: &[Wanted], statements: usize, dry_run: bool) {
    let users: Vec<&str> = wanted.iter().map(|one| one.user).collect();
    let users = if users.is_empty() { "no account".to_owned() } else { users.join(", ") };
    let done = if dry_run { "nothing was run; it would take" } else { "ran" };
    println!("{users}: {done} {statements} statements");
}

/// 32 random bytes, hex.
fn salt() -> Result<Secret, AccountsError> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| AccountsError::NoRandomNumbers)?;
    Ok(Secret::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}
