//! Sandboxes the tests of this process take turns on: a Kafka of its own for each would cost more than the tests.

use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use sandbox::kafka::KafkaOptions;
use sandbox::turns::{Turn, turn};
use sandbox::{Sandbox, SandboxOptions};
use tokio::runtime::Runtime;

/// Proxies are tasks: they have to outlive the test that started the sandbox.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// Sandboxes that nobody uses now; with the last test that holds it they end.
type Idle = Mutex<Vec<Sandbox>>;

/// A sandbox, until it is dropped.
pub(crate) struct Lease {
    sandbox: Option<Sandbox>,
    idle: Arc<Idle>,
    _turn: Turn,
}

impl Lease {
    /// Waits for a turn; then one that is idle, or else a new one.
    pub(crate) async fn take() -> Self {
        static POOL: Mutex<Weak<Idle>> = Mutex::new(Weak::new());
        let idle = {
            let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
            // Held from here on, so that the sandboxes outlive the test before.
            pool.upgrade().unwrap_or_else(|| {
                let idle = Arc::default();
                *pool = Arc::downgrade(&idle);
                idle
            })
        };
        let turn = turn().await;
        let found = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let sandbox = match found {
            Some(sandbox) => sandbox,
            None => tokio::task::spawn_blocking(|| RUNTIME.block_on(start())).await.unwrap(),
        };
        Self { sandbox: Some(sandbox), idle, _turn: turn }
    }
}

async fn start() -> Sandbox {
    // A group may then notice a killed member after three seconds instead of six.
    let properties = [("group.min.session.timeout.ms".to_owned(), "1000".to_owned())].into();
    let kafka = KafkaOptions { properties, ..KafkaOptions::default() };
    Sandbox::start(SandboxOptions { kafka, simulator: None, ..SandboxOptions::default() }).await.unwrap()
}

impl std::ops::Deref for Lease {
    type Target = Sandbox;

    fn deref(&self) -> &Sandbox {
        self.sandbox.as_ref().unwrap()
    }
}

impl std::ops::DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Sandbox {
        self.sandbox.as_mut().unwrap()
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // One that a test left behind in a panic is not used again.
        if let Some(sandbox) = self.sandbox.take().filter(|_| !std::thread::panicking()) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(sandbox);
        }
    }
}
