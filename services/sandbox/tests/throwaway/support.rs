//! What the tests share: the tools, set up once a process, and a folder for each test.

use std::sync::OnceLock;

use sandbox::setup::{Cache, Progress, Tools, set_up};

/// The tools, from the user's own cache folder.
pub(crate) fn tools() -> &'static Tools {
    static TOOLS: OnceLock<Tools> = OnceLock::new();
    TOOLS.get_or_init(|| {
        let cache = Cache::of_this_user().unwrap();
        set_up(&cache, &Progress::to_stderr()).unwrap()
    })
}

/// A folder that vanishes with the test; short, for MySQL's socket.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("garimpo-").tempdir().unwrap()
}
