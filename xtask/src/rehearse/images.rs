//! The images of the rehearsal: those `cargo xtask stack` runs here, in a registry of its own; ours as layouts for the workflows' steps.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};

use crate::{ci::Call, stack};

/// Images of others; each is asked for by its line in the pin file.
const OTHERS: [&str; 5] =
    ["MYSQL_IMAGE", "KAFKA_IMAGE", "COLLECTOR_IMAGE", "JAEGER_IMAGE", "PROMETHEUS_IMAGE"];
/// Ours, by service.
const OURS: [(&str, &str); 3] = [
    ("extractor", "EXTRACTOR_IMAGE"),
    ("transformer", "TRANSFORMER_IMAGE"),
    ("simulator", "SIMULATOR_IMAGE"),
];

/// What this machine's Docker holds for each line of the pin file.
pub(super) struct Images(BTreeMap<String, String>);

impl Images {
    /// Pulls or makes them; the first time that takes as long as `cargo xtask stack images`.
    pub(super) fn provide() -> Result<Self> {
        stack::every_image().map(Self)
    }

    pub(super) fn of(&self, name: &str) -> Result<&str> {
        self.0.get(name).map(String::as_str).with_context(|| format!("the stack has no {name}"))
    }
}

/// Pushes the images of others; gives their lines of the pin file.
pub(super) fn push_others(images: &Images, registry: &str) -> Result<BTreeMap<String, String>> {
    let mut pins = BTreeMap::new();
    for name in OTHERS {
        let image = images.of(name)?;
        let repository = format!("{registry}/{}", name.trim_end_matches("_IMAGE").to_lowercase());
        pins.insert(name.to_owned(), push(image, &repository, "rehearsal")?);
    }
    Ok(pins)
}

/// Our images as OCI layouts, one folder a service.
pub(super) fn write_layouts(images: &Images, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    for (service, name) in OURS {
        layout(images.of(name)?, &folder.join(service))?;
    }
    Ok(())
}

/// An image of this machine's Docker as an OCI layout.
pub(super) fn layout(image: &str, folder: &Path) -> Result<()> {
    let (from, to) = (format!("docker-daemon:{image}"), format!("oci:{}", folder.display()));
    skopeo().args(["copy", "--quiet", &from, &to]).run()
}

/// Pushes an image of this machine's Docker; gives its line in the pin file.
pub(super) fn push(image: &str, repository: &str, tag: &str) -> Result<String> {
    let to = format!("docker://{repository}:{tag}");
    skopeo()
        .args(["copy", "--quiet", "--dest-tls-verify=false", &format!("docker-daemon:{image}"), &to])
        .run()?;
    let digest = skopeo().args(["inspect", "--tls-verify=false", "--format", "{{.Digest}}", &to]).text()?;
    Ok(format!("{repository}:{tag}@{digest}"))
}

/// Without a policy: what is copied here was made or pulled by digest here.
pub(super) fn skopeo() -> Call {
    Call::new("skopeo").arg("--insecure-policy")
}
