//! What was read and waits for a writer, by partition, and what of it is applied.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::{Message, Offsets, Partition, Ticket};

/// After a commit that failed; brokers that are gone fail it at once.
const COMMIT_AGAIN: Duration = Duration::from_secs(1);

/// Messages between the thread that polls and the tasks that write. Bounded by encoded bytes.
#[derive(Debug)]
pub struct Waiting {
    state: Mutex<State>,
    /// Something was taken or finished: there may be room.
    changed: Condvar,
    /// Something came: a writer may take it.
    more: Notify,
    limit_bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    lanes: BTreeMap<Partition, Lane>,
    epoch: u64,
    /// The partition served last; the next one in order goes first.
    served: Option<Partition>,
    closed: bool,
    /// A commit failed: none before this.
    commit_after: Option<Instant>,
}

#[derive(Debug)]
struct Lane {
    epoch: u64,
    messages: VecDeque<Message>,
    offsets: Offsets,
    /// Position whose commit was asked for.
    asked: Option<i64>,
    in_hand: usize,
    held: Option<Held>,
}

#[derive(Debug)]
struct Held {
    until: Instant,
    times: u32,
    /// The message that cannot be passed; `None`: any message done ends it.
    by: Option<i64>,
}

/// A partition's state for metrics.
#[derive(Debug, Clone, Copy)]
pub struct LaneState {
    /// Partition.
    pub partition: Partition,
    /// Read and not applied.
    pub unapplied: usize,
    /// Kafka's timestamp of the oldest message not applied (milliseconds since 1970 UTC).
    pub oldest_ms: Option<i64>,
    /// Nothing is taken from it now.
    pub held: bool,
}

