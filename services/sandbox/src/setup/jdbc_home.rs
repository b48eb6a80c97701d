//! A JDBC client for MySQL: Connector/J and sqlline, from Maven Central.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::cache::{Cache, Lock};
use super::error::SetupError;
use super::java::{Java, Toolchain};
use super::maven::{Jars, fetch};
use super::progress::Progress;

/// The version of Connector/J that is fetched.
const CONNECTOR: &str = "9.5.0";
const POM: &str = include_str!("jdbc.pom.xml");

/// A folder of the client's jars, and the Java that runs them.
#[derive(Debug, Clone)]
pub struct JdbcHome {
    java: Java,
    jars: PathBuf,
}

impl JdbcHome {
    pub(super) fn provide(
        cache: &Cache,
        lock: &Lock,
        java: Toolchain,
        progress: &Progress,
    ) -> Result<Self, SetupError> {
        let name = format!("connector-j-{CONNECTOR}");
        let home = cache.provide(&name, progress, |folder, step| {
            let pom = POM.replace("@CONNECTOR@", CONNECTOR);
            let jars = Jars { what: "Connector/J and sqlline", pom: &pom, size: "8 MB" };
            let count = fetch(&jars, (cache, lock), &java, folder, (progress, step))?;
            Ok(format!("Connector/J {CONNECTOR} and sqlline, {count} jars of Maven Central"))
        })?;
        Ok(Self { java: java.runtime, jars: home.join("libs") })
    }

    /// The Java that runs the client.
    pub fn java(&self) -> &Java {
        &self.java
    }

    /// Java's class path over all jars.
    pub fn class_path(&self) -> OsString {
        self.jars.join("*").into_os_string()
    }

    /// The folder the jars lie in.
    pub fn jars(&self) -> &Path {
        &self.jars
    }
}
