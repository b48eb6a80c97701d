//! An image as Docker runs it where it is given nothing: no right, no network, no writable file, no configuration.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::layout::Layout;
use crate::ci::Call;

/// How each program ends then, and what it says: what is missing, by the name of the variable that would give it.
const BARE: [(&str, &[&str], &str, &str); 3] = [
    ("extractor", &[], "78", "EXTRACTOR_KAFKA__BROKERS="),
    ("transformer", &[], "78", "TRANSFORMER_MYSQL__HOST="),
    // It needs nothing; this way it ends by itself.
    ("simulator", &["--stdin-guard"], "0", "listening"),
];
const NO_RIGHTS: [&str; 7] =
    ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none"];
/// Seconds until it has ended; it takes one.
const LIMIT: &str = "60";

/// Whether there is a Docker to ask.
pub(super) fn answers() -> bool {
    docker().args(["version", "--format", "{{.Server.Version}}"]).succeeds().unwrap_or(false)
}

/// Loads what `stream` writes, compares its settings with the layout's, runs it and removes the container.
pub(super) fn check(name: &str, stream: &Path, layout: &Layout) -> Result<()> {
    let load = Call::new("sh").args(["-c", "\"$1\" | docker load --quiet", "sh"]).arg(stream).text()?;
    let tag = load.rsplit(": ").next().unwrap_or_default();
    let inspected = docker().args(["image", "inspect", "--format", "{{json .Config}}", tag]).text()?;
    let loaded: Value = serde_json::from_str(&inspected).context("what docker image inspect says")?;
    for setting in ["User", "Entrypoint", "Labels"] {
        if loaded[setting] != layout.settings()[setting] {
            bail!("{name}: Docker was given another {setting} than a registry: {}", loaded[setting]);
        }
    }
    let (_, arguments, ends, says) =
        BARE.iter().find(|(program, ..)| *program == name).with_context(|| format!("no run of {name}"))?;
    let container = docker().args(["run", "--detach"]).args(NO_RIGHTS).arg(tag).args(*arguments).text()?;
    let ended = Call::new("timeout").args([LIMIT, "docker", "wait", &container]).text();
    let said = Call::new("sh").args(["-c", "docker logs \"$1\" 2>&1", "sh", &container]).text();
    docker().args(["rm", "--force", &container]).text()?;
    let (ended, said) = (ended.with_context(|| format!("{name} did not end in {LIMIT} s"))?, said?);
    if ended != *ends || !said.contains(says) {
        bail!("{name} given nothing ended with {ended}, not {ends}, or did not name {says}:\n{said}");
    }
    println!("{name}  runs as {}, given nothing ends with {ended}: {}", loaded["User"], first(&said));
    Ok(())
}

fn first(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn docker() -> Call {
    Call::new("docker")
}

#[cfg(test)]
mod tests {
    use super::BARE;
    use crate::nix::IMAGES;

    #[test]
    fn every_image_is_run() {
        assert_eq!(BARE.map(|(program, ..)| program), IMAGES);
    }
}
