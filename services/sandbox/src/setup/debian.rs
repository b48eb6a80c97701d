//! Debian packages by a private apt state: fetched, verified and unpacked into a folder, by any user.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cache::{Cache, Lock};
use super::command::run;
use super::error::SetupError;
use super::fetched::sha256;
use super::progress::Step;

const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
/// Parts of packages nobody reads here; without them a folder is a third smaller.
const UNREAD: [&str; 5] =
    ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian", "usr/share/bug"];

/// A package archive as apt is told of it.
#[derive(Debug, Clone)]
pub struct Archive {
    /// `http://…/debian`.
    pub uri: String,
    /// What stands in brackets in apt's line, such as `signed-by=…`.
    pub options: String,
    /// The suite, such as `bookworm`, or a path ending in a slash.
    pub suite: String,
}

/// One package to be fetched, as apt's index announces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Where it lies.
    pub uri: String,
    /// `name_version_arch.deb`, as apt writes it.
    pub file: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// The archive this machine itself takes its packages from (not the security archive).
///
/// # Errors
/// The machine is no Debian (`what` cannot be fetched; `provide` says what to do instead), or has no such source.
pub fn machine_archive(
    what: &'static str,
    provide: &'static str,
    suite: &str,
) -> Result<Archive, SetupError> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(folder) = fs::read_dir("/etc/apt/sources.list.d") {
        files.extend(folder.flatten().map(|entry| entry.path()));
    }
    files.sort();
    let sources: Vec<String> = files.iter().filter_map(|path| fs::read_to_string(path).ok()).collect();
    let codename = debian_codename(&release).filter(|_| Path::new(KEYRING).exists());
    let codename = codename.ok_or_else(|| {
        let system =
            release_field(&release, "PRETTY_NAME").unwrap_or_else(|| std::env::consts::OS.to_owned());
        SetupError::OtherSystem { what, system, provide }
    })?;
    let uri =
        sources.iter().find_map(|text| source_uri(text, &codename)).ok_or(SetupError::NoPackageSource)?;
    Ok(Archive { uri, options: format!("signed-by={KEYRING}"), suite: suite.to_owned() })
}

/// The codename of a Debian, out of `/etc/os-release`; none for other distributions, those made from Debian included:
/// their own sources do not hold Debian's suites.
fn debian_codename(release: &str) -> Option<String> {
    (release_field(release, "ID").as_deref() == Some("debian"))
        .then(|| release_field(release, "VERSION_CODENAME").unwrap_or_default())
}

fn release_field(release: &str, name: &str) -> Option<String> {
    let line = release.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    line.map(|value| value.trim_matches('"').to_owned())
}

/// The URI of the first source in `text`, of either format, that offers `main` of Debian's own suites.
fn source_uri(text: &str, codename: &str) -> Option<String> {
    let is_main =
        |suite: &str| suite == codename || ["stable", "testing", "unstable", "sid"].contains(&suite);
    let one_line = text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb ")?.trim_start();
        let rest = if rest.starts_with('[') { rest.split_once(']')?.1 } else { rest };
        let mut words = rest.split_whitespace();
        let (uri, suite) = (words.next()?, words.next()?);
        let fits = is_main(suite) && words.any(|word| word == "main");
        fits.then(|| uri.to_owned())
    });
    one_line.or_else(|| {
        text.split("\n\n").find_map(|stanza| {
            let field = |name: &str| {
                let mut lines = stanza.lines().filter_map(|line| line.split_once(':'));
                lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
            };
            let fits = field("Types")?.split_whitespace().any(|kind| kind == "deb")
                && field("Components")?.split_whitespace().any(|component| component == "main")
                && field("Enabled") != Some("no")
                && field("Suites")?.split_whitespace().any(is_main);
            fits.then(|| field("URIs")?.split_whitespace().next().map(str::to_owned)).flatten()
        })
    })
}

