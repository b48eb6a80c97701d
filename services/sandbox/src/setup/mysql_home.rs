//! MySQL 8.4 or newer: the machine's own `mysqld`, or Debian's packages in a folder with their own loader.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Cache, Lock};
use super::command::{on_path, run};
use super::debian::{self, fetch_packages, machine_archive};
use super::error::SetupError;
use super::progress::{Progress, Step};

const SUITE: &str = "sid";
const PACKAGES: [&str; 2] = ["mysql-server-core", "mysql-client-core"];
const OLDEST: (u32, u32) = (8, 4);

/// A MySQL server and client that can be started from where they lie.
#[derive(Debug, Clone)]
pub struct MysqlHome {
    server: Vec<String>,
    client: Vec<String>,
    version: String,
    template: PathBuf,
}

impl MysqlHome {
    pub(super) fn provide(
        cache: &Cache,
        lock: &Lock,
        system: bool,
        progress: &Progress,
    ) -> Result<Self, SetupError> {
        let mut home = Self::find(cache, lock, system, progress)?;
        let name = format!("mysql-data-{}", home.version);
        home.template =
            cache.provide(&name, progress, |folder, step| home.initialize(lock, folder, step))?.join("data");
        Ok(home)
    }

    fn find(cache: &Cache, lock: &Lock, system: bool, progress: &Progress) -> Result<Self, SetupError> {
        let own = system.then(|| on_path("mysqld").or_else(|| Some("/usr/sbin/mysqld".into()))).flatten();
        let Some(program) = own.filter(|program| program.is_file()) else {
            return Self::fetched(cache, lock, progress, None);
        };
        let words = Command::new(&program).arg("--version").output();
        let words = words.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
        match words.as_deref().map(real_version) {
            Ok(Some(version)) => Ok(Self::installed(&program, version)),
            _ => {
                let words = words.unwrap_or_else(|error| error.to_string());
                let unfit =
                    format!("{} is no MySQL 8.4 or newer ({words}): one is fetched", program.display());
                Self::fetched(cache, lock, progress, Some(&unfit))
            }
        }
    }

    /// The server's command line up to its fixed options; the first word is the program.
    pub fn server(&self) -> &[String] {
        &self.server
    }

    /// A freshly initialized data folder (root without a password) to be copied, in a second less than making one takes.
    pub fn template(&self) -> &Path {
        &self.template
    }

    /// The client's command line without options; the first word is the program.
    pub fn client(&self) -> &[String] {
        &self.client
    }

