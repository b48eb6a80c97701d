//! MySQL read by JDBC, as Data Studio reads it: Connector/J under sqlline, one process a login.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::error::SandboxError;
use crate::process::{Process, ProcessSpec};
use crate::service::Finished;
use crate::setup::JdbcHome;

const DRIVER: &str = "com.mysql.cj.jdbc.Driver";

/// A JDBC client with a folder for its scripts and logs.
#[derive(Debug, Clone)]
pub struct JdbcClient {
    home: JdbcHome,
    folder: PathBuf,
}

impl JdbcClient {
    /// Works in `folder`, which is made where it is missing.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn new(home: &JdbcHome, folder: &Path) -> Result<Self, SandboxError> {
        fs::create_dir_all(folder).map_err(SandboxError::io("make the folder", folder))?;
        Ok(Self { home: home.clone(), folder: folder.to_owned() })
    }

    /// Connects to a `jdbc:mysql://` URL and runs the statements, up to the first that fails. Rows come to stdout as CSV with
    /// a line of column names before those of each statement; what the driver refuses comes to stderr.
    ///
    /// # Errors
    /// It cannot be started or does not end in time. An unsuccessful end is no error: see [`Finished::ended`].
    pub async fn run(
        &self,
        url: &str,
        (user, password): (&str, &str),
        statements: &[String],
        limit: Duration,
    ) -> Result<Finished, SandboxError> {
        static RUNS: AtomicU64 = AtomicU64::new(0);
        let name = format!("jdbc-{}", RUNS.fetch_add(1, Ordering::Relaxed));
        let script = self.folder.join(format!("{name}.sql"));
        let lines: String = statements.iter().map(|statement| format!("{statement};\n")).collect();
        fs::write(&script, lines).map_err(SandboxError::io("write", &script))?;
        let mut arguments: Vec<OsString> = vec![
            "-Xmx128m".into(),
            "-XX:+UseSerialGC".into(),
            // Its history of commands goes where everything else goes.
            format!("-Duser.home={}", self.folder.display()).into(),
            "-Dfile.encoding=UTF-8".into(),
            "-cp".into(),
            self.home.class_path(),
            "sqlline.SqlLine".into(),
        ];
        let options = ["--outputformat=csv", "--silent=true", "--color=false", "-d", DRIVER];
        arguments.extend(options.map(OsString::from));
        arguments.extend(["-u", url, "-n", user, "-p", password, "-f"].map(OsString::from));
        arguments.push(script.into_os_string());
        let process = Process::start(&ProcessSpec {
            name,
            program: self.home.java().program.clone(),
            arguments,
            environment: BTreeMap::new(),
            folder: self.folder.clone(),
        })?;
        let ended = process.wait(limit).await?;
        let stderr = fs::read(process.log()).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Finished { ended, stdout: process.stdout(), stderr: stderr.unwrap_or_default() })
    }
}
