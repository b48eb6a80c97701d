//! What an error of MySQL means: bad data, a conflict with another writer, or a broken database.

use sqlx::mysql::MySqlDatabaseError;

use super::Pause;

/// What an attempt ended with.
#[derive(Debug)]
pub(super) enum Failure {
    /// Deadlock, lock wait, or another writer was quicker: the same rows again.
    Conflict(Pause),
    /// SQLSTATE 22 or 23: the rows are at fault.
    Data(String),
    /// A ledger row is there already.
    Known,
    /// All else.
    Broken(Pause),
}

const DUPLICATE_KEY: u16 = 1062;
const LOCK_WAIT_TIMEOUT: u16 = 1205;
const DEADLOCK: u16 = 1213;

impl Failure {
    /// Of a statement in the middle of a transaction.
    pub(super) fn of(doing: &'static str, source: sqlx::Error) -> Self {
        let (number, state) = facts(&source);
        match number {
            Some(DEADLOCK | LOCK_WAIT_TIMEOUT) => Self::Conflict(Pause { doing, source }),
            _ if state.starts_with("22") || state.starts_with("23") => {
                Self::Data(format!("{doing}: {source}"))
            }
            _ => Self::Broken(Pause { doing, source }),
        }
    }

    /// As [`Failure::of`], where a duplicate key means that another writer stored the row since it was looked up.
    pub(super) fn of_insert(doing: &'static str, source: sqlx::Error) -> Self {
        match facts(&source).0 {
            Some(DUPLICATE_KEY) => Self::Conflict(Pause { doing, source }),
            _ => Self::of(doing, source),
        }
    }

    /// As [`Failure::of`], where a duplicate key means that the batch was applied before.
    pub(super) fn of_ledger(doing: &'static str, source: sqlx::Error) -> Self {
        match facts(&source).0 {
            Some(DUPLICATE_KEY) => Self::Known,
            _ => Self::of(doing, source),
        }
    }

    /// Where bad data cannot be: a statement that carries none.
    pub(super) fn into_pause(self, doing: &'static str) -> Pause {
        match self {
            Self::Conflict(pause) | Self::Broken(pause) => pause,
            Self::Data(detail) => Pause { doing, source: sqlx::Error::Protocol(detail) },
            Self::Known => Pause { doing, source: sqlx::Error::Protocol("a duplicate key".to_owned()) },
        }
    }
}

/// Error number and SQLSTATE, where the server sent them.
fn facts(error: &sqlx::Error) -> (Option<u16>, String) {
    let server = error.as_database_error().and_then(|error| error.try_downcast_ref::<MySqlDatabaseError>());
    let state = server.and_then(MySqlDatabaseError::code).unwrap_or_default();
    (server.map(MySqlDatabaseError::number), state.to_owned())
}
