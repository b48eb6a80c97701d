//! A stand-in for a schema registry: it answers `GET /schemas/ids/{id}` as Confluent's does, from a table the test fills.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

type Schemas = Arc<Mutex<BTreeMap<u32, &'static str>>>;

pub(crate) struct Registry {
    pub(crate) url: String,
    schemas: Schemas,
    server: JoinHandle<()>,
}

impl Registry {
    pub(crate) async fn start() -> Self {
        let schemas = Schemas::default();
        let router = Router::new().route("/schemas/ids/{id}", get(schema)).with_state(Arc::clone(&schemas));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, schemas, server }
    }

    /// From now on the id is this schema's.
    pub(crate) fn register(&self, id: u32, schema: &'static str) {
        self.schemas.lock().unwrap_or_else(PoisonError::into_inner).insert(id, schema);
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn schema(State(schemas): State<Schemas>, Path(id): Path<u32>) -> (StatusCode, Json<Value>) {
    match schemas.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
        Some(schema) => (StatusCode::OK, Json(json!({ "schema": schema }))),
        None => {
            let body = json!({ "error_code": 40403, "message": format!("Schema {id} not found") });
            (StatusCode::NOT_FOUND, Json(body))
        }
    }
}
