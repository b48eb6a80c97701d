//! Who reaches whom: seats are the network namespaces of running containers, and this machine's addresses.

mod outside;

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::findings::Findings;
use super::run::{output, succeeds};
use super::site;
use super::test::Running;

const LIMIT: Duration = Duration::from_secs(2);

/// From whose seat, whom, on which network, at which port, and whether that is to be.
const WAYS: [(&str, &str, &str, u16, bool); 16] = [
    ("extractor", "kafka", "backend", 9092, true),
    ("transformer", "mysql", "backend", 3306, true),
    ("extractor", "collector", "backend", 4318, true),
    ("collector", "jaeger", "telemetry", 4317, true),
    ("prometheus", "collector", "telemetry", 8888, true),
    ("jaeger", "mysql", "backend", 3306, false),
    ("jaeger", "mysql", "edge", 3306, false),
    ("jaeger", "kafka", "backend", 9092, false),
    ("prometheus", "kafka", "backend", 9092, false),
    ("prometheus", "mysql", "edge", 3306, false),
    ("prometheus", "simulator", "backend", 8088, false),
    ("kafka", "jaeger", "telemetry", 16686, false),
    ("mysql", "jaeger", "ui", 16686, false),
    ("extractor", "prometheus", "telemetry", 9090, false),
    ("transformer", "jaeger", "telemetry", 4317, false),
    ("extractor", "mysql", "edge", 3306, false),
];

/// Tries every way, and looks at what is published.
pub(super) fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    for (from, to, network, port, wanted) in WAYS {
        let address = SocketAddr::new(running.container(to)?.address(network)?, port);
        let reached = reaches(running.container(from)?.pid, address);
        let word = if wanted { "reaches" } else { "does not reach" };
        findings.is(reached == wanted, format!("{from} {word} {to} at {port} on {network}"));
    }
    outside::check(running, findings)?;
    published(running, findings)
}

fn published(running: &Running, findings: &mut Findings) -> Result<()> {
    let mut wanted = BTreeSet::new();
    for (variable, default, _) in site::ports(&running.project.layers) {
        wanted.insert(format!("127.0.0.1:{}", running.site.port(variable, default)?));
    }
    let found: BTreeSet<String> =
        running.containers.iter().flat_map(|one| one.published.values().flatten().cloned()).collect();
    findings.is(found == wanted, format!("published is {found:?} and nothing else"));
    let others = own_addresses()?;
    for (variable, default, what) in site::ports(&running.project.layers) {
        let port = running.site.port(variable, default)?;
        let here = TcpStream::connect_timeout(&SocketAddr::from(([127, 0, 0, 1], port)), LIMIT).is_ok();
        let elsewhere: Vec<&IpAddr> = others
            .iter()
            .filter(|ip| TcpStream::connect_timeout(&SocketAddr::new(**ip, port), LIMIT).is_ok())
            .collect();
        findings.is(
            here && elsewhere.is_empty(),
            format!(
                "{what} answers on loopback, and not on {} other addresses of this machine: {elsewhere:?}",
                others.len()
            ),
        );
    }
    Ok(())
}

fn reaches(pid: i64, address: SocketAddr) -> bool {
    let mut enter = Command::new("nsenter");
    enter.args([&format!("--net=/proc/{pid}/ns/net"), "timeout", "2", "bash", "-c"]);
    enter.arg(format!("exec 3<>/dev/tcp/{}/{}", address.ip(), address.port()));
    succeeds(enter)
}

/// Addresses of this machine others see, those of Docker's own bridges among them.
fn own_addresses() -> Result<Vec<IpAddr>> {
    let mut names = Command::new("hostname");
    names.arg("-I");
    Ok(output(names)?
        .split_whitespace()
        .filter_map(|text| text.parse().ok())
        .filter(IpAddr::is_ipv4)
        .collect())
}
