//! A statement that may carry a secret, and prints without it.

use std::fmt;

use bootstrap::Secret;

/// One statement of SQL.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    before: String,
    secret: Option<Secret>,
    after: String,
}

impl Statement {
    pub(super) fn plain(sql: impl Into<String>) -> Self {
        Self { before: sql.into(), secret: None, after: String::new() }
    }

    /// `before`, the secret as a string literal, `after`.
    pub(super) fn with_secret(before: impl Into<String>, secret: &Secret, after: impl Into<String>) -> Self {
        Self { before: before.into(), secret: Some(secret.clone()), after: after.into() }
    }

    /// What is sent to the server. Never log it.
    pub(super) fn exposed(&self) -> String {
        let secret = self.secret.as_ref().map(|secret| literal(secret.expose()));
        format!("{}{}{}", self.before, secret.unwrap_or_default(), self.after)
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secret = if self.secret.is_some() { "'***'" } else { "" };
        write!(f, "{}{secret}{}", self.before, self.after)
    }
}

/// A string literal; the session has to read backslashes as escapes (no `NO_BACKSLASH_ESCAPES`).
pub(super) fn literal(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for letter in text.chars() {
        if matches!(letter, '\'' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('\'');
    quoted
}

/// A quoted identifier.
pub(super) fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_quoted_for_the_server_and_hidden_from_people() {
        let secret = Secret::new(r"it's a \ 'secret'");
        let statement = Statement::with_secret("ALTER USER x IDENTIFIED BY ", &secret, " REQUIRE SSL");
        assert_eq!(statement.exposed(), r"ALTER USER x IDENTIFIED BY 'it\'s a \\ \'secret\'' REQUIRE SSL");
        assert_eq!(statement.to_string(), "ALTER USER x IDENTIFIED BY '***' REQUIRE SSL");
        assert!(!format!("{statement:?}").contains("secret'"), "{statement:?}");
    }
}
