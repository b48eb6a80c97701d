//! MySQL: whether it answers, its schema, and whether it keeps what it commits.

use std::time::Duration;

use sqlx::mysql::MySqlConnection;
use sqlx::{ConnectOptions as _, Row as _};

use super::Report;
use crate::config::Settings;
use crate::migrate::{SchemaState, schema_state};
use crate::to_mysql::{ConnectError, options, refused};

const LIMIT: Duration = Duration::from_secs(10);

pub(super) async fn look(settings: &Settings, report: &mut Report) {
    let durable = match tokio::time::timeout(LIMIT, durability(settings)).await {
        Ok(Ok(durable)) => durable,
        Ok(Err(error)) => return report.lacks(error),
        Err(_) => return report.lacks(format!("MySQL gives no answer within {} s", LIMIT.as_secs())),
    };
    let user = &settings.mysql.user;
    report.good(format!("MySQL {} answers {user} on {}", durable.version, settings.mysql.database));
    match schema_state(&settings.mysql).await {
        Ok(state) => match (state.usable(), state) {
            (Err(lacking), _) => report.lacks(format!("schema: {lacking}")),
            (Ok(()), SchemaState::Ready { newer }) if newer > 0 => {
                report
                    .good(format!("schema, {newer} migrations newer than this release, which works with it"));
            }
            (Ok(()), _) => report.good("schema"),
        },
        Err(error) => report.lacks(error.to_string()),
    }
    if durable.flush_at_commit == 1 {
        report.good("innodb_flush_log_at_trx_commit is 1");
    } else {
        report.lacks(format!(
            "innodb_flush_log_at_trx_commit is {}: a commit may not survive a power loss; set it to 1",
            durable.flush_at_commit
        ));
    }
    if !durable.binlog {
        report.good("no binary log");
    } else if durable.sync_binlog == 1 {
        report.good("sync_binlog is 1");
    } else {
        report.lacks(format!(
            "sync_binlog is {}: a commit may not survive a power loss; set it to 1, or disable the binary log",
            durable.sync_binlog
        ));
    }
}

struct Durability {
    version: String,
    flush_at_commit: i64,
    binlog: bool,
    sync_binlog: i64,
}

async fn durability(settings: &Settings) -> Result<Durability, String> {
    let mut connection = connection(settings).await.map_err(|error| error.to_string())?;
    let row = sqlx::query(include_str!("durability.sql")).fetch_one(&mut connection).await;
    let row = row.map_err(|error| format!("MySQL does not tell its settings: {error}"))?;
    let durable = (|| {
        Ok::<_, sqlx::Error>(Durability {
            version: row.try_get(0)?,
            flush_at_commit: row.try_get(1)?,
            binlog: row.try_get(2)?,
            sync_binlog: row.try_get(3)?,
        })
    })();
    durable.map_err(|error| format!("MySQL does not tell its settings: {error}"))
}

async fn connection(settings: &Settings) -> Result<MySqlConnection, ConnectError> {
    options(&settings.mysql)?.connect().await.map_err(|source| refused(&settings.mysql, source))
}
