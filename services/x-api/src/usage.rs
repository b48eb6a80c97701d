//! What the project has used of its posts: `GET /2/usage/tweets`, which costs nothing.

use serde_json::Value;

use crate::error::Malformed;
use crate::json::{Extra, Json, Reading, Reason, record};
use crate::model::problem::Problem;
use crate::received::Received;
use crate::scalar::Count;
use crate::vocabulary::Names;

record! {
    /// Posts read by the project in its billing month. Numbers come as text in the post vocabulary.
    pub struct ProjectUsage {
        may {
            /// Day of the month the sum goes back to zero.
            cap_reset_day: Count = "cap_reset_day",
            /// Posts the project may read a month.
            project_cap: Count = "project_cap",
            /// Posts it has read.
            project_usage: Count = "project_usage",
            /// The project's number, as text.
            project_id: String = "project_id",
            /// By day.
            daily_project_usage: DailyUsage = "daily_project_usage",
        }
    }
}

record! {
    /// Posts read, by day.
    pub struct DailyUsage {
        may {
            /// The days.
            usage: Vec<DayUsage> = "usage",
        }
    }
}

record! {
    /// Posts read on a day.
    pub struct DayUsage {
        may {
            /// The day, as X writes it.
            date: String = "date",
            /// Posts.
            usage: Count = "usage",
        }
    }
}

/// One answer of usage.
#[derive(Debug, Clone, PartialEq)]
pub struct Usage {
    /// The project's sums; X may answer without.
    pub project: Option<ProjectUsage>,
    /// What X could not say.
    pub errors: Vec<Problem>,
    /// Members without a field here.
    pub extra: Extra,
    /// Status, clock, rate limit: the clock is why a service asks when it starts.
    pub received: Received,
}

impl Usage {
    pub(crate) fn from_json(value: &Value, received: Received) -> Result<Self, Malformed> {
        let mut reading = Reading::new(value).map_err(|reason| Malformed::structure("answer", reason))?;
        if let Some(data) = value.get("data") {
            Extra::from_json(data).map_err(|reason: Reason| Malformed::structure("data", reason))?;
        }
        Ok(Self {
            project: reading.may(Names(&["data"])),
            errors: reading.may(Names(&["errors"])).unwrap_or_default(),
            extra: reading.rest(),
            received,
        })
    }
}
