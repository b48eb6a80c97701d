//! Faulty taxonomies and lexicons are refused with file, line, what is wrong and what to do.

use std::path::PathBuf;
use std::process::Command;

use transformer::enrich::{EnrichSettings, Enricher};

/// What loading a table says, with the file's folder taken out.
fn refused(key: &str, content: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(key);
    std::fs::write(&file, content).unwrap();
    let mut settings = EnrichSettings::default();
    *match key {
        "taxonomy" => &mut settings.taxonomy,
        _ => &mut settings.lexicon_pt,
    } = Some(file);
    let error = Enricher::load(&settings).unwrap_err().to_string();
    error.replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn a_faulty_taxonomy_is_refused_by_file_and_line() {
    let faulty: [&[u8]; 14] = [
        b"",
        b"febre\n[symptoms]\n",
        b"[symptoms]\nfebre\n\n# fever\n[masks]\n",
        b"[symptoms]\n[masks]\nmascara\n",
        b"[Sintomas]\nfebre\n",
        b"[]\nfebre\n",
        b"[symptoms]\nfebre\n[masks]\nmascara\n[symptoms]\ntosse\n",
        "[symptoms]\nfebre\ntosse\nFÉBRE\n".as_bytes(),
        b"[symptoms]\nfebre alta\nfebre*\n",
        b"[symptoms]\n!?\n",
        b"[symptoms]\nfe*bre\n",
        b"[symptoms]\nport: febre\n",
        b"[symptoms]\npt:\n",
        b"[symptoms]\n\xff\n",
    ];
    let told: Vec<String> = faulty.iter().map(|content| refused("taxonomy", content)).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_faulty_lexicon_is_refused_by_file_and_line() {
    let faulty: [&[u8]; 12] = [
        b"",
        b"bom\t1.9\n",
        b"[valences]\nbom\n",
        b"[valences]\nbom\t1,9\n",
        b"[valences]\nbom\t5\n",
        b"[valences]\nbom\t\n",
        "[valences]\nnao\t-1\nbom\t1.9\nNÃO\t-2\n".as_bytes(),
        b"[valences]\n!!\t1\n",
        b"[valences]\nbom. muito\t1\n",
        b"[valences]\nbom\t1\n[negations]\nnao\t1\n",
        b"[valences]\nbom\t1\n[boosters]\nmuito\t2\n",
        b"[valencias]\nbom\t1\n",
    ];
    let told: Vec<String> = faulty.iter().map(|content| refused("lexicon_pt", content)).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_table_of_ones_own_replaces_the_embedded_one() {
    let folder = tempfile::tempdir().unwrap();
    let taxonomy = folder.path().join("mine.txt");
    std::fs::write(&taxonomy, "[rain]\nchuva\n").unwrap();
    let enricher =
        Enricher::load(&EnrichSettings { taxonomy: Some(taxonomy), ..EnrichSettings::default() }).unwrap();
    assert_eq!(enricher.topic_names().collect::<Vec<_>>(), ["rain"]);
    let topics = enricher.topics(&enricher.words("vacina na chuva"), Some("pt"));
    assert_eq!(topics.iter().map(|topic| topic.name.as_str()).collect::<Vec<_>>(), ["rain"]);
}

#[test]
fn the_transformer_and_its_check_name_the_line_of_a_faulty_table() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("taxonomy.txt");
    std::fs::write(&file, "[masks]\nmascara\nmáscara\n").unwrap();
    let run = |command: &str| transformer(command, &file);
    let wanted = format!("{}:3: `mascara` is already on line 2", file.display());
    let (status, told) = run("run");
    assert!(!status && told.contains(&wanted), "{told}");
    let (status, told) = run("check");
    assert!(!status && told.contains(&format!("LACKING  {wanted}")), "{told}");
}

/// Whether the command ended well, and all it said. Nothing listens where it is sent.
fn transformer(command: &str, taxonomy: &PathBuf) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_transformer"))
        .arg(command)
        .env("TRANSFORMER_KAFKA__BROKERS", "127.0.0.1:9")
        .env("TRANSFORMER_MYSQL__HOST", "127.0.0.1")
        .env("TRANSFORMER_MYSQL__PORT", "9")
        .env("TRANSFORMER_HEALTH__LISTEN", "127.0.0.1:0")
        .env("TRANSFORMER_ENRICH__TAXONOMY", taxonomy)
        .output()
        .unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(told).unwrap())
}
