//! An image on its way to a registry: `nix run .#push` has to keep the digest that was known before.

use std::{path::Path, process::Stdio};

use anyhow::{Context, Result, bail};

use super::{layout::Layout, place::Place};
use crate::{ci::Call, rehearse::Server};

/// What serves a registry, as Debian and as nixpkgs call it.
const REGISTRIES: [&str; 2] = ["docker-registry", "registry"];

/// Pushes each layout to a registry of its own on loopback and reads it back by its digest.
pub(super) fn check(place: &Place, layouts: &[(&'static str, Layout)]) -> Result<()> {
    let there = |program: &str| Call::new(program).arg("--version").succeeds().unwrap_or(false);
    let Some(registry) = REGISTRIES.into_iter().find(|program| there(program)).filter(|_| there("skopeo"))
    else {
        println!("left out: a push to a registry (docker-registry and skopeo are not both on the PATH)");
        return Ok(());
    };
    let folder = tempfile::tempdir().context("no folder for a registry")?;
    let server = Server::registry(Path::new(registry), "127.0.0.1", None, &folder.path().join("registry"))?;
    for (name, layout) in layouts {
        let repository = format!("{}/garimpo/{name}", server.address);
        let mut push = place.command(&["run", ".#push"]);
        push.args(["--", name, &repository]).env("PUSH_OPTIONS", "--quiet --dest-tls-verify=false");
        let pushed = push.stderr(Stdio::inherit()).output().context("nix could not be started")?;
        let told = String::from_utf8_lossy(&pushed.stdout);
        let wanted = format!("{repository}@{}", layout.digest);
        if !pushed.status.success() || told.trim() != wanted {
            bail!("push {name} ended with {} and told {told:?} instead of {wanted}", pushed.status);
        }
        // By its digest: skopeo refuses content of another.
        let read = Call::new("skopeo").args(["inspect", "--tls-verify=false", "--format", "{{.Digest}}"]);
        let kept = read.arg(format!("docker://{wanted}")).text()?;
        if kept != layout.digest {
            bail!("{name}: the registry keeps {kept}, not {}", layout.digest);
        }
        println!("{name}  pushed and read back as {}", layout.digest);
    }
    Ok(())
}
