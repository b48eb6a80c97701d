//! How many posts match in each minute, hour or day, oldest first.

use serde_json::{Value, json};

use crate::clock::UnixMs;
use crate::errors::Refusal;
use crate::query::Query;
use crate::request::{Interval, Pairs, Reading, each, interval, is_shared, query_of, unknown, value};
use crate::store::Store;
use crate::vocabulary::Vocabulary;

/// A request for counts.
#[derive(Debug)]
pub(crate) struct Counts {
    query: Query,
    interval: Interval,
    /// Milliseconds of one count.
    step: i64,
}

impl Counts {
    pub(crate) fn read(pairs: &Pairs, reading: &Reading) -> Result<Self, Refusal> {
        each(pairs, |name, value| match name {
            "granularity" | "search_count.fields" => Ok(()),
            _ if is_shared(name) && !name.ends_with("token") => Ok(()),
            _ => Err(unknown(name, value)),
        })?;
        let step = match value(pairs, "granularity").unwrap_or("hour") {
            "minute" => 60_000,
            "hour" => 3_600_000,
            "day" => 86_400_000,
            other => {
                let message = format!(
                    "The `granularity` query parameter value [{other}] is not one of [minute,hour,day]"
                );
                return Err(Refusal::invalid("granularity", other, message));
            }
        };
        Ok(Self { query: query_of(pairs, reading)?, interval: interval(pairs, reading)?, step })
    }
}

/// Answers a request for counts.
pub(crate) fn answer(store: &Store, counts: &Counts, vocabulary: Vocabulary, now: UnixMs) -> Value {
    let (from, to) = (counts.interval.from.created(), counts.interval.below.created());
    let mut buckets = Vec::new();
    let mut start = from;
    while start < to {
        let end = UnixMs((start.0.div_euclid(counts.step) + 1) * counts.step).min(to);
        buckets.push((start, end, 0_u64));
        start = end;
    }
    let matching = store
        .newest_first(counts.interval.below, now)
        .take_while(|hit| hit.id() >= counts.interval.from)
        .filter(|hit| counts.query.matches(&store.facts(hit)));
    let mut total = 0_u64;
    for hit in matching {
        let at = hit.id().created();
        let bucket = buckets.partition_point(|(_, end, _)| *end <= at);
        // The last millisecond before an end given as an id belongs to the last bucket.
        let bucket = bucket.min(buckets.len().saturating_sub(1));
        if let Some((_, _, count)) = buckets.get_mut(bucket) {
            *count += 1;
            total += 1;
        }
    }
    let noun = vocabulary.noun();
    let data: Vec<Value> = (buckets.iter())
        .map(|(start, end, count)| {
            json!({ "start": start.to_string(), "end": end.to_string(), (format!("{noun}_count")): count })
        })
        .collect();
    let mut body = json!({ "meta": { (format!("total_{noun}_count")): total } });
    if !data.is_empty() {
        body["data"] = Value::Array(data);
    }
    body
}
