//! What the rehearsal's own commits hold: its inventory, its secrets, its pins, its rules.

use std::{fs, path::Path};

use anyhow::Result;
use sandbox::pipeline::Rule;

use super::stage::{INVENTORY, ON_HOSTS, Stage, VAULT_PASSWORD};
use super::x::TOKENS;
use crate::ci::Call;

/// MySQL's accounts.
const PASSWORDS: [&str; 5] =
    ["mysql_root", "mysql_migrator", "mysql_transformer", "mysql_data_studio", "mysql_researcher"];
/// Where hosts publish MySQL.
pub(super) const MYSQL_PORT: u16 = 13306;
/// The file of rules in the repository.
pub(super) const RULES: &str = "compose/rules.toml";

/// Where posts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The rehearsal's X: these hosts are the one collector.
    X,
    /// A simulator in the stack, as on a mirror.
    Simulator,
}

/// The password of one of MySQL's accounts.
pub(super) fn password(account: &str) -> String {
    format!("of-{account}")
}

/// One host in an inventory's words.
pub(super) fn host_line(name: &str, address: &str) -> String {
    format!("    {name}: {{ansible_host: {address}, private_address: {address}, ansible_user: garimpo}}\n")
}

impl Stage {
    /// The rehearsal's inventory, with `more` of the scene.
    pub(super) fn write_inventory(&self, hosts: &str, source: Source, more: &str) -> Result<()> {
        let sum = |path: &Path| Call::new("sha256sum").arg(path).text().map(|text| text[..64].to_owned());
        let ansible = format!("ansible/inventories/{INVENTORY}");
        let registry = &self.registry_address;
        let (source, collector) = match source {
            Source::X => ("x", true),
            Source::Simulator => ("simulator", false),
        };
        self.repository.write(&format!("{ansible}/hosts.yml"), hosts)?;
        self.repository.write(
            &format!("{ansible}/group_vars/all/garimpo.yml"),
            &format!(
                "garimpo_source: {source}\ngarimpo_collector: {collector}\n\
                 garimpo_repository: git://{}/garimpo.git\n\
                 garimpo_daily_usd: 1000\ngarimpo_mysql_names: [mysql, localhost, '{{{{ private_address }}}}']\n\
                 garimpo_mysql_address: 0.0.0.0\nmysql_tls_port: {MYSQL_PORT}\npreflight_require_limits: false\npreflight_registry: http://{registry}\n\
                 docker_rootless_insecure_registries: [\"{registry}\"]\n\
                 docker_rootless_compose: {{url: \"file://{}\", checksum: \"sha256:{}\"}}\n\
                 stack_cosign_program: {{url: \"file://{}\", checksum: \"sha256:{}\"}}\n\
                 stack_cosign_options: [--allow-http-registry, --allow-insecure-registry]\n\
                 stack_environment:\n  GARIMPO_X_URL: {}\n  GARIMPO_POLL_INTERVAL: 2s\n  GARIMPO_SETTLE: 0s\n\
                 gitops_timer_interval: 10s\nstack_wait: 90\n{more}",
                self.git.address,
                ON_HOSTS[1],
                sum(&self.tools.compose)?,
                ON_HOSTS[0],
                sum(&self.tools.cosign)?,
                self.x.url,
            ),
        )?;
        fs::create_dir_all(self.repository.clone.join("ansible/keys"))?;
        fs::copy(self.work.join("cosign.pub"), self.repository.clone.join("ansible/keys/cosign.pub"))?;
        Ok(())
    }

    /// Encrypts MySQL's passwords and the token of X into the repository.
    pub(super) fn write_secrets(&self) -> Result<()> {
        // Those of the group whose tree this is are not the rehearsal's, and a second token of X would be refused.
        let others = self.repository.clone.join("ansible/secrets");
        if others.exists() {
            fs::remove_dir_all(others)?;
        }
        for name in PASSWORDS {
            self.write_secret(name, &password(name), VAULT_PASSWORD)?;
        }
        self.write_secret("x_token", TOKENS[0], VAULT_PASSWORD)
    }

    pub(super) fn remove_secret(&self, name: &str) -> Result<()> {
        Ok(fs::remove_file(self.repository.clone.join(format!("ansible/secrets/{INVENTORY}/{name}")))?)
    }

    /// Encrypts one with the vault's password in a file of the run's folder.
    pub(super) fn write_secret(&self, name: &str, value: &str, password: &str) -> Result<()> {
        let path = format!("ansible/secrets/{INVENTORY}/{name}");
        self.repository.write(&path, value)?;
        let encrypt = self.ansible.call("ansible-vault").args(["encrypt", "--vault-password-file"]);
        encrypt.arg(self.work.join(password)).arg(self.repository.clone.join(path)).text().map(drop)
    }

    /// Images of others as they are in the rehearsal's registry.
    pub(super) fn write_pins(&self) -> Result<()> {
        for (name, reference) in &self.others {
            self.write_pin(name, reference)?;
        }
        Ok(())
    }

    /// Another image in one line of the pin file.
    pub(super) fn write_pin(&self, name: &str, reference: &str) -> Result<()> {
        let line = |line: &str| {
            if line.starts_with(&format!("{name}=")) {
                format!("{name}={reference}\n")
            } else {
                format!("{line}\n")
            }
        };
        let text: String = self.repository.read("compose/pins.env")?.lines().map(line).collect();
        self.repository.write("compose/pins.env", &text)
    }

    /// What is collected.
    pub(super) fn write_rules(&self) -> Result<()> {
        self.repository.write(RULES, &Rule::file(&self.x.rules)?)
    }
}
