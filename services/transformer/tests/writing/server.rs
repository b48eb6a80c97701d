//! One server for all tests of this process, a database for each of them, and what its tables hold.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use sandbox::{
    folder::Folder,
    mysql::{Database, Mysql, MysqlOptions},
    setup::{Cache, Progress, set_up},
};
use sqlx::MySqlPool;
use transformer::{
    migrate,
    rollups::{RollupSettings, Rollups},
    to_mysql::{MysqlSettings, WriteSettings, Writer},
};

struct Server {
    mysql: Mysql,
    _folder: Folder,
}

fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        // Each test has a runtime of its own; the server outlives all of them but not this process.
        std::thread::spawn(|| {
            let tools = set_up(&Cache::of_this_user().unwrap(), &Progress::to_stderr()).unwrap();
            let folder = Folder::make(false).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let mysql =
                runtime.block_on(Mysql::start(&tools, folder.path(), &MysqlOptions::default())).unwrap();
            Server { mysql, _folder: folder }
        })
        .join()
        .unwrap()
    })
}

/// A database of its own, not yet migrated.
pub(crate) struct Place {
    pub(crate) migrator: MysqlSettings,
    pub(crate) transformer: MysqlSettings,
    pub(crate) root: MySqlPool,
}

impl Place {
    pub(crate) async fn bare() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let server = server();
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let database = {
            let _accounts = ONE_AT_A_TIME.lock().await;
            Database::make(&server.mysql, &name).await.unwrap()
        };
        let settings = |account: &sandbox::mysql::Account| MysqlSettings {
            host: server.mysql.address().ip().to_string(),
            port: server.mysql.address().port(),
            user: account.user.clone(),
            password_file: Some(account.password_file.clone()),
            database: name.clone(),
            socket: None,
            answer_within: "5m".parse().unwrap(),
        };
        Self {
            migrator: settings(&database.migrator),
            transformer: settings(&database.transformer),
            root: server.mysql.root(&name),
        }
    }

    pub(crate) async fn migrated() -> Self {
        let place = Self::bare().await;
        migrate::migrate(&place.migrator, false).await.unwrap();
        place
    }

    pub(crate) async fn writer(&self) -> Writer {
        let size = |size| NonZeroUsize::new(size).unwrap();
        let write = WriteSettings {
            writers: size(4),
            posts_per_transaction: size(1000),
            rows_per_statement: size(256),
        };
        Writer::connect(&self.transformer, &write).await.unwrap()
    }

    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.root).await.unwrap()
    }

    /// Empties the tables.
    pub(crate) async fn empty(&self) {
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE() \
             AND table_type = 'BASE TABLE' AND table_name NOT IN ('_sqlx_migrations', 'schema_requirements')",
        )
        .fetch_all(&self.root)
        .await
        .unwrap();
        for table in tables {
            let delete = sqlx::AssertSqlSafe(format!("DELETE FROM `{table}`"));
            sqlx::raw_sql(delete).execute(&self.root).await.unwrap();
        }
    }

    /// The rollups, connected as the transformer does it.
    pub(crate) async fn rollups(&self, report_timezone: &str) -> Rollups {
        let settings = RollupSettings {
            report_timezone: report_timezone.to_owned(),
            interval: bootstrap::DurationText(std::time::Duration::from_secs(60)),
        };
        Rollups::connect(&self.transformer, &settings).await.unwrap()
    }

    /// Every row of every table in the order of the keys, without the columns of processing time. What is marked is
    /// rolled first, as each mark is one of a kind.
    pub(crate) async fn everything(&self) -> BTreeMap<String, Vec<String>> {
        self.rollups("America/Sao_Paulo").await.roll(|_| true).await.unwrap();
        assert_eq!(self.count("SELECT COUNT(*) FROM rollup_marks").await, 0);
        let columns: Vec<(String, String, String)> = sqlx::query_as(
            "SELECT CAST(table_name AS CHAR), CAST(column_name AS CHAR), CAST(data_type AS CHAR) \
             FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) \
             WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' \
             AND table_name NOT IN ('_sqlx_migrations', 'schema_requirements') \
             AND column_comment NOT LIKE '%time of processing' ORDER BY table_name, ordinal_position",
        )
        .fetch_all(&self.root)
        .await
        .unwrap();
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (table, column, kind) in columns {
            let shown = if kind == "binary" { format!("HEX(`{column}`)") } else { format!("`{column}`") };
            tables.entry(table).or_default().push(shown);
        }
        let mut everything = BTreeMap::new();
        for (table, columns) in tables {
            let query =
                format!("SELECT CAST(JSON_ARRAY({}) AS CHAR) FROM `{table}` ORDER BY 1", columns.join(","));
            let rows: Vec<String> =
                sqlx::query_scalar(sqlx::AssertSqlSafe(query)).fetch_all(&self.root).await.unwrap();
            everything.insert(table, rows);
        }
        everything
    }
}
