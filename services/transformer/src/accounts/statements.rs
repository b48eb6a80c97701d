//! From what is wanted and what there is to the statements in between: pure.

use bootstrap::Secret;

use super::grants::{difference, rights};
use super::look::Found;
use super::session::{InitConnect, init_connect};
use super::statement::{Statement, identifier};
use super::wanted::{Account, DATA_STUDIO, Transport, Wanted};
use super::{AccountsSettings, settings::AnalystSettings};

/// What will be done, and what has to be told beside it.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) statements: Vec<Statement>,
    pub(super) notes: Vec<String>,
}

/// Everything, in an order in which nobody has more rights than wanted in between.
pub(super) fn plan(
    wanted: &[Wanted],
    settings: &AccountsSettings,
    found: &Found,
    database: &str,
    new_salt: &Secret,
) -> Plan {
    let mut plan = Plan::default();
    if !found.database {
        plan.run(format!(
            "CREATE DATABASE {} CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin",
            identifier(database)
        ));
    }
    // Before anybody is let in to read them.
    if wanted.iter().any(|one| one.user == "researcher") {
        plan.pseudonyms(settings.researcher.pseudonymise_authors, found, database, new_salt);
    }
    for one in wanted {
        plan.account(one, found, database);
    }
    if wanted.iter().any(|one| one.user == DATA_STUDIO) {
        plan.query_time(&settings.data_studio, found);
    }
    plan
}

impl Plan {
    fn run(&mut self, sql: String) {
        self.statements.push(Statement::plain(sql));
    }

    fn account(&mut self, wanted: &Wanted, found: &Found, database: &str) {
        let granted = rights(wanted.rights, database, &found.views);
        for account in wanted.accounts() {
            let held = found.accounts.get(&account);
            let verb = if held.is_some() { "ALTER" } else { "CREATE" };
            let transport = match wanted.transport {
                Transport::Any => "NONE",
                Transport::Tls => "SSL",
                Transport::ClientCertificate => "X509",
            };
            self.statements.push(Statement::with_secret(
                format!("{verb} USER {account} IDENTIFIED WITH caching_sha2_password BY "),
                &wanted.password,
                format!(
                    " REQUIRE {transport} WITH MAX_USER_CONNECTIONS {} ACCOUNT UNLOCK",
                    wanted.max_connections
                ),
            ));
            let held = held.map(|held| held.grants.clone()).unwrap_or_default();
            self.statements.extend(difference(&account, &held, &granted));
        }
        if granted.is_empty() {
            self.notes.push(format!(
                "{} sees nothing yet: the database has no view for it; run `transformer migrate`, then this again",
                wanted.user
            ));
        }
        for (account, held) in found.accounts.iter().filter(|(account, _)| account.user == wanted.user) {
            if !wanted.hosts.contains(&account.host) && !held.locked {
                self.lock(account);
            }
        }
    }

    /// Not dropped: views keep the account that made them as their definer, and die with it.
    fn lock(&mut self, account: &Account) {
        self.run(format!("ALTER USER {account} ACCOUNT LOCK"));
        self.notes.push(format!(
            "{account} is locked: its host is not in accounts.{}.hosts; drop it when no view names it as its definer",
            account.user
        ));
    }

    fn query_time(&mut self, settings: &AnalystSettings, found: &Found) {
        match init_connect(&found.init_connect, &found.init_connect_persisted, *settings.query_time) {
            InitConnect::Set(statement) => self.statements.push(statement),
            InitConnect::Unchanged => {}
            InitConnect::Foreign { wanted } => self.notes.push(format!(
                "init_connect holds another statement and was left alone, so {DATA_STUDIO} has no query time: append {wanted}"
            )),
        }
    }

    fn pseudonyms(&mut self, hidden: bool, found: &Found, database: &str, new_salt: &Secret) {
        let Some(report) = &found.report_settings else {
            self.notes.push(
                "pseudonymise_authors waits for the table report_settings: run `transformer migrate`, then this again"
                    .to_owned(),
            );
            return;
        };
        let insert = format!("INSERT INTO {}.report_settings (name, value) VALUES ", identifier(database));
        let flag = if hidden { "1" } else { "0" };
        if report.pseudonymise_authors.as_deref() != Some(flag) {
            self.run(format!(
                "{insert}('pseudonymise_authors', '{flag}') AS new ON DUPLICATE KEY UPDATE value = new.value"
            ));
        }
        // Another salt would give every author another pseudonym: it is made once.
        if !report.has_salt {
            let before = format!("{insert}('pseudonym_salt', ");
            let after = ") AS new ON DUPLICATE KEY UPDATE value = new.value";
            self.statements.push(Statement::with_secret(before, new_salt, after));
        }
    }
}

#[cfg(test)]
#[path = "statements/tests.rs"]
mod tests;
