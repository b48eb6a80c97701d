//! The simulator's control API, typed: what it holds as true, what it served and billed, and the faults it is to make.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Method, RequestBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Simulator;
use crate::error::SandboxError;
use crate::http;

/// Millions of posts take a while to be listed.
const LONG: Duration = Duration::from_secs(600);

/// A post that exists now.
#[derive(Debug, Clone, Deserialize)]
pub struct Truth {
    /// The post's id.
    pub id: String,
    /// How it belongs to the query.
    pub kind: TruthKind,
    /// The whole post, as it would be answered with all fields.
    pub post: Value,
}

/// How a post belongs to a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TruthKind {
    /// It matches.
    Matched,
    /// It is referenced by one that matches.
    Included,
}

/// What was served so far.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Served {
    /// How often each post was in an answer, by id.
    pub posts: BTreeMap<String, ServedPost>,
    /// Each page asked for.
    pub pages: Vec<ServedPage>,
    /// Requests by HTTP status.
    pub requests: BTreeMap<String, u64>,
}

/// How often one page was served.
#[derive(Debug, Clone, Deserialize)]
pub struct ServedPage {
    /// What names it: query, bounds and token.
    pub request: Value,
    /// Times it was served.
    pub times: u64,
    /// Times its answer went out whole.
    pub answered_whole: u64,
    /// Times it held a post: an empty page costs nothing, and is asked for as often as a rule is polled.
    pub with_posts: u64,
}

/// How often one post was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct ServedPost {
    /// Times in `data`.
    pub data: u64,
    /// Times in `includes`.
    pub included: u64,
}

/// What X would have billed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Bill {
    /// Millionths of a US dollar.
    pub usd_micros: u64,
    /// Billed posts.
    pub posts: u64,
    /// Billed users.
    pub users: u64,
    /// Billed requests of the counts endpoint.
    pub counts_requests: u64,
    /// The same by UTC day.
    pub by_day: Value,
    /// The same by answer.
    pub answers: Vec<Value>,
}

impl Simulator {
    /// All posts that exist now for `query`, matched and included.
    ///
    /// # Errors
    /// The simulator does not answer, or not as agreed.
    pub async fn truth(&self, query: &str) -> Result<Vec<Truth>, SandboxError> {
        let mut all = Vec::new();
        self.each_truth(&[("query", query)], |truth| all.push(truth)).await?;
        Ok(all)
    }

    /// Hands over each post of [`truth`](Self::truth), without keeping them; `parameters` are `query` and, where wanted,
    /// bounds such as `start_time` and the `expansions` whose posts count as included.
    ///
    /// # Errors
    /// As [`truth`](Self::truth).
    pub async fn each_truth(
        &self,
        parameters: &[(&str, &str)],
        mut take: impl FnMut(Truth),
    ) -> Result<(), SandboxError> {
        let action = "tell the truth";
        let request = self.request(Method::GET, "truth").query(parameters).timeout(LONG);
        let mut answer = send(action, request).await?;
        let mut rest: Vec<u8> = Vec::new();
        loop {
            let chunk = answer.chunk().await.map_err(|error| refused(action, error.to_string()))?;
            let ended = chunk.is_none();
            rest.extend(chunk.unwrap_or_default());
            let whole = if ended {
                rest.len()
            } else {
                rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
            };
            for line in rest[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                take(serde_json::from_slice(line).map_err(|error| refused(action, error.to_string()))?);
            }
            rest.drain(..whole);
            if ended {
                return Ok(());
            }
        }
    }

    /// What was served so far.
    ///
    /// # Errors
    /// As [`truth`](Self::truth).
    pub async fn served(&self) -> Result<Served, SandboxError> {
        read("tell what it served", self.request(Method::GET, "served").timeout(LONG)).await
    }

    /// What was billed so far.
    ///
    /// # Errors
    /// As [`truth`](Self::truth).
    pub async fn bill(&self) -> Result<Bill, SandboxError> {
        read("tell its bill", self.request(Method::GET, "bill").timeout(LONG)).await
    }

    /// Orders faults: a JSON list of `{"kind": …, "times": n, "after": m, "path": …}`.
    ///
    /// # Errors
    /// The simulator refuses one of them.
    pub async fn order_faults(&self, faults: &Value) -> Result<(), SandboxError> {
        send("take faults", self.request(Method::POST, "faults").json(faults)).await.map(|_| ())
    }

    /// The faults still to come.
    ///
    /// # Errors
    /// As [`truth`](Self::truth).
    pub async fn faults(&self) -> Result<Value, SandboxError> {
        read("tell its faults", self.request(Method::GET, "faults")).await
    }

    /// Takes all ordered faults back.
    ///
    /// # Errors
    /// As [`truth`](Self::truth).
    pub async fn forget_faults(&self) -> Result<(), SandboxError> {
        send("forget faults", self.request(Method::DELETE, "faults")).await.map(|_| ())
    }

    /// Adds posts, in the shape the simulator documents.
    ///
    /// # Errors
    /// The simulator refuses one of them.
    pub async fn insert(&self, posts: &Value) -> Result<Value, SandboxError> {
        read("take posts", self.request(Method::POST, "posts").json(posts)).await
    }

    /// Deletes posts by id, as their authors would.
    ///
    /// # Errors
    /// As [`truth`](Self::truth).
    pub async fn delete(&self, ids: &[&str]) -> Result<(), SandboxError> {
        send("delete posts", self.request(Method::POST, "delete").json(&json!({ "ids": ids })))
            .await
            .map(|_| ())
    }

    /// Ends the live posts: what exists now stays all there is.
    ///
    /// # Errors
    /// As [`truth`](Self::truth).
    pub async fn halt(&self) -> Result<(), SandboxError> {
        send("halt", self.request(Method::POST, "halt")).await.map(|_| ())
    }

    /// Changes rate limits at run time.
    ///
    /// # Errors
    /// The simulator refuses them.
    pub async fn set_limits(&self, limits: &Value) -> Result<(), SandboxError> {
        send("change its limits", self.request(Method::POST, "limits").json(limits)).await.map(|_| ())
    }

    fn request(&self, method: Method, what: &str) -> RequestBuilder {
        http::client().request(method, format!("{}/_sim/{what}", self.base_url()))
    }
}

async fn send(action: &str, request: RequestBuilder) -> Result<reqwest::Response, SandboxError> {
    let answer = request.send().await.map_err(|error| refused(action, error.to_string()))?;
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = answer.text().await.unwrap_or_default();
    Err(refused(action, format!("it answered {status}: {body}")))
}

async fn read<T: DeserializeOwned>(action: &str, request: RequestBuilder) -> Result<T, SandboxError> {
    let answer = send(action, request).await?;
    answer.json().await.map_err(|error| refused(action, error.to_string()))
}

fn refused(action: &str, reason: String) -> SandboxError {
    SandboxError::Control { name: "simulator", action: action.to_owned(), reason }
}
