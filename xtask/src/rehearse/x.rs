//! X of the rehearsal: one simulator outside of all hosts, which outlives every deploy, so that rows are counted against what
//! exists and not against what a host says of itself.

use std::{
    fmt,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use sandbox::{
    pipeline::Rule,
    simulator::Simulator,
    verdict::{Collected, Comparison, Observed, Stored, truth},
};
use sqlx::{
    MySqlPool,
    mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlSslMode},
};
use tokio::runtime::Runtime;

use super::{
    host::{Host, docker},
    stage::until,
};

const CONTAINER: &str = "garimpo-rehearse-x";
const PORT: u16 = 8088;
/// What it takes for a bearer token, and what takes its place when it is rotated.
pub(super) const TOKENS: [&str; 2] = ["of-the-rehearsal", "of-the-rehearsal-too"];
/// For what exists to reach MySQL, on a machine that is busy otherwise.
const ARRIVAL: Duration = Duration::from_secs(180);
/// Where rootless Docker keeps the folder MySQL shares.
const SOCKET: &str = ".local/share/docker/volumes/garimpo_mysql-shared/_data/mysqld.sock";

/// The simulator, and what is collected from it.
pub(super) struct X {
    simulator: Simulator,
    runtime: Runtime,
    pub(super) rules: Vec<Rule>,
    /// Posts whose deletion was ordered: tombstones here, whatever X still shows.
    pub(super) deleted: Vec<i64>,
    pub(super) url: String,
}

/// What was found to agree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Agreed {
    /// Posts that exist and match, each of them stored.
    pub(super) matched: usize,
    /// Posts those refer to, each of them stored.
    pub(super) included: usize,
    /// Sum of the table `spending`, millionths of a dollar.
    pub(super) spent: i64,
    /// What was billed, millionths of a dollar.
    pub(super) billed: i64,
}

impl fmt::Display for Agreed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { matched, included, spent, billed } = self;
        let usd = |micros: &i64| *micros as f64 / 1e6;
        write!(f, "{matched} posts exist and are stored, {included} they refer to, too; ")?;
        write!(f, "${:.2} told, ${:.2} billed", usd(spent), usd(billed))
    }
}

impl X {
    /// Starts it on the rehearsal's network: some posts of the last hour, two more a second from now on.
    pub(super) fn start(image: &str, network: &str) -> Result<Self> {
        let tokens = TOKENS.map(|token| format!("--token={token}"));
        let listen = format!("--listen=0.0.0.0:{PORT}");
        docker(["run", "--detach", "--quiet", "--name", CONTAINER, "--network", network, image])
            .args([&listen, "--seed=6", "--posts=400", "--rate=2", "--rate-limit=1000000"])
            .args(tokens)
            .text()?;
        let address = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        let url = format!("http://{}:{PORT}", docker(["inspect", "--format", address, CONTAINER]).text()?);
        let runtime = Runtime::new().context("no runtime")?;
        let simulator = Simulator::at(&url);
        until("the simulator answers", Duration::from_secs(20), || {
            Ok(runtime.block_on(simulator.bill()).is_ok())
        })?;
        Ok(Self { simulator, runtime, rules: vec![Rule::default()], deleted: Vec::new(), url })
    }

    /// What was billed so far, millionths of a dollar.
    pub(super) fn billed(&self) -> Result<i64> {
        Ok(i64::try_from(self.runtime.block_on(self.simulator.bill())?.usd_micros)?)
    }

    /// What exists now for all rules.
    fn truth(&self) -> Result<Observed> {
        let rules: Vec<Collected> = self.rules.iter().map(Rule::collected).collect();
        Ok(self.without_deleted(self.runtime.block_on(truth(&self.simulator, &rules))?))
    }

    fn without_deleted(&self, mut posts: Observed) -> Observed {
        for id in &self.deleted {
            posts.matched.remove(id);
            posts.included.remove(id);
            for ids in posts.rules.values_mut() {
                ids.remove(id);
            }
        }
        posts
    }

