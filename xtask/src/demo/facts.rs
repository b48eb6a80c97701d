//! What the tables tell beside the verdict: the run's speed, and an archive's texts.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, Result};
use sandbox::pipeline::Pipeline;

/// Speed of a run, from the ledger's own times.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Speed {
    /// Matched posts.
    pub(crate) posts: u64,
    /// From the first request to the last row.
    pub(crate) lasted: Duration,
    /// Answer received to row committed, half of the batches at most.
    pub(crate) p50: Duration,
    /// Answer received to row committed, 99 of 100 batches at most.
    pub(crate) p99: Duration,
    /// Batches with posts.
    pub(crate) batches: u64,
}

impl Speed {
    /// Posts a second.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    pub(crate) fn posts_per_second(&self) -> f64 {
        if self.lasted.is_zero() { 0.0 } else { self.posts as f64 / self.lasted.as_secs_f64() }
    }
}

const TIMES: &str = "SELECT posts, \
    CAST(UNIX_TIMESTAMP(requested_at) * 1000 AS SIGNED), \
    CAST(UNIX_TIMESTAMP(received_at) * 1000 AS SIGNED), \
    CAST(UNIX_TIMESTAMP(applied_at) * 1000 AS SIGNED) \
    FROM batches WHERE kind = 'PAGE' AND posts > 0";

/// A batch's posts, and when it was requested, received and applied, milliseconds since 1970.
pub(crate) type Times = (i32, i64, i64, i64);

/// Reads the ledger.
pub(crate) async fn speed(pipeline: &Pipeline) -> Result<Speed> {
    let times: Vec<Times> =
        sqlx::query_as(TIMES).fetch_all(pipeline.rows()).await.context("the ledger cannot be read")?;
    Ok(of(&times))
}

fn of(times: &[Times]) -> Speed {
    let first = times.iter().map(|(_, requested, ..)| *requested).min().unwrap_or_default();
    let last = times.iter().map(|(.., applied)| *applied).max().unwrap_or_default();
    let mut latencies: Vec<i64> = times.iter().map(|(_, _, received, applied)| applied - received).collect();
    latencies.sort_unstable();
    let share = |per_cent: usize| {
        let at = (latencies.len() * per_cent).div_ceil(100).saturating_sub(1);
        duration(latencies.get(at).copied().unwrap_or_default())
    };
    Speed {
        posts: times.iter().map(|(posts, ..)| u64::from(posts.unsigned_abs())).sum(),
        lasted: duration(last - first),
        p50: share(50),
        p99: share(99),
        batches: times.len() as u64,
    }
}

fn duration(milliseconds: i64) -> Duration {
    Duration::from_millis(u64::try_from(milliseconds).unwrap_or_default())
}

/// Posts of an archive's file, read without the simulator, against the rows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Texts {
    /// Posts of the file.
    pub(crate) posts: usize,
    /// Ids that have no row.
    pub(crate) missing: Vec<i64>,
    /// Ids whose text differs in any byte.
    pub(crate) changed: Vec<i64>,
}

impl Texts {
    /// True where each post of the file is a row with the same bytes.
    pub(crate) fn are_whole(&self) -> bool {
        self.posts > 0 && self.missing.is_empty() && self.changed.is_empty()
    }

    fn of(file: &BTreeMap<i64, String>, rows: &BTreeMap<i64, String>) -> Self {
        let missing = file.keys().filter(|id| !rows.contains_key(id)).copied().collect();
        let differs = |(id, text): &(&i64, &String)| rows.get(id).is_some_and(|row| row != *text);
        let changed = file.iter().filter(differs).map(|(id, _)| *id).collect();
        Self { posts: file.len(), missing, changed }
    }
}

/// Compares the texts of a file with the rows.
pub(crate) async fn texts_kept(pipeline: &Pipeline, file: &BTreeMap<i64, String>) -> Result<Texts> {
    let rows: Vec<(i64, String)> = sqlx::query_as("SELECT id, text FROM tweets WHERE text IS NOT NULL")
        .fetch_all(pipeline.rows())
        .await
        .context("the posts cannot be read")?;
    Ok(Texts::of(file, &rows.into_iter().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speed_is_from_the_first_request_to_the_last_row() {
        let times = [(100, 1_000, 1_100, 1_200), (50, 2_000, 2_100, 2_500), (100, 500, 900, 1_300)];
        let speed = of(&times);
        assert_eq!((speed.posts, speed.batches, speed.lasted), (250, 3, Duration::from_secs(2)));
        assert_eq!((speed.p50, speed.p99), (Duration::from_millis(400), Duration::from_millis(400)));
        assert!((speed.posts_per_second() - 125.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_has_no_speed() {
        assert_eq!(of(&[]).posts_per_second(), 0.0);
    }

    #[test]
    fn a_text_that_lost_one_byte_and_a_post_without_a_row_are_found() {
        let file = BTreeMap::from([(1, "a ".to_owned()), (2, "b".to_owned()), (3, "c".to_owned())]);
        let rows = BTreeMap::from([(1, "a".to_owned()), (2, "b".to_owned()), (9, "other".to_owned())]);
        let texts = Texts::of(&file, &rows);
        assert_eq!((texts.missing.as_slice(), texts.changed.as_slice()), (&[3][..], &[1][..]));
        assert!(!texts.are_whole() && Texts::of(&rows, &rows).are_whole());
        assert!(!Texts::of(&BTreeMap::new(), &rows).are_whole(), "nothing proves nothing");
    }
}
