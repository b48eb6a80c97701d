//! The retained messages in the order asked for.

use clap::ValueEnum;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::from_kafka::{Message, Range, Retained, RetainedError};

/// `--order`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Direction {
    /// Oldest first in each partition.
    Forward,
    /// Newest first: window by window from the end, each held in memory to be turned around.
    Reverse,
}

/// Offsets of a window that is turned around.
const WINDOW: i64 = 32;

/// Sends every message of the ranges; ends early when nobody listens or the end was asked for.
pub(super) fn feed(
    retained: &Retained,
    ranges: &[Range],
    order: Direction,
    sender: &mpsc::Sender<Message>,
    stop: &CancellationToken,
) -> Result<(), RetainedError> {
    let send = |message| !stop.is_cancelled() && sender.blocking_send(message).is_ok();
    match order {
        Direction::Forward => retained.read(ranges, send),
        Direction::Reverse => {
            for window in backwards(ranges) {
                let mut messages = Vec::new();
                retained.read(&[window], |message| {
                    messages.push(message);
                    !stop.is_cancelled()
                })?;
                if !messages.into_iter().rev().all(send) {
                    break;
                }
            }
            Ok(())
        }
    }
}

/// Windows from the end of each partition to its beginning; partitions take turns.
fn backwards(ranges: &[Range]) -> Vec<Range> {
    let mut windows = Vec::new();
    let mut open = ranges.to_vec();
    while !open.is_empty() {
        for range in &mut open {
            let from = range.from.max(range.to - WINDOW);
            windows.push(Range { from, ..*range });
            range.to = from;
        }
        open.retain(|range| range.from < range.to);
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_go_backwards_and_cover_every_offset_once() {
        let ranges = [Range { partition: 0, from: 5, to: 70 }, Range { partition: 3, from: 0, to: 2 }];
        let windows = backwards(&ranges);
        let of = |partition| -> Vec<(i64, i64)> {
            windows.iter().filter(|w| w.partition == partition).map(|w| (w.from, w.to)).collect()
        };
        assert_eq!(of(0), [(38, 70), (6, 38), (5, 6)]);
        assert_eq!(of(3), [(0, 2)]);
    }
}
