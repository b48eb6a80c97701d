//! What is in an image, as CycloneDX: made from the lock file, and refused where it leaves out what must be in it.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{
    images::{IMAGES, Image},
    installed,
    publish::folder,
    tool::Call,
};
use crate::cargo::root;

/// The version that makes it.
const CYCLONEDX: &str = "0.5.7";

/// Makes the list of each image's parts.
pub(super) fn run() -> Result<()> {
    for image in IMAGES {
        println!("{}", make(&image)?.display());
    }
    Ok(())
}

/// Makes the list of one image's parts; gives its file.
pub(super) fn make(image: &Image) -> Result<PathBuf> {
    let program = installed::provide("cargo-cyclonedx", CYCLONEDX)?;
    let manifest = root().join("services").join(image.service);
    let name = format!("{}.sbom", image.service);
    Call::new(&program.display().to_string())
        .args(["cyclonedx", "--format", "json", "--spec-version", "1.5", "--quiet"])
        .args(["--override-filename", &name, "--manifest-path"])
        .arg(manifest.join("Cargo.toml"))
        .run()?;
    let made = manifest.join(format!("{name}.json"));
    let text = fs::read_to_string(&made).with_context(|| format!("cannot read {}", made.display()))?;
    check(image, &text)?;
    fs::create_dir_all(folder())?;
    let kept = folder().join(format!("{}.cdx.json", image.service));
    fs::rename(&made, &kept)
        .with_context(|| format!("cannot move {} to {}", made.display(), kept.display()))?;
    tidy(&format!("{name}.json"))?;
    Ok(kept)
}

/// It writes one beside each crate of the workspace, whichever was asked for.
fn tidy(name: &str) -> Result<()> {
    let (services, xtask) = (root().join("services"), root().join("xtask"));
    let below = fs::read_dir(services)?.chain(fs::read_dir(&xtask)?).flatten().map(|entry| entry.path());
    for file in below.chain([xtask]).map(|folder| folder.join(name)).filter(|file| file.exists()) {
        fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
    }
    Ok(())
}

/// Refuses a list that does not name what the image is known to hold.
fn check(image: &Image, text: &str) -> Result<()> {
    let sbom: Value = serde_json::from_str(text).context("the list of parts is no JSON")?;
    let components = sbom["components"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&str> = components.iter().filter_map(|component| component["name"].as_str()).collect();
    if let Some(missing) = image.parts.iter().find(|part| !names.contains(part)) {
        bail!(
            "{}: the list of parts names {} and not {missing}, which is built in",
            image.service,
            names.len()
        );
    }
    println!("{}: {} parts", image.service, names.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_rdkafka_is_refused() {
        let list = |names: &[&str]| {
            let parts: Vec<_> = names.iter().map(|name| serde_json::json!({"name": name})).collect();
            serde_json::json!({"components": parts}).to_string()
        };
        assert!(check(&IMAGES[0], &list(&["rdkafka", "rdkafka-sys", "rustls"])).is_ok());
        let error = check(&IMAGES[0], &list(&["rustls", "rdkafka-sys"])).unwrap_err();
        assert!(error.to_string().contains("not rdkafka"), "{error}");
        assert!(check(&IMAGES[0], "{}").is_err());
    }
}
