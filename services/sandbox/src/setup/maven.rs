//! Jars from Maven Central: a pom and all it depends on, into a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::cache::{Cache, Lock};
use super::command::run;
use super::error::SetupError;
use super::java::Toolchain;
use super::progress::{Progress, Step};

const COPY: &str = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";

/// What is fetched, and for whom progress is told.
pub(super) struct Jars<'a> {
    /// As people call it: `Apache Kafka`.
    pub(super) what: &'static str,
    /// The pom's text.
    pub(super) pom: &'a str,
    /// About how much it is, for people.
    pub(super) size: &'static str,
}

/// Fetches the jars into `folder/libs`; returns how many there are.
pub(super) fn fetch(
    jars: &Jars<'_>,
    (cache, lock): (&Cache, &Lock),
    java: &Toolchain,
    folder: &Path,
    (progress, step): (&Progress, &Step),
) -> Result<usize, SetupError> {
    let pom = folder.join("pom.xml");
    fs::write(&pom, jars.pom).map_err(SetupError::io("write", &pom))?;
    let libs: PathBuf = folder.join("libs");
    // Kept until the jars are complete: what an interrupted set-up fetched is not fetched again.
    let repository = cache.path("maven-repository");
    let mut maven = java.maven(cache, lock, progress)?;
    maven
        .args(["--batch-mode", "--strict-checksums", "--file"])
        .arg(&pom)
        .arg(COPY)
        .arg("-DincludeScope=runtime")
        .arg(format!("-DoutputDirectory={}", libs.display()))
        .arg(format!("-Dmaven.repo.local={}", repository.display()));
    step.say(&format!("fetching {} from Maven Central, {}", jars.what, jars.size));
    let mut fetched = 0;
    run(maven, lock, &format!("fetch {}", jars.what), |line| {
        if line.contains("Downloaded from") && line.contains(".jar") {
            fetched += 1;
            step.tell(&format!("fetching {} from Maven Central: {fetched} jars", jars.what));
        }
    })?;
    let count = fs::read_dir(&libs).map_err(SetupError::io("read", &libs))?.count();
    if repository.exists() {
        fs::remove_dir_all(&repository).map_err(SetupError::io("remove", &repository))?;
    }
    Ok(count)
}
