//! One server and one browser program for all tests of this process; databases with and without rows.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use sandbox::browser::Browser;
use sandbox::folder::Folder;
use sandbox::mysql::{Database, Mysql, MysqlOptions};
use sandbox::process::Ended;
use sandbox::seeded;
use sandbox::service::{Finished, ServiceSpec};
use sandbox::setup::{Cache, ChromiumHome, Progress, set_up};

const LIMIT: Duration = Duration::from_secs(120);

/// The server, with a database of two made-up weeks, one migrated and empty, and one bare.
pub(crate) struct Place {
    pub(crate) mysql: Mysql,
    database: Database,
    folder: Folder,
}

pub(crate) const FULL: &str = "full";
pub(crate) const EMPTY: &str = "empty";
pub(crate) const BARE: &str = "bare";

/// Made once; it outlives every test's runtime, but not this process.
pub(crate) fn place() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        std::thread::spawn(|| {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
            let place = runtime.block_on(Place::make());
            // Its pools and watchers are used until the end.
            std::mem::forget(runtime);
            place
        })
        .join()
        .unwrap()
    })
}

/// A browser; the program is fetched where the machine has none.
pub(crate) fn browser() -> Browser {
    static HOME: OnceLock<ChromiumHome> = OnceLock::new();
    let provide = || ChromiumHome::provide(&Cache::of_this_user().unwrap(), &Progress::to_stderr()).unwrap();
    Browser::start(HOME.get_or_init(provide)).unwrap()
}

impl Place {
    async fn make() -> Self {
        let tools = set_up(&Cache::of_this_user().unwrap(), &Progress::to_stderr()).unwrap();
        let folder = Folder::make(false).unwrap();
        let mysql = Mysql::start(&tools, folder.path(), &MysqlOptions::default()).await.unwrap();
        let database = Database::make(&mysql, FULL).await.unwrap();
        for name in [EMPTY, BARE] {
            Database::make(&mysql, name).await.unwrap();
        }
        let place = Self { mysql, database, folder };
        for name in [FULL, EMPTY] {
            let migrated = place.transformer(name, "migrator").run(&["migrate"], LIMIT).await.unwrap();
            assert_eq!(migrated.ended, Ended::Exited(0), "{}", migrated.stderr);
        }
        let pool = place.mysql.root(FULL);
        seeded::fill(&pool).await.unwrap();
        seeded::fill_hostile(&pool).await.unwrap();
        pool.close().await;
        place
    }

    fn transformer(&self, database: &str, user: &str) -> ServiceSpec {
        let account = if user == "migrator" { &self.database.migrator } else { &self.database.transformer };
        ServiceSpec::new("transformer", &format!("{user}-{database}"), self.folder.path())
            // Asked for by every subcommand; this one never looks there.
            .set("kafka.brokers", "127.0.0.1:9")
            .set("mysql.host", self.mysql.address().ip().to_string())
            .set("mysql.port", self.mysql.address().port().to_string())
            .set("mysql.user", user)
            .set("mysql.password_file", account.password_file.display().to_string())
            .set("mysql.database", database)
    }

    /// A file of this test alone.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `transformer report` on a database.
    pub(crate) async fn report(&self, database: &str, out: &Path, arguments: &[&str]) -> Finished {
        let out = out.display().to_string();
        let words: Vec<&str> =
            ["report", "--out", &out].into_iter().chain(arguments.iter().copied()).collect();
        self.transformer(database, "transformer").run(&words, LIMIT).await.unwrap()
    }

    /// The report of the made-up weeks with everything attached, in a language.
    pub(crate) async fn full_report(&self, name: &str, lang: &str) -> PathBuf {
        let (out, attached) = (self.file(name), self.file(&format!("{name}.json")));
        std::fs::write(&attached, include_str!("attached.json")).unwrap();
        let attached = attached.display().to_string();
        let done = self.report(FULL, &out, &["--lang", lang, "--attach", &attached]).await;
        assert_eq!(done.ended, Ended::Exited(0), "{}", done.stderr);
        assert!(done.stdout.contains("written: "), "{}", done.stdout);
        out
    }
}
