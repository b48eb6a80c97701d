//! One image for several architectures: OCI layouts joined to one whose index names them all. The digest follows from the
//! layouts alone, so it is known before anything is pushed.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// Joins `layouts` in `out`; gives the index's digest.
pub(super) fn join(layouts: &[&Path], out: &Path) -> Result<String> {
    let blobs = out.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    let mut manifests = Vec::new();
    for layout in layouts {
        manifests.push(manifest(layout)?);
        for blob in fs::read_dir(layout.join("blobs/sha256"))? {
            let blob = blob?;
            fs::copy(blob.path(), blobs.join(blob.file_name()))?;
        }
    }
    // The same order whichever architecture was built first.
    manifests.sort_by_key(|manifest| manifest["platform"]["architecture"].as_str().map(str::to_owned));
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}).to_string();
    let digest = Sha256::digest(&index).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    fs::write(blobs.join(&digest), &index)?;
    let digest = format!("sha256:{digest}");
    let outer = json!({"schemaVersion": 2, "manifests": [{"mediaType": INDEX, "digest": digest, "size": index.len()}]});
    fs::write(out.join("index.json"), outer.to_string())?;
    fs::write(out.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#)?;
    Ok(digest)
}

/// A layout's one manifest, with the platform its configuration names.
fn manifest(layout: &Path) -> Result<Value> {
    let json = |path: &Path| -> Result<Value> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(serde_json::from_slice(&bytes)?)
    };
    let blob = |digest: &Value| -> Result<Value> {
        let digest = digest.as_str().and_then(|digest| digest.strip_prefix("sha256:"));
        json(&layout.join("blobs/sha256").join(digest.context("a digest that is no SHA-256")?))
    };
    let listed = json(&layout.join("index.json"))?["manifests"][0].clone();
    let config = blob(&blob(&listed["digest"])?["config"]["digest"])?;
    Ok(json!({
        "mediaType": listed["mediaType"],
        "digest": listed["digest"],
        "size": listed["size"],
        "platform": {"architecture": config["architecture"], "os": config["os"]},
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layout with nothing but a configuration of that architecture.
    fn layout(folder: &Path, architecture: &str) {
        let put = |value: Value| {
            let text = value.to_string();
            let digest = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            fs::write(folder.join("blobs/sha256").join(&digest), &text).unwrap();
            json!({"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": format!("sha256:{digest}"), "size": text.len()})
        };
        fs::create_dir_all(folder.join("blobs/sha256")).unwrap();
        let config = put(json!({"architecture": architecture, "os": "linux"}));
        let manifest = put(json!({"config": config}));
        fs::write(folder.join("index.json"), json!({"manifests": [manifest]}).to_string()).unwrap();
    }

    #[test]
    fn the_index_names_every_architecture_and_its_digest_hangs_on_no_order() {
        let folder = tempfile::tempdir().unwrap();
        let (amd64, arm64) = (folder.path().join("a"), folder.path().join("b"));
        layout(&amd64, "amd64");
        layout(&arm64, "arm64");
        let one = join(&[&amd64, &arm64], &folder.path().join("one")).unwrap();
        let other = join(&[&arm64, &amd64], &folder.path().join("other")).unwrap();
        assert_eq!(one, other);
        let blob = folder.path().join("one/blobs/sha256").join(one.strip_prefix("sha256:").unwrap());
        let index: Value = serde_json::from_slice(&fs::read(blob).unwrap()).unwrap();
        let platforms: Vec<_> = index["manifests"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["platform"]["architecture"].clone())
            .collect();
        assert_eq!(platforms, ["amd64", "arm64"]);
    }
}
