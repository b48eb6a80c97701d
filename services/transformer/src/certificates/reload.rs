//! MySQL's side of a rotation: told to read its files again, asked what it presents.

use std::path::Path;

use sqlx::mysql::MySqlConnection;
use sqlx::{Executor as _, Row as _};
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

use super::{CertificateError, Facts};
use crate::admin::{AdminError, AdminSettings};

/// Open connections keep what they negotiated; on an error MySQL keeps the certificate it has.
pub(super) const RELOAD: &str = "ALTER INSTANCE RELOAD TLS";

/// An administrator's connection.
pub(super) struct Reload(MySqlConnection);

impl Reload {
    pub(super) async fn connect(admin: &AdminSettings) -> Result<Self, AdminError> {
        admin.connect().await.map(Self)
    }

    pub(super) async fn reload(&mut self) -> Result<(), sqlx::Error> {
        self.0.execute(RELOAD).await.map(|_| ())
    }

    /// MySQL reads the files its options name: were they others, it would go on with the old certificate in silence.
    pub(super) async fn presents(&mut self, new: &Facts, folder: &Path) -> Result<(), CertificateError> {
        let read = async {
            let until = status(&mut self.0, "SHOW GLOBAL STATUS LIKE 'Ssl_server_not_after'").await?;
            let reads = status(&mut self.0, "SHOW GLOBAL STATUS LIKE 'Current_tls_cert'").await?;
            Ok::<_, sqlx::Error>((until, reads))
        };
        let (until, reads) = read.await.map_err(AdminError::statement("ask MySQL for its certificate"))?;
        if served_until(&until) == Some(new.not_after) {
            return Ok(());
        }
        Err(CertificateError::Elsewhere { reads, until, folder: folder.to_owned() })
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
