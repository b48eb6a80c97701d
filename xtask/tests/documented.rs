//! Every `cargo xtask …` that a document, a workflow, a script or a message names is a command that exists.

#![expect(clippy::unwrap_used, reason = "what a check cannot look at has failed it")]

use std::{collections::BTreeMap, fs, path::Path, process::Command};

const CALL: &str = "cargo xtask ";

/// The words of the call that `rest` begins with, up to the end of the code: a mark, a comment, a pipe, prose.
fn words(rest: &str) -> Vec<String> {
    let ends = |letter: char| "`#<>&;:()\"\\…".contains(letter);
    let call = rest.split(ends).next().unwrap_or_default();
    // A table's column, or a comment in line with those above.
    let call = call.split(" | ").next().unwrap_or_default().split("  ").next().unwrap_or_default();
    call.split_whitespace().map(str::to_owned).collect()
}

/// Commands with the files that name them; several at once (`up|down`) or a place for one (`ci STEP`) are none.
fn commands(root: &Path) -> BTreeMap<Vec<String>, String> {
    let kinds = ["*.md", "*.yml", "*.yaml", "*.toml", "*.sh", ".ci/run", "*.rs"];
    let listed = Command::new("git").args(["ls-files", "--"]).args(kinds).current_dir(root).output().unwrap();
    let mut found = BTreeMap::new();
    for file in String::from_utf8(listed.stdout).unwrap().lines().filter(|file| !file.ends_with(file!())) {
        let Ok(text) = fs::read_to_string(root.join(file)) else { continue };
        // What a workflow puts in.
        for line in text.replace("\"$INVENTORY\"", "lab").lines() {
            for (at, _) in line.match_indices(CALL) {
                let words = words(&line[at + CALL.len()..]);
                if !words.is_empty() && !words.iter().any(|word| word.contains(['|', '{']) || word == "STEP")
                {
                    found.insert(words, file.to_owned());
                }
            }
        }
    }
    found
}

/// Whether there is help on it; an unknown word is an error all the same.
fn exists(words: &[String]) -> bool {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.args(words).arg("--help").output().unwrap().status.success()
}

#[test]
fn every_command_of_documents_workflows_and_messages_exists() {
    let commands = commands(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    assert!(commands.len() > 30, "only {} commands were found", commands.len());
    let wrong: Vec<_> = commands.iter().filter(|(words, _)| !exists(words)).collect();
    assert!(wrong.is_empty(), "no such command: {wrong:#?}");
    assert!(!exists(&["ci".to_owned(), "updating".to_owned()]));
}
