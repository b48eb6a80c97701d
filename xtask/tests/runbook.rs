//! Each alert has its place in the runbook of docs/operations.md, and the runbook tells of no alert that does not exist.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read has failed the test")]

use std::{collections::BTreeSet, fs, path::Path};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(path)).unwrap()
}

/// The names that follow a line's beginning, of one or several alerts.
fn named<'a>(text: &'a str, beginning: &str) -> BTreeSet<&'a str> {
    let names = text.lines().filter_map(|line| line.trim_start().strip_prefix(beginning));
    // Headings of several words, such as "A deploy failed", are no alerts.
    names.flat_map(|names| names.split(", ")).filter(|name| !name.contains(' ')).collect()
}

#[test]
fn every_alert_has_a_place_in_the_runbook_and_every_place_an_alert() {
    let (alerts, operations) = (read("otel/prometheus/alerts.yaml"), read("docs/operations.md"));
    let runbook = operations.split("\n## Runbook\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let (rings, told) = (named(&alerts, "- alert: "), named(runbook, "### "));
    assert!(rings.contains("TransformerLags"), "no alert was found: {rings:?}");
    assert_eq!(rings, told);
}
