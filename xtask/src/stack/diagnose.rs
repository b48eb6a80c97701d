//! What the words of Docker and of servers that did not come up mean, and what to do about it.

use anyhow::Error;

use super::containers::{self, Container};
use super::engine::docker;
use super::project::Project;
use super::run::last;

/// Lines of a log that are looked through.
const LINES: &str = "60";

/// A known reason.
struct Known {
    /// Any of these in the words.
    words: &'static [&'static str],
    what: &'static str,
    way_out: &'static str,
}

const KNOWN: [Known; 8] = [
    Known {
        words: &["No space left on device", "Errcode: 28", "Disk is full", "disk full", "out of disk space"],
        what: "the disk is full",
        way_out: "make room where Docker keeps its volumes (`docker system df`; wipe Jaeger's store, otel/jaeger/README.md), then run \
                  this again: Kafka and MySQL go on where they stood, and what was acknowledged is kept",
    },
    Known {
        words: &[
            "Invalid MySQL server downgrade",
            "Cannot downgrade from",
            "is not supported. Server aborted",
            "unsupported redo log",
        ],
        what: "the volume mysql-data was written by another, newer MySQL server",
        way_out: "take back the pin of the MySQL that wrote it, or restore a backup into an empty volume; a MySQL pin is one-way on disk",
    },
    Known {
        words: &["Access denied for user 'root'"],
        what: "the volume mysql-data belongs to a server with another root password",
        way_out: "bring the secret mysql_root of that server back, or give this stack a project name (and so volumes) of its own",
    },
    Known {
        words: &["Invalid cluster.id", "doesn't match stored clusterId", "cluster.id in:"],
        what: "the volume kafka-data belongs to another Kafka cluster",
        way_out: "give this stack the CLUSTER_ID of that cluster, or a project name (and so volumes) of its own",
    },
    Known {
        words: &["Unsupported feature", "metadata.version", "UnsupportedVersionException"],
        what: "the volume kafka-data was written by another, newer Kafka",
        way_out: "take back the pin of the Kafka that wrote it; a Kafka pin is one-way on disk once its feature level was raised",
    },
    Known {
        words: &["port is already allocated", "address already in use"],
        what: "a port that is to be published is in use by another program",
        way_out: "end that program (`ss -ltnp`), or set another port in the environment file (compose/example.env names them)",
    },
    Known {
        words: &["Pool overlaps with other one", "invalid pool request"],
        what: "the internal network's subnet is in use on this machine",
        way_out: "set GARIMPO_SUBNET and GARIMPO_ACCOUNT_HOSTS to a free one, together",
    },
    Known {
        words: &["bind source path does not exist", "invalid mount config", "is not a directory: unknown"],
        what: "a file that is to be mounted is missing",
        way_out: "the words above name it; secrets lie in GARIMPO_SECRETS (compose/example.env lists them)",
    },
];

/// What the words mean, if they are known.
fn explain(words: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.words.iter().any(|word| words.contains(word)))
}

/// The error of a stack that did not come up: what failed, its last words, what they mean, what to do.
pub(super) fn error(project: &Project, compose: &str) -> Error {
    let mut told = String::new();
    let mut all = compose.to_owned();
    let failed = |one: &Container| {
        (one.state == "exited" && one.exit_code != 0)
            || one.state == "restarting"
            || one.health.as_deref() == Some("unhealthy")
            // Between two of its ends it runs, and is not ready.
            || (one.restarts > 0 && one.health.as_deref() == Some("starting"))
    };
    for container in containers::of(project).unwrap_or_default().iter().filter(|one| failed(one)) {
        let log = log(&container.id);
        told += &format!(
            "\n{} ({}, exit code {}) said:\n{}",
            container.service,
            container.state,
            container.exit_code,
            last(&log)
        );
        all.push_str(&log);
    }
    if told.is_empty() {
        told = format!("\n{}", last(compose));
    }
    let meaning = explain(&all).map_or_else(
        || "see the words above; `cargo xtask stack status` shows every service".to_owned(),
        |known| format!("{}: {}", known.what, known.way_out),
    );
    Error::msg(format!("the stack did not come up.{told}\n{meaning}"))
}

/// The last lines a container wrote, of both streams.
pub(super) fn log(id: &str) -> String {
    let output = docker(&["logs", "--tail", LINES, id]).output();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    output.map(|output| text(&output.stdout) + &text(&output.stderr)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::explain;

    #[test]
    fn words_of_servers_and_docker_lead_to_what_is_wrong() {
        for (words, what) in [
            ("java.io.IOException: No space left on device", "the disk is full"),
            (
                "[ERROR] [MY-014061] [InnoDB] Invalid MySQL server downgrade: Cannot downgrade from 90700 to 80411.",
                "newer MySQL",
            ),
            (
                "MySQL at /run/mysqld/mysqld.sock as root: Access denied for user 'root'@'localhost'",
                "another root password",
            ),
            (
                "RuntimeException: Invalid cluster.id in: /var/lib/kafka/data/meta.properties. Expected x, but read y",
                "another Kafka cluster",
            ),
            ("Bind for 127.0.0.1:3306 failed: port is already allocated", "in use by another program"),
            (
                "failed to create network x: Error response from daemon: Pool overlaps with other one on this address space",
                "subnet",
            ),
        ] {
            assert!(explain(words).is_some_and(|known| known.what.contains(what)), "{words}");
        }
        assert!(explain("all is well").is_none());
    }
}
