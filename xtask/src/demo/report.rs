//! The report for people.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::time::Duration;

use sandbox::pipeline::BatchTrace;
use sandbox::verdict::Verdict;
use sandbox::waterfall;

use super::facts::{Speed, Texts};

/// Everything the demo tells at its end.
pub(super) struct Report {
    pub(super) verdict: Verdict,
    /// Of an archive's file.
    pub(super) kept_texts: Option<Texts>,
    /// From the demo's start until both services were ready.
    pub(super) started: Duration,
    /// From the demo's start until the first post was stored.
    pub(super) first: Duration,
    /// Of the posts that existed before the start.
    pub(super) speed: Speed,
    /// Of the whole run, where posts came live too.
    pub(super) live: Speed,
    /// Each service with the most memory it held resident, in bytes.
    pub(super) memory: Vec<(String, u64)>,
    pub(super) trace: BatchTrace,
    pub(super) look: Look,
}

/// How to look further.
pub(super) struct Look {
    pub(super) mysql: String,
    pub(super) trace: PathBuf,
    pub(super) report: PathBuf,
    /// The page in Portuguese and in English.
    pub(super) pages: [PathBuf; 2],
    /// Names and addresses of what stays up, where it does.
    pub(super) kept: Option<Vec<(&'static str, String)>>,
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let whole = self.kept_texts.as_ref().is_none_or(Texts::are_whole);
        let says = if self.verdict.agrees() && whole {
            "TRUTH AND ROWS AGREE"
        } else {
            "TRUTH AND ROWS DO NOT AGREE"
        };
        writeln!(f, "{says}\n\n{}", self.verdict)?;
        if let Some(Texts { posts, missing, changed }) = &self.kept_texts {
            let (missing, changed) = (missing.len(), changed.len());
            writeln!(
                f,
                "archive    {posts} posts in the file, matched or referred to: {missing} without a row, {changed} with another text"
            )?;
        }
        self.figures(f)?;
        writeln!(f, "\nthe way of batch {}", self.trace.batch_id)?;
        write!(f, "{}", waterfall::draw(&self.trace.spans))?;
        match self.trace.flaws.as_slice() {
            [] => writeln!(f, "one trace holds the whole way, from the request to X to the insert in MySQL")?,
            flaws => flaws.iter().try_for_each(|flaw| writeln!(f, "! {flaw}"))?,
        }
        write!(f, "\n{}", self.look)
    }
}

impl Report {
    fn figures(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Speed { posts, lasted, batches, .. } = &self.speed;
        let (started, first) = (self.started.as_secs_f64(), self.first.as_secs_f64());
        writeln!(
            f,
            "start      both services ready after {started:.1} s, first post stored after {first:.1} s"
        )?;
        writeln!(
            f,
            "speed      {posts} matched posts in {batches} answers within {:.1} s: {:.0} posts/s from simulator to MySQL",
            lasted.as_secs_f64(),
            self.speed.posts_per_second(),
        )?;
        let last = if self.live.batches > 0 { &self.live } else { &self.speed };
        let (p50, p99) = (last.p50.as_millis(), last.p99.as_millis());
        writeln!(f, "latency    answer received to its transaction in MySQL: p50 {p50} ms, p99 {p99} ms")?;
        let memory = self.memory.iter().map(|(name, bytes)| format!("{name} {:.1} MB", megabytes(*bytes)));
        writeln!(f, "memory     most resident (VmHWM): {}", memory.collect::<Vec<_>>().join(", "))
    }
}

impl Display for Look {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "look further")?;
        writeln!(f, "  this report    {}", self.report.display())?;
        let [pt, en] = &self.pages;
        writeln!(f, "  in charts      {} (em português)\n                 {}", pt.display(), en.display())?;
        writeln!(f, "  the trace      {}", self.trace.display())?;
        match &self.kept {
            None => {
                writeln!(f, "  with --keep all of it stays up, and this opens the tables:\n  {}", self.mysql)
            }
            Some(kept) => {
                kept.iter().try_for_each(|(name, address)| writeln!(f, "  {name:14} {address}"))?;
                writeln!(f, "  the tables     {}", self.mysql)
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(super) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn report(kept: Option<Vec<(&'static str, String)>>) -> Report {
        let speed = Speed {
            posts: 5_000,
            lasted: Duration::from_millis(6_250),
            p50: Duration::from_millis(41),
            p99: Duration::from_millis(97),
            batches: 51,
        };
        let trace = BatchTrace {
            batch_id: "covid/1/3".to_owned(),
            trace_id: "0af7".to_owned(),
            spans: Vec::new(),
            flaws: Vec::new(),
        };
        let mut verdict = Verdict::default();
        for posts in
            [&mut verdict.rows.matched, &mut verdict.topic.matched, &mut verdict.rows_of_topic.matched]
        {
            (posts.wanted, posts.found) = (5_000, 5_000);
            posts.wanted_checksum = "5c8744ba6ffca59a".to_owned();
            posts.found_checksum = posts.wanted_checksum.clone();
        }
        Report {
            verdict,
            kept_texts: Some(Texts { posts: 5_000, ..Texts::default() }),
            started: Duration::from_millis(11_900),
            first: Duration::from_millis(12_300),
            live: Speed::default(),
            speed,
            memory: vec![("extractor".to_owned(), 23_400_000), ("transformer".to_owned(), 38_000_000)],
            trace,
            look: Look {
                mysql: "mysql --socket=/tmp/x/mysql.sock garimpo".to_owned(),
                trace: "target/demo/1/trace.json".into(),
                report: "target/demo/1/report.txt".into(),
                pages: ["target/demo/1/report.html".into(), "target/demo/1/report.en.html".into()],
                kept,
            },
        }
    }

    #[test]
    fn the_report_of_a_run_that_ended() {
        insta::assert_snapshot!(report(None));
    }

    #[test]
    fn the_report_of_a_run_that_stays_up_names_its_addresses() {
        let told = report(Some(vec![("Kafka", "127.0.0.1:12345".to_owned())])).look.to_string();
        assert!(told.contains("  Kafka          127.0.0.1:12345\n  the tables     mysql --socket"), "{told}");
    }
}
