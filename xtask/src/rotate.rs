//! `cargo xtask rotate`: another token of X, other passwords of MySQL, other certificates, each by one command.

mod branch;

use std::{
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::Stdio,
};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use branch::Branch;

use crate::{ansible::Ansible, cargo::root};

#[derive(Args)]
pub(crate) struct Options {
    /// Whose: `lab` or `aws`.
    #[arg(long, default_value = "lab", global = true)]
    inventory: String,
    /// Push the commit at once: that deploys it.
    #[arg(long, global = true)]
    push: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The bearer token of X, from the standard input.
    XToken,
    /// MySQL's passwords: all accounts but root, which is made where it is missing.
    Passwords,
    /// MySQL's certificate, on the host, without a restart; the authority stays.
    Certificates,
}

/// MySQL keeps the one of its first start.
const ROOT: &str = "mysql_root";
/// The others `transformer accounts apply` sets at each deploy.
const PASSWORDS: [&str; 5] =
    ["mysql_migrator", "mysql_transformer", "mysql_data_studio", "mysql_researcher", ROOT];

/// Encrypts, commits, and pushes where it is told to.
pub(crate) fn run(options: &Options) -> Result<()> {
    let tree = root();
    let folder = tree.join("ansible/secrets").join(&options.inventory);
    let names: &[&str] = match options.what {
        What::Certificates => return certificates(&options.inventory),
        What::XToken => &["x_token"],
        What::Passwords => &PASSWORDS,
    };
    let branch = Branch::of(&tree);
    branch.catch_up(&names.iter().map(|name| folder.join(name)).collect::<Vec<_>>(), options.push)?;
    // Not before: root's may have been made elsewhere.
    let names: Vec<&str> =
        names.iter().copied().filter(|name| *name != ROOT || !folder.join(name).exists()).collect();
    let files: Vec<PathBuf> = names.iter().map(|name| folder.join(name)).collect();
    fs::create_dir_all(&folder)?;
    let ansible = Ansible::provide()?;
    for file in &files {
        let secret = if matches!(options.what, What::XToken) { from_input()? } else { random()? };
        encrypt(&ansible, &secret, file)?;
    }
    let message = format!("Rotate {} of {}", names.join(", "), options.inventory);
    branch.commit(&message, &files)?;
    if options.push {
        return branch.push();
    }
    println!("{message}: committed. `git push` deploys it.");
    Ok(())
}

fn certificates(inventory: &str) -> Result<()> {
    Ansible::provide()?.play(inventory, "rotate.yml").run()
}

/// Through a pipe: an argument would show in the list of processes.
fn encrypt(ansible: &Ansible, secret: &str, file: &Path) -> Result<()> {
    let mut child = ansible
        .command("ansible-vault")
        .args(["encrypt", "--output"])
        .arg(file)
        .arg("-")
        .stdin(Stdio::piped())
        .spawn()
        .context("ansible-vault could not be started")?;
    child.stdin.take().context("no way in")?.write_all(secret.as_bytes())?;
    let status = child.wait()?;
    if status.success() { Ok(()) } else { bail!("ansible-vault ended with {status}: see above") }
}

fn from_input() -> Result<String> {
    let mut secret = String::new();
    std::io::stdin().read_to_string(&mut secret)?;
    let secret = secret.trim().to_owned();
    if secret.is_empty() { bail!("give the token by the standard input") } else { Ok(secret) }
}

fn random() -> Result<String> {
    let mut bytes = [0_u8; 24];
    fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::random;

    #[test]
    fn passwords_are_long_and_no_two_are_alike() {
        let (one, other) = (random().unwrap(), random().unwrap());
        assert_eq!(one.len(), 48);
        assert_ne!(one, other);
    }
}
