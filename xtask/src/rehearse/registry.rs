//! A registry, and the repository's server of the rehearsal, each on the address of a network.

use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result};

use super::stage::until;
use crate::ci::Call;

/// A process that ends with this value.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// A registry over one folder by `program`; at the address it had before, where one is given.
    pub(crate) fn registry(
        program: &Path,
        gateway: &str,
        before: Option<&str>,
        folder: &Path,
    ) -> Result<Self> {
        let address = before.map_or_else(|| free(gateway), |address| Ok(address.to_owned()))?;
        fs::create_dir_all(folder)?;
        let config = folder.with_extension("yml");
        fs::write(
            &config,
            format!(
                "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"{address}\"}}\n",
                folder.display()
            ),
        )?;
        let mut serve = Command::new(program);
        serve.arg("serve").arg(config);
        Self::start(serve, address)
    }

    /// Git's own server over a folder of bare repositories; hosts only read.
    pub(super) fn git(gateway: &str, folder: &Path) -> Result<Self> {
        let address = free(gateway)?;
        let (host, port) = address.rsplit_once(':').context("an address without a port")?;
        // Not as `git daemon`, whose child outlives it where it is ended.
        let programs = Call::new("git").args(["--exec-path"]).text()?;
        let mut serve = Command::new(Path::new(&programs).join("git-daemon"));
        serve.args(["--export-all", "--reuseaddr", &format!("--listen={host}"), &format!("--port={port}")]);
        serve.arg(format!("--base-path={}", folder.display())).arg(folder);
        Self::start(serve, address)
    }

    fn start(mut serve: Command, address: String) -> Result<Self> {
        let child = serve.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let server = Self { child, address };
        until(&format!("a server at {} answers", server.address), Duration::from_secs(20), || {
            Ok(std::net::TcpStream::connect(&server.address).is_ok())
        })?;
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already ended is as good.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// A port nobody has, on the network's own address of this machine.
fn free(gateway: &str) -> Result<String> {
    Ok(TcpListener::bind((gateway, 0))?.local_addr()?.to_string())
}
