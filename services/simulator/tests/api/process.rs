//! The binary: it says where it listens, and ends when it is told to or when who started it is gone.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

struct Process {
    child: Child,
    address: String,
}

fn run(options: &[&str]) -> Process {
    let mut child = Command::new(env!("CARGO_BIN_EXE_simulator"))
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let address = said["listening"].as_str().unwrap().to_owned();
    assert!(TcpStream::connect(&address).is_ok());
    Process { child, address }
}

#[test]
fn it_ends_with_its_standard_input_if_it_is_told_to_guard_it() {
    let mut process = run(&["--stdin-guard"]);
    drop(process.child.stdin.take());
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
    assert!(TcpStream::connect(&process.address).is_err());
}

#[test]
fn without_the_guard_it_outlives_its_standard_input_and_ends_on_sigterm() {
    let mut process = run(&[]);
    drop(process.child.stdin.take());
    // The shell's own: a bare machine has no program of this name.
    let kill = format!("kill -TERM {}", process.child.id());
    assert!(TcpStream::connect(&process.address).is_ok());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    assert_eq!(process.child.wait().unwrap().code(), Some(0));
}

#[test]
fn it_names_what_it_cannot_read_in_one_line() {
    let output = Command::new(env!("CARGO_BIN_EXE_simulator"))
        .args(["--archive", "/no/such/archive.jsonl"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(
        said.contains("cannot read the archive /no/such/archive.jsonl") && said.trim().lines().count() == 1,
        "{said}"
    );
}
