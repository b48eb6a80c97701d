//! A simulator in this process, and a client for it.

use std::collections::BTreeMap;

use clap::Parser;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use simulator::{Options, Simulator};

pub(crate) const COVID: &str = "(covid OR covid19 OR coronavirus OR quarentena OR quarantine OR \"fique em casa\") (lang:pt OR lang:en) -is:nullcast";
pub(crate) const SEARCH: &str = "/2/tweets/search/recent";
pub(crate) const COUNTS: &str = "/2/tweets/counts/recent";
pub(crate) const USAGE: &str = "/2/usage/tweets";

/// Every expansion that brings something along, in tweet names.
pub(crate) const EXPANSIONS: &str = "author_id,in_reply_to_user_id,referenced_tweets.id,referenced_tweets.id.author_id,referenced_tweets.id.attachments.media_keys,entities.mentions.username,entities.note.mentions.username,attachments.poll_ids,attachments.media_keys,geo.place_id,edit_history_tweet_ids";
/// Every field of posts that generated posts have, in tweet names.
pub(crate) const TWEET_FIELDS: &str = "attachments,author_id,context_annotations,conversation_id,created_at,display_text_range,edit_controls,edit_history_tweet_ids,entities,geo,id,in_reply_to_user_id,lang,note_tweet,possibly_sensitive,public_metrics,referenced_tweets,reply_settings,source,text,withheld";

pub(crate) struct Server {
    pub(crate) simulator: Simulator,
    client: Client,
}

pub(crate) type Parameters<'a> = Vec<(&'a str, &'a str)>;

pub(crate) async fn start(options: &[&str]) -> Server {
    // Err means that a test before this one installed it.
    let _already = rustls::crypto::ring::default_provider().install_default();
    let options = Options::parse_from([&["simulator"], options].concat());
    let simulator = Simulator::start(&options).await.unwrap();
    // No roots: the tests speak plain HTTP, also where no certificates are installed.
    let client = Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    Server { simulator, client }
}

/// The archive of this name in the tests' data.
pub(crate) fn data(name: &str) -> String {
    format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

impl Server {
    pub(crate) async fn get(&self, path: &str, parameters: &Parameters<'_>) -> Response {
        self.try_get(path, parameters).await.unwrap()
    }

    pub(crate) async fn try_get(&self, path: &str, parameters: &Parameters<'_>) -> reqwest::Result<Response> {
        let request = self.client.get(self.simulator.url() + path).bearer_auth("simulator-token");
        request.query(parameters).send().await
    }

    pub(crate) async fn get_with(&self, path: &str, authorization: Option<&str>) -> Response {
        let mut request = self.client.get(self.simulator.url() + path);
        if let Some(authorization) = authorization {
            request = request.header("authorization", authorization);
        }
        request.send().await.unwrap()
    }

    /// A 200 as JSON.
    pub(crate) async fn json(&self, path: &str, parameters: &Parameters<'_>) -> Value {
        let response = self.get(path, parameters).await;
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    /// The status and the body as JSON.
    pub(crate) async fn status(&self, path: &str, parameters: &Parameters<'_>) -> (u16, Value) {
        let response = self.get(path, parameters).await;
        (response.status().as_u16(), response.json().await.unwrap())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let response = self.client.post(self.simulator.url() + path).json(body).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        let text = response.text().await.unwrap();
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    pub(crate) async fn faults(&self, faults: Value) {
        self.post("/_sim/faults", &faults).await;
    }

    /// All pages of a walk, first page first.
    pub(crate) async fn walk(&self, parameters: &Parameters<'_>) -> Vec<Value> {
        let mut pages: Vec<Value> = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut with_token = parameters.clone();
            with_token.extend(token.as_deref().map(|token| ("next_token", token)));
            let page = self.json(SEARCH, &with_token).await;
            token = page["meta"]["next_token"].as_str().map(Into::into);
            pages.push(page);
            if token.is_none() {
                return pages;
            }
        }
    }

    /// The lines of the truth by id.
    pub(crate) async fn truth(&self, query: &str) -> BTreeMap<String, Value> {
        let response = self.get("/_sim/truth", &vec![("query", query)]).await;
        let text = response.text().await.unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| (line["id"].as_str().unwrap().to_owned(), line)).collect()
    }

    /// The ids of the truth's matched posts, newest first.
    pub(crate) async fn matched(&self, query: &str) -> Vec<u64> {
        let truth = self.truth(query).await;
        let matched = truth.values().filter(|line| line["kind"] == "matched");
        let mut ids: Vec<u64> = matched.map(|line| line["id"].as_str().unwrap().parse().unwrap()).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids
    }
}

/// The ids of the posts in `data`, in their order.
pub(crate) fn ids(page: &Value) -> Vec<u64> {
    let posts = page["data"].as_array().into_iter().flatten();
    posts.map(|post| post["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// The ids of all pages' posts, in their order.
pub(crate) fn all_ids(pages: &[Value]) -> Vec<u64> {
    pages.iter().flat_map(ids).collect()
}
