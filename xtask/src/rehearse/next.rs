//! A release after this one, built here: one migration and one schema version more. Going back from it is what matters.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use super::{
    host::docker,
    images::{self, Images},
    repository::Repository,
};
use crate::{
    cargo::{cargo, root},
    ci::Call,
};

/// The column that its migration adds to the table each release writes to.
pub(super) const COLUMN: &str = "rehearsed";
const MIGRATIONS: &str = "migrations";
const SCHEMAS: &str = "services/contract/schemas";
/// Where the new field goes: before the last one, in schema and record alike.
const LAST_FIELD: &str = "/// JSON object of what X sent and this record has no field for.\n    pub extra: Option<String>,\n}\n\n/// What a message stands for.";

/// Changes the sources, as somebody would who adds a field and a column. Not committed here.
pub(super) fn change(repository: &Repository) -> Result<()> {
    let number = 1 + newest(&repository.clone.join(MIGRATIONS), |name| name.split('_').next()?.parse().ok())?;
    repository.write(
        &format!("{MIGRATIONS}/{number:04}_{COLUMN}.sql"),
        &format!("ALTER TABLE batches ADD COLUMN {COLUMN} VARCHAR(16) NULL COMMENT 'Of the rehearsal', ALGORITHM = INSTANT\n"),
    )?;
    let version = newest(&repository.clone.join(SCHEMAS), |name| {
        name.strip_prefix("tweet_batch.")?.strip_suffix(".avsc")?.parse().ok()
    })?;
    let schema = repository.read(&format!("{SCHEMAS}/tweet_batch.{version}.avsc"))?;
    let mut schema: serde_json::Value = serde_json::from_str(&schema)?;
    let fields = schema["fields"].as_array_mut().context("a schema without fields")?;
    let field = serde_json::json!({"name": COLUMN, "type": ["null", "string"], "default": null});
    fields.insert(fields.len().saturating_sub(1), field);
    let next = version + 1;
    repository
        .write(&format!("{SCHEMAS}/tweet_batch.{next}.avsc"), &serde_json::to_string_pretty(&schema)?)?;
    replace(
        repository,
        "services/contract/src/schema.rs",
        &format!("\"tweet_batch.{version}.avsc\""),
        &format!("\"tweet_batch.{version}.avsc\", \"tweet_batch.{next}.avsc\""),
    )?;
    let field = format!("/// Of the rehearsal.\n    pub {COLUMN}: Option<String>,\n    {LAST_FIELD}");
    replace(repository, "services/contract/src/batch.rs", LAST_FIELD, &field)
}

/// Builds both services of the changed sources and puts them into images of their own; the folder of layouts.
pub(super) fn layouts(repository: &Repository, work: &Path, held: &Images) -> Result<PathBuf> {
    let built = build(repository)?;
    let folder = work.join("next");
    Call::new("cp").arg("-a").arg(work.join("layouts")).arg(&folder).run()?;
    for (service, pin) in [("extractor", "EXTRACTOR_IMAGE"), ("transformer", "TRANSFORMER_IMAGE")] {
        let image = format!("garimpo-rehearse/{service}:next");
        let container = docker(["create", held.of(pin)?]).text()?;
        docker(["cp", &built.join(service).display().to_string(), &format!("{container}:/bin/{service}")])
            .text()?;
        docker(["commit", &container, &image]).text()?;
        docker(["rm", &container]).text()?;
        let layout = folder.join(service);
        Call::new("rm").arg("-rf").arg(&layout).run()?;
        images::layout(&image, &layout)?;
    }
    Ok(folder)
}

/// Kept by the content of what it is built from: a minute the first time.
fn build(repository: &Repository) -> Result<PathBuf> {
    repository.git(["add", "--all"])?;
    let tree = repository.git(["write-tree"])?;
    let key: Vec<String> = ["services", MIGRATIONS, "Cargo.lock"]
        .iter()
        .map(|path| repository.git(["rev-parse", &format!("{tree}:{path}")]).map(|id| id[..12].to_owned()))
        .collect::<Result<_>>()?;
    let kept = root().join("target/rehearse-next").join(key.join("-"));
    if kept.join("transformer").exists() {
        return Ok(kept);
    }
    eprintln!("building a release with one migration and one schema version more");
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    // A folder of its own, as the sources have the same names; it begins with what the services' own build left, macros included.
    let (built, own) = (root().join("target/rehearse-next/build"), root().join("target"));
    if !built.exists() && own.join(&target).exists() {
        fs::create_dir_all(&built)?;
        Call::new("cp").arg("-a").args([own.join(&target), own.join("release")]).arg(&built).run()?;
    }
    let mut command = cargo(&["build", "--release", "--locked", "--quiet", "--target", &target]);
    command
        .args(["--package", "extractor", "--package", "transformer", "--bins"])
        .current_dir(&repository.clone)
        .env("CARGO_TARGET_DIR", &built)
        .env("RUSTFLAGS", "-C target-feature=+crt-static");
    if !command.status().context("cargo could not be started")?.success() {
        bail!("the changed release does not build: see above");
    }
    fs::create_dir_all(&kept)?;
    for service in ["extractor", "transformer"] {
        fs::copy(built.join(&target).join("release").join(service), kept.join(service))?;
    }
    Ok(kept)
}

fn newest(folder: &Path, number: impl Fn(&str) -> Option<u32>) -> Result<u32> {
    let names = fs::read_dir(folder)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let newest = names.filter_map(|name| number(&name)).max();
    newest.with_context(|| format!("no number in {}", folder.display()))
}

fn replace(repository: &Repository, path: &str, from: &str, to: &str) -> Result<()> {
    let text = repository.read(path)?;
    if !text.contains(from) {
        bail!("{path} has no {from:?} any more: the rehearsal's next release is made by that");
    }
    repository.write(path, &text.replacen(from, to, 1))
}