impl Waiting {
    /// Holds about `limit_bytes` of encoded messages.
    pub fn new(limit_bytes: usize) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), more: Notify::new(), limit_bytes }
    }

    /// Partitions were assigned.
    pub fn assign(&self, partitions: impl IntoIterator<Item = Partition>) {
        let mut state = self.lock();
        state.epoch += 1;
        let epoch = state.epoch;
        for partition in partitions {
            state.lanes.insert(partition, Lane::new(epoch));
        }
    }

    /// Partitions go to others: what waits is dropped, what is in hand is waited for until `limit`.
    /// Returns the positions to commit.
    pub fn revoke(&self, partitions: &[Partition], limit: Duration) -> Vec<(Partition, i64)> {
        let deadline = Instant::now() + limit;
        let mut state = self.lock();
        for partition in partitions {
            if let Some(lane) = state.lanes.get_mut(partition) {
                lane.messages.clear();
            }
        }
        while partitions.iter().any(|p| state.lanes.get(p).is_some_and(|lane| lane.in_hand > 0)) {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            state =
                self.changed.wait_timeout(state, left).map_or_else(|e| e.into_inner().0, |(state, _)| state);
            for partition in partitions {
                if let Some(lane) = state.lanes.get_mut(partition) {
                    // A batch given back while the partition leaves is another transformer's now.
                    lane.messages.clear();
                }
            }
        }
        let positions = partitions.iter().filter_map(|p| Some((*p, state.lanes.get(p)?.offsets.position()?)));
        let positions = positions.collect();
        for partition in partitions {
            state.lanes.remove(partition);
        }
        self.changed.notify_all();
        positions
    }

    /// A message came; one of a partition not assigned (any more), or one that came before, is passed over.
    pub fn push(&self, mut message: Message) {
        let mut state = self.lock();
        let Some(lane) = state.lanes.get_mut(&message.ticket.partition) else { return };
        if lane.offsets.receive(message.ticket.offset, message.timestamp_ms) {
            message.ticket.epoch = lane.epoch;
            lane.messages.push_back(message);
            drop(state);
            self.more.notify_one();
        }
    }

    /// Waits until there is room for a message; false if there is none after `limit`, or the end was asked for.
    pub fn wait_for_room(&self, limit: Duration) -> bool {
        let full = |state: &mut State| !state.closed && state.waiting_bytes() >= self.limit_bytes;
        let waited = self.changed.wait_timeout_while(self.lock(), limit, full);
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        !timeout.timed_out() && !state.closed
    }

    /// The next message, waiting for one; `None` when the end was asked for.
    pub async fn take(&self) -> Option<Message> {
        loop {
            let more = self.more.notified();
            if self.lock().closed {
                return None;
            }
            if let Some(message) = self.take_now(|_| true) {
                return Some(message);
            }
            more.await;
        }
    }

    /// The next message that is there, of a partition that is wanted; partitions take turns.
    pub fn take_now(&self, wanted: impl Fn(Partition) -> bool) -> Option<Message> {
        let mut state = self.lock();
        if state.closed {
            return None;
        }
        let ready = |(partition, lane): &(&Partition, &Lane)| {
            lane.held.as_ref().is_none_or(|held| held.until <= Instant::now() && lane.in_hand == 0)
                && !lane.messages.is_empty()
                && wanted(**partition)
        };
        let after = |partition: &Partition| state.served.is_none_or(|served| *partition > served);
        let next = state.lanes.iter().filter(|(p, _)| after(p)).find(ready);
        let next = next.or_else(|| state.lanes.iter().find(ready)).map(|(partition, _)| *partition)?;
        state.served = Some(next);
        let lane = state.lanes.get_mut(&next)?;
        lane.in_hand += 1;
        let message = lane.messages.pop_front();
        let left = state.lanes.values().any(|lane| !lane.messages.is_empty());
        drop(state);
        self.changed.notify_all();
        if left {
            // `notify_one` wakes one writer: it passes the word on.
            self.more.notify_one();
        }
        message
    }

    /// Gives a message back to the front of its partition. Give back in the opposite order of taking.
    pub fn give_back(&self, message: Message) {
        let mut state = self.lock();
        if let Some(lane) = state.lane(message.ticket) {
            lane.in_hand -= 1;
            lane.messages.push_front(message);
        }
        drop(state);
        self.changed.notify_all();
        self.more.notify_one();
    }

    /// Nothing is taken from the partition until a delay is over, and then one message at a time is tried, until this
    /// one is done (or, if it is done already, any other). Returns how often it was held for it, from 1; the delay is
    /// chosen from that number.
    pub fn hold(&self, ticket: Ticket, delay: impl FnOnce(u32) -> Duration) -> u32 {
        let mut state = self.lock();
        let Some(lane) = state.lane(ticket) else { return 0 };
        let times = lane.held.as_ref().map_or(0, |held| held.times) + 1;
        let by = lane.offsets.is_open(ticket.offset).then_some(ticket.offset);
        lane.held = Some(Held { until: Instant::now() + delay(times), times, by });
        times
    }

    /// Messages are applied, skipped or set aside: the offset may move over them.
    pub fn done(&self, tickets: &[Ticket]) {
        let mut state = self.lock();
        for ticket in tickets {
            if let Some(lane) = state.lane(*ticket) {
                lane.in_hand -= 1;
                if lane.held.as_ref().is_some_and(|held| held.by.is_none_or(|by| by == ticket.offset)) {
                    lane.held = None;
                }
                lane.offsets.apply(ticket.offset);
            }
        }
        drop(state);
        self.changed.notify_all();
        // A hold may have ended.
        self.more.notify_one();
    }

    /// Messages in hand are left for the next start.
    pub fn abandon(&self, tickets: &[Ticket]) {
        let mut state = self.lock();
        for ticket in tickets {
            if let Some(lane) = state.lane(*ticket) {
                lane.in_hand -= 1;
            }
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Whether the message's partition is still ours.
    pub fn is_ours(&self, ticket: Ticket) -> bool {
        self.lock().lane(ticket).is_some()
    }

    /// Positions that moved since they were last asked for.
    pub fn positions_to_commit(&self) -> Vec<(Partition, i64)> {
        let mut state = self.lock();
        if state.commit_after.is_some_and(|after| after > Instant::now()) {
            return Vec::new();
        }
        let moved = state.lanes.iter_mut().filter_map(|(partition, lane)| {
            let position = lane.offsets.position()?;
            (lane.asked != Some(position)).then(|| {
                lane.asked = Some(position);
                (*partition, position)
            })
        });
        moved.collect()
    }

    /// A commit failed: it is asked for again, a little later.
    pub fn commit_failed(&self, partitions: impl IntoIterator<Item = Partition>) {
        let mut state = self.lock();
        state.commit_after = Some(Instant::now() + COMMIT_AGAIN);
        for partition in partitions {
            if let Some(lane) = state.lanes.get_mut(&partition) {
                lane.asked = None;
            }
        }
    }

    /// Wakes writers where a hold has passed.
    pub fn wake_held(&self) {
        let now = Instant::now();
        let due = |lane: &Lane| {
            lane.held.as_ref().is_some_and(|held| held.until <= now)
                && lane.in_hand == 0
                && !lane.messages.is_empty()
        };
        if self.lock().lanes.values().any(due) {
            self.more.notify_one();
        }
    }

    /// Writers take nothing any more.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
        self.more.notify_waiters();
        // One that was just about to wait.
        self.more.notify_one();
    }

    /// Every assigned partition.
    pub fn lanes(&self) -> Vec<LaneState> {
        let state = self.lock();
        let lanes = state.lanes.iter().map(|(partition, lane)| LaneState {
            partition: *partition,
            unapplied: lane.offsets.unapplied(),
            oldest_ms: lane.offsets.oldest_ms(),
            held: lane.is_held(),
        });
        lanes.collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the plain values behind this lock usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The lane a ticket belongs to; `None` if the partition left, even if it came back.
    fn lane(&mut self, ticket: Ticket) -> Option<&mut Lane> {
        self.lanes.get_mut(&ticket.partition).filter(|lane| lane.epoch == ticket.epoch)
    }

    /// Held partitions do not count: they are paused, and must not starve the others.
    fn waiting_bytes(&self) -> usize {
        let open = self.lanes.values().filter(|lane| lane.held.is_none());
        open.flat_map(|lane| &lane.messages).map(Message::size).sum()
    }
}

impl Lane {
    fn new(epoch: u64) -> Self {
        Self {
            epoch,
            messages: VecDeque::new(),
            offsets: Offsets::default(),
            asked: None,
            in_hand: 0,
            held: None,
        }
    }

    /// Nothing is taken from it, or one message to see whether things are good again. What was held for a message that is
    /// done by now, and holds no other one, goes on when the delay is over: only a further message can end it.
    fn is_held(&self) -> bool {
        let at_work = self.in_hand > 0 || !self.messages.is_empty();
        self.held.as_ref().is_some_and(|held| at_work || held.until > Instant::now())
    }
}

#[cfg(test)]
mod tests;
