//! A TCP proxy that understands enough of Kafka's and MySQL's protocols to hold or cut a connection at an exact moment.
//!
//! Tests kill a service at such a moment, without failure points in the service itself:
//!
//! ```no_run
//! # use std::time::Duration;
//! # use sandbox::proxy::{Protocol, Proxy, Rule};
//! # async fn example(mysql: std::net::SocketAddr) -> Result<(), sandbox::SandboxError> {
//! let proxy = Proxy::start(Protocol::Mysql).await?;
//! proxy.forward_to(mysql);
//! let mut commit = proxy.hold(Rule::mysql("COMMIT").after_answer());
//! // … start the service with proxy.address() …
//! commit.reached(Duration::from_secs(30)).await?;
//! // … MySQL has committed, the service does not know: kill it …
//! commit.cut();
//! # Ok(())
//! # }
//! ```

mod kafka_wire;
mod mysql_wire;
mod relay;
mod rule;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::error::SandboxError;
pub use rule::{Api, Moment, Rule, Seen};

/// The protocol a proxy reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Kafka's, in plain text.
    Kafka,
    /// MySQL's, in plain text: the server's offer of TLS is taken out of its greeting.
    Mysql,
}

/// A proxy on a free port of loopback; dropped, it closes all its connections.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    protocol: Protocol,
    rules: rule::Rules,
    upstream: Mutex<Option<SocketAddr>>,
    /// Counts how often all connections were cut; a connection ends when it changes.
    cuts: watch::Sender<u64>,
}

impl Proxy {
    /// Listens; connections are closed at once until [`forward_to`](Self::forward_to) says where they go.
    ///
    /// # Errors
    /// No port can be had.
    pub async fn start(protocol: Protocol) -> Result<Self, SandboxError> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.map_err(SandboxError::io("listen on", "127.0.0.1"))?;
        let address = listener.local_addr().map_err(SandboxError::io("listen on", "127.0.0.1"))?;
        let shared = Arc::new(Shared {
            protocol,
            rules: rule::Rules::default(),
            upstream: Mutex::new(None),
            cuts: watch::Sender::new(0),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where new connections go from now on.
    pub fn forward_to(&self, upstream: SocketAddr) {
        self.shared.set_upstream(Some(upstream));
    }

    /// Cuts all connections and closes new ones at once, as a network that is down, until [`forward_to`](Self::forward_to).
    pub fn go_down(&self) {
        self.shared.set_upstream(None);
        self.cut_all();
    }

    /// Cuts all connections; clients may connect again.
    pub fn cut_all(&self) {
        self.shared.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// Holds the connection at the moment `rule` describes, once, from now on.
    pub fn hold(&self, rule: Rule) -> Moment {
        self.shared.rules.add(rule)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn upstream(&self) -> Option<SocketAddr> {
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_upstream(&self, upstream: Option<SocketAddr>) {
        *self.upstream.lock().unwrap_or_else(PoisonError::into_inner) = upstream;
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // Dropped with this task, the set ends every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let (Ok((client, _)), Some(upstream)) = (accepted, shared.upstream()) {
                    connections.spawn(relay::connection(client, upstream, Arc::clone(&shared)));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
