//! Where the workspace's own programs are: beside the one that is running.

use std::path::PathBuf;

use crate::error::SandboxError;

/// The program `name` (`sandbox`, `simulator`, `extractor`, `transformer`) built with the running one.
///
/// It is looked for in `GARIMPO_BIN_DIR`, beside the current program and, as tests lie in `deps/`, one folder above.
///
/// # Errors
/// It is in none of them: with the command that builds it.
pub fn find(name: &'static str) -> Result<PathBuf, SandboxError> {
    let own = std::env::current_exe().unwrap_or_default();
    let set = std::env::var_os("GARIMPO_BIN_DIR").map(PathBuf::from);
    let folders = set.into_iter().chain(own.ancestors().skip(1).take(2).map(PathBuf::from));
    let looked: Vec<PathBuf> = folders.map(|folder| folder.join(name)).collect();
    match looked.iter().find(|path| path.is_file()) {
        Some(found) => Ok(found.clone()),
        None => Err(SandboxError::NoBinary { name, looked }),
    }
}
