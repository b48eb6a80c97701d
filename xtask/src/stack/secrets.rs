//! The folder of secrets: each a file, made where it is missing.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context, Result};

/// Passwords of MySQL's accounts; `x_token` is X's and cannot be made.
pub(super) const PASSWORDS: [&str; 5] =
    ["mysql_root", "mysql_migrator", "mysql_transformer", "mysql_data_studio", "mysql_researcher"];
/// Grafana's, which it takes at its first start only.
pub(super) const GRAFANA: &str = "grafana_admin";

/// Makes what of these is missing in `folder`. What is there stays: servers hold these passwords.
pub(super) fn provide(folder: &Path, names: &[&str]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    for name in names {
        let file = folder.join(name);
        if !file.exists() {
            fs::write(&file, password()?).with_context(|| format!("cannot write {}", file.display()))?;
            // The folder keeps others out; a container's own user has to read what is mounted into it.
            fs::set_permissions(&file, fs::Permissions::from_mode(0o444))?;
        }
    }
    Ok(())
}

/// 24 random hex digits twice over: 192 bits.
fn password() -> Result<String> {
    let mut bytes = [0; 24];
    fs::File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .context("no random numbers")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_is_there_stays_and_others_cannot_reach_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = folder.path().join("secrets");
        fs::create_dir(&secrets).unwrap();
        fs::write(secrets.join("mysql_root"), "mine").unwrap();
        provide(&secrets, &PASSWORDS).unwrap();
        assert_eq!(fs::read_to_string(secrets.join("mysql_root")).unwrap(), "mine");
        let made: Vec<String> =
            PASSWORDS[1..].iter().map(|name| fs::read_to_string(secrets.join(name)).unwrap()).collect();
        assert!(made.iter().all(|password| password.len() == 48) && made[0] != made[1]);
        assert_eq!(fs::metadata(&secrets).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
