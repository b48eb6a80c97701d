//! `transformer certificates show`: what a folder holds, for how long, and whether it fits together.

use std::fmt::Write as _;
use std::path::Path;

use time::OffsetDateTime;

use super::folder::{CA, facts_of, read};
use super::names::listed;
use super::pair::Pair;
use super::read::date;
use super::{CertificateError, Facts, Role};

/// What to print, and how many of the certificates are wrong.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) wrong: usize,
}

/// Looks at a folder; nothing in it is changed.
pub(super) fn show(folder: &Path, now: OffsetDateTime) -> Result<Shown, CertificateError> {
    let mut shown = Shown { text: String::new(), wrong: 0 };
    let ca = facts_of(&folder.join(CA))?;
    shown.add(CA, &ca, now, None);
    for role in [Role::Server, Role::Client] {
        let pair = Pair::of(folder, role);
        let [name, ..] = Pair::file_names(role);
        if role == Role::Client && !pair.certificate().exists() {
            continue;
        }
        let about = facts_of(&pair.certificate())?;
        let unfit = unfit(&about, &ca, &read(&pair.key())?);
        shown.add(&name, &about, now, unfit);
    }
    Ok(shown)
}

/// Why a certificate cannot be used, where it cannot.
fn unfit(about: &Facts, ca: &Facts, key: &str) -> Option<&'static str> {
    match about.has_key(key) {
        Ok(true) => {}
        Ok(false) => return Some("its key file is another certificate's"),
        Err(_) => return Some("its key file holds no private key in PKCS#8 PEM"),
    }
    (!about.is_signed_by(ca)).then_some("ca.pem did not sign it")
}

impl Shown {
    fn add(&mut self, name: &str, about: &Facts, now: OffsetDateTime, unfit: Option<&str>) {
        let days = about.days_left(now);
        let names =
            if about.names.is_empty() { String::new() } else { format!("  for {}", listed(&about.names)) };
        let wrong = unfit.or((days < 0).then_some("it is expired"));
        self.wrong += usize::from(wrong.is_some());
        let mark = wrong.map_or_else(String::new, |reason| format!("  WRONG: {reason}"));
        // Writing to a String cannot fail.
        let _ = writeln!(
            self.text,
            "{name:15}  {}  {}  until {}, {days} days left{names}{mark}",
            about.subject,
            about.key,
            date(about.not_after)
        );
    }
}

#[cfg(test)]
#[path = "show/tests.rs"]
mod tests;
