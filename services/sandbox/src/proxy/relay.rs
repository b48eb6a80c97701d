//! One connection through the proxy: requests one way, answers the other, each held where a rule says so.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::oneshot;

use super::rule::{Go, Hit, Point};
use super::{Protocol, Shared, kafka_wire, mysql_wire};

/// Relays until either side closes, a rule cuts, or the proxy cuts all.
pub(super) async fn connection(client: TcpStream, upstream: SocketAddr, shared: Arc<Shared>) {
    let mut cut = shared.cuts.subscribe();
    let relayed = async {
        let server = TcpStream::connect(upstream).await?;
        client.set_nodelay(true)?;
        server.set_nodelay(true)?;
        match shared.protocol {
            Protocol::Kafka => kafka_wire::relay(client, server, &shared.rules).await,
            Protocol::Mysql => mysql_wire::relay(client, server, &shared.rules).await,
        }
    };
    // Either way both sockets are dropped: that is the cut, and clients and servers see it as such.
    tokio::select! {
        _closed = relayed => {}
        _cut = cut.changed() => {}
    }
}

/// An answer that is held when it comes.
pub(super) enum Held {
    /// The test is told then.
    Tell(Hit),
    /// The test was told when the request went out, and says when.
    Release(oneshot::Receiver<()>),
}

impl Held {
    pub(super) async fn released(self) -> io::Result<()> {
        match self {
            Self::Tell(hit) => go(hit.hold().await),
            Self::Release(release) => release.await.map_err(|_| cut()),
        }
    }
}

/// Forwards a request, held at its moment; `await_answer` is called before it goes out where its answer is to be held.
pub(super) async fn pass(
    hit: Option<Hit>,
    request: &[u8],
    to: &mut OwnedWriteHalf,
    await_answer: impl FnOnce(Held),
) -> io::Result<()> {
    let Some(hit) = hit else { return to.write_all(request).await };
    match hit.point {
        Point::BeforeRequest => {
            go(hit.hold().await)?;
            to.write_all(request).await
        }
        Point::InFlight => {
            let (release, released) = oneshot::channel();
            await_answer(Held::Release(released));
            to.write_all(request).await?;
            go(hit.hold().await)?;
            // An answer that never comes needs no release.
            let _released = release.send(());
            Ok(())
        }
        Point::AfterAnswer => {
            await_answer(Held::Tell(hit));
            to.write_all(request).await
        }
    }
}

fn go(word: Go) -> io::Result<()> {
    match word {
        Go::On => Ok(()),
        Go::Cut => Err(cut()),
    }
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut by a rule")
}
