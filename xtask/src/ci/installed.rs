//! Programs of crates.io, each of one version, built once into the cache folder.

use std::path::PathBuf;

use anyhow::Result;
use sandbox::setup::Cache;

use super::tool::Call;

/// The program, built where it is not there yet.
pub(super) fn provide(name: &str, version: &str) -> Result<PathBuf> {
    let home = Cache::of_this_user()?.path(&format!("{name}-{version}"));
    let program = home.join("bin").join(name);
    if !program.exists() {
        // Unoptimised: it runs for a second and would take minutes to build otherwise.
        Call::new("cargo")
            .args(["install", name, "--version", version, "--locked", "--debug", "--quiet", "--root"])
            .arg(&home)
            .run()?;
    }
    Ok(program)
}
