//! The set-up: everything the sandbox starts, fetched once into the cache folder without root.

mod cache;
mod chromium_home;
mod command;
mod debian;
mod error;
mod fetched;
mod java;
mod jdbc_home;
mod kafka_home;
mod maven;
mod mysql_home;
mod progress;
mod python;
mod trust_store;

pub use cache::{Cache, Lock};
pub use chromium_home::ChromiumHome;
pub use command::on_path;
pub use debian::{Archive, Package, fetch_packages, forget as forget_packages, machine_archive};
pub use error::SetupError;
pub use java::Java;
pub use jdbc_home::JdbcHome;
pub use kafka_home::KafkaHome;
pub use mysql_home::MysqlHome;
pub use progress::{Progress, Step};
pub use python::{Python, PythonTool};
pub use trust_store::{PASSWORD as TRUST_STORE_PASSWORD, of_bundle as write_trust_store};

/// Set to 1, programs of the machine (`java`, `mvn`, `mysqld`, `KAFKA_HOME`) are ignored and everything is fetched.
pub const IGNORE_SYSTEM: &str = "GARIMPO_IGNORE_SYSTEM";

/// What the set-up found or fetched, ready to be started.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The cache folder everything fetched lies in.
    pub cache: Cache,
    /// The Java that runs Kafka.
    pub java: Java,
    /// Kafka's jars.
    pub kafka: KafkaHome,
    /// The MySQL server and its client.
    pub mysql: MysqlHome,
}

/// Finds or fetches everything; blocks for about half a minute the first time and for a moment later.
///
/// What was fetched is checked against its manifest each time; one process sets up at a time, others wait for it.
///
/// # Errors
/// The first thing that cannot be had, named, with the way out.
pub fn set_up(cache: &Cache, progress: &Progress) -> Result<Tools, SetupError> {
    let lock = &cache.lock(progress)?;
    let system = std::env::var_os(IGNORE_SYSTEM).is_none_or(|value| value != "1");
    std::thread::scope(|scope| {
        let mysql = scope.spawn(|| MysqlHome::provide(cache, lock, system, progress));
        let java = java::provide(cache, lock, system, progress);
        let kafka = java.and_then(|java| {
            let home = KafkaHome::provide(cache, lock, system, &java, progress)?;
            Ok((java, home))
        });
        let mysql = mysql.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let (java, kafka) = kafka?;
        Ok(Tools { cache: cache.clone(), java: java.runtime, kafka, mysql: mysql? })
    })
}

/// Finds or fetches Kafka's jars alone.
///
/// # Errors
/// The first thing that cannot be had, named, with the way out.
pub fn set_up_kafka(cache: &Cache, lock: &Lock, progress: &Progress) -> Result<KafkaHome, SetupError> {
    let system = std::env::var_os(IGNORE_SYSTEM).is_none_or(|value| value != "1");
    let java = java::provide(cache, lock, system, progress)?;
    KafkaHome::provide(cache, lock, system, &java, progress)
}

/// Finds or fetches a JDBC client for MySQL; blocks for some ten seconds the first time.
///
/// # Errors
/// The first thing that cannot be had, named, with the way out.
pub fn set_up_jdbc(cache: &Cache, progress: &Progress) -> Result<JdbcHome, SetupError> {
    let lock = &cache.lock(progress)?;
    let system = std::env::var_os(IGNORE_SYSTEM).is_none_or(|value| value != "1");
    let java = java::provide(cache, lock, system, progress)?;
    JdbcHome::provide(cache, lock, java, progress)
}
