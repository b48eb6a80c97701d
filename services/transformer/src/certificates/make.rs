//! `transformer certificates make`: a CA and what it signs, in a folder that has none.

use std::fmt::Write as _;
use std::path::Path;

use time::OffsetDateTime;

use super::folder::{CA, CA_KEY, Folder, PRIVATE, PUBLIC, write_new};
use super::names::listed;
use super::read::date;
use super::{Authority, CertificateError, CertificateSettings, Leaf, Name, Role, facts};

/// Writes everything, or refuses where any of it exists; returns what to tell.
pub(super) fn make(
    out: &Path,
    settings: &CertificateSettings,
    now: OffsetDateTime,
) -> Result<String, CertificateError> {
    let names = parsed(&settings.names)?;
    if names.is_empty() {
        let reason = "no name is given: list the host names and addresses that clients connect to, such as \
                      [\"db.example.org\", \"192.0.2.7\"], or give each with --name";
        return Err(CertificateError::Names { reason: reason.to_owned() });
    }
    // All of it is made before anything is written.
    let (authority, ca) = Authority::make(&settings.organisation, settings.key, now, *settings.ca_valid_for)?;
    let server = authority.sign(&server(settings, &names), now)?;
    let client = authority.sign(&client(settings), now)?;
    let folder = Folder::lock(out)?;
    folder.require_none()?;
    write_new(&out.join(CA_KEY), &ca.key, PRIVATE)?;
    folder.pair(Role::Server).put(&server)?;
    folder.pair(Role::Client).put(&client)?;
    write_new(&out.join(CA), &ca.certificate, PUBLIC)?;
    super::folder::sync(out)?;

    let mut text = format!("{} certificates in {}:\n", settings.organisation, out.display());
    let rows = [
        ("ca.pem", "to everybody who connects; Data Studio's \"server CA\"", Some(&ca)),
        ("ca-key.pem", "to nobody: keep it away from the server, `rotate` needs it", None),
        ("server-cert.pem", "to mysqld: --ssl-cert (and ca.pem: --ssl-ca)", Some(&server)),
        ("server-key.pem", "to mysqld: --ssl-key", None),
        ("client-cert.pem", "to a client whose account asks for one (REQUIRE X509)", Some(&client)),
        ("client-key.pem", "to the same client", None),
    ];
    for (name, goes, issued) in rows {
        let until = match issued.map(|issued| facts(&issued.certificate)) {
            Some(Ok(facts)) => format!(", valid until {}", date(facts.not_after)),
            _ => String::new(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name:15}  {goes}{until}");
    }
    let _ = writeln!(text, "The server is valid for {}.", listed(&names));
    Ok(text)
}

/// Names of the settings, each once, in their order.
pub(super) fn parsed(texts: &[String]) -> Result<Vec<Name>, CertificateError> {
    let mut names = Vec::new();
    for text in texts {
        let name: Name = text.parse().map_err(|reason| CertificateError::Names { reason })?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

pub(super) fn server<'a>(settings: &'a CertificateSettings, names: &'a [Name]) -> Leaf<'a> {
    Leaf {
        role: Role::Server,
        names,
        organisation: &settings.organisation,
        key: settings.key,
        valid_for: *settings.server_valid_for,
    }
}

pub(super) fn client(settings: &CertificateSettings) -> Leaf<'_> {
    Leaf {
        role: Role::Client,
        names: &[],
        organisation: &settings.organisation,
        key: settings.key,
        valid_for: *settings.client_valid_for,
    }
}
