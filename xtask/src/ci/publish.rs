//! Images: built by Nix, pushed by digest under the commit, joined over architectures, signed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{
    git::commit,
    images::{IMAGES, Image},
    index, sbom, sign,
    tool::{Call, given, hand_on},
};
use crate::cargo::root;

const NIX: &str =
    "install Nix with flakes, or give layouts of another build by CI_LAYOUTS=FOLDER (FOLDER/SERVICE)";
const SKOPEO: &str = "apt-get install skopeo";

/// Builds this machine's layouts.
pub(super) fn build() -> Result<()> {
    fs::create_dir_all(folder())?;
    for image in IMAGES {
        let link = folder().join(image.service);
        Call::new("nix")
            .or(NIX)
            .args(["build", "--print-build-logs", &format!(".#{}-oci", image.service), "--out-link"])
            .arg(&link)
            .run()?;
        println!("{}: {}", image.service, fs::read_to_string(link.join("digest"))?.trim());
    }
    Ok(())
}

/// Pushes this machine's layouts under the commit and the architecture: also a tag, so that no clean-up of untagged
/// versions takes them.
pub(super) fn stage() -> Result<()> {
    let commit = commit()?;
    for image in IMAGES {
        let layout = given("CI_LAYOUTS").map_or_else(folder, PathBuf::from).join(image.service);
        let to = format!("docker://{}:{commit}-{}", image.repository()?, architecture());
        copy(&format!("oci:{}", layout.display()), &to)?;
    }
    Ok(())
}

/// Joins, pushes, signs, attests; hands on the pins.
pub(super) fn publish() -> Result<()> {
    let commit = commit()?;
    let architectures = given("CI_ARCHITECTURES").unwrap_or_else(|| "amd64 arm64".to_owned());
    let signer = sign::Signer::of_environment()?;
    let mut pins = String::new();
    for image in IMAGES {
        // First what may fail without anything having been pushed.
        let parts = sbom::make(&image)?;
        let digest = join(&image, &commit, &architectures)?;
        let repository = image.repository()?;
        signer.sign(&format!("{repository}@{digest}"), &parts)?;
        pins += &format!("{}={repository}:{commit}@{digest}\n", image.pin);
    }
    hand_on("pins", pins.trim_end())
}

fn join(image: &Image, commit: &str, architectures: &str) -> Result<String> {
    let work = folder().join("join").join(image.service);
    // Of a run before: its blobs would be pushed along.
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let mut layouts = Vec::new();
    for architecture in architectures.split_whitespace() {
        let layout = work.join(architecture);
        fs::create_dir_all(&layout)?;
        copy(
            &format!("docker://{}:{commit}-{architecture}", image.repository()?),
            &format!("oci:{}", layout.display()),
        )?;
        layouts.push(layout);
    }
    let out = work.join("index");
    let digest = index::join(&layouts.iter().map(PathBuf::as_path).collect::<Vec<_>>(), &out)
        .with_context(|| format!("joining the architectures of {}", image.service))?;
    copy(&format!("oci:{}", out.display()), &format!("docker://{}:{commit}", image.repository()?))?;
    Ok(digest)
}

/// Copies an image as it is: a digest that changed on the way is an error.
fn copy(from: &str, to: &str) -> Result<()> {
    let mut call = Call::new("skopeo").or(SKOPEO).args(["copy", "--quiet", "--all", "--preserve-digests"]);
    if insecure() {
        call = call.args(["--src-tls-verify=false", "--dest-tls-verify=false"]);
    }
    call.args([from, to]).run()
}

/// A registry without TLS: a lab's own, or the rehearsal's.
pub(super) fn insecure() -> bool {
    given("CI_REGISTRY_INSECURE").as_deref() == Some("true")
}

pub(super) fn folder() -> PathBuf {
    root().join("target/ci")
}

/// As image registries name it.
fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// A path as an argument.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string()
}
