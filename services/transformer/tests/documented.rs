//! Each `transformer …` that guides and alerts tell people to type is a call that the program takes.

use std::{fs, path::Path, process::Command};

use clap::{Parser as _, error::ErrorKind};
use transformer::cli::Cli;

/// Calls in `text`, from the program's name to the end of the code.
fn calls(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.match_indices("transformer ").filter_map(|(at, name)| {
        // Only where code begins with it; prose speaks of it, too.
        let before = text[..at].chars().next_back()?;
        let code = before == '`' || text[..at].ends_with("/bin/") || text[..at].ends_with("release/");
        let ends = |letter: char| "`\n#|<>\"".contains(letter);
        let words: Vec<&str> = text[at + name.len()..].split(ends).next()?.split_whitespace().collect();
        (code && !words.is_empty()).then_some(words)
    })
}

#[test]
fn every_call_that_guides_and_alerts_name_is_taken() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let guides =
        ["README.md", "docs/*.md", "compose/*.md", "otel/*.md", "ansible/*.md", "otel/prometheus/*.yaml"];
    let listed =
        Command::new("git").args(["ls-files", "--"]).args(guides).current_dir(root).output().unwrap();
    let (mut seen, mut wrong) = (0, Vec::new());
    for file in String::from_utf8(listed.stdout).unwrap().lines() {
        let text = fs::read_to_string(root.join(file)).unwrap();
        for words in calls(&text) {
            seen += 1;
            let refused = Cli::try_parse_from(["transformer"].iter().chain(&words)).err();
            // A place for a value, such as `…`, is no value; a group of commands is named as a whole.
            let fine = [ErrorKind::ValueValidation, ErrorKind::InvalidValue, ErrorKind::DisplayHelp];
            if let Some(error) = refused.filter(|error| !fine.contains(&error.kind())) {
                wrong.push(format!("{file}: transformer {}: {:?}", words.join(" "), error.kind()));
            }
        }
    }
    assert!(seen > 15, "only {seen} calls were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
