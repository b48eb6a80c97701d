//! What X says instead of an answer: each row of its error table, in both shapes of body.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::vocabulary::Vocabulary;

/// The shape of an error's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// `application/problem+json`.
    #[default]
    Problem,
    /// The older `{"errors":[{"code":…,"message":…}]}`.
    Errors,
    /// A page of a gateway that is no JSON at all.
    Html,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 400: a parameter is wrong.
    Invalid { parameter: String, value: String, message: String },
    /// 401
    Unauthorized,
    /// 402: the credits are spent.
    Credits,
    /// 403: no access to this.
    Forbidden,
    /// 404: no such path.
    NoSuchPath,
    /// 429: the window's requests are spent.
    Window,
    /// 429: more than one request in a second.
    Second,
    /// 429: the month's posts are spent.
    UsageCapped,
    /// 429: a stream is still open.
    TooManyConnections,
    /// 5xx
    Server(StatusCode),
}

/// A body and its content type.
pub(crate) struct Body {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Refusal {
    pub(crate) fn invalid(parameter: &str, value: &str, message: impl Into<String>) -> Self {
        Self::Invalid { parameter: parameter.into(), value: value.into(), message: message.into() }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Credits => StatusCode::PAYMENT_REQUIRED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NoSuchPath => StatusCode::NOT_FOUND,
            Self::Window | Self::Second | Self::UsageCapped | Self::TooManyConnections => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::Server(status) => *status,
        }
    }

    pub(crate) fn body(&self, vocabulary: Vocabulary, shape: Shape) -> Body {
        match shape {
            Shape::Problem => Body {
                content_type: "application/problem+json",
                bytes: self.problem(vocabulary).to_string().into_bytes(),
            },
            Shape::Errors => {
                Body { content_type: "application/json", bytes: self.older().to_string().into_bytes() }
            }
            Shape::Html => Body {
                content_type: "text/html",
                bytes: format!(
                    "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>",
                    self.status()
                )
                .into_bytes(),
            },
        }
    }

    fn problem(&self, vocabulary: Vocabulary) -> Value {
        let about_blank = |title: &str| json!({ "type": "about:blank", "title": title, "detail": title, "status": self.status().as_u16() });
        match self {
            Self::Invalid { parameter, value, message } => invalid(vocabulary, parameter, value, message),
            Self::Unauthorized => about_blank("Unauthorized"),
            Self::Credits => json!({
                "type": vocabulary.problem("credits"),
                "title": "CreditsDepleted",
                "detail": "Your enrolled account does not have any credits to fulfill this request.",
                "status": 402,
            }),
            Self::Forbidden => json!({
                "type": vocabulary.problem("client-forbidden"),
                "title": "Client Forbidden",
                "detail": "When authenticating requests to the X API v2 endpoints, you must use keys and tokens from an App that is attached to a Project.",
                "reason": "client-not-enrolled",
                "registration_url": "https://developer.x.com/en/docs/projects/overview",
            }),
            Self::NoSuchPath => about_blank("Not Found"),
            Self::Window | Self::Second => about_blank("Too Many Requests"),
            Self::UsageCapped => json!({
                "type": vocabulary.problem("usage-capped"),
                "title": "UsageCapExceeded",
                "detail": "Usage cap exceeded: Monthly product cap",
                "period": "Monthly",
                "scope": "Product",
            }),
            Self::TooManyConnections => json!({
                "type": vocabulary.problem("streaming-connection"),
                "title": "ConnectionException",
                "detail": "This stream is currently at the maximum allowed connection limit.",
                "connection_issue": "TooManyConnections",
            }),
            Self::Server(status) => about_blank(status.canonical_reason().unwrap_or("Internal Server Error")),
        }
    }

    /// Codes as X's table of error codes has them; 402 is newer than that table.
    fn older(&self) -> Value {
        let (code, message) = match self {
            Self::Invalid { message, .. } => (25, message.as_str()),
            Self::Unauthorized => (89, "Invalid or expired token."),
            Self::Credits => (402, "Your account does not have any credits to fulfill this request."),
            Self::Forbidden => (453, "You currently have access to a subset of X API V2 endpoints."),
            Self::NoSuchPath => (34, "Sorry, that page does not exist."),
            Self::Window | Self::Second => (88, "Rate limit exceeded"),
            Self::UsageCapped => (88, "UsageCapExceeded"),
            Self::TooManyConnections => (88, "TooManyConnections"),
            Self::Server(StatusCode::SERVICE_UNAVAILABLE) => (130, "Over capacity"),
            Self::Server(_) => (131, "Internal error"),
        };
        json!({ "errors": [{ "code": code, "message": message }] })
    }
}

fn invalid(vocabulary: Vocabulary, parameter: &str, value: &str, message: &str) -> Value {
    let (kind, title) = (vocabulary.problem("invalid-request"), "Invalid Request");
    match vocabulary {
        Vocabulary::Tweet => json!({
            "type": kind,
            "title": title,
            "detail": "One or more parameters to your request was invalid.",
            "errors": [{ "message": message, "parameters": { (parameter): [value] } }],
        }),
        Vocabulary::Post => json!({
            "type": kind, "title": title, "detail": message, "status": 400, "parameter": parameter, "value": value,
        }),
    }
}

/// A part of a 200: a post that others refer to is gone.
pub(crate) fn not_found(vocabulary: Vocabulary, parameter: &str, id: &str) -> Value {
    let noun = vocabulary.noun();
    json!({
        "type": vocabulary.problem("resource-not-found"),
        "title": "Not Found Error",
        "detail": format!("Could not find {noun} with {parameter}: [{id}]."),
        "resource_type": noun, "resource_id": id, "parameter": parameter, "value": id,
    })
}

/// A part of a 200: a post that others refer to belongs to a protected account.
pub(crate) fn not_authorized(vocabulary: Vocabulary, parameter: &str, id: &str) -> Value {
    let noun = vocabulary.noun();
    json!({
        "type": vocabulary.problem("not-authorized-for-resource"),
        "title": "Authorization Error",
        "detail": format!("Sorry, you are not authorized to see the {noun} with {parameter}: [{id}]."),
        "resource_type": noun, "resource_id": id, "parameter": parameter, "value": id, "section": "includes",
    })
}
