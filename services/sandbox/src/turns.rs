//! Turns: how many sandboxes of one test program run at a time.

use tokio::sync::{Semaphore, SemaphorePermit};

/// A Kafka and a MySQL each keep a core busy while they start; more at a time only make each of them slower.
const AT_A_TIME: usize = 2;

static TURNS: Semaphore = Semaphore::const_new(AT_A_TIME);

/// The right to run a sandbox, until it is dropped.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "held, not read")] SemaphorePermit<'static>);

/// Waits for a turn; as long as it takes, since each test limits its own waits.
pub async fn turn() -> Turn {
    // The semaphore is never closed, so there is always a permit in the end.
    match TURNS.acquire().await {
        Ok(permit) => Turn(permit),
        Err(closed) => unreachable!("{closed}"),
    }
}
