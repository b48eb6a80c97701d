//! Rollups: what the views read instead of the posts. Writers mark the hours they touched; one roller makes them again.

mod calendar;
mod questions;
mod rebuild;
mod roll;
mod roller;
mod settings;

use thiserror::Error;

pub use calendar::{Calendar, CalendarError};
pub use rebuild::{Since, rebuild, roll_now};
pub use roll::{Rolled, Rollups};
pub use roller::run;
pub use settings::RollupSettings;

use crate::to_mysql::ConnectError;

/// Why rollups could not be made. What was made before stays; marks of the rest stay.
#[derive(Debug, Error)]
pub enum RollupError {
    /// No connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The time zone.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// They were made in another time zone.
    #[error(
        "rollups.report_timezone: the rollups are made in {stored}, the setting says {configured}: \
         run `transformer rollups rebuild`, or set it back"
    )]
    OtherTimezone {
        /// Of the rollups.
        stored: String,
        /// Of the settings.
        configured: String,
    },
    /// Another transformer's roller is at work.
    #[error("another transformer is making the rollups: try again when it is done")]
    Busy,
    /// Signals cannot be waited for.
    #[error("no signal handler: {0}")]
    Signals(std::io::Error),
    /// MySQL.
    #[error("MySQL {doing}: {source}")]
    Mysql {
        /// What was being done.
        doing: &'static str,
        /// What the client or the server said.
        #[source]
        source: sqlx::Error,
    },
}

/// For `map_err`: what was being done when MySQL refused.
fn doing(doing: &'static str) -> impl Fn(sqlx::Error) -> RollupError {
    move |source| RollupError::Mysql { doing, source }
}
