//! `cargo xtask nix`: the flake's images and checks, where Nix and a package set are at hand.

mod container;
mod layout;
pub(crate) mod place;
mod push;
mod reproduce;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};

use crate::parts::Parts;
use layout::Layout;
use place::Place;

/// The programs, each an image.
const IMAGES: [&str; 3] = ["extractor", "transformer", "simulator"];
/// The checks that need nothing but Rust; the others need programs only the real nixpkgs has.
const RUST_CHECKS: [&str; 3] = ["fmt", "clippy", "tests"];

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
    /// Fail, instead of saying so, where Nix or a package set is not at hand.
    #[arg(long, global = true)]
    required: bool,
}

#[derive(Subcommand)]
enum What {
    /// Evaluate everything, build images, apps and checks, and look at what the images hold.
    Check,
    /// Build the images and print size and digest.
    Images,
    /// Build the images in two new stores, from two paths, by two clocks and numbers of cores, and compare their digests.
    Reproduce {
        /// Take what this machine's own store holds of the commit for one of the builds.
        #[arg(long)]
        here: bool,
    },
}

/// Does it, or says why it was left out.
pub(crate) fn run(options: &Options) -> Result<()> {
    let place = match Place::find()? {
        Ok(place) => place,
        Err(missing) if options.required => bail!("{missing}"),
        Err(missing) => {
            println!("left out: Nix images and checks ({missing})");
            return Ok(());
        }
    };
    println!("{place}");
    match options.what {
        What::Check => check(&place),
        What::Images => images(&place).map(drop),
        What::Reproduce { here } => reproduce::run(&place, here),
    }
}

fn check(place: &Place) -> Result<()> {
    let mut parts = Parts::default();
    parts.run("evaluate every output", || place.nix(&["flake", "check", "--no-build"]))?;
    let built = parts.run("images", || images(place))?;
    parts.run("images in Docker", || in_docker(place, &built))?;
    let apps = ["demo", "push"].map(|name| format!(".#apps.{}.{name}.program", place.system));
    parts.run("apps", || place.build(&apps).map(drop))?;
    parts.run("a push to a registry", || push::check(place, &built))?;
    if place.overridden() {
        let checks = RUST_CHECKS.map(|name| format!(".#checks.{}.{name}", place.system));
        parts.run("checks of Rust", || place.build(&checks).map(drop))?;
        println!(
            "left out: the other languages' linters, cargo-deny and the devShell (they need the real nixpkgs)"
        );
    } else {
        parts.run("checks", || place.nix(&["flake", "check"]))?;
    }
    print!("{}", parts.table());
    Ok(())
}

/// Builds the images' layouts and looks at them; prints one line each.
fn images(place: &Place) -> Result<Vec<(&'static str, Layout)>> {
    let built = layouts(&place.build(&IMAGES.map(|name| format!(".#{name}-oci")))?)?;
    for (name, layout) in &built {
        layout.check(name)?;
        println!("{name}  {layout}");
    }
    Ok(built)
}

/// Loads the images and runs them without rights or configuration.
fn in_docker(place: &Place, built: &[(&'static str, Layout)]) -> Result<()> {
    if !container::answers() {
        println!("left out: the images in Docker (it does not answer)");
        return Ok(());
    }
    for (name, layout) in built {
        let streams = place.build(&[format!(".#{name}-image")])?;
        let [stream] = streams.as_slice() else { bail!("Nix built no {name}-image") };
        container::check(name, stream, layout)?;
    }
    Ok(())
}

/// The images' layouts among what was built, each with its name.
fn layouts(built: &[PathBuf]) -> Result<Vec<(&'static str, Layout)>> {
    let layout = |name: &'static str| {
        let of = |path: &&PathBuf| path.to_string_lossy().ends_with(&format!("-{name}-oci"));
        let path = built.iter().find(of).with_context(|| format!("Nix built no {name}-oci"))?;
        Ok((name, Layout::read(path)?))
    };
    IMAGES.into_iter().map(layout).collect()
}
