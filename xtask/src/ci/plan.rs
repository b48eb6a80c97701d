//! Whether images have to be built: did anything that goes into them change since the pinned ones?

use anyhow::Result;

use super::{
    git::{changed, commit, knows},
    images::IMAGES,
    pins,
    tool::hand_on,
};
use crate::cargo::root;

/// What goes into an image or its signature. A push that changes only rules, hosts or documents needs no new one.
const INTO_IMAGES: [&str; 9] = [
    // Hosts check by the key of the commit they deploy: with another one, images have to be signed anew.
    "ansible/keys/",
    "Cargo.lock",
    "Cargo.toml",
    ".cargo/",
    "flake.lock",
    "flake.nix",
    "migrations/",
    "nix/",
    "services/",
];

/// Hands on `images`: `true` or `false`.
pub(super) fn run() -> Result<()> {
    let text = std::fs::read_to_string(root().join(pins::FILE))?;
    let pins = pins::read(&text);
    let now = commit()?;
    let mut build = false;
    for image in IMAGES {
        let built_from = pins.get(image.pin).and_then(|reference| pins::tag(reference)).unwrap_or_default();
        // A version in place of a commit: the state before the first release.
        let differs = !knows(built_from)? || changed(built_from, &now)?.iter().any(|path| goes_in(path));
        println!(
            "{}: built from {built_from}, {}",
            image.service,
            if differs { "to be built" } else { "as it is" }
        );
        build |= differs;
    }
    hand_on("images", if build { "true" } else { "false" })
}

fn goes_in(path: &str) -> bool {
    INTO_IMAGES.iter().any(|part| path == *part || (part.ends_with('/') && path.starts_with(part)))
}

#[cfg(test)]
mod tests {
    use super::goes_in;

    #[test]
    fn code_migrations_and_the_build_go_into_images() {
        for path in
            ["services/extractor/src/main.rs", "migrations/0001_batches.sql", "nix/image.nix", "Cargo.lock"]
        {
            assert!(goes_in(path), "{path}");
        }
    }

    #[test]
    fn another_key_has_images_signed_anew() {
        assert!(goes_in("ansible/keys/cosign.pub"));
    }

    #[test]
    fn rules_pins_hosts_and_documents_do_not() {
        for path in
            ["compose/rules.toml", "compose/pins.env", "ansible/deploy.yml", "README.md", "Cargo.lock.md"]
        {
            assert!(!goes_in(path), "{path}");
        }
    }
}