/// Fetches `packages` of `suite` with all they depend on and unpacks them into `into`; returns what was fetched.
///
/// apt's state stays in the cache while the set-up is unfinished, so what was fetched before is not fetched again.
///
/// # Errors
/// apt's or dpkg's own words, or the name of a download that is not what the signed index says.
pub fn fetch_packages(
    cache: &Cache,
    lock: &Lock,
    archive: &Archive,
    packages: &[&str],
    into: &Path,
    step: &Step,
) -> Result<Vec<Package>, SetupError> {
    let apt = PrivateApt::prepare(cache, lock, archive)?;
    let suite = &archive.suite;
    step.say(&format!("reading the index of Debian {suite}"));
    run(apt.get(&["update"]), lock, &format!("read the index of {} {suite}", archive.uri), |_| {})?;
    let wanted = apt.closure(packages)?;
    let megabytes = wanted.iter().map(|package| package.bytes).sum::<u64>() / 1_000_000;
    step.begin(wanted.len() as u64, &format!("fetching {} packages, {megabytes} MB", wanted.len()));
    let mut install = apt.get(&["install", "--download-only", "--yes"]);
    install.args(packages);
    run(install, lock, &format!("fetch {}", packages.join(" ")), |line| {
        if line.starts_with("Get:") {
            step.advance();
        }
    })?;
    step.begin(wanted.len() as u64, "unpacking");
    for package in &wanted {
        let deb = apt.archives().join(&package.file);
        verify(&deb, package)?;
        let mut unpack = Command::new("dpkg");
        unpack.arg("-x").arg(&deb).arg(into);
        run(unpack, lock, &format!("unpack {}", package.file), |_| {})?;
        step.advance();
    }
    for part in UNREAD {
        let path = into.join(part);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(SetupError::io("remove", &path))?;
        }
    }
    Ok(wanted)
}

/// Removes apt's state and archives of `suite`, once what was unpacked from them is complete.
///
/// # Errors
/// The folder cannot be removed.
pub fn forget(cache: &Cache, suite: &str) -> Result<(), SetupError> {
    let folder = cache.path(&format!("apt-{suite}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(SetupError::io("remove", &folder))?;
    }
    Ok(())
}

fn verify(deb: &Path, package: &Package) -> Result<(), SetupError> {
    let found = sha256(deb).map_err(SetupError::io("read", deb))?;
    if found == package.sha256 {
        return Ok(());
    }
    fs::remove_file(deb).map_err(SetupError::io("remove", deb))?;
    Err(SetupError::BrokenDownload {
        file: package.file.clone(),
        from: package.uri.clone(),
        found: format!("sha256 {found}"),
        expected: format!("sha256 {}", package.sha256),
    })
}

struct PrivateApt<'a> {
    folder: PathBuf,
    lock: &'a Lock,
}

