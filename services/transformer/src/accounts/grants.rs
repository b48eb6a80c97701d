//! Rights as MySQL lists them, and the difference between those there are and those wanted: pure.

use std::collections::{BTreeMap, BTreeSet};

use super::statement::{Statement, identifier};
use super::wanted::{Account, Rights};

/// What `ALL PRIVILEGES` on a database means in MySQL 8.4 and 9.
const EVERYTHING: [&str; 18] = [
    "ALTER",
    "ALTER ROUTINE",
    "CREATE",
    "CREATE ROUTINE",
    "CREATE TEMPORARY TABLES",
    "CREATE VIEW",
    "DELETE",
    "DROP",
    "EVENT",
    "EXECUTE",
    "INDEX",
    "INSERT",
    "LOCK TABLES",
    "REFERENCES",
    "SELECT",
    "SHOW VIEW",
    "TRIGGER",
    "UPDATE",
];
const ROWS: [&str; 4] = ["DELETE", "INSERT", "SELECT", "UPDATE"];
const GRANT_OPTION: &str = "GRANT OPTION";

/// What a right is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// `*.*`
    Server,
    /// A database, as the pattern it was granted on.
    Database(String),
    /// A table or view.
    Table(String, String),
}

impl Scope {
    fn sql(&self) -> String {
        match self {
            Self::Server => "*.*".to_owned(),
            Self::Database(pattern) => format!("{}.*", identifier(pattern)),
            Self::Table(database, table) => format!("{}.{}", identifier(database), identifier(table)),
        }
    }
}

/// Rights by what they are about; a right on a column is written `SELECT (name)`.
pub(super) type Granted = BTreeMap<Scope, BTreeSet<String>>;

/// What an account has.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) rights: Granted,
    /// Roles, quoted.
    pub(super) roles: BTreeSet<String>,
}

impl Held {
    /// Adds a row of information_schema's tables of privileges.
    pub(super) fn add(&mut self, scope: Scope, privilege: &str, grantable: bool) {
        // USAGE is MySQL's word for none.
        if privilege != "USAGE" {
            self.rights.entry(scope.clone()).or_default().insert(privilege.to_owned());
        }
        if grantable {
            self.rights.entry(scope).or_default().insert(GRANT_OPTION.to_owned());
        }
    }
}

/// The database in a grant: `_` and `%` stand for themselves.
fn pattern(database: &str) -> String {
    database.replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%")
}

/// The rights an account is to have; `views` are all of the database.
pub(super) fn rights(rights: Rights, database: &str, views: &[String]) -> Granted {
    let owned = |privileges: &[&str]| privileges.iter().map(|privilege| (*privilege).to_owned()).collect();
    match rights {
        Rights::Everything => [(Scope::Database(pattern(database)), owned(&EVERYTHING))].into(),
        Rights::Rows => [(Scope::Database(pattern(database)), owned(&ROWS))].into(),
        Rights::Views(prefix) => views
            .iter()
            .filter(|view| view.starts_with(prefix))
            .map(|view| (Scope::Table(database.to_owned(), view.clone()), owned(&["SELECT"])))
            .collect(),
    }
}

/// What takes an account from what it has to what it is to have: what is too much first.
pub(super) fn difference(account: &Account, held: &Held, wanted: &Granted) -> Vec<Statement> {
    let mut statements = Vec::new();
    for role in &held.roles {
        statements.push(Statement::plain(format!("REVOKE {role} FROM {account}")));
    }
    for (scope, privileges) in &held.rights {
        let much = without(privileges, wanted.get(scope));
        if !much.is_empty() {
            let much = much.join(", ");
            statements.push(Statement::plain(format!("REVOKE {much} ON {} FROM {account}", scope.sql())));
        }
    }
    for (scope, privileges) in wanted {
        let missing = without(privileges, held.rights.get(scope));
        if missing.is_empty() {
            continue;
        }
        let missing =
            if missing.len() == EVERYTHING.len() { "ALL PRIVILEGES".to_owned() } else { missing.join(", ") };
        statements.push(Statement::plain(format!("GRANT {missing} ON {} TO {account}", scope.sql())));
    }
    statements
}

fn without(these: &BTreeSet<String>, those: Option<&BTreeSet<String>>) -> Vec<String> {
    these.iter().filter(|one| !those.is_some_and(|those| those.contains(*one))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account { user: "data_studio".to_owned(), host: "%".to_owned() }
    }

    fn told(held: &Held, wanted: &Granted) -> Vec<String> {
        difference(&account(), held, wanted).iter().map(Statement::to_string).collect()
    }

    fn views() -> Vec<String> {
        ["base_posts", "ds_volume", "ds_topics"].map(str::to_owned).to_vec()
    }

    #[test]
    fn an_account_is_given_what_it_lacks_and_loses_what_is_too_much() {
        let wanted = rights(Rights::Views("ds_"), "garimpo", &views());
        let mut held = Held::default();
        held.add(Scope::Server, "PROCESS", false);
        held.add(Scope::Database("garimpo".to_owned()), "SELECT", true);
        held.add(Scope::Table("garimpo".to_owned(), "ds_topics".to_owned()), "SELECT", false);
        held.add(Scope::Table("garimpo".to_owned(), "tweets".to_owned()), "SELECT (text)", false);
        held.roles.insert("'analyst'@'%'".to_owned());
        insta::assert_snapshot!(told(&held, &wanted).join("\n"));
    }

    #[test]
    fn an_account_that_has_what_it_is_to_have_is_not_touched() {
        for kind in [Rights::Everything, Rights::Rows, Rights::Views("ds_")] {
            let wanted = rights(kind, "garimpo", &views());
            let held = Held { rights: wanted.clone(), ..Held::default() };
            assert_eq!(told(&held, &wanted), Vec::<String>::new());
        }
    }

    #[test]
    fn letters_that_are_wildcards_in_a_grant_stand_for_themselves() {
        let wanted = rights(Rights::Rows, "gar_impo", &[]);
        assert_eq!(
            told(&Held::default(), &wanted),
            [r"GRANT DELETE, INSERT, SELECT, UPDATE ON `gar\_impo`.* TO 'data_studio'@'%'"]
        );
    }
}
