//! The server itself: version, TLS as negotiated, and how long its certificate lasts.

use sqlx::mysql::MySqlConnection;
use time::OffsetDateTime;

use super::report::Report;
use crate::certificates::{served_until, status};

/// Days before a certificate's end from which on it is time.
const SOON: i64 = 30;
/// What garimpo's SQL needs.
const OLDEST: (u32, u32) = (8, 4);

pub(super) async fn look(connection: &mut MySqlConnection, now: OffsetDateTime, report: &mut Report) {
    match sqlx::query_scalar::<_, String>("SELECT VERSION()").fetch_one(&mut *connection).await {
        Ok(text) => version(&text, report),
        Err(error) => report.fail(format!("version: MySQL does not tell it: {error}")),
    }
    let read = async {
        let version = status(connection, "SHOW SESSION STATUS LIKE 'Ssl_version'").await?;
        let cipher = status(connection, "SHOW SESSION STATUS LIKE 'Ssl_cipher'").await?;
        let until = status(connection, "SHOW SESSION STATUS LIKE 'Ssl_server_not_after'").await?;
        Ok::<_, sqlx::Error>((version, cipher, until))
    };
    match read.await {
        Ok((version, cipher, until)) => {
            protocol(&version, &cipher, report);
            end(&until, now, report);
        }
        Err(error) => report.fail(format!("TLS: MySQL does not tell what was negotiated: {error}")),
    }
}

fn version(text: &str, report: &mut Report) {
    let mut numbers = text.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    let version = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if text.contains("MariaDB") || version < OLDEST {
        report.fail(format!("version: {text}: garimpo needs MySQL 8.4 or newer (MariaDB is no stand-in)"));
    } else {
        report.ok(format!("version: MySQL {text} (Data Studio lists 8.0 and 9.0 as supported)"));
    }
}

fn protocol(version: &str, cipher: &str, report: &mut Report) {
    if matches!(version, "TLSv1.2" | "TLSv1.3") {
        report.ok(format!("TLS: {version}, {cipher}"));
    } else {
        report.fail(format!("TLS: {version:?} was negotiated: set MySQL's tls_version to TLSv1.2,TLSv1.3"));
    }
}

fn end(until: &str, now: OffsetDateTime, report: &mut Report) {
    let Some(ends) = served_until(until) else {
        return report.fail(format!("end of the certificate: MySQL says {until:?}, which is no date; look with `transformer certificates show`"));
    };
    let days = (ends - now).whole_days();
    let told = format!("end of the certificate: {}, in {days} days", ends.date());
    if days < SOON {
        report.warn(format!("{told}: run `transformer certificates rotate`"));
    } else {
        report.ok(told);
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn old_servers_old_protocols_and_old_certificates_are_named_with_the_way_out() {
        let mut report = Report::default();
        for text in ["8.4.7", "9.7.4-2", "8.0.40", "11.4.2-MariaDB"] {
            version(text, &mut report);
        }
        protocol("TLSv1.3", "TLS_AES_256_GCM_SHA384", &mut report);
        protocol("TLSv1.1", "AES128-SHA", &mut report);
        let now = datetime!(2026-11-27 00:00 UTC);
        for until in ["Dec 27 00:00:00 2026 GMT", "Dec 26 23:00:00 2026 GMT", ""] {
            end(until, now, &mut report);
        }
        insta::assert_snapshot!(report);
    }
}
