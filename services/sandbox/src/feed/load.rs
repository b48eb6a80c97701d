//! Load: pages sent one after another, each in a transaction of its own, until it is ended.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Feed, Pages};
use crate::error::SandboxError;

/// Pages of a walk; walks go to partitions by their number.
const PAGES_OF_A_WALK: i32 = 5;

/// Pages that are being sent.
#[derive(Debug)]
pub struct Load {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<usize, SandboxError>>,
}

impl Load {
    /// Sends pages of `rule`, walk after walk, as fast as Kafka takes them one by one.
    pub fn start(feed: &Arc<Feed>, pages: Pages, rule: &str) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (feed, rule) = (Arc::clone(feed), rule.to_owned());
        let task = tokio::spawn(async move {
            let mut sent = 0;
            for walk in 1.. {
                for page in 1..=PAGES_OF_A_WALK {
                    if *stopped.borrow() {
                        return Ok(sent);
                    }
                    feed.send(&[pages.page(&rule, walk, page)]).await?;
                    sent += 1;
                }
            }
            Ok(sent)
        });
        Self { stop, task }
    }

    /// Ends it; returns how many batches were sent.
    ///
    /// # Errors
    /// Kafka did not take one of them.
    pub async fn end(self) -> Result<usize, SandboxError> {
        self.stop.send_replace(true);
        self.task.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }
}
