//! The way to the server: port, chain, host name, password; and that there is no way without TLS.

use std::time::Duration;

use sqlx::mysql::MySqlConnection;
use time::OffsetDateTime;

use super::connect::{Patient, Way, number};
use super::report::Report;
use crate::certificates::{Authority, KeyKind};

const NOT_OF_THIS_DATABASE: u16 = 1044;
const ACCESS_DENIED: u16 = 1045;
const NO_SUCH_DATABASE: u16 = 1049;
const HOST_NOT_ALLOWED: u16 = 1130;
const TOO_MANY_CONNECTIONS: u16 = 1040;
const TOO_MANY_OF_THE_USER: u16 = 1203;
const LIMIT_OF_THE_USER: u16 = 1226;
const SECURE_TRANSPORT_REQUIRED: u16 = 3159;

/// A connection whose chain and host name were checked; none where there is no way in.
pub(super) async fn look(patient: &Patient, report: &mut Report) -> Option<MySqlConnection> {
    let address = patient.address();
    if let Err(reason) = patient.answers().await {
        report.fail(format!(
            "port: nothing answers at {address} ({reason}): is MySQL published there, and does the firewall let this machine in?"
        ));
        return None;
    }
    report.ok(format!("port: something answers at {address}"));
    match patient.connect(Way::VerifyIdentity).await {
        Ok(connection) => {
            report.ok("certificate: signed by the CA in doctor.ca_file");
            report.ok(format!("host name: the certificate is valid for {}", patient.host()));
            report.ok(format!("password: {} comes in", patient.user()));
            other_ca_is_refused(patient, report).await;
            Some(connection)
        }
        Err(error) => {
            explain(patient, &error, report).await;
            None
        }
    }
}

/// A client that took any certificate would pass every other check.
async fn other_ca_is_refused(patient: &Patient, report: &mut Report) {
    let hour = Duration::from_secs(3600);
    let other = match Authority::make("doctor", KeyKind::EcdsaP256, OffsetDateTime::now_utc(), hour) {
        Ok((other, _)) => other,
        Err(error) => return report.fail(format!("other CA: none could be made to try: {error}")),
    };
    match patient.connect(Way::VerifyOtherCa(other.certificate())).await {
        Err(sqlx::Error::PoolTimedOut) => {
            report.fail("other CA: the server gave no answer, so that this cannot be told; run this again");
        }
        Err(error) if number(&error).is_none() => {
            report.ok("other CA: a client with another CA's ca.pem refuses this server");
        }
        Err(error) => report.fail(format!("other CA: the server was trusted and then said: {error}; this is a fault of the doctor's")),
        Ok(_) => report.fail(
            "other CA: a client that holds another CA's ca.pem trusts this server: its certificate is signed by a public CA; \
             check doctor.host",
        ),
    }
}

/// The account must not come in without TLS. Tried after the server has proved who it is, so that the password's
/// scramble goes to nobody else.
pub(super) async fn plaintext_is_refused(patient: &Patient, report: &mut Report) {
    match patient.connect(Way::Plaintext).await {
        Ok(_) => report.fail(format!(
            "plaintext: {} comes in without TLS: `transformer accounts apply` sets REQUIRE SSL",
            patient.user()
        )),
        Err(error) => match number(&error) {
            Some(ACCESS_DENIED | SECURE_TRANSPORT_REQUIRED) => {
                report.ok(format!("plaintext: {} is refused without TLS", patient.user()));
            }
            _ => report
                .fail(format!("plaintext: whether it is refused cannot be told: {error}; run this again")),
        },
    }
}

/// Which of the checks it was that failed, tried one by one.
async fn explain(patient: &Patient, error: &sqlx::Error, report: &mut Report) {
    if let Some(number) = number(error) {
        report.ok("certificate: signed by the CA in doctor.ca_file, and valid for the host name");
        return report.fail(format!("login: {error}: {}", way_out(number, patient)));
    }
    match patient.connect(Way::VerifyCa).await {
        Err(chain) if number(&chain).is_none() => report.fail(format!(
            "certificate: it cannot be verified with doctor.ca_file ({chain}): hand out the ca.pem of the CA that signed the \
             server's certificate, and look at it with `transformer certificates show`; is mysqld started with --ssl-cert?"
        )),
        _ => {
            report.ok("certificate: signed by the CA in doctor.ca_file");
            report.fail(format!(
                "host name: the certificate is not valid for {} ({error}): connect by a name it holds (`transformer certificates \
                 show`), or make one that holds it: `transformer certificates rotate --name {} …`",
                patient.host(),
                patient.host()
            ));
        }
    }
}

fn way_out(number: u16, patient: &Patient) -> String {
    match number {
        ACCESS_DENIED => format!(
            "check doctor.user and doctor.password_file, whether accounts.{}.hosts lets this machine in, and whether the account \
             demands a client certificate (doctor.client_cert_file)",
            patient.user()
        ),
        HOST_NOT_ALLOWED => format!("no account lets this machine in: see accounts.{}.hosts", patient.user()),
        NO_SUCH_DATABASE | NOT_OF_THIS_DATABASE => {
            "check mysql.database, and run `transformer accounts apply` after `transformer migrate`: an account without rights \
             does not see the database"
                .to_owned()
        }
        TOO_MANY_CONNECTIONS => "the server is full: raise max_connections, or close clients".to_owned(),
        TOO_MANY_OF_THE_USER | LIMIT_OF_THE_USER => format!(
            "the account is full: close reports that are open, or raise accounts.{}.max_connections",
            patient.user()
        ),
        _ => "the server answers and refuses".to_owned(),
    }
}
