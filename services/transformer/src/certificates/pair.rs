//! A certificate and its key in a folder of their own, so that one rename changes both at once.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::folder::{PRIVATE, PUBLIC, remove_link, sync, write_new};
use super::{CertificateError, Issued, Role};

/// The pair of a role in a folder of certificates: `server` links to `server.3`, `server.previous` to `server.2`, and
/// `server-cert.pem` and `server-key.pem` lead through `server`.
pub(super) struct Pair<'a> {
    folder: &'a Path,
    role: Role,
}

impl<'a> Pair<'a> {
    pub(super) fn of(folder: &'a Path, role: Role) -> Self {
        Self { folder, role }
    }

    /// `server-cert.pem`.
    pub(super) fn certificate(&self) -> PathBuf {
        self.folder.join(self.certificate_name())
    }

    /// `server-key.pem`.
    pub(super) fn key(&self) -> PathBuf {
        self.folder.join(self.key_name())
    }

    /// Every name it takes in the folder, of the current pair.
    pub(super) fn file_names(role: Role) -> [String; 3] {
        let word = role.word();
        [format!("{word}-cert.pem"), format!("{word}-key.pem"), word.to_owned()]
    }

    /// Puts a new pair in the current one's place. A crash leaves the old or the new one, whole.
    pub(super) fn put(&self, issued: &Issued) -> Result<(), CertificateError> {
        let before = self.target(self.role.word());
        let name = format!("{}.{}", self.role.word(), 1 + self.generations()?.into_iter().max().unwrap_or(0));
        let folder = self.folder.join(&name);
        fs::create_dir(&folder).map_err(CertificateError::io("make the folder", &folder))?;
        write_new(&folder.join(self.certificate_name()), &issued.certificate, PUBLIC)?;
        write_new(&folder.join(self.key_name()), &issued.key, PRIVATE)?;
        sync(&folder)?;
        self.point(self.role.word(), &name)?;
        if let Some(before) = &before {
            self.point(&self.previous(), before)?;
        }
        for file in [self.certificate_name(), self.key_name()] {
            let link = self.folder.join(&file);
            if fs::symlink_metadata(&link).is_err() {
                symlink(Path::new(self.role.word()).join(&file), &link)
                    .map_err(CertificateError::io("link", &link))?;
            }
        }
        sync(self.folder)?;
        self.remove_older()
    }

    /// The pair before the last [`put`](Self::put), in place again.
    pub(super) fn put_back(&self) -> Result<(), CertificateError> {
        if let Some(previous) = self.target(&self.previous()) {
            self.point(self.role.word(), &previous)?;
        }
        self.remove_older()
    }

    /// Whether the current pair lies in a folder that can be changed by one rename.
    pub(super) fn can_be_rotated(&self) -> bool {
        self.target(self.role.word()).is_some()
    }

    fn certificate_name(&self) -> String {
        format!("{}-cert.pem", self.role.word())
    }

    fn key_name(&self) -> String {
        format!("{}-key.pem", self.role.word())
    }

    fn previous(&self) -> String {
        format!("{}.previous", self.role.word())
    }

    /// Where a link in the folder leads.
    fn target(&self, link: &str) -> Option<String> {
        fs::read_link(self.folder.join(link)).ok()?.to_str().map(str::to_owned)
    }

    /// Makes `link` lead to `target` in one rename.
    fn point(&self, link: &str, target: &str) -> Result<(), CertificateError> {
        let new = self.folder.join(format!("{link}.new"));
        // Left by a crash.
        remove_link(&new)?;
        symlink(target, &new).map_err(CertificateError::io("link", &new))?;
        let link = self.folder.join(link);
        fs::rename(&new, &link).map_err(CertificateError::io("put in place", &link))?;
        sync(self.folder)
    }

    fn generations(&self) -> Result<Vec<u64>, CertificateError> {
        let read = || -> io::Result<Vec<u64>> {
            let prefix = format!("{}.", self.role.word());
            let mut numbers = Vec::new();
            for entry in fs::read_dir(self.folder)? {
                let name = entry?.file_name();
                let number: Option<u64> =
                    name.to_str().and_then(|name| name.strip_prefix(&prefix)?.parse().ok());
                numbers.extend(number);
            }
            Ok(numbers)
        };
        read().map_err(CertificateError::io("read the folder", self.folder))
    }

    /// Keys that are neither current nor previous are in nobody's use.
    fn remove_older(&self) -> Result<(), CertificateError> {
        let kept = [self.target(self.role.word()), self.target(&self.previous())];
        for number in self.generations()? {
            let name = format!("{}.{number}", self.role.word());
            if !kept.contains(&Some(name.clone())) {
                let path = self.folder.join(name);
                fs::remove_dir_all(&path).map_err(CertificateError::io("remove", &path))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issued(number: u32) -> Issued {
        Issued { certificate: format!("certificate {number}"), key: format!("key {number}") }
    }

    fn held(pair: &Pair<'_>) -> (String, String) {
        (fs::read_to_string(pair.certificate()).unwrap(), fs::read_to_string(pair.key()).unwrap())
    }

    fn of(number: u32) -> (String, String) {
        (format!("certificate {number}"), format!("key {number}"))
    }

    #[test]
    fn a_new_pair_takes_the_place_of_the_old_one_which_is_kept_once() {
        let folder = tempfile::tempdir().unwrap();
        let pair = Pair::of(folder.path(), Role::Server);
        for number in 1..=4 {
            pair.put(&issued(number)).unwrap();
            assert_eq!(held(&pair), of(number));
        }
        let previous = folder.path().join("server.previous/server-key.pem");
        assert_eq!(fs::read_to_string(previous).unwrap(), "key 3");
        assert!(!folder.path().join("server.2").exists(), "an older key lies about");
        pair.put_back().unwrap();
        assert_eq!(held(&pair), of(3));
    }

    #[test]
    fn what_a_crash_left_behind_is_in_nobodys_way() {
        let folder = tempfile::tempdir().unwrap();
        let pair = Pair::of(folder.path(), Role::Client);
        pair.put(&issued(1)).unwrap();
        // Killed while the second pair was written, and while it was put in place.
        fs::create_dir(folder.path().join("client.2")).unwrap();
        fs::write(folder.path().join("client.2/client-cert.pem"), "half").unwrap();
        symlink("client.2", folder.path().join("client.new")).unwrap();
        assert_eq!(held(&pair), of(1));
        pair.put(&issued(3)).unwrap();
        assert_eq!(held(&pair), of(3));
        assert!(!folder.path().join("client.2").exists());
    }
}
