//! The README's picture: a report of made-up rows, as headless Chromium shows it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use sandbox::binaries;
use sandbox::browser::{Browser, View};
use sandbox::folder::Folder;
use sandbox::mysql::{Database, Mysql, MysqlOptions};
use sandbox::process::Ended;
use sandbox::seeded;
use sandbox::service::ServiceSpec;
use sandbox::setup::{Cache, ChromiumHome, Progress, set_up};

use crate::cargo;

const LIMIT: Duration = Duration::from_secs(120);
const DATABASE: &str = "garimpo";
/// Of the README's picture: a page loads slowly with a larger one.
const MOST_BYTES: usize = 300_000;
const VIEW: View =
    View { width: 1120, height: 1180, scale: 1.0, scheme: sandbox::browser::Scheme::Light, print: false };

/// Builds, seeds a throw-away MySQL, writes a report and takes its picture.
pub(super) fn write() -> Result<()> {
    cargo::run(&["build", "-p", "sandbox", "-p", "transformer", "--bins"])?;
    let own = std::env::current_exe().context("where this program lies")?;
    binaries::look_in(own.parent().context("this program lies in no folder")?.to_owned());
    let folder = Folder::make(false)?;
    let page = folder.path().join("report.html");
    tokio::runtime::Runtime::new().context("no runtime")?.block_on(report(folder.path(), &page))?;
    let home = ChromiumHome::provide(&Cache::of_this_user()?, &Progress::to_stderr())?;
    let picture = Browser::start(&home)?.open(&page, &VIEW)?.screenshot(false)?;
    if picture.len() > MOST_BYTES {
        bail!("the picture has {} bytes, more than {MOST_BYTES}: show less of the page", picture.len());
    }
    let images = cargo::root().join("docs/images");
    fs::create_dir_all(&images).with_context(|| format!("cannot make {}", images.display()))?;
    let file = images.join("report.png");
    fs::write(&file, &picture).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{}: {} kB", file.display(), picture.len() / 1_000);
    Ok(())
}

async fn report(folder: &Path, page: &Path) -> Result<()> {
    let progress = Progress::to_stderr();
    let tools = tokio::task::spawn_blocking(move || set_up(&Cache::of_this_user()?, &progress)).await??;
    let mysql = Mysql::start(&tools, folder, &MysqlOptions::default()).await?;
    let database = Database::make(&mysql, DATABASE).await?;
    let transformer = |account: &sandbox::mysql::Account| {
        ServiceSpec::new("transformer", &account.user, folder)
            // Asked for by every subcommand; these never look there.
            .set("kafka.brokers", "127.0.0.1:9")
            .set("mysql.host", mysql.address().ip().to_string())
            .set("mysql.port", mysql.address().port().to_string())
            .set("mysql.user", &account.user)
            .set("mysql.password_file", account.password_file.display().to_string())
            .set("mysql.database", DATABASE)
    };
    let out = page.display().to_string();
    let migrated = transformer(&database.migrator).run(&["migrate"], LIMIT).await?;
    seeded::fill(&mysql.root(DATABASE)).await?;
    let written =
        transformer(&database.transformer).run(&["report", "--lang", "pt", "--out", &out], LIMIT).await?;
    for finished in [migrated, written] {
        if finished.ended != Ended::Exited(0) {
            bail!("transformer failed: {}", finished.stderr.trim());
        }
    }
    mysql.stop().await?;
    Ok(())
}