impl<'a> PrivateApt<'a> {
    fn prepare(cache: &Cache, lock: &'a Lock, archive: &Archive) -> Result<Self, SetupError> {
        let suite = &archive.suite;
        let folder = cache.path(&format!("apt-{suite}"));
        for part in ["state/lists/partial", "cache/archives/partial", "none/partial"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).map_err(SetupError::io("make the folder", &path))?;
        }
        let components = if suite.ends_with('/') { "" } else { " main" };
        let source = format!("deb [{}] {} {suite}{components}\n", archive.options, archive.uri);
        for (name, text) in [("sources.list", source.as_str()), ("status", "")] {
            let path = folder.join(name);
            fs::write(&path, text).map_err(SetupError::io("write", &path))?;
        }
        Ok(Self { folder, lock })
    }

    fn archives(&self) -> PathBuf {
        self.folder.join("cache/archives")
    }

    fn get(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("apt-get");
        let at = |name: &str| self.folder.join(name).display().to_string();
        for option in [
            format!("Dir::Etc::sourcelist={}", at("sources.list")),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State={}", at("state")),
            format!("Dir::State::status={}", at("status")),
            format!("Dir::Cache={}", at("cache")),
            "Debug::NoLocking=1".to_owned(),
            "Acquire::Check-Valid-Until=false".to_owned(),
            "Acquire::Languages=none".to_owned(),
            "Acquire::Retries=2".to_owned(),
            "APT::Install-Recommends=false".to_owned(),
            // An unreachable archive is an error here, not a warning above an older index.
            "APT::Update::Error-Mode=any".to_owned(),
        ] {
            command.arg("-o").arg(option);
        }
        if rustix::process::geteuid().is_root() {
            // apt would drop to a user who cannot enter root's home.
            command.arg("-o").arg("APT::Sandbox::User=root");
        }
        command.args(arguments).env("LC_ALL", "C").env("DEBIAN_FRONTEND", "noninteractive");
        command
    }

    /// All packages an empty system would need, whether fetched already or not.
    fn closure(&self, packages: &[&str]) -> Result<Vec<Package>, SetupError> {
        let mut list = self.get(&["install", "--print-uris", "--yes", "-qq"]);
        list.arg("-o").arg(format!("Dir::Cache::archives={}", self.folder.join("none").display()));
        // Without this apt announces MD5.
        list.arg("-o").arg("Acquire::ForceHash=SHA256");
        list.args(packages);
        let mut wanted = Vec::new();
        let purpose = format!("find {}", packages.join(" "));
        run(list, self.lock, &purpose, |line| wanted.extend(announced(line)))?;
        if wanted.is_empty() {
            let output = "  apt-get announced no file".to_owned();
            return Err(SetupError::Failed {
                program: "apt-get".to_owned(),
                status: "0".to_owned(),
                purpose,
                output,
            });
        }
        Ok(wanted)
    }
}

/// One line of `--print-uris`: `'URI' FILE BYTES SHA256:HEX`.
fn announced(line: &str) -> Option<Package> {
    let (uri, rest) = line.strip_prefix('\'')?.split_once("' ")?;
    let mut words = rest.split_whitespace();
    let (file, bytes, checksum) = (words.next()?, words.next()?, words.next()?);
    Some(Package {
        uri: uri.to_owned(),
        file: file.to_owned(),
        bytes: bytes.parse().ok()?,
        sha256: checksum.strip_prefix("SHA256:")?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_main_archive_among_sources_of_both_formats() {
        let one_line = "# x\ndeb https://packages.example/apt sdk main\n\
                        deb http://security.example/debian-security bookworm-security main\n\
                        deb [arch=amd64] http://mirror.example/debian bookworm main contrib\n";
        assert_eq!(source_uri(one_line, "bookworm").as_deref(), Some("http://mirror.example/debian"));
        let stanzas = "Types: deb\nURIs: http://security.example/debian-security\n\
                       Suites: bookworm-security\nComponents: main\n\n\
                       Types: deb\nURIs: http://mirror.example/debian\n\
                       Suites: bookworm bookworm-updates\nComponents: main\n";
        assert_eq!(source_uri(stanzas, "bookworm").as_deref(), Some("http://mirror.example/debian"));
        assert_eq!(source_uri("deb http://mirror.example/debian trixie main", "bookworm"), None);
    }

    #[test]
    fn takes_debian_alone_for_debian() {
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 12\"\nVERSION_CODENAME=bookworm\nID=debian\n";
        assert_eq!(debian_codename(debian).as_deref(), Some("bookworm"));
        let ubuntu = "PRETTY_NAME=\"Ubuntu 24.04 LTS\"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n";
        assert_eq!(debian_codename(ubuntu), None);
        assert_eq!(debian_codename(""), None);
    }

    #[test]
    fn reads_a_package_from_apts_list() {
        let line = "'http://m.example/pool/m/mysql.deb' mysql_9.7-2_amd64.deb 26100000 SHA256:00ff";
        let package = announced(line).expect("a package");
        assert_eq!((package.file.as_str(), package.bytes), ("mysql_9.7-2_amd64.deb", 26_100_000));
        assert_eq!(announced("Reading package lists..."), None);
    }
}
