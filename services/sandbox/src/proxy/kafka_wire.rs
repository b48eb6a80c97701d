//! Kafka's framing: a length, then for requests key, version and correlation id, for answers the correlation id.

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::relay::{Held, pass};
use super::rule::{Request, Rules};

/// Far above what a broker accepts; a longer length means that this is not Kafka's protocol.
const LONGEST: usize = 256 * 1024 * 1024;

/// Answers to be held, by correlation id.
type Awaited = Mutex<HashMap<[u8; 4], Held>>;

pub(super) async fn relay(client: TcpStream, server: TcpStream, rules: &Rules) -> io::Result<()> {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let awaited = Awaited::default();
    tokio::select! {
        ended = requests(from_client, to_server, rules, &awaited) => ended,
        ended = answers(from_server, to_client, &awaited) => ended,
    }
}

async fn requests(
    from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    rules: &Rules,
    awaited: &Awaited,
) -> io::Result<()> {
    let mut from = BufReader::new(from);
    while let Some(frame) = frame(&mut from).await? {
        // 4 bytes of length, 2 of key, 2 of version, 4 of correlation id.
        let Some((&[_, _, _, _, key0, key1, _, _, c0, c1, c2, c3], _)) = frame.split_first_chunk::<12>()
        else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let key = i16::from_be_bytes([key0, key1]);
        let correlation = [c0, c1, c2, c3];
        let hit = rules.meet(&Request::Kafka { key, frame: &frame });
        pass(hit, &frame, &mut to, |held| {
            awaited.lock().unwrap_or_else(PoisonError::into_inner).insert(correlation, held);
        })
        .await?;
    }
    Ok(())
}

async fn answers(from: OwnedReadHalf, mut to: OwnedWriteHalf, awaited: &Awaited) -> io::Result<()> {
    let mut from = BufReader::new(from);
    while let Some(frame) = frame(&mut from).await? {
        let held = frame.get(4..8).and_then(|correlation| {
            let mut awaited = awaited.lock().unwrap_or_else(PoisonError::into_inner);
            awaited.remove(correlation)
        });
        if let Some(held) = held {
            held.released().await?;
        }
        to.write_all(&frame).await?;
    }
    Ok(())
}

/// One frame with its length; none at the end of the connection.
async fn frame(from: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    };
    let bytes = u32::from_be_bytes(length) as usize;
    if bytes > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut frame = vec![0; 4 + bytes];
    frame[..4].copy_from_slice(&length);
    from.read_exact(&mut frame[4..]).await?;
    Ok(Some(frame))
}
