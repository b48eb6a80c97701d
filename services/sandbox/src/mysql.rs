//! One MySQL server as a throw-away process.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlPool, MySqlPoolOptions, MySqlSslMode};
use sqlx::{ConnectOptions, Connection};

use crate::error::SandboxError;
use crate::ports;
use crate::process::{Process, ProcessSpec, Signal};
use crate::setup::{MysqlHome, Tools};

mod accounts;

pub use accounts::{Account, Database};

/// From the process's start until it answers a query: 0.6 s alone, more beside a build or after a crash under load.
const READY: Duration = Duration::from_secs(60);
const STOP: Duration = Duration::from_secs(60);
/// A Unix socket's path may hold this many bytes (`sun_path` of 108, and the final zero).
const LONGEST_SOCKET: usize = 107;

/// What lies over the server's usual settings.
#[derive(Debug, Clone, Default)]
pub struct MysqlOptions {
    /// Further options such as `--innodb-buffer-pool-size=512M`; a later one wins.
    pub arguments: Vec<String>,
    /// A folder with ca.pem, server-cert.pem and server-key.pem; without one MySQL makes certificates of its own.
    pub certificates: Option<PathBuf>,
}

/// A MySQL server; dropped, it is killed. Root comes in by the socket only, without a password.
#[derive(Debug)]
pub struct Mysql {
    home: MysqlHome,
    spec: ProcessSpec,
    process: Process,
    address: SocketAddr,
    socket: PathBuf,
}

impl Mysql {
    /// Makes a new server in `folder` and waits until it answers.
    ///
    /// Durable as in production (`innodb_flush_log_at_trx_commit=1`, no binlog), `utf8mb4_0900_bin`, UTC.
    ///
    /// # Errors
    /// Its data folder cannot be copied, it cannot be started, or does not answer in time.
    pub async fn start(tools: &Tools, folder: &Path, options: &MysqlOptions) -> Result<Self, SandboxError> {
        fs::create_dir_all(folder).map_err(SandboxError::io("make the folder", folder))?;
        let socket = folder.join("mysql.sock");
        if socket.as_os_str().len() > LONGEST_SOCKET {
            let long =
                io::Error::new(io::ErrorKind::InvalidFilename, "too long for a socket: set a shorter TMPDIR");
            return Err(SandboxError::io("listen on", socket)(long));
        }
        let data = folder.join("data");
        copy(tools.mysql.template(), &data)
            .map_err(SandboxError::io("copy MySQL's data folder to", &data))?;
        let address = ports::free()?;
        let spec = spec(&tools.mysql, folder, &data, &socket, address, options);
        let process = Process::start(&spec)?;
        let mysql = Self { home: tools.mysql.clone(), spec, process, address, socket };
        mysql.ready().await?;
        Ok(mysql)
    }

    /// Where clients come in by TCP.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The socket root comes in by.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// The server's version, such as `9.7.4`.
    pub fn version(&self) -> &str {
        self.home.version()
    }

    /// The process, for its pid, log and memory.
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// A pool of root's connections over the socket, with `database` (or none, if empty) in use.
    pub fn root(&self, database: &str) -> MySqlPool {
        MySqlPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_lazy_with(self.root_options(database))
    }

    /// The command line of a client that comes in as root, for people to copy.
    pub fn client_command(&self, database: &str) -> String {
        let client = self.home.client().join(" ");
        format!("{client} --no-defaults --socket={} --user=root {database}", self.socket.display())
    }

    /// SIGTERM and an orderly shutdown.
    ///
    /// # Errors
    /// It does not end within a minute.
    pub async fn stop(&self) -> Result<(), SandboxError> {
        self.process.terminate(STOP).await.map(|_| ())
    }

    /// Stops its threads (SIGSTOP), as a machine that lost its power: connections stay and nothing answers; `false` lets
    /// them go on.
    pub fn freeze(&self, frozen: bool) {
        self.process.signal(if frozen { Signal::STOP } else { Signal::CONT });
    }

    /// kill -9.
    ///
    /// # Errors
    /// It does not end.
    pub async fn kill(&self) -> Result<(), SandboxError> {
        self.process.kill().await.map(|_| ())
    }

    /// Starts it again after [`stop`](Self::stop) or [`kill`](Self::kill), on the same port and data, and waits until it answers.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn restart(&mut self) -> Result<(), SandboxError> {
        for name in ["mysql.sock", "mysql.sock.lock"] {
            // Left by a kill, and then in the way; after an orderly end they are gone already.
            let _gone = fs::remove_file(self.socket.with_file_name(name));
        }
        self.process = Process::start(&self.spec)?;
        self.ready().await
    }

    fn root_options(&self, database: &str) -> MySqlConnectOptions {
        let options = MySqlConnectOptions::new().socket(&self.socket).username("root");
        let options = options.ssl_mode(MySqlSslMode::Disabled);
        if database.is_empty() { options } else { options.database(database) }
    }

    async fn ready(&self) -> Result<(), SandboxError> {
        let options = self.root_options("");
        self.process
            .until("answering", READY, async || {
                let mut connection = options.connect().await.ok()?;
                connection.ping().await.ok()
            })
            .await
    }
}

fn spec(
    home: &MysqlHome,
    folder: &Path,
    data: &Path,
    socket: &Path,
    address: SocketAddr,
    options: &MysqlOptions,
) -> ProcessSpec {
    let mut words = home.server().to_vec();
    let program = PathBuf::from(words.remove(0));
    words.extend([
        format!("--datadir={}", data.display()),
        format!("--socket={}", socket.display()),
        format!("--pid-file={}", folder.join("mysql.pid").display()),
        format!("--bind-address={}", address.ip()),
        format!("--port={}", address.port()),
    ]);
    let usual = [
        "--secure-file-priv=NULL",
        "--mysqlx=OFF",
        // root@localhost then means the socket alone: 127.0.0.1 is not looked up to `localhost`.
        "--skip-name-resolve",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_0900_bin",
        "--default-time-zone=+00:00",
        "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=1",
        "--innodb-redo-log-capacity=256M",
        "--innodb-buffer-pool-size=128M",
        "--performance-schema=OFF",
        "--max-connections=200",
    ];
    words.extend(usual.map(str::to_owned));
    if rustix::process::geteuid().is_root() {
        words.push("--user=root".to_owned());
    }
    if let Some(folder) = &options.certificates {
        for (option, file) in [("ca", "ca.pem"), ("cert", "server-cert.pem"), ("key", "server-key.pem")] {
            words.push(format!("--ssl-{option}={}", folder.join(file).display()));
        }
    }
    words.extend(options.arguments.iter().cloned());
    ProcessSpec {
        name: "mysql".to_owned(),
        program,
        arguments: words.into_iter().map(OsString::from).collect(),
        environment: BTreeMap::new(),
        folder: folder.to_owned(),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
