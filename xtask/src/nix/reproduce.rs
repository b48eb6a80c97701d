//! `cargo xtask nix reproduce`: one commit built twice under unlike circumstances has to give the same digests.

mod arm;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sandbox::setup::Cache;

use super::{IMAGES, layouts, place::Place};
use crate::{cargo::root, parts::Parts};
use arm::{Arm, Store};

/// Builds both arms one after another and compares; with `here`, one in this machine's own store, which may have it.
pub(super) fn run(place: &Place, here: bool) -> Result<()> {
    // Not where temporary files lie: a store is gigabytes, and that may be memory.
    let cache = Cache::of_this_user()?.path("");
    let folder =
        tempfile::Builder::new().prefix("nix-").tempdir_in(cache).context("no folder for the stores")?;
    let store = Store::of_this_machine()?;
    let clock = store.clock();
    match &clock {
        Some(library) => println!("one build's clock is moved by {}", library.display()),
        None => {
            println!("left out: another clock (faketime is not installed, or this Nix builds in a sandbox)");
        }
    }
    let one = Arm { name: "one", cores: 2, clock: None };
    // Another length of path, too.
    let another = Arm { name: "another/and/deeper", cores: 1, clock };
    let mut parts = Parts::default();
    let mut built = |arm: &Arm| {
        let title = format!("a new store, {} core(s)", arm.cores);
        parts.run(&title, || digests(place, store, arm, &folder.path().join(arm.name)))
    };
    let another = built(&another);
    let one = another.as_ref().ok().map(|_| if here { own(place) } else { built(&one) });
    arm::make_removable(folder.path())?;
    print!("{}", parts.table());
    let another = another?;
    compare(&one.context("it was not built twice")??, &another)
}

/// The digests of the last commit as this machine's own store has or builds them.
fn own(place: &Place) -> Result<Vec<String>> {
    let commit = arm::head(&root())?;
    let outputs = IMAGES.map(|name| format!("git+file://{}?rev={commit}#{name}-oci", root().display()));
    read(&place.build(&outputs)?)
}

fn read(built: &[PathBuf]) -> Result<Vec<String>> {
    Ok(layouts(built)?.into_iter().map(|(_, layout)| layout.digest).collect())
}

/// Builds one arm in `folder` and reads the images' digests.
fn digests(place: &Place, store: Store, arm: &Arm, folder: &Path) -> Result<Vec<String>> {
    let source = folder.join("source");
    arm::clone(&root(), &source)?;
    let built = arm.build(place, store, folder, &source, &IMAGES.map(|name| format!("{name}-oci")))?;
    read(&built)
}

fn compare(one: &[String], another: &[String]) -> Result<()> {
    for ((name, one), another) in IMAGES.iter().zip(one).zip(another) {
        println!("{name}  {one}  {another}");
    }
    if one != another {
        bail!("the digests differ: the build depends on more than its sources");
    }
    println!("both builds gave the same digests");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn one_digest_that_differs_is_an_error() {
        let [same, other] = ["sha256:00", "sha256:01"].map(str::to_owned);
        compare(&[same.clone(), same.clone()], &[same.clone(), same.clone()]).unwrap();
        compare(&[same.clone(), same.clone()], &[same, other]).unwrap_err();
    }
}
