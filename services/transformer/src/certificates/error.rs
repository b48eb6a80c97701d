//! What keeps certificates from being made or rotated, with the way out.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;
use time::OffsetDateTime;

use super::read::date;

/// Why a certificate command did nothing, or stopped.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
    /// Another command works in the folder.
    #[error("{} is in use by another certificates command: run this again when that has ended", folder.display())]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// What would be made is there already.
    #[error(
        "{} already holds {}: nothing was written. New certificates of the same CA: `transformer certificates rotate --out {}`; \
         a new CA: another --out; left by a run that was interrupted: remove them", folder.display(), found.join(", "), folder.display()
    )]
    Exists {
        /// The folder.
        folder: PathBuf,
        /// What is in it.
        found: Vec<String>,
    },
    /// No name, or one that cannot stand in a certificate.
    #[error("certificates.names: {reason}")]
    Names {
        /// What is wrong.
        reason: String,
    },
    /// A length of time of nothing.
    #[error("{setting} is 0: a certificate has to be valid for some time, such as \"397d\"")]
    NoValidity {
        /// The setting.
        setting: &'static str,
    },
    /// What is to be signed would outlive its CA.
    #[error(
        "the {what} certificate would be valid until {}, its CA ends on {}: set certificates.{what}_valid_for to at most {left}d, \
         or make a new CA in another folder and hand out its ca.pem first", date(*wanted), date(*ends)
    )]
    OutlivesItsAuthority {
        /// `server` or `client`.
        what: &'static str,
        /// End of the new certificate.
        wanted: OffsetDateTime,
        /// End of the CA.
        ends: OffsetDateTime,
        /// Whole days the CA has left.
        left: i64,
    },
    /// A file holds no certificate or key that can be used.
    #[error("{}: {reason}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong, and the way out.
        reason: String,
    },
    /// The new certificate would not be valid for a name of the old one.
    #[error(
        "the new certificate would no longer be valid for {lost}, and who connects by that name would be refused: \
         name it too (--name), or say --drop-names"
    )]
    LosesNames {
        /// Names of the current certificate alone.
        lost: String,
    },
    /// rcgen refused.
    #[error("cannot {action}: {reason}")]
    Issue {
        /// What was tried.
        action: &'static str,
        /// What it said.
        reason: String,
    },
    /// The administrator's connection.
    #[error(transparent)]
    Admin(#[from] crate::admin::AdminError),
    /// MySQL did not take the new certificate; the one before is in place again.
    #[error(
        "MySQL does not take the new certificate ({source}): the one before is in place again and nothing changed; \
         can mysqld read {}?", key.display()
    )]
    NotTaken {
        /// The new key's file.
        key: PathBuf,
        /// What MySQL said.
        #[source]
        source: sqlx::Error,
    },
    /// MySQL does not end the statement, and goes on with the old certificate.
    #[error(
        "MySQL gives no answer to {} within {} s and still presents the certificate valid until {until}: the new one is in {} \
         and not in use; see in SHOW PROCESSLIST what the statement waits for, then run this again",
        super::reload::RELOAD, limit.as_secs(), folder.display()
    )]
    Unanswered {
        /// How long it was given.
        limit: Duration,
        /// Until when what it presents is valid.
        until: String,
        /// The folder that was rotated.
        folder: PathBuf,
    },
    /// MySQL reads its certificate from elsewhere.
    #[error(
        "MySQL still presents the certificate of {reads}, valid until {until}: the new one is in {} and not in use; \
         start mysqld with --ssl-cert, --ssl-key and --ssl-ca of that folder, or rotate the folder it reads", folder.display()
    )]
    Elsewhere {
        /// The file MySQL reads.
        reads: String,
        /// Until when what it presents is valid.
        until: String,
        /// The folder that was rotated.
        folder: PathBuf,
    },
}

impl CertificateError {
    pub(super) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    pub(super) fn issue(action: &'static str, reason: &(impl fmt::Display + ?Sized)) -> Self {
        Self::Issue { action, reason: reason.to_string() }
    }
}
