//! An image as an OCI layout: what a registry would be given.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The most an image may be, compressed.
const LIMIT: u64 = 8_000_000;
const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";
const LABELS: [&str; 5] = ["title", "version", "source", "revision", "licenses"];

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
    size: u64,
}

#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Manifest {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

/// What an image is, by its manifest.
pub(super) struct Layout {
    /// Of the manifest: what a host pulls by.
    pub(super) digest: String,
    compressed: u64,
    unpacked: u64,
    config: Value,
    layers: Vec<PathBuf>,
}

impl Layout {
    /// Reads the layout in `folder` and checks each blob against its name.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let text = |path: PathBuf| fs::read(&path).with_context(|| format!("cannot read {}", path.display()));
        let blob = |wanted: &Descriptor| {
            let hex = wanted.digest.strip_prefix("sha256:").context("a digest is no SHA-256")?;
            let path = folder.join("blobs/sha256").join(hex);
            let bytes = text(path.clone())?;
            let found: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            if found != hex || u64::try_from(bytes.len()).ok() != Some(wanted.size) {
                bail!("{} has another digest or size than its name says", path.display());
            }
            Ok((path, bytes))
        };
        let index: Index = serde_json::from_slice(&text(folder.join("index.json"))?).context("index.json")?;
        let [manifest] = index.manifests.as_slice() else {
            bail!("{} images in one layout", index.manifests.len())
        };
        let content: Manifest = serde_json::from_slice(&blob(manifest)?.1).context("the manifest")?;
        let config = serde_json::from_slice(&blob(&content.config)?.1).context("the configuration")?;
        let (mut layers, mut unpacked) = (Vec::new(), 0);
        for layer in &content.layers {
            let (path, bytes) = blob(layer)?;
            // gzip's last four bytes: how long the content was.
            let length = bytes.last_chunk().copied().map(u32::from_le_bytes);
            unpacked += u64::from(length.with_context(|| format!("{} is empty", path.display()))?);
            layers.push(path);
        }
        let compressed = content.layers.iter().map(|layer| layer.size).sum();
        Ok(Self { digest: manifest.digest.clone(), compressed, unpacked, config, layers })
    }

    /// What a container of it is started with.
    pub(super) fn settings(&self) -> &Value {
        &self.config["config"]
    }

    /// Holds it against what an image of the service `name` has to be.
    pub(super) fn check(&self, name: &str) -> Result<()> {
        let mut expected = vec![format!("bin/{name}"), CERTIFICATES.to_owned()];
        let mut files = self.files()?;
        expected.sort();
        files.sort();
        if files != expected {
            bail!("{name}: the image holds {files:?}, not {expected:?} alone");
        }
        let settings = self.settings();
        if settings["User"] != "65532:65532" || settings["Entrypoint"][0] != format!("/bin/{name}") {
            bail!("{name}: user or entry point is another: {settings}");
        }
        let labels = &settings["Labels"];
        if let Some(missing) =
            LABELS.iter().find(|label| !labels[format!("org.opencontainers.image.{label}")].is_string())
        {
            bail!("{name}: no label {missing}");
        }
        if self.config["created"].as_str().is_none_or(|created| !created.starts_with("1970-01-01T00:00:01")) {
            bail!("{name}: made at {}, not at a fixed time", self.config["created"]);
        }
        if self.compressed > LIMIT {
            bail!("{name}: {} bytes compressed, {LIMIT} at most", self.compressed);
        }
        Ok(())
    }

    /// Paths of all files, folders aside.
    fn files(&self) -> Result<Vec<String>> {
        let mut files = Vec::new();
        for layer in &self.layers {
            let listed =
                Command::new("tar").arg("-tzf").arg(layer).output().context("tar could not be started")?;
            if !listed.status.success() {
                bail!("{} is no gzipped tar", layer.display());
            }
            let names = String::from_utf8_lossy(&listed.stdout).into_owned();
            let names = names.lines().filter(|name| !name.ends_with('/'));
            files.extend(names.map(|name| name.trim_start_matches("./").trim_start_matches('/').to_owned()));
        }
        Ok(files)
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = |bytes: u64| format!("{}.{:02} MB", bytes / 1_000_000, bytes % 1_000_000 / 10_000);
        let (compressed, unpacked) = (megabytes(self.compressed), megabytes(self.unpacked));
        write!(f, "{}  {compressed} compressed, {unpacked} unpacked", self.digest)
    }
}
