//! The schema in the database: brought up to date by `transformer migrate`, only looked at by `transformer run`.

use std::{collections::BTreeMap, sync::LazyLock};

use sqlx::{
    ConnectOptions as _, Connection as _, MySqlConnection, Row as _, migrate::Migrator,
    mysql::MySqlDatabaseError,
};
use thiserror::Error;

use crate::to_mysql::{ConnectError, MysqlSettings, options, refused};

/// Embedded; a newer release's migrations in the database are no error here, `min_binary` decides about them.
static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let mut migrations = sqlx::migrate!("../../migrations");
    migrations.set_ignore_missing(true);
    migrations
});

const NO_SUCH_TABLE: u16 = 1146;

/// What the database's schema is to this binary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaState {
    /// Every migration of this binary is applied.
    Ready {
        /// Migrations applied that this binary does not know: a newer release made them.
        newer: usize,
    },
    /// Migrations of this binary are missing.
    Older {
        /// How many.
        missing: usize,
    },
    /// A migration began and did not end.
    Dirty {
        /// Its version.
        version: i64,
    },
    /// An applied migration reads otherwise in this binary.
    Modified {
        /// Its version.
        version: i64,
    },
    /// A newer release changed what this binary cannot work with.
    Incompatible {
        /// Oldest release that can.
        min_binary: String,
    },
}

impl SchemaState {
    /// Whether this binary can run on it; else why not, and the way out.
    ///
    /// # Errors
    /// One line.
    pub fn usable(&self) -> Result<(), String> {
        match self {
            Self::Ready { .. } => Ok(()),
            Self::Older { missing } => {
                Err(format!("the database lacks {missing} migrations: run `transformer migrate`"))
            }
            Self::Dirty { version } => {
                Err(format!("migration {version} began and did not end: run `transformer migrate --repair`"))
            }
            Self::Modified { version } => Err(format!(
                "migration {version} was applied with another text: deploy the release it came with"
            )),
            Self::Incompatible { min_binary } => Err(format!(
                "the database's schema needs transformer {min_binary} or newer, this is {}: deploy it",
                env!("CARGO_PKG_VERSION")
            )),
        }
    }
}

/// Why the schema could not be read or changed.
#[derive(Debug, Error)]
pub enum MigrateError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The schema could not be read.
    #[error("reading the schema's state: {0}")]
    Read(#[from] sqlx::Error),
    /// A migration failed.
    #[error("migration {version}: {source}; it can be run again: `transformer migrate --repair`")]
    Failed {
        /// Its version.
        version: i64,
        /// What MySQL said.
        #[source]
        source: sqlx::Error,
    },
    /// An earlier one failed.
    #[error("migration {version} began and did not end: run `transformer migrate --repair`")]
    Dirty {
        /// Its version.
        version: i64,
    },
    /// All else.
    #[error(transparent)]
    Other(sqlx::migrate::MigrateError),
}

/// Brings the schema up to date; returns how many migrations were applied. `repair` first forgets a migration that
/// failed half-way: each is one statement that can be run again.
///
/// # Errors
/// The migration that failed, with the way out.
pub async fn migrate(settings: &MysqlSettings, repair: bool) -> Result<usize, MigrateError> {
    let mut connection = connect(settings).await?;
    let before = applied(&mut connection).await?;
    if before.is_none() {
        // The bookkeeping table and everything after it take the database's collation.
        sqlx::raw_sql("ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin")
            .execute(&mut connection)
            .await?;
    }
    if repair && before.is_some() {
        sqlx::raw_sql("DELETE FROM _sqlx_migrations WHERE success = FALSE").execute(&mut connection).await?;
    }
    MIGRATIONS.run_direct(None, &mut connection, false).await.map_err(failed)?;
    let after = applied(&mut connection).await?;
    connection.close().await?;
    let count = |state: Option<Applied>| {
        state.map_or(0, |state| state.values().filter(|migration| migration.success).count())
    };
    Ok(count(after).saturating_sub(count(before)))
}

