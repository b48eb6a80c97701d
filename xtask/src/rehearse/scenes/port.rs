//! MySQL's port as Data Studio reaches it, on a host without root: who comes in, and how.

use std::fs;

use anyhow::{Context, Result};

use super::HOST;
use crate::rehearse::{
    site::{MYSQL_PORT, password},
    stage::Stage,
};
use crate::stack::{ACCOUNTS, Door, Findings, knock};

/// By the host's address, with each account's right password; verified by the name in the certificate.
pub(super) fn who_comes_in(stage: &mut Stage) -> Result<String> {
    let host = stage.host(HOST)?;
    let ca = stage.work.join("ca.pem");
    fs::write(&ca, host.ssh("docker exec garimpo-mysql-1 cat /var/run/mysqld/tls/ca.pem")?)?;
    let account = |name: &&str| ((*name).to_owned(), password(&format!("mysql_{name}")));
    let door = Door {
        host: host.address.clone(),
        port: MYSQL_PORT,
        ca,
        passwords: ACCOUNTS.iter().map(account).collect(),
    };
    let mut findings = Findings::default();
    tokio::runtime::Runtime::new().context("no runtime")?.block_on(knock(&door, &mut findings))?;
    findings.conclude()?;
    Ok("data_studio by TLS alone; migrator, transformer and root neither with it nor without".to_owned())
}
