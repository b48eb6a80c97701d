//! Databases and their accounts, as the provisioning command makes them: `migrator` for DDL, `transformer` for DML.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rand::distr::{Alphanumeric, SampleString};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use super::Mysql;
use crate::error::SandboxError;

/// A database with its two accounts.
#[derive(Debug, Clone)]
pub struct Database {
    /// The database's name.
    pub name: String,
    /// May change tables.
    pub migrator: Account,
    /// May read and write rows.
    pub transformer: Account,
}

/// A user of MySQL whose password lies in a file.
#[derive(Debug, Clone)]
pub struct Account {
    /// The user's name.
    pub user: String,
    /// A file with the password alone, readable by its owner.
    pub password_file: PathBuf,
}

impl Database {
    /// Makes the database `name` and gives `migrator` and `transformer` their rights on it; both are made where missing.
    ///
    /// # Errors
    /// MySQL refuses, or a password file cannot be written.
    pub async fn make(mysql: &Mysql, name: &str) -> Result<Self, SandboxError> {
        let folder = mysql.socket().parent().unwrap_or(Path::new("."));
        let migrator = Account::provide(mysql, folder, "migrator").await?;
        let transformer = Account::provide(mysql, folder, "transformer").await?;
        let statements = [
            format!("CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"),
            format!("GRANT ALL PRIVILEGES ON `{name}`.* TO 'migrator'@'%'"),
            format!("GRANT SELECT, INSERT, UPDATE, DELETE ON `{name}`.* TO 'transformer'@'%'"),
        ];
        for statement in statements {
            as_root(mysql, "make a database", statement).await?;
        }
        Ok(Self { name: name.to_owned(), migrator, transformer })
    }
}

impl Account {
    /// Connection options by TCP, in plain text as on the internal network.
    ///
    /// # Errors
    /// The password file cannot be read.
    pub fn options(&self, mysql: &Mysql, database: &str) -> Result<MySqlConnectOptions, SandboxError> {
        let password = fs::read_to_string(&self.password_file);
        let password = password.map_err(SandboxError::io("read", &self.password_file))?;
        Ok(MySqlConnectOptions::new()
            .host(&mysql.address().ip().to_string())
            .port(mysql.address().port())
            .username(&self.user)
            .password(&password)
            .database(database)
            .ssl_mode(MySqlSslMode::Disabled))
    }

    async fn provide(mysql: &Mysql, folder: &Path, user: &str) -> Result<Self, SandboxError> {
        let password_file = folder.join(format!("{user}.password"));
        if !password_file.exists() {
            let password = Alphanumeric.sample_string(&mut rand::rng(), 24);
            let create =
                format!("CREATE USER '{user}'@'%' IDENTIFIED WITH caching_sha2_password BY '{password}'");
            as_root(mysql, "make a user", create).await?;
            let mut file = fs::File::options();
            let file = file.create_new(true).write(true).mode(0o600).open(&password_file);
            file.and_then(|mut file| file.write_all(password.as_bytes()))
                .map_err(SandboxError::io("write", &password_file))?;
        }
        Ok(Self { user: user.to_owned(), password_file })
    }
}

async fn as_root(mysql: &Mysql, action: &'static str, statement: String) -> Result<(), SandboxError> {
    let pool = mysql.root("");
    let done = sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&pool).await;
    pool.close().await;
    done.map(|_| ()).map_err(|source| SandboxError::Mysql { action, source })
}
