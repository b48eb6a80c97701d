//! The manifest of a fetched tool: each file with size, time and SHA-256, written last and checked at each use.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

const NAME: &str = ".manifest.json";

/// What a tool's folder held when it was complete.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    source: String,
    files: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    path: PathBuf,
    #[serde(flatten)]
    content: Content,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
enum Content {
    File { bytes: u64, modified_ns: u64, sha256: String },
    Link { to: PathBuf },
}

/// How a tool's folder differs from its manifest.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// The manifest is missing or unreadable.
    #[error("{folder} has no readable manifest ({reason})")]
    NoManifest {
        /// The tool's folder.
        folder: PathBuf,
        /// What was wrong.
        reason: String,
    },
    /// A file is missing or changed.
    #[error("{path} is not what was fetched ({reason})")]
    Changed {
        /// The file.
        path: PathBuf,
        /// How it differs.
        reason: String,
    },
}

impl Manifest {
    pub(super) fn of(folder: &Path, source: &str) -> io::Result<Self> {
        let mut files = Vec::new();
        walk(folder, &mut |path, metadata| {
            let inside = path.strip_prefix(folder).unwrap_or(path).to_owned();
            if inside == Path::new(NAME) {
                return Ok(());
            }
            let content = if metadata.is_symlink() {
                Content::Link { to: fs::read_link(path)? }
            } else {
                Content::File {
                    bytes: metadata.len(),
                    modified_ns: modified_ns(metadata)?,
                    sha256: sha256(path)?,
                }
            };
            files.push(Entry { path: inside, content });
            Ok(())
        })?;
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Self { source: source.to_owned(), files })
    }

    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(folder.join(NAME))?);
        serde_json::to_writer(&mut file, self)?;
        file.flush()?;
        file.get_ref().sync_all()
    }

    pub(super) fn read(folder: &Path) -> Result<Self, Damage> {
        let no_manifest = |reason: String| Damage::NoManifest { folder: folder.to_owned(), reason };
        let bytes = fs::read(folder.join(NAME)).map_err(|error| no_manifest(error.to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| no_manifest(error.to_string()))
    }

    /// Sizes and times of all files; the checksum of those whose time differs, as git does.
    pub(super) fn check(&self, folder: &Path) -> Result<(), Damage> {
        for entry in &self.files {
            let path = folder.join(&entry.path);
            match entry.content.differs(&path) {
                Ok(None) => {}
                Ok(Some(reason)) => return Err(Damage::Changed { path, reason }),
                Err(error) => return Err(Damage::Changed { path, reason: error.to_string() }),
            }
        }
        Ok(())
    }
}

impl Content {
    fn differs(&self, path: &Path) -> io::Result<Option<String>> {
        match self {
            Self::Link { to } => {
                let now = fs::read_link(path)?;
                Ok((now != *to)
                    .then(|| format!("it points to {} instead of {}", now.display(), to.display())))
            }
            Self::File { bytes, modified_ns: then, sha256: expected } => {
                let metadata = fs::symlink_metadata(path)?;
                if metadata.len() != *bytes {
                    return Ok(Some(format!("{} bytes instead of {bytes}", metadata.len())));
                }
                if modified_ns(&metadata)? == *then {
                    return Ok(None);
                }
                let found = sha256(path)?;
                Ok((found != *expected).then(|| format!("sha256 {found} instead of {expected}")))
            }
        }
    }
}

fn walk(folder: &Path, visit: &mut dyn FnMut(&Path, &fs::Metadata) -> io::Result<()>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let metadata = fs::symlink_metadata(&path)?;
        if metadata.is_dir() {
            walk(&path, visit)?;
        } else {
            visit(&path, &metadata)?;
        }
    }
    Ok(())
}

fn modified_ns(metadata: &fs::Metadata) -> io::Result<u64> {
    let since = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// The SHA-256 of a file, in hex.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => context.update(&buffer[..read]),
        }
    }
    Ok(context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}
