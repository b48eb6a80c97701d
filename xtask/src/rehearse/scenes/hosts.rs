//! Certificates on one host, and three hosts with a broker on each.

use std::time::{Duration, Instant};

use anyhow::Result;

use super::{HOST, containers, ensure, first::one_host, posts, pushes::push_rule};
use crate::rehearse::{
    site::{Source, host_line},
    stage::{INVENTORY, Stage, last, until},
};

/// Of posts on a machine that is busy with three hosts.
const ARRIVAL: Duration = Duration::from_secs(180);

pub(super) fn certificates(stage: &mut Stage) -> Result<String> {
    let fingerprint = "docker exec garimpo-mysql-1 cat /var/run/mysqld/tls/server-cert.pem | sha256sum";
    let (before, running) = (stage.host(HOST)?.ssh(fingerprint)?, containers(stage)?);
    stage.play_well("rotate.yml", &[])?;
    ensure(stage.host(HOST)?.ssh(fingerprint)? != before, "the certificate is the same", &before)?;
    ensure(containers(stage)? == running, "a container was made anew", running.join(", "))?;
    Ok("a new certificate, no container made anew".to_owned())
}

/// A host that holds no token of X, as the mirror on AWS: its posts come from a simulator in its own stack.
pub(super) fn mirror(stage: &mut Stage) -> Result<String> {
    stage.remove_hosts()?;
    let host = stage.add_host(HOST)?;
    stage.write_inventory(&one_host(&host.address), Source::Simulator, "")?;
    let refused = stage.play("deploy.yml", &[])?;
    ensure(refused.failed > 0, "a mirror may hold the token of X", last(&refused.said, 30))?;
    ensure(
        refused.said.contains("a mirror never holds it"),
        "the token is not named",
        last(&refused.said, 30),
    )?;
    stage.remove_secret("x_token")?;
    stage.repository.push("A mirror")?;
    stage.release("layouts")?;
    stage.play_well("site.yml", &[])?;
    until("posts of its own simulator reach MySQL", ARRIVAL, || Ok(posts(stage).unwrap_or(0) > 0))?;
    Ok(format!("refused with a token of X; without it {} posts of its own simulator", posts(stage)?))
}

/// New hosts beside the first: a cluster begins with empty brokers.
pub(super) fn three(stage: &mut Stage) -> Result<String> {
    stage.remove_hosts()?;
    let names = [HOST, "lab-2", "lab-3"];
    let mut hosts = String::from("all:\n  hosts:\n");
    for name in names {
        let host = stage.add_host(name)?;
        let address = host.address;
        hosts += &host_line(name, &address);
    }
    hosts += "  children:\n    kafka: {hosts: {lab-1: null, lab-2: null, lab-3: null}}\n";
    for group in ["mysql", "transformer", "extractor"] {
        hosts += &format!("    {group}: {{hosts: {{{HOST}: null}}}}\n");
    }
    stage.write_inventory(&hosts, Source::X, "trusted_lan: true\n")?;
    stage.repository.push("Three hosts")?;
    stage.release("layouts")?;
    // Three of everything start at once on this one machine.
    stage.play_well("site.yml", &["--extra-vars", r#"{"stack_wait": 180}"#])?;
    stage.agrees(HOST)?;
    let before = posts(stage)?;
    stage.host("lab-3")?.power_off()?;
    until("posts go on without one broker", ARRIVAL, || Ok(posts(stage)? > before))?;
    let without = stage.agrees(HOST)?;
    let told = stage.own(&["fleet", INVENTORY], "")?;
    let off = told.contains("host: lab-3") && !told.contains("nothing was deployed");
    ensure(off, "fleet does not tell that a host is off", last(&told, 60))?;
    // The others pull a commit that this one sees when it is back.
    let commit = push_rule(stage, "isolation", "(isolamento OR lockdown) -is:nullcast")?;
    for host in [HOST, "lab-2"] {
        stage.arrives(host, &commit)?;
    }
    let began = Instant::now();
    stage.host("lab-3")?.power_on()?;
    stage.arrives("lab-3", &commit)?;
    let took = began.elapsed().as_secs_f64();
    let after = stage.agrees(HOST)?;
    Ok(format!(
        "{before} posts through three brokers; one of them off: {without}; it pulled {took:.0} s after its start: {after}"
    ))
}
