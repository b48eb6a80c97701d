//! MySQL's side of a rotation: told to read its files again, asked what it presents.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::mysql::MySqlConnection;
use sqlx::{Executor as _, Row as _};
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::{CertificateError, Facts};
use crate::admin::{AdminError, AdminSettings};

/// Open connections keep what they negotiated; on an error MySQL keeps the certificate it has.
pub(super) const RELOAD: &str = "ALTER INSTANCE RELOAD TLS";

/// MySQL hands out the new certificate at once, but ends the statement in a moment without any handshake alone (its
/// `MyRcuLock::wait_for_no_readers`): a client that stalls in one, or many that connect, would hold a rotation up.
const PATIENCE: Duration = Duration::from_secs(5);
/// After that, what it presents is asked aside, this often and this long.
const ASKED_EVERY: Duration = Duration::from_millis(500);
const ASKED_FOR: Duration = Duration::from_secs(25);

/// Whether MySQL ended the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reloaded {
    /// It did.
    Ended,
    /// It waits for handshakes that began before.
    Waits,
}

/// An administrator's connection.
pub(super) struct Reload<'a> {
    admin: &'a AdminSettings,
    connection: MySqlConnection,
}

impl<'a> Reload<'a> {
    pub(super) async fn connect(admin: &'a AdminSettings) -> Result<Self, AdminError> {
        Ok(Self { admin, connection: admin.connect().await? })
    }

    /// # Errors
    /// MySQL refuses the files: it goes on with the certificate it has.
    pub(super) async fn reload(&mut self) -> Result<Reloaded, sqlx::Error> {
        match tokio::time::timeout(PATIENCE, self.connection.execute(RELOAD)).await {
            Ok(ended) => ended.map(|_| Reloaded::Ended),
            Err(_) => Ok(Reloaded::Waits),
        }
    }

    /// MySQL reads the files its options name: were they others, it would go on with the old certificate in silence.
    pub(super) async fn presents(
        &mut self,
        new: &Facts,
        folder: &Path,
        reloaded: Reloaded,
    ) -> Result<(), CertificateError> {
        let (reads, until) = match reloaded {
            Reloaded::Ended => self.presented().await?,
            Reloaded::Waits => {
                // The first one is busy with the statement.
                self.connection = self.admin.connect().await?;
                self.presented_in_time(new).await?
            }
        };
        if served_until(&until) == Some(new.not_after) {
            return Ok(());
        }
        let folder = folder.to_owned();
        Err(match reloaded {
            Reloaded::Ended => CertificateError::Elsewhere { reads, until, folder },
            Reloaded::Waits => CertificateError::Unanswered { limit: PATIENCE + ASKED_FOR, until, folder },
        })
    }

    /// What it presents once that is the new one, or after the time for it.
    async fn presented_in_time(&mut self, new: &Facts) -> Result<(String, String), AdminError> {
        let mut ticks = tokio::time::interval(ASKED_EVERY);
        let asked = Instant::now();
        loop {
            ticks.tick().await;
            let (reads, until) = self.presented().await?;
            if served_until(&until) == Some(new.not_after) || asked.elapsed() >= ASKED_FOR {
                return Ok((reads, until));
            }
        }
    }

    /// The file MySQL reads, and the end of the certificate it presents.
    async fn presented(&mut self) -> Result<(String, String), AdminError> {
        let read = async {
            let until =
                status(&mut self.connection, "SHOW GLOBAL STATUS LIKE 'Ssl_server_not_after'").await?;
            let reads = status(&mut self.connection, "SHOW GLOBAL STATUS LIKE 'Current_tls_cert'").await?;
            Ok::<_, sqlx::Error>((reads, until))
        };
        read.await.map_err(AdminError::statement("ask MySQL for its certificate"))
    }
}

/// The end of the certificate that MySQL presents, from its status `Ssl_server_not_after`.
pub(crate) fn served_until(status: &str) -> Option<OffsetDateTime> {
    // OpenSSL's words: `Nov  7 09:05:00 2027 GMT`.
    let words =
        format_description!("[month repr:short] [day padding:space] [hour]:[minute]:[second] [year] GMT");
    PrimitiveDateTime::parse(status.trim(), words).ok().map(PrimitiveDateTime::assume_utc)
}

/// The value in the one row of a `SHOW STATUS`, which cannot be prepared with a parameter; empty where there is none.
pub(crate) async fn status(
    connection: &mut MySqlConnection,
    show: &'static str,
) -> Result<String, sqlx::Error> {
    let row = connection.fetch_optional(sqlx::raw_sql(show)).await?;
    row.map_or_else(|| Ok(String::new()), |row| row.try_get(1))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::served_until;

    #[test]
    fn reads_the_end_of_a_certificate_as_mysql_tells_it() {
        assert_eq!(served_until("Nov  7 09:05:00 2027 GMT"), Some(datetime!(2027-11-07 09:05 UTC)));
        assert_eq!(served_until("Dec 17 23:59:59 2036 GMT"), Some(datetime!(2036-12-17 23:59:59 UTC)));
        assert_eq!(served_until(""), None);
    }
}
