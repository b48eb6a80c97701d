//! `transformer rejected list`.

use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::read::{ReadError, Stored, letters};
use crate::config::Settings;

/// A line of `--json`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    id: String,
    reason: &'a str,
    batch_id: Option<&'a str>,
    section: Option<&'a str>,
    post_id: Option<i64>,
    detail: &'a str,
    rejected_at: String,
    payload_bytes: usize,
    replayed: bool,
}

/// Prints dead letters: a table for people, or one JSON object a line.
///
/// # Errors
/// The topic cannot be read.
pub async fn list(settings: &Settings, json: bool, all: bool) -> Result<(), ReadError> {
    let stored = letters(&settings.kafka).await?;
    let shown: Vec<Line<'_>> = stored.iter().filter(|s| all || !s.replayed).map(line).collect();
    if json {
        for line in &shown {
            // Plain strings and numbers: nothing that JSON cannot hold.
            println!("{}", serde_json::to_string(line).unwrap_or_default());
        }
    } else {
        print!("{}", table(&shown));
    }
    Ok(())
}

fn line(stored: &Stored) -> Line<'_> {
    let record = &stored.letter.record;
    Line {
        id: stored.letter.id(),
        reason: stored.letter.reason,
        batch_id: record.batch_id.as_deref(),
        section: record.section.as_deref(),
        post_id: record.post_id,
        detail: &record.detail,
        rejected_at: moment(record.rejected_at),
        payload_bytes: record.payload.len(),
        replayed: stored.replayed,
    }
}

fn moment(ms: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000);
    moment.ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_else(|| ms.to_string())
}

fn table(lines: &[Line<'_>]) -> String {
    if lines.is_empty() {
        return "nothing is set aside\n".to_owned();
    }
    let mut rows = vec![["ID", "REASON", "BATCH", "WHAT", "REJECTED AT", "DETAIL"].map(str::to_owned)];
    for line in lines {
        let what = match (line.section, line.post_id) {
            (Some(section), Some(id)) => format!("{section} {id}"),
            (Some(section), None) => section.to_owned(),
            (None, _) => format!("message of {} bytes", line.payload_bytes),
        };
        let reason =
            if line.replayed { format!("{} (replayed)", line.reason) } else { line.reason.to_owned() };
        let batch = line.batch_id.unwrap_or("-").to_owned();
        rows.push([
            line.id.clone(),
            reason,
            batch,
            what,
            line.rejected_at.clone(),
            line.detail.replace('\n', " "),
        ]);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 6] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_whole_messages_and_single_posts_in_one_table() {
        let message = Line {
            id: "tweets.batches.v1/3/17".to_owned(),
            reason: "decode",
            batch_id: None,
            section: None,
            post_id: None,
            detail: "neither framing",
            rejected_at: moment(1_764_000_000_000),
            payload_bytes: 12,
            replayed: false,
        };
        let post = Line {
            id: "tweets.batches.v1/0/4".to_owned(),
            reason: "data",
            batch_id: Some("quarentena/1/2"),
            section: Some("tweets"),
            post_id: Some(42),
            detail: "1406 (22001): Data too long",
            replayed: true,
            rejected_at: moment(1_764_000_000_000),
            payload_bytes: 300,
        };
        insta::assert_snapshot!(table(&[message, post]));
        assert_eq!(table(&[]), "nothing is set aside\n");
    }
}
