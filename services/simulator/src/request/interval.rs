//! From which post to which: by ids or by times, never by both for one end.

use super::{Pairs, Reading, stale, value};
use crate::clock::UnixMs;
use crate::errors::Refusal;
use crate::ids::PostId;

/// Posts from `from` on and below `below`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) from: PostId,
    pub(crate) below: PostId,
}

/// Reads the interval a request asks for; without an end it reaches up to now.
pub(crate) fn interval(pairs: &Pairs, reading: &Reading) -> Result<Interval, Refusal> {
    for (time, id) in [("start_time", "since_id"), ("end_time", "until_id")] {
        if let (Some(_), Some(given)) = (value(pairs, time), value(pairs, id)) {
            let message = format!("At most one of `{time}`, `{id}` may be provided");
            return Err(Refusal::invalid(id, given, message));
        }
    }
    let start = time(pairs, "start_time")?;
    let end = time(pairs, "end_time")?;
    if let Some((at, given)) = start.filter(|(at, _)| *at < reading.horizon.whole_second()) {
        let message = format!("'start_time' must be on or after {}, not {at}", reading.horizon);
        return Err(Refusal::invalid("start_time", given, message));
    }
    if let Some((at, given)) = end.filter(|(at, _)| *at > reading.now) {
        let message = format!("'end_time' must not be in the future: it is {}, not {at}", reading.now);
        return Err(Refusal::invalid("end_time", given, message));
    }
    if let (Some((start, _)), Some((end, given))) = (start, end)
        && start >= end
    {
        return Err(Refusal::invalid("end_time", given, "'end_time' must be after 'start_time'"));
    }
    let since = id(pairs, "since_id")?;
    if let Some(since) = since.filter(|since| since.created() < reading.horizon) {
        return Err(stale(&since.to_string(), reading.horizon));
    }
    let horizon = PostId::first_at(reading.horizon);
    let from = start.map(|(at, _)| PostId::first_at(at)).or(since.map(|since| PostId(since.0 + 1)));
    let below = end.map(|(at, _)| PostId::first_at(at)).or(id(pairs, "until_id")?);
    let now = PostId::first_at(UnixMs(reading.now.0 + 1));
    Ok(Interval { from: from.unwrap_or(horizon).max(horizon), below: below.unwrap_or(now).min(now) })
}

fn time<'a>(pairs: &'a Pairs, name: &str) -> Result<Option<(UnixMs, &'a str)>, Refusal> {
    let Some(text) = value(pairs, name) else { return Ok(None) };
    match UnixMs::parse(text) {
        // X counts in whole seconds.
        Some(at) => Ok(Some((at.whole_second(), text))),
        None => {
            let message = format!(
                "The `{name}` query parameter value [{text}] is not a valid date-time (YYYY-MM-DDTHH:mm:ssZ)"
            );
            Err(Refusal::invalid(name, text, message))
        }
    }
}

fn id(pairs: &Pairs, name: &str) -> Result<Option<PostId>, Refusal> {
    let Some(text) = value(pairs, name) else { return Ok(None) };
    PostId::parse(text).map(Some).ok_or_else(|| {
        let message = format!("The `{name}` query parameter value [{text}] does not match ^[0-9]{{1,19}}$");
        Refusal::invalid(name, text, message)
    })
}
