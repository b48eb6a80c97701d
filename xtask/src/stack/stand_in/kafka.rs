//! Apache Kafka of Maven Central, of the pinned version, on Debian's Java.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sandbox::setup::{Step, set_up_kafka};

use super::import::{Recipe, import, open_folder, write};
use super::{Kitchen, Made, debian};

const RUN: &str = include_str!("kafka.sh");
const ABOUT: &str = "Apache Kafka 4.3.1 of Maven Central on Java 21 of Debian sid";

pub(super) fn make(kitchen: &Kitchen<'_>) -> Result<Made> {
    // Before the folder is begun: fetching its jars fills a folder of its own.
    let jars = set_up_kafka(kitchen.cache, kitchen.lock, kitchen.progress)?;
    let root = kitchen.provide("stack-kafka-1", |root, step| fill(kitchen, jars.jars(), root, step))?;
    for folder in ["var/lib/kafka/data", "opt/kafka/config", "etc/kafka/secrets", "mnt/shared/config", "tmp"]
    {
        open_folder(&root, folder)?;
    }
    let java = java(&root)?;
    let changes = [
        "CMD [\"/etc/kafka/docker/run\"]".to_owned(),
        "USER 1000".to_owned(),
        format!("ENV PATH={java}:/usr/bin"),
    ];
    import(kitchen, &root, &Recipe { name: "kafka", about: ABOUT, changes: &changes })
}

fn fill(kitchen: &Kitchen<'_>, jars: &Path, root: &Path, step: &Step) -> Result<String> {
    let archive = debian::sid("Java 21")?;
    // Those of Kafka's run and of the stack's own health check.
    let tools = ["cat", "env", "head", "od", "tr"];
    debian::unpack(kitchen, &archive, &["openjdk-21-jre-headless"], root, (step, &tools))?;
    let libs = root.join("opt/kafka/libs");
    fs::create_dir_all(&libs)?;
    for jar in fs::read_dir(jars).with_context(|| format!("cannot read {}", jars.display()))? {
        let jar = jar?;
        fs::copy(jar.path(), libs.join(jar.file_name()))?;
    }
    write(root, "etc/passwd", "root:x:0:0::/:/bin/bash\nappuser:x:1000:1000::/tmp:/bin/bash\n", 0o644)?;
    write(root, "etc/group", "root:x:0:\nappuser:x:1000:\n", 0o644)?;
    write(root, "etc/kafka/docker/run", RUN, 0o755)?;
    Ok(ABOUT.to_owned())
}

/// The folder of `java` within the image: its package makes no link in /usr/bin before it is configured.
fn java(root: &Path) -> Result<String> {
    let homes = fs::read_dir(root.join("usr/lib/jvm")).context("no Java was unpacked")?;
    let names = homes.flatten().filter(|home| home.path().join("bin/java").exists());
    let name =
        names.filter_map(|home| home.file_name().into_string().ok()).min().context("no Java was unpacked")?;
    Ok(format!("/usr/lib/jvm/{name}/bin"))
}
