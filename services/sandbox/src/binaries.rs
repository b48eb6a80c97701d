//! Where the workspace's own programs are: beside the one that is running.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::error::SandboxError;

static FOLDER: OnceLock<PathBuf> = OnceLock::new();

/// Looks in `folder` first from now on, such as that of another build profile; the first call holds.
pub fn look_in(folder: PathBuf) {
    // Set before: the first call holds.
    let _held = FOLDER.set(folder);
}

/// The program `name` (`sandbox`, `simulator`, `extractor`, `transformer`) built with the running one.
///
/// It is looked for in the folder of [`look_in`], in `GARIMPO_BIN_DIR`, beside the current program and, as tests lie in `deps/`, one folder above.
///
/// # Errors
/// It is in none of them: with the command that builds it.
pub fn find(name: &'static str) -> Result<PathBuf, SandboxError> {
    let own = std::env::current_exe().unwrap_or_default();
    let set = std::env::var_os("GARIMPO_BIN_DIR").map(PathBuf::from);
    let folders = FOLDER
        .get()
        .cloned()
        .into_iter()
        .chain(set)
        .chain(own.ancestors().skip(1).take(2).map(PathBuf::from));
    let looked: Vec<PathBuf> = folders.map(|folder| folder.join(name)).collect();
    match looked.iter().find(|path| path.is_file()) {
        Some(found) => Ok(found.clone()),
        None => Err(SandboxError::NoBinary { name, looked }),
    }
}
