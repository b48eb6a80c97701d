//! The query time of Data Studio's sessions: MySQL has none by account, so `init_connect` sets it.

use std::time::Duration;

use super::statement::{Statement, literal};
use super::wanted::DATA_STUDIO;

/// What becomes of `init_connect`.
#[derive(Clone, Debug)]
pub(super) enum InitConnect {
    /// It is set.
    Set(Statement),
    /// It is as it has to be.
    Unchanged,
    /// Somebody else's statement stands there.
    Foreign {
        /// What would have to be added.
        wanted: String,
    },
}

const OURS: &str = "SET SESSION max_execution_time = IF(SUBSTRING_INDEX(CURRENT_USER(), '@', 1) = ";

/// Every session of an account without CONNECTION_ADMIN runs this; all but Data Studio's keep what they have.
/// The CAST is needed: MySQL refuses the unsigned value, and a failing `init_connect` refuses the connection.
pub(super) fn text(query_time: Duration) -> String {
    format!(
        "{OURS}{}, {}, CAST(@@SESSION.max_execution_time AS SIGNED))",
        literal(DATA_STUDIO),
        query_time.as_millis()
    )
}

/// `found` is in force, `persisted` comes into force at the next start.
pub(super) fn init_connect(found: &str, persisted: &str, query_time: Duration) -> InitConnect {
    let wanted = text(query_time);
    if found.trim() == wanted && persisted.trim() == wanted {
        return InitConnect::Unchanged;
    }
    if !found.trim().is_empty() && !found.trim().starts_with(OURS) {
        return InitConnect::Foreign { wanted };
    }
    InitConnect::Set(Statement::plain(format!("SET PERSIST init_connect = {}", literal(&wanted))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_statement_is_ever_replaced() {
        let limit = Duration::from_secs(30);
        let (ours, older) = (text(limit), text(Duration::from_secs(9)));
        for (found, persisted) in [("", ""), (older.as_str(), older.as_str()), (&ours, ""), (&ours, &older)] {
            assert!(
                matches!(init_connect(found, persisted, limit), InitConnect::Set(_)),
                "{found} {persisted}"
            );
        }
        assert!(matches!(init_connect(&ours, &ours, limit), InitConnect::Unchanged));
        let foreign = init_connect("SET autocommit = 0", "", limit);
        assert!(matches!(foreign, InitConnect::Foreign { wanted } if wanted == ours));
    }
}
