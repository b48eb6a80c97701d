//! The account: how it proves who it is, what it has to bring, and what it is limited to.

use sqlx::mysql::MySqlConnection;

use super::report::Report;

/// What `SHOW CREATE USER` says of an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Account {
    plugin: String,
    require: String,
    max_user_connections: u64,
    locked: bool,
}

pub(super) async fn look(connection: &mut MySqlConnection, report: &mut Report) {
    let shown = "SHOW CREATE USER CURRENT_USER()";
    match sqlx::query_scalar::<_, String>(shown).fetch_one(&mut *connection).await {
        Ok(text) => judge(&parse(&text), report),
        Err(error) => report.fail(format!("account: MySQL does not show it: {error}")),
    }
    let limit = "SELECT CAST(@@SESSION.max_execution_time AS SIGNED)";
    match sqlx::query_scalar::<_, i64>(limit).fetch_one(&mut *connection).await {
        Ok(0) => report.fail(
            "query time: none is set, so that one chart can keep the server busy for ever: set accounts.data_studio.query_time and \
             run `transformer accounts apply`",
        ),
        Ok(milliseconds) => report.ok(format!("query time: {milliseconds} ms for a SELECT")),
        Err(error) => report.fail(format!("query time: MySQL does not tell it: {error}")),
    }
}

/// Reads `CREATE USER … IDENTIFIED WITH 'plugin' AS … REQUIRE … WITH … ACCOUNT …`; the password's hash is passed over.
fn parse(text: &str) -> Account {
    let after = |mark: &str| text.find(mark).map(|at| &text[at + mark.len()..]);
    let plugin = after("IDENTIFIED WITH '").and_then(|rest| rest.split('\'').next()).unwrap_or_default();
    // From the last one on: a hash in binary could hold any word.
    let require = text.rfind(" REQUIRE ").map_or("", |at| {
        // `PASSWORD REQUIRE CURRENT …` comes after it and is another thing.
        let head = text[..at].rfind(" REQUIRE ").filter(|_| text[..at].ends_with("PASSWORD"));
        &text[head.unwrap_or(at) + " REQUIRE ".len()..]
    });
    let end = [" WITH ", " PASSWORD ", " ACCOUNT "].iter().filter_map(|mark| require.find(mark)).min();
    let number = |mark: &str| -> Option<u64> { after(mark)?.split_whitespace().next()?.parse().ok() };
    Account {
        plugin: plugin.to_owned(),
        require: require[..end.unwrap_or(require.len())].to_owned(),
        max_user_connections: number("MAX_USER_CONNECTIONS ").unwrap_or(0),
        locked: text.contains(" ACCOUNT LOCK"),
    }
}

fn judge(account: &Account, report: &mut Report) {
    const APPLY: &str = "`transformer accounts apply` sets it";
    match account.plugin.as_str() {
        "caching_sha2_password" => report.ok("authentication: caching_sha2_password"),
        other => report.fail(format!(
            "authentication: {other:?}: older plugins are gone or going from MySQL, and clients with them; {APPLY} to caching_sha2_password"
        )),
    }
    match account.require.as_str() {
        "NONE" | "" => {
            report.fail(format!("account: it demands no TLS (REQUIRE NONE); {APPLY} to SSL or X509"));
        }
        require => report.ok(format!("account: it demands TLS (REQUIRE {require})")),
    }
    match account.max_user_connections {
        0 => report.fail(format!(
            "connections: the account has no limit of its own, and a report with many charts can take the transformer's; {APPLY} to \
             accounts.data_studio.max_connections"
        )),
        most => report.ok(format!("connections: {most} at a time")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAIL: &str = "PASSWORD EXPIRE DEFAULT ACCOUNT UNLOCK PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD \
                        REQUIRE CURRENT DEFAULT";

    #[test]
    fn reads_an_account_as_mysql_shows_it() {
        let shown = format!(
            "CREATE USER `data_studio`@`%` IDENTIFIED WITH 'caching_sha2_password' AS <secret> REQUIRE SSL WITH \
             MAX_USER_CONNECTIONS 10 {TAIL}"
        );
        let account = parse(&shown);
        assert_eq!(
            account,
            Account {
                plugin: "caching_sha2_password".to_owned(),
                require: "SSL".to_owned(),
                max_user_connections: 10,
                locked: false
            }
        );
        let shown = format!(
            "CREATE USER `a`@`b` IDENTIFIED WITH 'sha256_password' AS '$5$ REQUIRE x' REQUIRE NONE {TAIL}"
        );
        let account = parse(&shown);
        assert_eq!((account.plugin.as_str(), account.require.as_str()), ("sha256_password", "NONE"));
        assert_eq!(account.max_user_connections, 0);
        let shown =
            format!("CREATE USER `a`@`b` IDENTIFIED WITH 'x' REQUIRE SUBJECT '/CN=a' ISSUER '/CN=b' {TAIL}");
        assert_eq!(parse(&shown).require, "SUBJECT '/CN=a' ISSUER '/CN=b'");
        assert!(parse("CREATE USER `a`@`b` ACCOUNT LOCK PASSWORD HISTORY DEFAULT").locked);
    }

    #[test]
    fn an_account_without_limits_is_named_with_the_way_out() {
        let mut report = Report::default();
        judge(
            &parse(&format!("CREATE USER x IDENTIFIED WITH 'mysql_native_password' REQUIRE NONE {TAIL}")),
            &mut report,
        );
        judge(
            &parse(&format!(
                "CREATE USER x IDENTIFIED WITH 'caching_sha2_password' REQUIRE X509 WITH MAX_USER_CONNECTIONS 5 {TAIL}"
            )),
            &mut report,
        );
        insta::assert_snapshot!(report);
    }
}
