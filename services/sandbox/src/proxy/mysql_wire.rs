//! MySQL's framing: three bytes of length and a sequence number; a packet of number 0 from the client is a command.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

use super::relay::{Held, pass};
use super::rule::{Request, Rules};

const HEADER: usize = 4;
const QUERY: u8 = 0x03;
const PREPARE: u8 = 0x16;
const EXECUTE: u8 = 0x17;
/// Commands without an answer: quit, long data of a statement, its end.
const UNANSWERED: [u8; 3] = [0x01, 0x18, 0x19];
/// A packet of this length is continued by the next one.
const FULL: usize = 0xff_ffff;
/// CLIENT_SSL among the greeting's capabilities.
const OFFERS_TLS: u8 = 0x08;

/// What the next answers belong to, and the statements prepared so far.
#[derive(Default)]
struct Session {
    awaited: VecDeque<Awaited>,
    prepared: HashMap<[u8; 4], String>,
}

#[derive(Default)]
struct Awaited {
    held: Option<Held>,
    preparing: Option<String>,
}

pub(super) async fn relay(client: TcpStream, server: TcpStream, rules: &Rules) -> io::Result<()> {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let session = Mutex::default();
    tokio::select! {
        ended = requests(from_client, to_server, rules, &session) => ended,
        ended = answers(from_server, to_client, &session) => ended,
    }
}

async fn requests(
    from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    rules: &Rules,
    session: &Mutex<Session>,
) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let mut continued = false;
    while let Some(packet) = packet(&mut from).await? {
        let is_command = packet[3] == 0 && !continued;
        continued = packet.len() == HEADER + FULL;
        let Some(command) = packet.get(HEADER).copied().filter(|_| is_command) else {
            to.write_all(&packet).await?;
            continue;
        };
        let body = &packet[HEADER + 1..];
        let lock = || session.lock().unwrap_or_else(PoisonError::into_inner);
        let statement = match command {
            QUERY => Some(String::from_utf8_lossy(body).into_owned()),
            EXECUTE => body.first_chunk().and_then(|id| lock().prepared.get(id).cloned()),
            _ => None,
        };
        let hit = statement.and_then(|statement| rules.meet(&Request::Mysql { statement: &statement }));
        if !UNANSWERED.contains(&command) {
            let preparing = (command == PREPARE).then(|| String::from_utf8_lossy(body).into_owned());
            lock().awaited.push_back(Awaited { held: None, preparing });
        }
        pass(hit, &packet, &mut to, |held| {
            if let Some(last) = lock().awaited.back_mut() {
                last.held = Some(held);
            }
        })
        .await?;
    }
    Ok(())
}

async fn answers(from: OwnedReadHalf, mut to: OwnedWriteHalf, session: &Mutex<Session>) -> io::Result<()> {
    let mut from = BufReader::new(from);
    let Some(mut greeting) = packet(&mut from).await? else { return Ok(()) };
    refuse_tls(&mut greeting);
    to.write_all(&greeting).await?;
    while let Some(packet) = packet(&mut from).await? {
        // The first packet of an answer has number 1; a long result may pass 1 again, when nothing is awaited.
        let held = if packet[3] == 1 { begin_answer(session, &packet[HEADER..]) } else { None };
        if let Some(held) = held {
            held.released().await?;
        }
        to.write_all(&packet).await?;
    }
    Ok(())
}

fn begin_answer(session: &Mutex<Session>, body: &[u8]) -> Option<Held> {
    let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
    let awaited = session.awaited.pop_front()?;
    // COM_STMT_PREPARE_OK: a zero, then the statement's id.
    if let (Some(statement), Some((0, rest))) = (awaited.preparing, body.split_first())
        && let Some(id) = rest.first_chunk()
    {
        session.prepared.insert(*id, statement);
    }
    awaited.held
}

/// Takes the offer of TLS out of the greeting: protocol, version and a zero, thread id, 8 bytes and a zero, capabilities.
fn refuse_tls(greeting: &mut [u8]) {
    let version = greeting.iter().skip(HEADER + 1).position(|byte| *byte == 0);
    let high_byte = version.map(|length| HEADER + 1 + length + 1 + 4 + 8 + 1 + 1);
    if let Some(capabilities) = high_byte.and_then(|at| greeting.get_mut(at)) {
        *capabilities &= !OFFERS_TLS;
    }
}

/// One packet with its header; none at the end of the connection.
async fn packet(from: &mut BufReader<OwnedReadHalf>) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; HEADER];
    match from.read_exact(&mut header).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    };
    let bytes = u32::from_le_bytes([header[0], header[1], header[2], 0]) as usize;
    let mut packet = vec![0; HEADER + bytes];
    packet[..HEADER].copy_from_slice(&header);
    from.read_exact(&mut packet[HEADER..]).await?;
    Ok(Some(packet))
}
