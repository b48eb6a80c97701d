//! One sandbox for all tests of this process: a Kafka of its own for each would cost more than the tests.
//!
//! Tests take turns on it. Topics are removed and the database and simulator are new for each, so that none sees
//! another's.

use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use sandbox::environment::{Sandbox, SandboxOptions};
use tokio::runtime::Runtime;

use crate::scene::{Scene, Stage};

/// Proxies are tasks: they have to outlive the test that started the sandbox.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

type Slot = tokio::sync::Mutex<Option<Sandbox>>;

/// Held by each test from when it begins to wait for its turn: with the last one the sandbox ends.
fn slot() -> Arc<Slot> {
    static SHARED: Mutex<Weak<Slot>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let slot = Arc::default();
        *shared = Arc::downgrade(&slot);
        slot
    })
}

/// Plays one test's scene on the shared sandbox. One that a test left behind in a panic is not used again.
pub(crate) fn play(stage: Stage, test: impl AsyncFnOnce(&mut Scene)) {
    let slot = slot();
    RUNTIME.block_on(async {
        let mut slot = slot.lock().await;
        let sandbox = match slot.take() {
            Some(sandbox) => sandbox,
            None => {
                Sandbox::start(SandboxOptions { simulator: None, ..SandboxOptions::default() }).await.unwrap()
            }
        };
        let mut scene = Scene::open(sandbox, stage).await;
        test(&mut scene).await;
        *slot = Some(scene.close().await);
    });
}
