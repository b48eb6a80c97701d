//! The world outside, stood in for by a network namespace made for this: who gets there from a container, and who does not.

use std::process::Command;

use anyhow::Result;

use super::super::findings::Findings;
use super::super::run::{output, succeeds};
use super::super::test::Running;

const NAME: &str = "garimpo-out";
/// Of a range kept for documentation: nobody's address.
const OURS: &str = "198.51.100.1/30";
const THEIRS: &str = "198.51.100.2";

/// With the simulator in X's place only those whose port is published have a way out at all.
pub(super) fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    let Some(_outside) = Outside::make() else {
        println!("  left out: no network namespace can be made here (iproute2), so ways out are not tried");
        return Ok(());
    };
    // Without a way for anybody the other findings would say nothing.
    findings.is(
        gets_out(running, "mysql")?,
        "an address outside is there: mysql, on a network that is published, gets to it",
    );
    for service in ["kafka", "transformer", "extractor", "simulator", "collector"] {
        findings.is(!gets_out(running, service)?, format!("{service} has no way out"));
    }
    Ok(())
}

/// Nobody listens there: who gets through is refused, who does not hears nothing.
fn gets_out(running: &Running, service: &str) -> Result<bool> {
    let mut enter = Command::new("nsenter");
    enter.arg(format!("--net=/proc/{}/ns/net", running.container(service)?.pid));
    enter.args(["timeout", "3", "bash", "-c", &format!("exec 3<>/dev/tcp/{THEIRS}/80")]);
    let said = enter.env("LC_ALL", "C").output()?;
    Ok(said.status.success() || String::from_utf8_lossy(&said.stderr).contains("Connection refused"))
}

/// A namespace behind a link to this machine; dropped, it is gone.
struct Outside;

impl Outside {
    fn make() -> Option<Self> {
        let made = Self;
        made.remove();
        let steps = [
            format!("netns add {NAME}"),
            format!("link add {NAME} type veth peer name eth0 netns {NAME}"),
            format!("address add {OURS} dev {NAME}"),
            format!("link set {NAME} up"),
            format!("-netns {NAME} address add {THEIRS}/30 dev eth0"),
            format!("-netns {NAME} link set eth0 up"),
            format!("-netns {NAME} route add default via {}", OURS.trim_end_matches("/30")),
        ];
        steps.iter().all(|step| output(ip(step)).is_ok()).then_some(made)
    }

    fn remove(&self) {
        // Absent but after a test that was killed. The link by itself: with the namespace it would go some time later, and its
        // address would be looked at as one of this machine's.
        let _absent = succeeds(ip(&format!("link delete {NAME}")));
        let _absent = succeeds(ip(&format!("netns delete {NAME}")));
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        self.remove();
    }
}

fn ip(words: &str) -> Command {
    let mut command = Command::new("ip");
    command.args(words.split(' '));
    command
}
