//! Configuration files of the telemetry servers, judged by the servers' own programs.

use std::path::Path;

use anyhow::Result;

use super::engine::docker;
use super::findings::Findings;
use super::project::{LAYERS, Layer, Project};
use super::run::output;
use super::test::Running;
use crate::cargo;

/// Where the files are seen by the programs.
const SEEN_AT: &str = "/otel";

/// Validates each, and one that is wrong on purpose.
pub(super) fn check(running: &Running, findings: &mut Findings) -> Result<()> {
    let (collector, prometheus) = (image(running, "collector")?, image(running, "prometheus")?);
    let files =
        ["receive", "traces", "metrics"].map(|name| format!("--config={SEEN_AT}/collector/{name}.yaml"));
    let mut words = vec!["validate"];
    words.extend(files.iter().map(String::as_str));
    told(findings, "the Collector accepts its configuration", &judge(&collector, None, &words));
    // A processor nobody declared: the Collector that accepts this would accept anything.
    words.push("--set=service.pipelines.traces.processors=[absent]");
    findings.is(
        judge(&collector, None, &words).is_err(),
        "the Collector refuses a pipeline through a processor that is not there",
    );
    for (what, words) in [
        (
            "Prometheus accepts its configuration and alerts",
            ["check", "config", "/otel/prometheus/prometheus.yaml"],
        ),
        (
            "each alert fires where it should, and none on a stack that works",
            ["test", "rules", "/otel/prometheus/alerts.test.yaml"],
        ),
    ] {
        told(findings, what, &judge(&prometheus, Some("promtool"), &words));
    }
    combinations(running, findings);
    Ok(())
}

/// Compose itself over every set of layers that can be put together.
fn combinations(running: &Running, findings: &mut Findings) {
    let optional = &LAYERS[1..];
    let mut wrong = Vec::new();
    for set in 0..1_usize << optional.len() {
        let chosen =
            optional.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, layer)| *layer);
        let layers: Vec<Layer> = std::iter::once(LAYERS[0]).chain(chosen).collect();
        let project = Project { layers: layers.clone(), ..running.project.clone() };
        if let Err(error) = output(project.compose(&["config", "--quiet"])) {
            wrong.push(format!("{layers:?}: {error:#}"));
        }
    }
    findings.is(
        wrong.is_empty(),
        format!("Compose accepts all {} sets of layers {}", 1 << optional.len(), wrong.join("; ")),
    );
}

fn told(findings: &mut Findings, what: &str, judged: &Result<String>) {
    let why = judged.as_ref().err().map(|error| format!(": {error:#}")).unwrap_or_default();
    findings.is(judged.is_ok(), format!("{what}{why}"));
}

/// The image the stack runs for a service.
fn image(running: &Running, service: &str) -> Result<String> {
    output(docker(&["inspect", "--format", "{{.Config.Image}}", &running.container(service)?.id]))
}

/// Runs a program of the image with the files in sight and no network.
fn judge(image: &str, program: Option<&str>, words: &[&str]) -> Result<String> {
    let folder = cargo::root().join("otel");
    let folder: &Path = &folder;
    let mount = format!("{}:{SEEN_AT}:ro", folder.display());
    let mut run = docker(&[
        "run",
        "--rm",
        "--network=none",
        "--read-only",
        "--cap-drop=ALL",
        "--tmpfs=/tmp",
        "--volume",
        &mount,
    ]);
    if let Some(program) = program {
        run.args(["--entrypoint", program]);
    }
    run.arg(image).args(words);
    output(run)
}
