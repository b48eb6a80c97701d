//! The set-up: whole or not at all, taken up again, and clear about what is broken.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;

use sandbox::setup::{Archive, Cache, Progress, SetupError, fetch_packages};

fn failure() -> SetupError {
    SetupError::NoPackageSource
}

#[test]
fn an_interrupted_set_up_is_taken_up_where_it_stopped() {
    let folder = crate::support::folder();
    let cache = Cache::at(folder.path()).unwrap();
    let silent = Progress::silent();
    let interrupted = cache.provide("tool", &silent, |partial, _| {
        fs::write(partial.join("first"), "fetched").unwrap();
        Err(failure())
    });
    interrupted.unwrap_err();
    assert!(cache.complete("tool").unwrap().is_none());
    let tool = cache
        .provide("tool", &silent, |partial, _| {
            assert_eq!(fs::read_to_string(partial.join("first")).unwrap(), "fetched");
            fs::write(partial.join("second"), "fetched").unwrap();
            Ok("a tool".to_owned())
        })
        .unwrap();
    assert!(tool.join("second").exists());
    let again = cache.provide("tool", &silent, |_, _| panic!("it is complete"));
    assert_eq!(again.unwrap(), tool);
}

#[test]
fn a_changed_or_missing_file_is_found_at_the_next_use_and_fetched_again() {
    let folder = crate::support::folder();
    let cache = Cache::at(folder.path()).unwrap();
    let fetches = Cell::new(0);
    let provide = || {
        let fill = |partial: &Path, _: &sandbox::setup::Step| {
            fetches.set(fetches.get() + 1);
            fs::write(partial.join("jar"), "content").unwrap();
            fs::write(partial.join("other"), "content").unwrap();
            std::os::unix::fs::symlink("jar", partial.join("link")).unwrap();
            Ok("jars".to_owned())
        };
        cache.provide("tool", &Progress::silent(), fill).unwrap()
    };
    let tool = provide();
    // Touched but the same: no reason to fetch it again.
    fs::write(tool.join("jar"), "content").unwrap();
    provide();
    assert_eq!(fetches.get(), 1);
    fs::write(tool.join("jar"), "c0ntent").unwrap();
    let damage = cache.complete("tool").unwrap_err().to_string();
    assert!(damage.contains("jar") && damage.contains("sha256"), "{damage}");
    provide();
    fs::write(tool.join("jar"), "").unwrap();
    provide();
    fs::remove_file(tool.join("other")).unwrap();
    provide();
    fs::remove_file(tool.join("link")).unwrap();
    provide();
    fs::write(tool.join(".manifest.json"), "").unwrap();
    provide();
    assert_eq!(fetches.get(), 6);
    assert!(cache.complete("tool").unwrap().is_some());
}

#[test]
fn two_set_ups_never_run_at_once() {
    let folder = crate::support::folder();
    let cache = Cache::at(folder.path()).unwrap();
    let held = cache.lock(&Progress::silent()).unwrap();
    let (tell, told) = mpsc::channel();
    let second = std::thread::spawn(move || {
        tell.send("begun").unwrap();
        let _lock = cache.lock(&Progress::silent()).unwrap();
        tell.send("locked").unwrap();
    });
    assert_eq!(told.recv().unwrap(), "begun");
    assert!(told.recv_timeout(std::time::Duration::from_millis(200)).is_err(), "both hold the lock");
    drop(held);
    assert_eq!(told.recv().unwrap(), "locked");
    second.join().unwrap();
}

/// A Debian archive of one package in a folder, made by dpkg's own tools.
fn stub_archive(folder: &Path) -> Archive {
    let tree = folder.join("tree");
    fs::create_dir_all(tree.join("DEBIAN")).unwrap();
    fs::create_dir_all(tree.join("usr/share/stub")).unwrap();
    fs::write(tree.join("usr/share/stub/words"), "from the package").unwrap();
    let control =
        "Package: garimpo-stub\nVersion: 1\nArchitecture: all\nMaintainer: none\nDescription: stub\n";
    fs::write(tree.join("DEBIAN/control"), control).unwrap();
    let deb = folder.join("garimpo-stub_1_all.deb");
    let built =
        Command::new("dpkg-deb").args(["--build", "--root-owner-group"]).arg(&tree).arg(&deb).output();
    assert!(built.unwrap().status.success());
    announce(folder, &deb, control);
    Archive {
        uri: format!("copy:{}", folder.display()),
        options: "trusted=yes".to_owned(),
        suite: "./".to_owned(),
    }
}