/// Looks at the schema without changing it.
///
/// # Errors
/// No connection.
pub async fn schema_state(settings: &MysqlSettings) -> Result<SchemaState, MigrateError> {
    let mut connection = connect(settings).await?;
    let Some(applied) = applied(&mut connection).await? else {
        return Ok(SchemaState::Older { missing: MIGRATIONS.iter().count() });
    };
    if let Some((version, _)) = applied.iter().find(|(_, migration)| !migration.success) {
        return Ok(SchemaState::Dirty { version: *version });
    }
    let missing = MIGRATIONS.iter().filter(|known| !applied.contains_key(&known.version)).count();
    if missing > 0 {
        return Ok(SchemaState::Older { missing });
    }
    let modified = MIGRATIONS
        .iter()
        .find(|known| applied.get(&known.version).is_some_and(|a| *a.checksum != *known.checksum));
    if let Some(known) = modified {
        return Ok(SchemaState::Modified { version: known.version });
    }
    let required: Option<String> =
        sqlx::query_scalar("SELECT min_binary FROM schema_requirements WHERE name = 'transformer'")
            .fetch_optional(&mut connection)
            .await?;
    connection.close().await?;
    match required {
        Some(min_binary) if release(&min_binary) > release(env!("CARGO_PKG_VERSION")) => {
            Ok(SchemaState::Incompatible { min_binary })
        }
        _ => Ok(SchemaState::Ready { newer: applied.len() - MIGRATIONS.iter().count() }),
    }
}

struct Migration {
    checksum: Vec<u8>,
    success: bool,
}

type Applied = BTreeMap<i64, Migration>;

async fn connect(settings: &MysqlSettings) -> Result<MySqlConnection, MigrateError> {
    let connection = options(settings)?.connect().await;
    connection.map_err(|source| refused(settings, source).into())
}

/// `None`: no migration ever ran here.
async fn applied(connection: &mut MySqlConnection) -> Result<Option<Applied>, sqlx::Error> {
    let rows = match sqlx::query("SELECT version, checksum, success FROM _sqlx_migrations")
        .fetch_all(connection)
        .await
    {
        Err(error) if number(&error) == Some(NO_SUCH_TABLE) => return Ok(None),
        rows => rows?,
    };
    rows.iter()
        .map(|row| {
            let migration =
                Migration { checksum: row.try_get("checksum")?, success: row.try_get("success")? };
            Ok((row.try_get("version")?, migration))
        })
        .collect::<Result<Applied, sqlx::Error>>()
        .map(Some)
}

fn number(error: &sqlx::Error) -> Option<u16> {
    let server = error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?;
    Some(server.number())
}

fn failed(error: sqlx::migrate::MigrateError) -> MigrateError {
    match error {
        sqlx::migrate::MigrateError::ExecuteMigration(source, version) => {
            MigrateError::Failed { version, source }
        }
        sqlx::migrate::MigrateError::Dirty(version) => MigrateError::Dirty { version },
        other => MigrateError::Other(other),
    }
}

/// The three numbers of a release; what is no number counts as 0.
fn release(text: &str) -> [u64; 3] {
    let mut numbers = text.split(['.', '-', '+']).map(|part| part.parse().unwrap_or(0));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{MIGRATIONS, release};

    #[test]
    fn releases_compare_by_number() {
        assert!(release("0.10.0") > release("0.9.9"));
        assert!(release("1.0.0") > release("0.99.0"));
        assert_eq!(release("0.1.0"), release("0.1"));
    }

    /// MySQL commits DDL by itself: a second statement of a file could be lost or run twice.
    #[test]
    fn every_migration_is_one_statement_that_can_be_run_again() {
        for migration in MIGRATIONS.iter() {
            let sql: Vec<&str> =
                migration.sql.as_str().lines().filter(|line| !line.starts_with("--")).collect();
            let sql = sql.join("\n");
            let ends = sql.lines().filter(|line| line.trim_end().ends_with(';')).count();
            assert_eq!(
                ends, 0,
                "migration {} ends a statement: one a file, without its semicolon",
                migration.version
            );
            let repeatable = sql.starts_with("CREATE TABLE IF NOT EXISTS")
                || sql.starts_with("CREATE OR REPLACE SQL SECURITY DEFINER VIEW")
                || sql.contains("ON DUPLICATE KEY UPDATE");
            let named = sql.starts_with("ALTER TABLE") && sql.contains("ALGORITHM") && sql.contains("LOCK");
            assert!(repeatable || named, "migration {} is not known to be re-runnable", migration.version);
        }
    }
}
