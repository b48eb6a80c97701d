//! Apache Kafka's jars: those of KAFKA_HOME, or from Maven Central.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use super::cache::{Cache, Lock};
use super::error::SetupError;
use super::java::Toolchain;
use super::maven::{Jars, fetch};
use super::progress::Progress;

/// The version that is fetched.
const VERSION: &str = "4.3.1";
const POM: &str = include_str!("kafka.pom.xml");

/// A folder of Kafka's jars, with the log binding.
#[derive(Debug, Clone)]
pub struct KafkaHome {
    jars: PathBuf,
}

impl KafkaHome {
    pub(super) fn provide(
        cache: &Cache,
        lock: &Lock,
        system: bool,
        java: &Toolchain,
        progress: &Progress,
    ) -> Result<Self, SetupError> {
        let own = system.then(|| std::env::var_os("KAFKA_HOME")).flatten().filter(|home| !home.is_empty());
        match own {
            Some(home) => Self::installed(&PathBuf::from(home)),
            None => Self::fetched(cache, lock, java, progress),
        }
    }

    /// Java's class path over all jars.
    pub fn class_path(&self) -> OsString {
        self.jars.join("*").into_os_string()
    }

    /// The folder the jars lie in.
    pub fn jars(&self) -> &Path {
        &self.jars
    }

    fn installed(home: &Path) -> Result<Self, SetupError> {
        let jars = home.join("libs");
        let lacks = |part: &str| SetupError::Incomplete {
            what: "KAFKA_HOME",
            part: part.to_owned(),
            path: jars.clone(),
            way_out: "point it to an unpacked Apache Kafka 4, or unset it to have Kafka fetched",
        };
        let names = fs::read_dir(&jars).map_err(SetupError::io("read KAFKA_HOME's", &jars))?.flatten();
        let server = names
            .filter_map(|entry| entry.file_name().into_string().ok())
            .find(|name| name.starts_with("kafka_2.") && name.ends_with(".jar"))
            .ok_or_else(|| lacks("kafka_2.*.jar"))?;
        let version = server.split('-').nth(1).and_then(|version| version.split('.').next());
        match version.and_then(|major| major.parse::<u32>().ok()) {
            Some(major) if major >= 4 => Ok(Self { jars }),
            _ => Err(lacks(&format!("Kafka 4 or newer ({server} is older)"))),
        }
    }

    fn fetched(
        cache: &Cache,
        lock: &Lock,
        java: &Toolchain,
        progress: &Progress,
    ) -> Result<Self, SetupError> {
        let name = format!("kafka-{VERSION}");
        let home = cache.provide(&name, progress, |folder, step| {
            let pom = POM.replace("@VERSION@", VERSION);
            let jars = Jars { what: "Apache Kafka", pom: &pom, size: "55 MB" };
            let count = fetch(&jars, (cache, lock), java, folder, (progress, step))?;
            Ok(format!("Apache Kafka {VERSION}, {count} jars of Maven Central"))
        })?;
        Ok(Self { jars: home.join("libs") })
    }
}