    /// Waits until every post that exists now is stored on the host, text and children included; then looks whether anything is
    /// stored that does not exist.
    pub(super) fn agrees(&self, host: &Host, password: &str) -> Result<Agreed> {
        let wanted = self.truth()?;
        let (mut stored, mut compared) = (Stored::default(), Comparison::default());
        let arrived = until("every post that exists is stored", ARRIVAL, || {
            // A database that is just coming up is asked again.
            let Ok(mut read) = self.stored(host, password) else { return Ok(false) };
            read.posts = self.without_deleted(read.posts);
            compared = Comparison::of(&wanted, &read.posts);
            stored = read;
            Ok(lacks_nothing(&compared))
        });
        if let Err(error) = arrived {
            bail!("{error}: {}", told(&compared));
        }
        let now = self.truth()?;
        let beyond = Comparison::of(&now, &stored.posts);
        let invented = invented(&now, &beyond);
        if !invented.is_empty() || !beyond.rules_beyond.is_empty() {
            bail!("posts are stored that do not exist, {invented:?}: {}", told(&beyond));
        }
        if stored.rejected > 0 {
            bail!("{} posts were set aside", stored.rejected);
        }
        Ok(Agreed {
            matched: compared.matched.wanted,
            included: compared.included.wanted,
            spent: stored.spent_usd_micros,
            billed: self.billed()?,
        })
    }

    fn stored(&self, host: &Host, password: &str) -> Result<Stored> {
        let way = Way::to(host)?;
        self.runtime.block_on(async {
            let rows = way.rows(password);
            let stored = Stored::read(&rows).await;
            rows.close().await;
            Ok(stored?)
        })
    }
}

fn lacks_nothing(compared: &Comparison) -> bool {
    let parts = [&compared.matched, &compared.included];
    let lacks = |part: &&sandbox::verdict::Difference| {
        part.missing.len() + part.changed.len() + part.children_differ.len()
    };
    parts.iter().map(lacks).sum::<usize>() == 0 && compared.rules_missing.is_empty()
}

/// Posts beyond those that exist. One that matches may have come as another's reference first: where a walk takes several pages, the
/// newest comes first, and refers to posts of those that follow.
fn invented(exist: &Observed, compared: &Comparison) -> Vec<i64> {
    let included = compared.included.beyond.iter().filter(|id| !exist.matched.contains_key(id));
    compared.matched.beyond.iter().chain(included).copied().collect()
}

fn told(compared: &Comparison) -> String {
    let part = |name: &str, part: &sandbox::verdict::Difference| {
        format!(
            "{name}: {} exist, {} stored, {} missing, {} changed, {} beyond, {} with other children",
            part.wanted,
            part.found,
            part.missing.len(),
            part.changed.len(),
            part.beyond.len(),
            part.children_differ.len()
        )
    };
    let rules =
        format!("rules: {} missing, {} beyond", compared.rules_missing.len(), compared.rules_beyond.len());
    format!("{}; {}; {rules}", part("matched", &compared.matched), part("included", &compared.included))
}

/// MySQL's socket of a host, brought here by SSH; closed with this value.
struct Way {
    ssh: Child,
    folder: tempfile::TempDir,
}

impl Way {
    fn to(host: &Host) -> Result<Self> {
        // A socket's path has room for a hundred letters.
        let folder = tempfile::tempdir()?;
        let here = folder.path().join("mysql.sock");
        let there = format!("/home/{}/{SOCKET}", super::host::USER);
        let mut ssh: Command = host.ssh_command();
        ssh.args(["-N", "-o", "ExitOnForwardFailure=yes", "-L"])
            .arg(format!("{}:{there}", here.display()))
            .arg(host.login())
            .stdin(Stdio::null());
        let way = Self { ssh: ssh.spawn().context("ssh could not be started")?, folder };
        until("SSH brings MySQL's socket", Duration::from_secs(20), || Ok(here.exists()))?;
        Ok(way)
    }

    fn rows(&self, password: &str) -> MySqlPool {
        let options = MySqlConnectOptions::new()
            .socket(self.socket())
            .username("root")
            .password(password)
            .database("garimpo")
            // A password by the socket goes through TLS.
            .ssl_mode(MySqlSslMode::Preferred);
        MySqlPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(Duration::from_secs(10))
            .connect_lazy_with(options)
    }

    fn socket(&self) -> std::path::PathBuf {
        Path::new(self.folder.path()).join("mysql.sock")
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        // Already ended is as good.
        let _ended = self.ssh.kill();
        let _status = self.ssh.wait();
    }
}

#[cfg(test)]
mod tests {
    use sandbox::verdict::{Children, Post};

    use super::*;

    #[test]
    fn a_reference_that_a_later_page_brings_is_not_invented() {
        let post = || Post::new(Some("text"), Children::default());
        let (mut exist, mut stored) = (Observed::default(), Observed::default());
        exist.match_post("covid", 1, post());
        exist.match_post("covid", 2, post());
        stored.match_post("covid", 2, post());
        stored.include_post(1, post());
        assert_eq!(invented(&exist, &Comparison::of(&exist, &stored)), Vec::<i64>::new());
        stored.include_post(3, post());
        stored.match_post("covid", 4, post());
        assert_eq!(invented(&exist, &Comparison::of(&exist, &stored)), [4, 3]);
    }
}
