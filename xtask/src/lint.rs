//! `cargo xtask lint`: the linters of the languages beside Rust, over what git tracks.

mod table;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use clap::Args;
use sandbox::setup::{Cache, Progress, Python, PythonTool};

use crate::{cargo::root, parts::Parts, stack};
use table::Linter;

#[derive(Args)]
pub(crate) struct Options {
    /// Only these linters.
    names: Vec<String>,
    /// The repository to look over instead of this one.
    #[arg(long, value_name = "FOLDER")]
    of: Option<PathBuf>,
}

/// Runs them all, then says which found something. A linter without a file to read is left out, and named.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut linters = table::read(&root().join("xtask/linters"))?;
    if let Some(unknown) =
        options.names.iter().find(|name| linters.iter().all(|linter| linter.name != **name))
    {
        bail!("{unknown} is no linter of xtask/linters/linters.toml");
    }
    linters.retain(|linter| options.names.is_empty() || options.names.contains(&linter.name));
    let of = options.of.clone().unwrap_or_else(root);
    let tools = tools(&linters, &of)?;
    let (mut parts, mut failed) = (Parts::default(), Vec::new());
    for (linter, files, tool) in &tools {
        let clean = parts.run(&format!("{}, {} files", linter.name, files.len()), || {
            let [program, arguments @ ..] = linter.command.as_slice() else { bail!("no command") };
            let mut command = tool.command(program);
            command.current_dir(&of).args(linter.filled(arguments, files)).envs(&linter.env);
            let status = command.status().with_context(|| format!("{program} could not be started"))?;
            Ok(status.success())
        })?;
        if !clean {
            failed.push(linter.name.as_str());
        }
    }
    print!("{}", parts.table());
    if failed.is_empty() { Ok(()) } else { bail!("{} found something: see above", failed.join(", ")) }
}

/// Where a linter's programs come from.
enum Tool {
    Python(PythonTool),
    /// The one program.
    Go(PathBuf),
}

impl Tool {
    fn command(&self, program: &str) -> Command {
        match self {
            Self::Python(tool) => tool.command(program),
            Self::Go(built) => Command::new(built),
        }
    }
}

/// The linters that have something to read, with it; the set-up's lock is free again when they run.
fn tools<'a>(linters: &'a [Linter], of: &Path) -> Result<Vec<(&'a Linter, Vec<String>, Tool)>> {
    let (cache, progress) = (Cache::of_this_user()?, Progress::to_stderr());
    let lock = cache.lock(&progress)?;
    let python = Python::provide(&cache, &lock, &progress)?;
    let mut tools = Vec::new();
    for linter in linters {
        let files = tracked(of, &linter.files)?;
        if files.is_empty() {
            println!("left out: {} (no file is {})", linter.name, linter.files.join(" or "));
            continue;
        }
        let tool = match &linter.go {
            Some(package) => Tool::Go(stack::go_program(&cache, &lock, &progress, package)?),
            None => {
                Tool::Python(python.tool(&cache, &lock, &linter.name, &linter.requirements, &progress)?)
            }
        };
        tools.push((linter, files, tool));
    }
    Ok(tools)
}

/// What git tracks of `patterns`, new files included: without a slash a pattern fits names, with one paths from the root.
fn tracked(of: &Path, patterns: &[String]) -> Result<Vec<String>> {
    let globs = patterns.iter().map(|pattern| {
        let anywhere = if pattern.contains('/') { "" } else { "**/" };
        format!(":(glob){anywhere}{pattern}")
    });
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate", "--"]);
    let listed = git.args(globs).current_dir(of).output().context("git could not be started")?;
    if !listed.status.success() {
        bail!("git ls-files: {}", String::from_utf8_lossy(&listed.stderr).trim());
    }
    let names = String::from_utf8(listed.stdout).context("a file's name is no UTF-8")?;
    // Deleted, but not yet from the index.
    let there = |name: &&str| !name.is_empty() && of.join(name).is_file();
    Ok(names.split('\0').filter(there).map(str::to_owned).collect())
}
