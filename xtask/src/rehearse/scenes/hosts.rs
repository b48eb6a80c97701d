//! Certificates on one host, and three hosts with a broker on each.

use std::time::Duration;

use anyhow::Result;

use super::{HOST, containers, ensure, posts};
use crate::rehearse::{
    site::{Source, host_line},
    stage::{Stage, until},
};

pub(super) fn certificates(stage: &mut Stage) -> Result<String> {
    let fingerprint = "docker exec garimpo-mysql-1 cat /var/run/mysqld/tls/server-cert.pem | sha256sum";
    let (before, running) = (stage.host(HOST)?.ssh(fingerprint)?, containers(stage)?);
    stage.play_well("rotate.yml", &[])?;
    ensure(stage.host(HOST)?.ssh(fingerprint)? != before, "the certificate is the same", &before)?;
    ensure(containers(stage)? == running, "a container was made anew", running.join(", "))?;
    Ok("a new certificate, no container made anew".to_owned())
}

/// New hosts beside the first: a cluster begins with empty brokers.
pub(super) fn three(stage: &mut Stage) -> Result<String> {
    stage.host(HOST)?.remove()?;
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
    stage.play_well("site.yml", &[])?;
    stage.agrees(HOST)?;
    let before = posts(stage)?;
    stage.host("lab-3")?.power_off()?;
    until("posts go on without one broker", Duration::from_secs(180), || Ok(posts(stage)? > before))?;
    let without = stage.agrees(HOST)?;
    stage.host("lab-3")?.power_on()?;
    Ok(format!("{before} posts through three brokers; with one of them off {without}"))
}
