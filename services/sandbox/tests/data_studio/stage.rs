//! What each test stands on: MySQL with certificates of our own, provisioned and migrated by the transformer's commands.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sandbox::mysql::{Mysql, MysqlOptions};
use sandbox::process::Ended;
use sandbox::service::{Finished, ServiceSpec};
use sandbox::setup::{Cache, Progress, Tools, set_up};
use sandbox::turns::{Turn, turn};
use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError, MySqlSslMode};
use sqlx::{ConnectOptions, MySqlConnection, MySqlPool};
use tokio::sync::OnceCell;

pub(crate) const LIMIT: Duration = Duration::from_secs(60);
pub(crate) const DATABASE: &str = "garimpo";
const USERS: [&str; 4] = ["migrator", "transformer", "data_studio", "researcher"];

pub(crate) struct Stage {
    pub(crate) mysql: Mysql,
    pub(crate) root: MySqlPool,
    // Last: the server writes here.
    folder: tempfile::TempDir,
    _turn: Turn,
}

impl Stage {
    /// A server with certificates for 127.0.0.1, and nothing else.
    pub(crate) async fn bare() -> Self {
        let turn = turn().await;
        let folder = tempfile::Builder::new().prefix("garimpo-").tempdir().unwrap();
        make_certificates(folder.path(), "tls", &["127.0.0.1", "db.garimpo.test"]).await;
        let options =
            MysqlOptions { certificates: Some(folder.path().join("tls")), ..MysqlOptions::default() };
        let mysql = Mysql::start(tools().await, &folder.path().join("mysql"), &options).await.unwrap();
        for user in USERS {
            let mut file = fs::File::options();
            let mut file =
                file.create_new(true).write(true).mode(0o600).open(folder.path().join(user)).unwrap();
            file.write_all(format!("it's \\ {user}'s\n").as_bytes()).unwrap();
        }
        Self { root: mysql.root(""), mysql, folder, _turn: turn }
    }

    /// Provisioned and migrated; a row in every table that a view reads.
    pub(crate) async fn set() -> Self {
        let stage = Self::bare().await;
        // Accounts first, as `migrate` comes in by one; then again, as it makes the views that are granted.
        stage.runs(&["accounts", "apply"]).await;
        let migrate =
            stage.command().set("mysql.user", "migrator").set("mysql.password_file", stage.at("migrator"));
        well(&migrate.run(&["migrate"], LIMIT).await.unwrap());
        stage.runs(&["accounts", "apply"]).await;
        let mut root = stage.root.acquire().await.unwrap();
        // Columns that no view reads take their type's zero.
        sqlx::raw_sql("SET SESSION sql_mode = ''; USE garimpo").execute(&mut *root).await.unwrap();
        sqlx::raw_sql(include_str!("rows.sql")).execute(&mut *root).await.unwrap();
        root.close_on_drop();
        stage
    }

    /// A path below the test's folder.
    pub(crate) fn at(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The transformer's commands, configured for this server.
    pub(crate) fn command(&self) -> ServiceSpec {
        let address = self.mysql.address();
        let mut spec = command(self.folder.path())
            .set("mysql.host", address.ip().to_string())
            .set("mysql.port", address.port().to_string())
            .set("mysql.database", DATABASE)
            .set("admin.socket", self.mysql.socket().display().to_string())
            .set("accounts.migrator.hosts", "127.0.0.1")
            .set("accounts.transformer.hosts", "127.0.0.1")
            .set("accounts.data_studio.max_connections", "3")
            .set("accounts.data_studio.query_time", "1500ms")
            .set("doctor.host", "127.0.0.1")
            .set("doctor.port", address.port().to_string())
            .set("doctor.ca_file", self.at("tls/ca.pem"))
            .set("doctor.password_file", self.at("data_studio"));
        for user in USERS {
            spec = spec.set(&format!("accounts.{user}.password_file"), self.at(user));
        }
        spec
    }

    /// Runs a command that has to end well; returns what it printed.
    pub(crate) async fn runs(&self, subcommand: &[&str]) -> String {
        let finished = self.command().run(subcommand, LIMIT).await.unwrap();
        well(&finished);
        finished.stdout
    }

    pub(crate) fn password(&self, user: &str) -> String {
        fs::read_to_string(self.at(user)).unwrap().trim_end().to_owned()
    }

    /// Connection options of an account, checking chain and host name.
    pub(crate) fn verified(&self, user: &str) -> MySqlConnectOptions {
        self.plain(user).ssl_mode(MySqlSslMode::VerifyIdentity).ssl_ca(self.at("tls/ca.pem"))
    }

    /// Connection options of an account, without TLS.
    pub(crate) fn plain(&self, user: &str) -> MySqlConnectOptions {
        MySqlConnectOptions::new()
            .host("127.0.0.1")
            .port(self.mysql.address().port())
            .username(user)
            .password(&self.password(user))
            .database(DATABASE)
            .ssl_mode(MySqlSslMode::Disabled)
    }

    /// A connection of Data Studio's account, as it has to be made.
    pub(crate) async fn data_studio(&self) -> MySqlConnection {
        self.verified("data_studio").connect().await.unwrap()
    }

    /// Runs a statement as root.
    pub(crate) async fn as_root(&self, statement: &'static str) {
        sqlx::raw_sql(statement).execute(&self.root).await.unwrap();
    }

    /// Views whose names begin so; at least one.
    pub(crate) async fn views(&self, prefix: &str) -> Vec<String> {
        let views: Vec<String> = sqlx::query_scalar(
            "SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ? AND LEFT(TABLE_NAME, ?) = ? ORDER BY 1",
        )
        .bind(DATABASE)
        .bind(i64::try_from(prefix.len()).unwrap())
        .bind(prefix)
        .fetch_all(&self.root)
        .await
        .unwrap();
        assert!(!views.is_empty(), "the migrations make no {prefix} view");
        views
    }
}

/// The transformer's commands, unconfigured but for what `migrate` has to be told.
pub(crate) fn command(folder: &Path) -> ServiceSpec {
    ServiceSpec::new("transformer", "commands", folder).set("kafka.brokers", "127.0.0.1:1")
}

/// Makes certificates in `folder/name`.
pub(crate) async fn make_certificates(folder: &Path, name: &str, names: &[&str]) {
    let out: PathBuf = folder.join(name);
    let out = out.display().to_string();
    let mut arguments = vec!["certificates", "make", "--out", &out];
    for name in names {
        arguments.extend(["--name", name]);
    }
    well(&command(folder).run(&arguments, LIMIT).await.unwrap());
}

pub(crate) fn well(finished: &Finished) {
    assert_eq!(finished.ended, Ended::Exited(0), "{}{}", finished.stdout, finished.stderr);
}

/// The server's error number.
pub(crate) fn number(error: &sqlx::Error) -> Option<u16> {
    let server = error.as_database_error()?.try_downcast_ref::<MySqlDatabaseError>()?;
    Some(server.number())
}

async fn tools() -> &'static Tools {
    static TOOLS: OnceCell<Tools> = OnceCell::const_new();
    let provide = || async {
        let set_up = || set_up(&Cache::of_this_user().unwrap(), &Progress::to_stderr()).unwrap();
        tokio::task::spawn_blocking(set_up).await.unwrap()
    };
    TOOLS.get_or_init(provide).await
}
