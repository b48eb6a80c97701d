//! `transformer certificates rotate`: a new certificate of the same CA, taken by MySQL while connections stay.

use std::fmt::Write as _;
use std::path::Path;

use time::OffsetDateTime;

use super::folder::{Folder, facts_of};
use super::make::{client, parsed, server};
use super::names::listed;
use super::read::date;
use super::reload::{RELOAD, Reload, Reloaded};
use super::{Authority, CertificateError, CertificateSettings, Facts, Name, Role, facts};
use crate::admin::AdminSettings;

/// What is asked beside the settings.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    pub(super) client: bool,
    pub(super) drop_names: bool,
}

/// Rotates; returns what to tell.
pub(super) async fn rotate(
    out: &Path,
    settings: &CertificateSettings,
    how: How,
    admin: &AdminSettings,
    now: OffsetDateTime,
) -> Result<String, CertificateError> {
    // Connected first: where MySQL cannot be told, nothing is changed.
    let mut mysql = match admin.is_configured() {
        true => Some(Reload::connect(admin).await?),
        false => None,
    };
    let folder = Folder::lock(out)?;
    let authority = folder.authority()?;
    let mut text = replace_server(&folder, &authority, settings, how, now)?;
    let pair = folder.pair(Role::Server);
    let new = facts_of(&pair.certificate())?;
    match &mut mysql {
        Some(mysql) => {
            let reloaded = match mysql.reload().await {
                Ok(reloaded) => reloaded,
                Err(source) => {
                    pair.put_back()?;
                    return Err(CertificateError::NotTaken { key: pair.key(), source });
                }
            };
            mysql.presents(&new, folder.path(), reloaded).await?;
            text.push_str("MySQL presents it to new connections; open ones go on with the old one.\n");
            if reloaded == Reloaded::Waits {
                text.push_str(
                    "It keeps the old one in memory until a moment in which nobody is just connecting.\n",
                );
            }
        }
        None => {
            let _ = writeln!(text, "MySQL takes it when an administrator runs: {RELOAD}");
        }
    }
    if how.client {
        let pair = folder.pair(Role::Client);
        require_pair(&pair)?;
        pair.put(&authority.sign(&client(settings), now)?)?;
        let _ = writeln!(text, "{}", told("client-cert.pem", &facts_of(&pair.certificate())?, now));
    }
    Ok(text)
}

fn replace_server(
    folder: &Folder,
    authority: &Authority,
    settings: &CertificateSettings,
    how: How,
    now: OffsetDateTime,
) -> Result<String, CertificateError> {
    let pair = folder.pair(Role::Server);
    require_pair(&pair)?;
    let current = facts_of(&pair.certificate())?;
    let given = parsed(&settings.names)?;
    let names = names(&current, &given, how.drop_names)?;
    let issued = authority.sign(&server(settings, &names), now)?;
    pair.put(&issued)?;
    let new = facts(&issued.certificate)
        .map_err(|reason| CertificateError::Unusable { path: pair.certificate(), reason })?;
    Ok(format!(
        "{}\nthe one before, valid until {}, is kept in {}\n",
        told("server-cert.pem", &new, now),
        date(current.not_after),
        folder.path().join("server.previous").display()
    ))
}

fn require_pair(pair: &super::pair::Pair<'_>) -> Result<(), CertificateError> {
    if pair.can_be_rotated() {
        return Ok(());
    }
    let reason = "this was not laid out by `transformer certificates make`, so that certificate and key cannot be replaced at \
                  once: make new ones with it in another folder, or go on with the tool that made these";
    Err(CertificateError::Unusable { path: pair.certificate(), reason: reason.to_owned() })
}

/// Those given, else those of the current certificate; none of the latter is lost unless that is meant.
fn names(current: &Facts, given: &[Name], drop_names: bool) -> Result<Vec<Name>, CertificateError> {
    if given.is_empty() {
        return Ok(current.names.clone());
    }
    let lost: Vec<Name> = current.names.iter().filter(|name| !given.contains(name)).cloned().collect();
    if lost.is_empty() || drop_names {
        return Ok(given.to_vec());
    }
    Err(CertificateError::LosesNames { lost: listed(&lost) })
}

fn told(file: &str, facts: &Facts, now: OffsetDateTime) -> String {
    let names = if facts.names.is_empty() { String::new() } else { format!(" for {}", listed(&facts.names)) };
    format!(
        "new {file}{names}, valid until {} ({} days), serial {}",
        date(facts.not_after),
        facts.days_left(now),
        facts.serial
    )
}

#[cfg(test)]
#[path = "rotate/tests.rs"]
mod tests;