    /// The version, such as `9.7.4`.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn installed(program: &Path, version: String) -> Self {
        let client = on_path("mysql").map_or_else(|| "mysql".to_owned(), |path| path.display().to_string());
        Self {
            server: vec![program.display().to_string(), "--no-defaults".to_owned()],
            client: vec![client],
            version,
            template: PathBuf::new(),
        }
    }

    fn initialize(&self, lock: &Lock, folder: &Path, step: &Step) -> Result<String, SetupError> {
        step.say("initializing a data folder");
        let data = folder.join("data");
        if data.exists() {
            std::fs::remove_dir_all(&data).map_err(SetupError::io("remove", &data))?;
        }
        let mut server = Command::new(&self.server[0]);
        server
            .args(&self.server[1..])
            .arg("--initialize-insecure")
            .arg(format!("--datadir={}", data.display()));
        server.args(["--secure-file-priv=NULL", "--mysqlx=OFF", "--skip-log-bin"]);
        server.args(["--innodb-redo-log-capacity=8M", "--performance-schema=OFF"]);
        if rustix::process::geteuid().is_root() {
            server.arg("--user=root");
        }
        run(server, lock, "initialize a data folder", |_| {})?;
        // The server's own id: each copy makes its own.
        let id = data.join("auto.cnf");
        if id.exists() {
            std::fs::remove_file(&id).map_err(SetupError::io("remove", &id))?;
        }
        Ok(format!("an empty data folder of MySQL {}", self.version))
    }

    fn fetched(
        cache: &Cache,
        lock: &Lock,
        progress: &Progress,
        why: Option<&str>,
    ) -> Result<Self, SetupError> {
        let root = cache.provide("mysql-9", progress, |folder, step| {
            why.inspect(|why| step.say(why));
            let archive = machine_archive(
                "MySQL 8.4 or newer",
                "install a real MySQL (MariaDB is no stand-in) so that `mysqld` is on the PATH",
                SUITE,
            )?;
            let packages = fetch_packages(cache, lock, &archive, &PACKAGES, folder, step)?;
            debian::forget(cache, SUITE)?;
            let server = packages.iter().find(|package| package.file.starts_with("mysql-server-core"));
            let version = server.map_or("", |package| &package.file);
            Ok(format!("{version} and {} packages of Debian {SUITE}", packages.len().saturating_sub(1)))
        })?;
        let (loader, libraries) = loader(&root).ok_or_else(|| SetupError::Incomplete {
            what: "the fetched MySQL",
            part: "its loader".to_owned(),
            path: root.clone(),
            way_out: "this processor is not supported: put a real `mysqld` on the PATH",
        })?;
        let at = |path: &str| root.join(path).display().to_string();
        let loaded =
            |program: &str| vec![loader.clone(), "--library-path".to_owned(), libraries.clone(), at(program)];
        let mut server = loaded("usr/sbin/mysqld");
        let words = Command::new(&server[0]).args(&server[1..]).args(["--no-defaults", "--version"]).output();
        let words = words.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        let version = words.ok().as_deref().and_then(real_version).ok_or_else(|| SetupError::Incomplete {
            what: "the fetched MySQL",
            part: "a mysqld of version 8.4 or newer that starts".to_owned(),
            path: root.join("usr/sbin/mysqld"),
            way_out: "remove the cache folder and run the set-up again",
        })?;
        server.extend([
            "--no-defaults".to_owned(),
            format!("--lc-messages-dir={}", at("usr/share/mysql")),
            format!("--character-sets-dir={}", at("usr/share/mysql/charsets")),
            format!("--plugin-dir={}", at("usr/lib/mysql/plugin")),
        ]);
        Ok(Self { server, client: loaded("usr/bin/mysql"), version, template: PathBuf::new() })
    }
}

/// The folder's own dynamic loader and the library path for it: the packages' libc is newer than the system's.
fn loader(root: &Path) -> Option<(String, String)> {
    let (loader, triplet) = match std::env::consts::ARCH {
        "x86_64" => ("usr/lib64/ld-linux-x86-64.so.2", "x86_64-linux-gnu"),
        "aarch64" => ("usr/lib/ld-linux-aarch64.so.1", "aarch64-linux-gnu"),
        _ => return None,
    };
    let at = |path: String| root.join(path).display().to_string();
    let folders =
        [format!("usr/lib/{triplet}"), "usr/lib/mysql/private".to_owned(), "usr/lib/mysql".to_owned()];
    let loader = PathBuf::from(at(loader.to_owned()));
    let libraries: Vec<String> = folders.into_iter().map(at).collect();
    loader.exists().then(|| (loader.display().to_string(), libraries.join(":")))
}

/// The version out of `mysqld --version`, if it is a real MySQL of 8.4 or newer.
fn real_version(words: &str) -> Option<String> {
    if words.contains("MariaDB") {
        return None;
    }
    let version = words.split_once("Ver ")?.1.split([' ', '-']).next()?;
    let mut numbers = version.split('.').map(str::parse::<u32>);
    let (major, minor) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    ((major, minor) >= OLDEST).then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::real_version;

    #[test]
    fn takes_a_real_mysql_from_8_4_on_and_refuses_mariadb() {
        let version = |words| real_version(words);
        assert_eq!(
            version("mysqld  Ver 8.4.3 for Linux on x86_64 (MySQL Community)").as_deref(),
            Some("8.4.3")
        );
        assert_eq!(version("/r/mysqld  Ver 9.7.4-2 for Debian").as_deref(), Some("9.7.4"));
        assert_eq!(version("mysqld  Ver 8.0.40 for Linux on x86_64 (MySQL Community)"), None);
        assert_eq!(version("mysqld  Ver 10.11.6-MariaDB-0+deb12u1 for debian-linux-gnu"), None);
        assert_eq!(version("mysqld from 11.4.2-MariaDB, client 15.2"), None);
    }
}
