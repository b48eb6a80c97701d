//! MySQL 9.7 of Debian in place of the official image's 8.4: the SQL is written for both.

use std::path::Path;

use anyhow::Result;
use sandbox::setup::Step;

use super::import::{Recipe, import, open_folder, write};
use super::{Kitchen, Made, debian};

const ENTRYPOINT: &str = include_str!("mysql.sh");
const CONFIGURATION: &str = include_str!("my.cnf");
const ABOUT: &str = "MySQL 9.7 of Debian sid";

pub(super) fn make(kitchen: &Kitchen<'_>) -> Result<Made> {
    let root = kitchen.provide("stack-mysql-1", |root, step| fill(kitchen, root, step))?;
    // Empty folders are no part of a manifest: they are made each time.
    for folder in ["var/lib/mysql", "run/mysqld", "tmp", "etc/mysql/conf.d"] {
        open_folder(&root, folder)?;
    }
    let changes = [
        "ENTRYPOINT [\"docker-entrypoint.sh\"]",
        "CMD [\"mysqld\"]",
        "ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin LD_LIBRARY_PATH=/usr/lib/mysql/private",
    ];
    import(kitchen, &root, &Recipe { name: "mysql", about: ABOUT, changes: &changes.map(str::to_owned) })
}

fn fill(kitchen: &Kitchen<'_>, root: &Path, step: &Step) -> Result<String> {
    let archive = debian::sid("MySQL 9.7")?;
    let tools = ["sh", "cat", "mv", "rm"];
    debian::unpack(kitchen, &archive, &["mysql-server-core", "mysql-client-core"], root, (step, &tools))?;
    write(root, "etc/my.cnf", CONFIGURATION, 0o644)?;
    write(root, "etc/passwd", "root:x:0:0::/:/bin/sh\nmysql:x:999:999::/var/lib/mysql:/bin/sh\n", 0o644)?;
    write(root, "etc/group", "root:x:0:\nmysql:x:999:\n", 0o644)?;
    write(root, "usr/local/bin/docker-entrypoint.sh", ENTRYPOINT, 0o755)?;
    Ok(ABOUT.to_owned())
}
