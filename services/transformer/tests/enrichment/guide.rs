//! docs/enrichment.md holds the figures that are computed here, or the test says how to bring it up.

use std::path::Path;

use super::figures::figures;

const BEGIN: &str = "<!-- figures: begin -->\n";
const END: &str = "<!-- figures: end -->";

#[test]
fn the_figures_of_the_guide_are_those_of_the_sample() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/enrichment.md");
    let page = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (written, after) = rest.split_once(END).unwrap();
    let computed = figures();
    if std::env::var_os("GARIMPO_WRITE_DOCS").is_some() {
        std::fs::write(&file, format!("{before}{BEGIN}{computed}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(written, computed, "run `cargo xtask docs` and commit it");
}