fn announce(folder: &Path, deb: &Path, control: &str) {
    let bytes = fs::read(deb).unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let sha256: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let file = deb.file_name().unwrap().to_str().unwrap();
    let index = format!("{control}Filename: ./{file}\nSize: {}\nSHA256: {sha256}\n", bytes.len());
    fs::write(folder.join("Packages"), index).unwrap();
}

fn fetch(cache: &Cache, archive: &Archive, into: &Path) -> Result<usize, SetupError> {
    let step = Progress::silent().step("stub");
    let lock = cache.lock(&Progress::silent())?;
    fetch_packages(cache, &lock, archive, &["garimpo-stub"], into, &step).map(|packages| packages.len())
}

#[test]
fn fetches_and_unpacks_debian_packages_as_any_user() {
    let folder = crate::support::folder();
    let archive = stub_archive(folder.path());
    let cache = Cache::at(&folder.path().join("cache")).unwrap();
    let into = folder.path().join("root");
    assert_eq!(fetch(&cache, &archive, &into).unwrap(), 1);
    assert_eq!(fs::read_to_string(into.join("usr/share/stub/words")).unwrap(), "from the package");
}

#[test]
fn a_broken_download_is_named_and_fetched_anew_afterwards() {
    let folder = crate::support::folder();
    let archive = stub_archive(folder.path());
    let deb = folder.path().join("garimpo-stub_1_all.deb");
    let whole = fs::read(&deb).unwrap();
    let mut broken = whole.clone();
    *broken.last_mut().unwrap() ^= 1;
    fs::write(&deb, &broken).unwrap();
    let cache = Cache::at(&folder.path().join("cache")).unwrap();
    let into = folder.path().join("root");
    let error = fetch(&cache, &archive, &into).unwrap_err().to_string();
    assert!(error.contains("garimpo-stub_1_all.deb"), "{error}");
    assert!(!into.join("usr").exists(), "nothing of a broken package is unpacked");
    fs::write(&deb, whole).unwrap();
    assert_eq!(fetch(&cache, &archive, &into).unwrap(), 1);
}

#[test]
fn a_package_broken_in_the_cache_is_named_before_anything_is_unpacked() {
    let folder = crate::support::folder();
    let archive = stub_archive(folder.path());
    let cache = Cache::at(&folder.path().join("cache")).unwrap();
    fetch(&cache, &archive, &folder.path().join("before")).unwrap();
    // As after a loss of power: the size is right, so that apt does not fetch it again.
    let kept = cache.path("apt-./cache/archives/garimpo-stub_1_all.deb");
    let bytes = fs::read(&kept).unwrap().len();
    fs::write(&kept, vec![0; bytes]).unwrap();
    let into = folder.path().join("root");
    let error = fetch(&cache, &archive, &into).unwrap_err();
    assert!(
        matches!(&error, SetupError::BrokenDownload { file, .. } if file == "garimpo-stub_1_all.deb"),
        "{error}"
    );
    assert!(!into.exists());
    assert_eq!(fetch(&cache, &archive, &into).unwrap(), 1);
}

#[test]
fn an_archive_that_cannot_be_reached_is_named() {
    let folder = crate::support::folder();
    let archive = Archive {
        uri: "http://127.0.0.1:1/debian".to_owned(),
        options: "trusted=yes".to_owned(),
        suite: "./".to_owned(),
    };
    let cache = Cache::at(&folder.path().join("cache")).unwrap();
    let error = fetch(&cache, &archive, &folder.path().join("root")).unwrap_err().to_string();
    assert!(error.contains("127.0.0.1:1/debian"), "{error}");
}
