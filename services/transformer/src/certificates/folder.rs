//! The folder of certificates: files are written new and synced, never over others.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::{Authority, CertificateError, Facts, Role, facts, pair::Pair};

/// Of certificates: whoever connects may read them.
pub(super) const PUBLIC: u32 = 0o644;
/// Of keys: their owner alone.
pub(super) const PRIVATE: u32 = 0o600;

pub(super) const CA: &str = "ca.pem";
pub(super) const CA_KEY: &str = "ca-key.pem";

/// A folder of certificates that no other command changes meanwhile.
pub(super) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes it where it is missing, and locks it.
    pub(super) fn lock(path: &Path) -> Result<Self, CertificateError> {
        fs::create_dir_all(path).map_err(CertificateError::io("make the folder", path))?;
        let lock = File::open(path).map_err(CertificateError::io("open the folder", path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => Err(CertificateError::InUse { folder: path.to_owned() }),
            Err(fs::TryLockError::Error(source)) => Err(CertificateError::io("lock", path)(source)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses if anything is there that a new CA and its certificates would be called.
    pub(super) fn require_none(&self) -> Result<(), CertificateError> {
        let names = [CA.to_owned(), CA_KEY.to_owned()];
        let pairs = [Role::Server, Role::Client].into_iter().flat_map(Pair::file_names);
        let there = |name: &String| fs::symlink_metadata(self.path.join(name)).is_ok();
        let found: Vec<String> = names.into_iter().chain(pairs).filter(there).collect();
        if found.is_empty() {
            return Ok(());
        }
        Err(CertificateError::Exists { folder: self.path.clone(), found })
    }

    /// The CA that signs here.
    pub(super) fn authority(&self) -> Result<Authority, CertificateError> {
        let certificate = read(&self.path.join(CA))?;
        let key = self.path.join(CA_KEY);
        if !key.exists() {
            let reason =
                "the CA's key is not here: bring it back from where it is kept for as long as this takes";
            return Err(CertificateError::Unusable { path: key, reason: reason.to_owned() });
        }
        let authority = Authority::read(&certificate, &read(&key)?);
        authority.map_err(|reason| CertificateError::Unusable { path: self.path.join(CA), reason })
    }

    pub(super) fn pair(&self, role: Role) -> Pair<'_> {
        Pair::of(&self.path, role)
    }
}

/// Whether a server has all it needs here. The CA's key is none of it: it is to be kept elsewhere.
pub(super) fn holds_all(folder: &Path) -> bool {
    let pairs = [Role::Server, Role::Client].into_iter().flat_map(Pair::file_names);
    pairs.chain([CA.to_owned()]).all(|name| folder.join(name).exists())
}

/// The certificate in a file.
pub(super) fn facts_of(path: &Path) -> Result<Facts, CertificateError> {
    facts(&read(path)?).map_err(|reason| CertificateError::Unusable { path: path.to_owned(), reason })
}

pub(super) fn read(path: &Path) -> Result<String, CertificateError> {
    fs::read_to_string(path).map_err(CertificateError::io("read", path))
}

/// Writes a file that must not be there yet, down to the disk.
pub(super) fn write_new(path: &Path, text: &str, mode: u32) -> Result<(), CertificateError> {
    let written = || -> io::Result<()> {
        let mut file = File::options().create_new(true).write(true).mode(mode).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    written().map_err(CertificateError::io("write", path))
}

/// What was renamed or linked in a folder survives a loss of power.
pub(super) fn sync(folder: &Path) -> Result<(), CertificateError> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(CertificateError::io("sync", folder))
}

pub(super) fn remove_link(path: &Path) -> Result<(), CertificateError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(CertificateError::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_whole_with_all_a_server_needs_and_without_the_cas_key() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "ca.pem",
            "server",
            "server-cert.pem",
            "server-key.pem",
            "client",
            "client-cert.pem",
            "client-key.pem",
        ];
        for name in names {
            assert!(!holds_all(folder.path()), "whole without {name}");
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert!(holds_all(folder.path()));
    }
}
