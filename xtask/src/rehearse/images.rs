//! The images of the rehearsal: those `cargo xtask stack` runs here, in a registry of its own; ours as layouts for the workflows' steps.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use sandbox::setup::Cache;

use crate::ci::{Call, read_pins};

/// Images of others; each is asked for by its line in the pin file.
const OTHERS: [&str; 5] =
    ["MYSQL_IMAGE", "KAFKA_IMAGE", "COLLECTOR_IMAGE", "JAEGER_IMAGE", "PROMETHEUS_IMAGE"];
/// Ours, by service.
const OURS: [(&str, &str); 3] = [
    ("extractor", "EXTRACTOR_IMAGE"),
    ("transformer", "TRANSFORMER_IMAGE"),
    ("simulator", "SIMULATOR_IMAGE"),
];

/// Pushes the images of others; gives their lines of the pin file.
pub(super) fn push_others(registry: &str) -> Result<BTreeMap<String, String>> {
    let held = held()?;
    let mut pins = BTreeMap::new();
    for name in OTHERS {
        let image = held.get(name).with_context(|| missing(name))?;
        let repository = format!("{registry}/{}", name.trim_end_matches("_IMAGE").to_lowercase());
        let to = format!("docker://{repository}:rehearsal");
        skopeo()
            .args(["copy", "--quiet", "--dest-tls-verify=false", &format!("docker-daemon:{image}"), &to])
            .run()?;
        let digest =
            skopeo().args(["inspect", "--tls-verify=false", "--format", "{{.Digest}}", &to]).text()?;
        pins.insert(name.to_owned(), format!("{repository}:rehearsal@{digest}"));
    }
    Ok(pins)
}

/// Our images as OCI layouts, one folder a service.
pub(super) fn write_layouts(folder: &Path) -> Result<()> {
    let held = held()?;
    fs::create_dir_all(folder)?;
    for (service, name) in OURS {
        let image = held.get(name).with_context(|| missing(name))?;
        let layout = folder.join(service);
        skopeo()
            .args([
                "copy",
                "--quiet",
                &format!("docker-daemon:{image}"),
                &format!("oci:{}", layout.display()),
            ])
            .run()?;
    }
    Ok(())
}

/// What `cargo xtask stack` wrote down of the images it made or pulled.
fn held() -> Result<BTreeMap<String, String>> {
    let file = Cache::of_this_user()?.path("stack-pins.env");
    let text = fs::read_to_string(&file).with_context(|| missing("every image"))?;
    Ok(read_pins(&text).into_iter().map(|(name, image)| (name.to_owned(), image.to_owned())).collect())
}

fn missing(name: &str) -> String {
    format!("{name} is not here yet: `cargo xtask stack images` pulls or makes them, once")
}

/// Without a policy: what is copied here was made or pulled by digest here.
pub(super) fn skopeo() -> Call {
    Call::new("skopeo").arg("--insecure-policy")
}
