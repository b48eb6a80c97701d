//! Free ports on loopback that stay ours over a restart.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Mutex;

use rand::Rng;

use crate::error::SandboxError;

/// Below the range the system takes outgoing connections' ports from (32768 on Linux): a server that is restarted on its
/// port must not find a client's connection there.
const RANGE: std::ops::Range<u16> = 12_000..32_000;
const TRIES: u32 = 200;

static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// A port nobody listens on, chosen at random so that test processes side by side do not meet; never given twice here.
///
/// # Errors
/// None of 200 tries found a free one.
pub fn free() -> Result<SocketAddr, SandboxError> {
    let mut given = GIVEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for _ in 0..TRIES {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, rand::rng().random_range(RANGE)));
        if TcpListener::bind(address).is_ok() && given.insert(address.port()) {
            return Ok(address);
        }
    }
    Err(SandboxError::NoPort { tries: TRIES })
}
