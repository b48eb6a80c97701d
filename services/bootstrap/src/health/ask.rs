//! The other side of the endpoint: `extractor health`, as images hold no shell and no curl.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use super::HealthSettings;

/// What to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Is the process alive?
    Live,
    /// Is it doing its work?
    Ready,
}

const LIMIT: Duration = Duration::from_secs(3);

/// Asks the running service of this configuration and prints its answer: 0 if it is well, else 1.
/// Blocks for at most a few seconds.
pub fn ask(settings: &HealthSettings, probe: Probe) -> ExitCode {
    match answer(settings, probe) {
        Ok((true, body)) => {
            println!("{body}");
            ExitCode::SUCCESS
        }
        Ok((false, body)) => {
            eprintln!("unhealthy: {body}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!(
                "unhealthy: no answer from the health endpoint (health.listen = {}): {error}",
                settings.listen
            );
            ExitCode::FAILURE
        }
    }
}

pub(super) fn answer(settings: &HealthSettings, probe: Probe) -> io::Result<(bool, String)> {
    let address = address(settings)?;
    let path = match probe {
        Probe::Live => "/health/live",
        Probe::Ready => "/health/ready",
    };
    let mut stream = TcpStream::connect_timeout(&address, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Ok((head.starts_with("HTTP/1.1 200"), body.to_owned()))
}

fn address(settings: &HealthSettings) -> io::Result<SocketAddr> {
    let mut address = settings.listen;
    if address.port() == 0 {
        let file = settings.address_file.as_ref().ok_or_else(|| {
            io::Error::other("the port is chosen at start: set a port, or health.address_file")
        })?;
        address = std::fs::read_to_string(file)?.trim().parse().map_err(io::Error::other)?;
    }
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    Ok(address)
}
