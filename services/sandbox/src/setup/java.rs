//! Java 17 or newer, and Maven where Kafka has to be fetched: the machine's own, or Debian's packages in a folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Cache, Lock};
use super::command::on_path;
use super::debian::{self, fetch_packages, machine_archive};
use super::error::SetupError;
use super::progress::Progress;
use super::trust_store;

const SUITE: &str = "bookworm";
const PACKAGES: [&str; 2] = ["openjdk-17-jre-headless", "maven"];
const NAME: &str = "java-17";

/// A Java runtime that can run Kafka.
#[derive(Debug, Clone)]
pub struct Java {
    /// The `java` program.
    pub program: PathBuf,
}

/// Java and, where it is known, Maven with what it needs to be trusted by Maven Central.
#[derive(Debug)]
pub(super) struct Toolchain {
    pub(super) runtime: Java,
    maven: Option<Maven>,
}

#[derive(Debug, Clone)]
struct Maven {
    program: PathBuf,
    java_home: Option<PathBuf>,
    trust_store: Option<PathBuf>,
}

/// The machine's own Java, or the fetched one.
pub(super) fn provide(
    cache: &Cache,
    lock: &Lock,
    system: bool,
    progress: &Progress,
) -> Result<Toolchain, SetupError> {
    let own = system.then(|| on_path("java")).flatten().filter(|java| major_version(java) >= Some(17));
    match own {
        Some(program) => {
            let maven = on_path("mvn").map(|program| Maven { program, java_home: None, trust_store: None });
            Ok(Toolchain { runtime: Java { program }, maven })
        }
        None => fetched(cache, lock, progress),
    }
}

impl Toolchain {
    /// Maven, ready for its arguments; fetched where the machine has only Java.
    pub(super) fn maven(
        &self,
        cache: &Cache,
        lock: &Lock,
        progress: &Progress,
    ) -> Result<Command, SetupError> {
        let maven = match &self.maven {
            Some(maven) => maven.clone(),
            None => fetched(cache, lock, progress)?.maven.ok_or_else(|| SetupError::Incomplete {
                what: "the fetched Java",
                part: "Maven".to_owned(),
                path: cache.path(NAME),
                way_out: "remove the folder and run the set-up again",
            })?,
        };
        let mut command = Command::new(&maven.program);
        if let Some(home) = &maven.java_home {
            command.env("JAVA_HOME", home);
        }
        if let Some(store) = &maven.trust_store {
            let given = std::env::var("MAVEN_OPTS").unwrap_or_default();
            let options = trust_store::java_options(store);
            command.env("MAVEN_OPTS", format!("{given} {options}").trim());
        }
        Ok(command)
    }
}

fn fetched(cache: &Cache, lock: &Lock, progress: &Progress) -> Result<Toolchain, SetupError> {
    let root = cache.provide(NAME, progress, |folder, step| {
        let archive = machine_archive(
            "Java 17 or newer (and Maven)",
            "install a JDK or JRE of version 17 or newer and Maven so that `java` and `mvn` are on the PATH",
            SUITE,
        )?;
        let packages = fetch_packages(cache, lock, &archive, &PACKAGES, folder, step)?;
        point_links_inside(folder, folder).map_err(SetupError::io("repair the links of", folder))?;
        trust_store::write(&folder.join("cacerts.p12"))?;
        debian::forget(cache, SUITE)?;
        Ok(format!("OpenJDK 17 and Maven, {} packages of Debian {SUITE}", packages.len()))
    })?;
    let homes = root.join("usr/lib/jvm");
    let java_home = fs::read_dir(&homes)
        .map_err(SetupError::io("read", &homes))?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.join("bin/java").exists())
        .ok_or_else(|| SetupError::Incomplete {
            what: "the fetched Java",
            part: "bin/java".to_owned(),
            path: homes,
            way_out: "remove the folder and run the set-up again",
        })?;
    Ok(Toolchain {
        runtime: Java { program: java_home.join("bin/java") },
        maven: Some(Maven {
            program: root.join("usr/share/maven/bin/mvn"),
            java_home: Some(java_home),
            trust_store: Some(root.join("cacerts.p12")),
        }),
    })
}

/// Packages link to absolute paths of the system they would be installed on: those links are made relative.
fn point_links_inside(root: &Path, folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_dir() {
            point_links_inside(root, &path)?;
        } else if metadata.is_symlink() {
            let to = fs::read_link(&path)?;
            let Ok(inside) = to.strip_prefix("/") else { continue };
            let depth = folder.strip_prefix(root).map_or(0, |below| below.components().count());
            let up: PathBuf = std::iter::repeat_n("..", depth).collect();
            fs::remove_file(&path)?;
            symlink(up.join(inside), &path)?;
        }
    }
    Ok(())
}

/// The major version of a `java`, from `java -version`.
fn major_version(java: &Path) -> Option<u32> {
    let output = Command::new(java).arg("-version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let version = text.split('"').nth(1)?;
    version.split(['.', '-', '+']).next()?.parse().ok()
}
