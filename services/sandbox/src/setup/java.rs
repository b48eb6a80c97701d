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
    let Some(program) = system.then(|| on_path("java")).flatten() else {
        return fetched(cache, lock, progress, None);
    };
    if major_version(&program) < Some(17) {
        let unfit = format!("{} is older than 17: another Java is fetched", program.display());
        return fetched(cache, lock, progress, Some(&unfit));
    }
    let maven = on_path("mvn").map(|program| Maven { program, java_home: None, trust_store: None });
    Ok(Toolchain { runtime: Java { program }, maven })
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
            None => fetched(cache, lock, progress, None)?.maven.ok_or_else(|| SetupError::Incomplete {
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

fn fetched(
    cache: &Cache,
    lock: &Lock,
    progress: &Progress,
    why: Option<&str>,
) -> Result<Toolchain, SetupError> {
    let root = cache.provide(NAME, progress, |folder, step| {
        why.inspect(|why| step.say(why));
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
    major_of(&String::from_utf8_lossy(&output.stderr))
}

fn major_of(words: &str) -> Option<u32> {
    let version = words.split('"').nth(1)?;
    version.split(['.', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_major_version_of_old_and_new_javas() {
        assert_eq!(major_of("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime"), Some(17));
        assert_eq!(major_of("openjdk version \"25\" 2025-09-16"), Some(25));
        assert_eq!(major_of("openjdk version \"22-ea\" 2024-03-19"), Some(22));
        assert_eq!(major_of("java version \"1.8.0_292\""), Some(1));
        assert_eq!(major_of("no java"), None);
    }

    #[test]
    fn links_to_absolute_paths_lead_into_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir_all(root.join("etc/java/security")).unwrap();
        fs::create_dir_all(root.join("usr/lib/jvm")).unwrap();
        fs::write(root.join("etc/java/security/policy"), "inside").unwrap();
        symlink("/etc/java/security", root.join("usr/lib/jvm/security")).unwrap();
        symlink("security/policy", root.join("usr/lib/jvm/policy")).unwrap();
        point_links_inside(root, root).unwrap();
        for link in ["usr/lib/jvm/security/policy", "usr/lib/jvm/policy"] {
            assert_eq!(fs::read_to_string(root.join(link)).unwrap(), "inside");
        }
    }
}
