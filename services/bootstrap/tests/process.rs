//! A whole service as a process of its own: start, signals, the last flush, exit codes.
#![expect(clippy::unwrap_used, reason = "a test may; clippy sees that only inside #[test] functions")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitCode, Stdio};
use std::time::Duration;

use bootstrap::{Health, HealthSettings, Layers, Schema, ServiceInfo, Telemetry, TelemetrySettings};
use rustix::process::{Pid, Signal, kill_process};

const SCHEMA: Schema = Schema { prefix: "MINIATURE", defaults: "", required: &[], reserved: &[] };

#[derive(serde::Deserialize)]
struct Settings {
    telemetry: TelemetrySettings,
    health: HealthSettings,
}

/// What the children run; they are this test binary, told to run this one test.
#[test]
#[ignore = "the service that the other tests start"]
fn miniature_service() {
    let finish = std::env::var_os("FINISH").is_some();
    // As #[tokio::main] does it: everything, the exporter's blocking client included, is made inside the runtime.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let outcome = runtime.block_on(async {
        let settings = SCHEMA.load::<Settings>(&Layers::of_process(None, []))?.value;
        let info = ServiceInfo { name: "miniature", version: "0.0.0", instance: "test".to_owned() };
        let telemetry = Telemetry::init(&settings.telemetry, &info)?;
        let stop = bootstrap::stop_on_signals()?;
        let health = Health::start(&settings.health, &["work"]).await?;
        tracing::info_span!("work").in_scope(|| tracing::info!("working"));
        health.readiness.set("work", Ok(()));
        stop.cancelled().await;
        if !finish {
            std::future::pending::<()>().await;
        }
        telemetry.flush_and_shutdown(Duration::from_secs(1)).await;
        Ok::<_, Box<dyn std::error::Error>>(())
    });
    drop(runtime);
    let code = outcome.map_or_else(|error| bootstrap::report(error.as_ref()), |()| ExitCode::SUCCESS);
    std::process::exit(if code == ExitCode::SUCCESS {
        0
    } else if code == ExitCode::from(78) {
        78
    } else {
        1
    });
}

/// A running miniature; killed when the test ends.
struct Miniature {
    child: Child,
    stderr: BufReader<ChildStderr>,
    log: String,
}

impl Miniature {
    fn start(variables: &[(&str, &str)]) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "miniature_service", "--ignored", "--nocapture"])
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Self { child, stderr, log: String::new() }
    }

    /// Reads the log up to a line that holds this text; the end of the log fails the test.
    fn until(&mut self, text: &str) {
        loop {
            let at = self.log.len();
            assert_ne!(
                self.stderr.read_line(&mut self.log).unwrap(),
                0,
                "ended before {text:?}:\n{}",
                self.log
            );
            if self.log[at..].contains(text) {
                return;
            }
        }
    }

    fn signal(&self) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
    }

    /// Exit code and the whole log.
    fn end(mut self) -> (Option<i32>, String) {
        self.stderr.read_to_string(&mut self.log).unwrap();
        (self.child.wait().unwrap().code(), std::mem::take(&mut self.log))
    }
}

impl Drop for Miniature {
    fn drop(&mut self) {
        // Both fail when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn dead_collector() -> String {
    // Bound and closed again: nobody listens there.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    format!("http://{address}")
}

#[test]
fn the_first_signal_ends_in_order_though_the_collector_is_dead() {
    let folder = tempfile::tempdir().unwrap();
    let address_file = folder.path().join("address");
    let mut service = Miniature::start(&[
        ("FINISH", "1"),
        ("MINIATURE_TELEMETRY__OTLP_ENDPOINT", &dead_collector()),
        ("MINIATURE_TELEMETRY__EXPORT_INTERVAL", "50ms"),
        ("MINIATURE_HEALTH__ADDRESS_FILE", address_file.to_str().unwrap()),
    ]);
    service.until("ready");
    service.until("telemetry cannot be exported");
    assert!(is_healthy(&address_file));
    service.signal();
    let (code, log) = service.end();
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(
        log.matches("telemetry cannot be exported").count(),
        1,
        "told once, not at each export:\n{log}"
    );
    assert!(log.contains("spans were never delivered spans=1"), "{log}");
    assert!(!is_healthy(&address_file));
}

#[test]
fn a_second_signal_ends_at_once() {
    let mut service = Miniature::start(&[]);
    service.until("ready");
    service.signal();
    service.until("finishing what is in hand");
    service.signal();
    let (code, log) = service.end();
    assert_eq!(code, Some(128 + 15), "{log}");
}

#[test]
fn a_wrong_configuration_ends_with_78_and_one_line() {
    let (code, log) = Miniature::start(&[("MINIATURE_HEALTH__LISTENS", "x")]).end();
    assert_eq!(code, Some(78), "{log}");
    let expected = "error: unknown setting health.listens (from environment MINIATURE_HEALTH__LISTENS); did you mean health.listen?\n";
    assert_eq!(log, expected);
}

#[test]
fn any_other_error_ends_with_1_and_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, log) = Miniature::start(&[("MINIATURE_HEALTH__LISTEN", &address)]).end();
    assert_eq!(code, Some(1), "{log}");
    assert_eq!(
        log,
        format!("error: health.listen: cannot listen on {address}: Address already in use (os error 98)\n")
    );
}

/// As `extractor health` asks: by the settings alone.
fn is_healthy(address_file: &Path) -> bool {
    let environment = vec![("MINIATURE_HEALTH__ADDRESS_FILE".to_owned(), address_file.display().to_string())];
    let layers = Layers { environment, ..Layers::default() };
    let settings = SCHEMA.load::<Settings>(&layers).unwrap().value;
    bootstrap::ask(&settings.health, bootstrap::Probe::Ready) == ExitCode::SUCCESS
}
