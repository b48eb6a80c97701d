//! Waiting for what nobody reports: asked again and again, within a limit.

use std::time::{Duration, Instant};

use crate::error::SandboxError;

const BETWEEN: Duration = Duration::from_millis(30);

/// Waits until `ask` returns something, asking every 30 ms.
///
/// # Errors
/// The limit passed first.
pub async fn until<T>(
    what: &str,
    limit: Duration,
    mut ask: impl AsyncFnMut() -> Option<T>,
) -> Result<T, SandboxError> {
    let asked = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(BETWEEN).await;
        }
    };
    let late = |_| SandboxError::NoMoment { what: what.to_owned(), limit };
    tokio::time::timeout(limit, asked).await.map_err(late)
}

/// Asks every 30 ms for as long as `length`; returns how often the answer was true.
///
/// # Errors
/// It was false once.
pub async fn throughout(
    what: &str,
    length: Duration,
    mut ask: impl AsyncFnMut() -> bool,
) -> Result<u32, SandboxError> {
    let began = Instant::now();
    let mut times = 0;
    while began.elapsed() < length {
        if !ask().await {
            return Err(SandboxError::NotThroughout {
                what: what.to_owned(),
                after: began.elapsed(),
                length,
            });
        }
        times += 1;
        tokio::time::sleep(BETWEEN).await;
    }
    Ok(times)
}
