//! From settings and what was found to statements, without a server.

use std::fs;
use std::path::Path;

use bootstrap::DurationText;

use super::*;
use crate::accounts::grants::rights;
use crate::accounts::look::{Existing, ReportSettings};
use crate::accounts::session::text;
use crate::accounts::wanted::{Rights, wanted};
use crate::accounts::{AccountSettings, ResearcherSettings};

fn settings(folder: &Path) -> AccountsSettings {
    let file = |user: &str| {
        let path = folder.join(user);
        fs::write(&path, format!("password-of-{user}\n")).unwrap();
        Some(path)
    };
    let hosts = |hosts: &[&str]| hosts.iter().map(|host| (*host).to_owned()).collect();
    AccountsSettings {
        migrator: AccountSettings {
            password_file: file("migrator"),
            hosts: hosts(&["172.28.0.0/255.255.255.0"]),
        },
        transformer: AccountSettings {
            password_file: file("transformer"),
            hosts: hosts(&["172.28.0.0/255.255.255.0", "localhost"]),
        },
        data_studio: AnalystSettings {
            password_file: file("data_studio"),
            hosts: hosts(&["%"]),
            client_certificate: false,
            max_connections: 10,
            query_time: "30s".parse::<DurationText>().unwrap(),
        },
        researcher: ResearcherSettings {
            password_file: file("researcher"),
            hosts: hosts(&["%"]),
            client_certificate: true,
            max_connections: 5,
            pseudonymise_authors: true,
        },
    }
}

fn planned(settings: &AccountsSettings, found: &Found) -> Plan {
    let (wanted, _) = wanted(settings).unwrap();
    plan(&wanted, settings, found, "garimpo", &Secret::new("5a17"))
}

fn told(plan: &Plan) -> String {
    let statements = plan.statements.iter().map(|statement| format!("{statement};\n"));
    statements.chain(plan.notes.iter().map(|note| format!("note: {note}\n"))).collect()
}

fn views() -> Vec<String> {
    ["base_posts", "ds_topics", "ds_volume"].map(str::to_owned).to_vec()
}

#[test]
fn an_empty_server_is_given_everything_and_told_what_has_to_follow() {
    let folder = tempfile::tempdir().unwrap();
    let plan = planned(&settings(folder.path()), &Found::default());
    insta::assert_snapshot!(told(&plan));
    let exposed: String = plan.statements.iter().map(Statement::exposed).collect();
    for user in ["migrator", "transformer", "data_studio", "researcher"] {
        assert!(exposed.contains(&format!("'password-of-{user}'")), "{user}'s is missing");
        assert!(!told(&plan).contains(&format!("password-of-{user}")), "{user}'s is told");
    }
}

/// A server on which everything was applied.
fn applied(settings: &AccountsSettings) -> Found {
    let mut found = Found { database: true, views: views(), ..Found::default() };
    for one in wanted(settings).unwrap().0 {
        for account in one.accounts() {
            let mut existing = Existing::default();
            existing.grants.rights = rights(one.rights, "garimpo", &found.views);
            found.accounts.insert(account, existing);
        }
    }
    found.init_connect = text(*settings.data_studio.query_time);
    found.init_connect_persisted = found.init_connect.clone();
    found.report_settings =
        Some(ReportSettings { pseudonymise_authors: Some("1".to_owned()), has_salt: true });
    found
}

#[test]
fn run_again_only_the_passwords_are_set_again() {
    let folder = tempfile::tempdir().unwrap();
    let settings = settings(folder.path());
    insta::assert_snapshot!(told(&planned(&settings, &applied(&settings))));
}

#[test]
fn a_new_view_is_granted_and_what_is_too_much_or_from_elsewhere_is_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = settings(folder.path());
    settings.migrator.password_file = None;
    settings.transformer.password_file = None;
    settings.researcher.pseudonymise_authors = false;
    let mut found = applied(&settings);
    found.views.push("ds_cost".to_owned());
    let account = |user: &str, host: &str| Account { user: user.to_owned(), host: host.to_owned() };
    let too_much = found.accounts.get_mut(&account("data_studio", "%")).unwrap();
    too_much.grants.rights.extend(rights(Rights::Rows, "garimpo", &[]));
    let elsewhere = Existing::default();
    found.accounts.insert(account("researcher", "10.0.0.7"), elsewhere.clone());
    found.accounts.insert(account("researcher", "10.0.0.8"), Existing { locked: true, ..elsewhere });
    found.init_connect = "SET autocommit = 0".to_owned();
    insta::assert_snapshot!(told(&planned(&settings, &found)));
}

#[test]
fn settings_that_let_nobody_or_anything_in_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |change: &dyn Fn(&mut AccountsSettings)| {
        let mut settings = settings(folder.path());
        change(&mut settings);
        wanted(&settings).unwrap_err().to_string().replace(&folder.path().display().to_string(), "DIR")
    };
    let lines = [
        refused(&|settings| settings.migrator.hosts.clear()),
        refused(&|settings| settings.transformer.hosts = vec!["10.0.0.7' OR '1".to_owned()]),
        refused(&|settings| settings.data_studio.password_file = Some(folder.path().join("none"))),
        refused(&|settings| {
            let two_lines = folder.path().join("two");
            fs::write(&two_lines, "one\ntwo\n").unwrap();
            settings.researcher.password_file = Some(two_lines);
        }),
    ];
    insta::assert_snapshot!(lines.join("\n"));
}
