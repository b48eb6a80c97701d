//! An X API v2 server: posts made from a seed or read from an archive, X's limits, prices and errors, faults on demand.
//!
//! It serves recent search, recent counts and usage under `/2`, in tweet or in post names. Post number i depends on the
//! seed and i alone and is made when it is asked for, so that millions cost nothing to hold.
//!
//! Under `/_sim`, which X has nothing of and no token guards, tests ask and change:
//!
//! | request | what |
//! |---|---|
//! | `GET truth?query=…` | a line of JSON for each post there is: `{"id", "kind": "matched" or "included", "post"}`; also bounds as in a search, and `expansions` whose posts count as included (`referenced_tweets.id` if none) |
//! | `GET served` | `{"posts": {id: {"data", "included"}}, "pages": [{"request", "times", "answered_whole", "with_posts", "results"}], "requests": {status: n}}` |
//! | `GET bill` | `{"usd_micros", "posts", "users", "counts_requests", "by_day", "answers"}`: an answer is billed once it was begun, cut or not |
//! | `GET clock` | `{"now", "start", "posts"}` |
//! | `GET`, `POST`, `DELETE faults` | a list of [`Fault`]s; each lets `after` requests pass and strikes `times` |
//! | `POST posts` | `{"posts": […], "includes", "visible_after_ms", "searchable"}` in tweet names; what is left out is filled in |
//! | `POST delete` | `{"ids": […]}` |
//! | `POST limits` | any of `search`, `counts`, `usage`, `window_seconds`, `one_per_second` |
//! | `POST halt` | no new posts from now on |
//!
//! What the specifications leave open was decided so: `next_token` holds with the same parameters but for `max_results`;
//! every version of an edited post is found by itself; a `reset` breaks the connection before anything is computed and
//! is not billed; an archive's missing references give an error only where the archive has one.

mod api;
mod app;
mod archive;
mod clock;
mod control;
mod counts;
mod errors;
mod expand;
mod faults;
mod fields;
mod generate;
mod ids;
mod ledger;
mod limits;
mod options;
mod query;
mod request;
mod search;
mod store;
mod truth;
mod usage;
mod vocabulary;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use app::StartError;
pub use archive::ArchiveError;
pub use clock::UnixMs;
pub use errors::Shape;
pub use faults::{Fault, Kind};
pub use ids::PostId;
pub use options::{Options, Switch};
pub use vocabulary::Vocabulary;

use app::App;

/// A running simulator; it ends when this is dropped.
#[derive(Debug)]
pub struct Simulator {
    /// Where it listens.
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
}

impl Simulator {
    /// Reads the archive, if there is one, and listens. It runs on the calling Tokio runtime.
    ///
    /// # Errors
    /// The archive cannot be served, or the address cannot be listened on.
    pub async fn start(options: &Options) -> Result<Self, StartError> {
        let app = Arc::new(App::new(options)?);
        let failed = |source| StartError::Listen { address: options.listen, source };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().merge(control::routes()).fallback(get(api::answer)).with_state(app);
        tokio::spawn(async move {
            let serving = std::future::IntoFuture::into_future(axum::serve(listener, router));
            // Not gracefully: a client that keeps its connection open must not keep a test from ending.
            tokio::select! {
                ended = serving => if let Err(error) = ended { tracing::error!(%error, "the server ended") },
                _ = stopped => {}
            }
        });
        tracing::info!(%address, "listening");
        Ok(Self { address, stop: Some(stop) })
    }

    /// Its base address, such as `http://127.0.0.1:4321`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Err: it has ended already.
            let _ended = stop.send(());
        }
    }
}
