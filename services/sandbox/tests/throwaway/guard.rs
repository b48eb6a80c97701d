//! No child outlives its parent, however the parent ends.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sandbox::process::{Ended, Process, ProcessSpec};

const FOLDER: &str = "GARIMPO_TEST_FOLDER";
const PANIC: &str = "GARIMPO_TEST_PANIC";

fn sleeper(folder: &Path) -> ProcessSpec {
    ProcessSpec {
        name: "sleeper".to_owned(),
        program: "/bin/sleep".into(),
        arguments: vec!["600".into()],
        environment: [].into(),
        folder: folder.to_owned(),
    }
}

/// Not a test of its own: the parent that the tests below start, as a process, and end.
#[test]
#[ignore = "run as a process by the other tests"]
fn a_parent_that_holds_a_child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let process = Process::start(&sleeper(Path::new(&folder))).unwrap();
    println!("child {}", process.pid());
    assert!(std::env::var_os(PANIC).is_none(), "as the test asked");
    process.ended();
    std::thread::park_timeout(Duration::from_secs(600));
}

fn parent(folder: &Path, panics: bool) -> (std::process::Child, u32) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "guard::a_parent_that_holds_a_child", "--ignored", "--nocapture"]);
    command.env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::null());
    if panics {
        command.env(PANIC, "1");
    }
    let mut parent = command.spawn().unwrap();
    let lines = BufReader::new(parent.stdout.take().unwrap()).lines();
    // The line begins with the harness's own "test … ".
    let pid = lines.map(Result::unwrap).find_map(|line| line.rsplit_once("child ")?.1.parse().ok());
    (parent, pid.expect("the parent told its child's pid"))
}

fn runs(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z")
}

fn vanishes(pid: u32) -> bool {
    let begun = Instant::now();
    while runs(pid) && begun.elapsed() < Duration::from_secs(10) {
        std::thread::yield_now();
    }
    !runs(pid)
}

#[test]
fn a_child_dies_when_its_parent_is_killed_or_interrupted() {
    for signal in [Signal::KILL, Signal::INT, Signal::TERM] {
        let folder = crate::support::folder();
        let (mut parent, pid) = parent(folder.path(), false);
        assert!(runs(pid));
        kill_process(Pid::from_child(&parent), signal).unwrap();
        parent.wait().unwrap();
        assert!(vanishes(pid), "the child outlived its parent's {signal:?}");
    }
}

#[test]
fn a_child_dies_when_its_parent_panics() {
    let folder = crate::support::folder();
    let (mut parent, pid) = parent(folder.path(), true);
    assert!(!parent.wait().unwrap().success());
    assert!(vanishes(pid));
}

#[test]
fn a_child_dies_when_its_guard_is_killed() {
    let folder = crate::support::folder();
    let process = Process::start(&sleeper(folder.path())).unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", process.pid())).unwrap();
    let guard: i32 = stat.rsplit_once(") ").unwrap().1.split(' ').nth(1).unwrap().parse().unwrap();
    kill_process(Pid::from_raw(guard).unwrap(), Signal::KILL).unwrap();
    assert!(vanishes(process.pid()));
}

#[tokio::test]
async fn tells_how_a_child_ended_and_what_it_last_said() {
    let folder = crate::support::folder();
    let shell = |script: &str| ProcessSpec {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        ..sleeper(folder.path())
    };
    let limit = Duration::from_secs(10);
    let ends = Process::start(&shell("echo out; echo words >&2; exit 3")).unwrap();
    assert_eq!(ends.wait(limit).await.unwrap(), Ended::Exited(3));
    assert_eq!((ends.stdout().as_str(), ends.last_lines().as_str()), ("out\n", "words"));
    let ready = ends.until("ready", limit, async || None::<()>).await.unwrap_err().to_string();
    assert!(ready.contains("exited with code 3") && ready.contains("words"), "{ready}");
    let lasts = Process::start(&sleeper(folder.path())).unwrap();
    let late = lasts.wait(Duration::from_millis(50)).await.unwrap_err().to_string();
    assert!(late.contains("within 50ms"), "{late}");
    assert!(lasts.peak_memory().unwrap() > 0);
    assert_eq!(lasts.kill().await.unwrap(), Ended::Killed(9));
}
