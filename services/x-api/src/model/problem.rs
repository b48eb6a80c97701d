//! What X says went wrong: a whole answer, or an entry of `errors` beside data.

use crate::json::{Extra, record};
use crate::scalar::Count;

record! {
    #[derive(Default)]
    /// `application/problem+json` (RFC 7807) and the older `{code, message}`, in one.
    pub struct Problem {
        may {
            /// A URI under api.twitter.com or api.x.com; only its last segment means anything.
            kind: String = "type",
            /// Short.
            title: String = "title",
            /// Longer.
            detail: String = "detail",
            /// HTTP status.
            status: Count = "status",
            /// The parameter it is about.
            parameter: String = "parameter",
            /// The parameter's value.
            value: String = "value",
            /// The field it is about.
            field: String = "field",
            /// The thing it is about.
            resource_id: String = "resource_id",
            /// `tweet`, `post`, `user`, `media`…
            resource_type: String = "resource_type",
            /// `data` or `includes`.
            section: String = "section",
            /// Why access is denied (`client-not-enrolled`).
            reason: String = "reason",
            /// `Daily` or `Monthly`, of a usage cap.
            period: String = "period",
            /// `Account` or `Product`, of a usage cap.
            scope: String = "scope",
            /// `TooManyConnections`, `ProvisioningSubscription`…
            connection_issue: String = "connection_issue",
            /// The older number.
            code: Count = "code",
            /// The older text.
            message: String = "message",
            /// One entry a complaint.
            errors: Vec<Complaint> = "errors",
        }
    }
}

record! {
    /// One complaint of a problem.
    pub struct Complaint {
        may {
            /// The older number.
            code: Count = "code",
            /// What is wrong.
            message: String = "message",
            /// The parameters it is about, with their values.
            parameters: Extra = "parameters",
        }
    }
}

impl Problem {
    /// The last segment of `type`, such as `invalid-request`: the same under both hosts.
    pub fn suffix(&self) -> Option<&str> {
        self.kind.as_deref().map(|kind| kind.rsplit('/').next().unwrap_or(kind))
    }

    /// Every text that says what is wrong, the most precise first.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let complaints = self.errors.iter().flatten().filter_map(|complaint| complaint.message.as_deref());
        complaints
            .chain([&self.message, &self.detail, &self.title].into_iter().filter_map(|text| text.as_deref()))
    }

    /// The names of the parameters it is about.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        let complaints = self.errors.iter().flatten().filter_map(|complaint| complaint.parameters.as_ref());
        self.parameter
            .as_deref()
            .into_iter()
            .chain(complaints.flat_map(|named| named.keys().map(String::as_str)))
    }
}
