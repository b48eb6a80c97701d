//! An answer that is too large for one message, in parts. They are sent in one transaction to one partition.

use contract::{BatchId, TweetBatch, WireError, content_digest, encode};

/// The batch, in as many parts as it takes for each to have at most `limit` bytes encoded. A single post larger than
/// that stays whole: the topic takes more.
///
/// Price, gap, errors and what belongs to the whole answer stand with the first part; only the last one, which is read
/// last, vouches for the interval.
///
/// # Errors
/// A batch that does not fit its schema: a mistake of this program.
pub fn parts(batch: TweetBatch, id: &BatchId, limit: usize) -> Result<Vec<TweetBatch>, WireError> {
    let mut parts = Vec::new();
    split(batch, limit, &mut parts)?;
    let count = parts.len();
    if count == 1 {
        return Ok(parts);
    }
    let small = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    for (at, part) in parts.iter_mut().enumerate() {
        let number = small(at + 1);
        part.batch_id = BatchId { part: Some(number), ..id.clone() }.to_string();
        (part.part, part.parts) = (number, small(count));
        part.digest = content_digest(part);
        if at + 1 < count {
            (part.walk_finished, part.covers_from, part.covers_to) = (false, None, None);
        }
    }
    Ok(parts)
}

fn split(batch: TweetBatch, limit: usize, parts: &mut Vec<TweetBatch>) -> Result<(), WireError> {
    if encode(&batch)?.len() <= limit {
        parts.push(batch);
        return Ok(());
    }
    let (first, second) = halves(batch);
    match second {
        Some(second) => {
            split(first, limit, parts)?;
            split(second, limit, parts)
        }
        None => {
            parts.push(first);
            Ok(())
        }
    }
}

/// Every list in two; `None` where no list has two entries.
fn halves(mut batch: TweetBatch) -> (TweetBatch, Option<TweetBatch>) {
    let second = TweetBatch {
        tweets: half(&mut batch.tweets),
        included: half(&mut batch.included),
        users: half(&mut batch.users),
        places: half(&mut batch.places),
        media: half(&mut batch.media),
        polls: half(&mut batch.polls),
        errors: half(&mut batch.errors),
        unparsed: half(&mut batch.unparsed),
        ..TweetBatch::default()
    };
    if second == TweetBatch::default() {
        return (batch, None);
    }
    let head = head(&batch);
    (
        batch,
        Some(TweetBatch {
            tweets: second.tweets,
            included: second.included,
            users: second.users,
            places: second.places,
            media: second.media,
            polls: second.polls,
            errors: second.errors,
            unparsed: second.unparsed,
            ..head
        }),
    )
}

fn half<T>(list: &mut Vec<T>) -> Vec<T> {
    list.split_off(list.len().div_ceil(2))
}

/// What a further part repeats of the first.
fn head(batch: &TweetBatch) -> TweetBatch {
    TweetBatch {
        kind: batch.kind,
        rule: batch.rule.clone(),
        query: batch.query.clone(),
        query_fingerprint: batch.query_fingerprint.clone(),
        identity: batch.identity.clone(),
        walk: batch.walk,
        page: batch.page,
        walk_finished: batch.walk_finished,
        covers_from: batch.covers_from,
        covers_to: batch.covers_to,
        since_id: batch.since_id,
        until_id: batch.until_id,
        newest_id: batch.newest_id,
        oldest_id: batch.oldest_id,
        requested_at: batch.requested_at,
        received_at: batch.received_at,
        observed_at: batch.observed_at,
        attempts: batch.attempts,
        refetched: batch.refetched,
        ..TweetBatch::default()
    }
}
