//! What MySQL holds now: accounts, rights, views, and what the settings change beside them.

use std::collections::BTreeMap;

use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Row as _};

use super::grants::{Held, Scope};
use super::statement::{identifier, literal};
use super::wanted::Account;

/// An account that exists.
#[derive(Clone, Debug, Default)]
pub(super) struct Existing {
    pub(super) locked: bool,
    pub(super) grants: Held,
}

/// The rows of `report_settings` that are ours to set.
#[derive(Clone, Debug, Default)]
pub(super) struct ReportSettings {
    pub(super) pseudonymise_authors: Option<String>,
    pub(super) has_salt: bool,
}

/// Everything the statements depend on.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) database: bool,
    pub(super) accounts: BTreeMap<Account, Existing>,
    pub(super) views: Vec<String>,
    /// In force, and what comes into force at the next start.
    pub(super) init_connect: String,
    pub(super) init_connect_persisted: String,
    pub(super) report_settings: Option<ReportSettings>,
}

/// Reads it, for accounts with these user names.
pub(super) async fn look(
    connection: &mut MySqlConnection,
    database: &str,
    users: &[&str],
) -> Result<Found, sqlx::Error> {
    let mut found = Found::default();
    let schemata = "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?";
    let count: i64 = sqlx::query_scalar(schemata).bind(database).fetch_one(&mut *connection).await?;
    found.database = count > 0;
    found.views =
        sqlx::query_scalar(include_str!("sql/views.sql")).bind(database).fetch_all(&mut *connection).await?;
    found.init_connect =
        sqlx::query_scalar("SELECT @@GLOBAL.init_connect").fetch_one(&mut *connection).await?;
    let persisted = sqlx::query_scalar(include_str!("sql/persisted.sql"));
    found.init_connect_persisted = persisted.fetch_optional(&mut *connection).await?.unwrap_or_default();
    let rows = sqlx::query(include_str!("sql/accounts.sql")).fetch_all(&mut *connection).await?;
    for row in rows {
        let account = Account { user: row.try_get(0)?, host: row.try_get(1)? };
        if users.contains(&account.user.as_str()) {
            let locked: String = row.try_get(2)?;
            let grants = held(connection, &account).await?;
            found.accounts.insert(account, Existing { locked: locked == "Y", grants });
        }
    }
    found.report_settings = report_settings(connection, database).await?;
    Ok(found)
}

async fn held(connection: &mut MySqlConnection, account: &Account) -> Result<Held, sqlx::Error> {
    let mut held = Held::default();
    let grantee = format!("'{}'@'{}'", account.user, account.host);
    let rows = sqlx::query(include_str!("sql/privileges.sql"));
    let rows =
        rows.bind(&grantee).bind(&grantee).bind(&grantee).bind(&grantee).fetch_all(&mut *connection).await?;
    for row in rows {
        let (database, table, column): (Option<String>, Option<String>, Option<String>) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        let (privilege, grantable): (String, String) = (row.try_get(3)?, row.try_get(4)?);
        let scope = match (database, table) {
            (None, _) => Scope::Server,
            (Some(database), None) => Scope::Database(database),
            (Some(database), Some(table)) => Scope::Table(database, table),
        };
        let privilege = column
            .map_or_else(|| privilege.clone(), |column| format!("{privilege} ({})", identifier(&column)));
        held.add(scope, &privilege, grantable == "YES");
    }
    let roles = sqlx::query(include_str!("sql/roles.sql")).bind(&account.user).bind(&account.host);
    for row in roles.fetch_all(&mut *connection).await? {
        let (user, host): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        held.roles.insert(format!("{}@{}", literal(&user), literal(&host)));
    }
    Ok(held)
}

async fn report_settings(
    connection: &mut MySqlConnection,
    database: &str,
) -> Result<Option<ReportSettings>, sqlx::Error> {
    let tables = "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = 'report_settings'";
    let count: i64 = sqlx::query_scalar(tables).bind(database).fetch_one(&mut *connection).await?;
    if count == 0 {
        return Ok(None);
    }
    // A database's name cannot be bound; it is quoted.
    let select = format!("SELECT name, value FROM {}.report_settings", identifier(database));
    let rows: Vec<(String, String)> =
        sqlx::query_as(AssertSqlSafe(select)).fetch_all(&mut *connection).await?;
    let value = |name: &str| rows.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Ok(Some(ReportSettings {
        pseudonymise_authors: value("pseudonymise_authors"),
        has_salt: value("pseudonym_salt").is_some_and(|salt| !salt.is_empty()),
    }))
}
