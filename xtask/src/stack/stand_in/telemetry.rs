//! Collector, Jaeger and Prometheus, built from the Go module proxy: static programs with CA certificates and busybox's wget.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::super::run::output;
use super::go::{self, Go};
use super::import::{Recipe, import, open_folder, write};
use super::{Kitchen, Made, debian};

const BUILDER: &str = "go.opentelemetry.io/collector/cmd/builder@v0.155.0";
const PARTS: &str = include_str!("collector.yaml");
const JAEGER: &str = "github.com/jaegertracing/jaeger@v1.76.0";
const PROMETHEUS: &str = "github.com/prometheus/prometheus@v0.314.0";
/// Where the machine keeps the certificates it trusts.
const CERTIFICATES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// The newest contrib Collector that can be built here; the pinned one is 0.160.
pub(super) fn collector(kitchen: &Kitchen<'_>) -> Result<Made> {
    let about = "OpenTelemetry Collector 0.155 of the Go module proxy";
    let root = kitchen.provide("stack-collector-1", |root, step| {
        built(kitchen, root, about, |go, sources| {
            fs::create_dir_all(sources)?;
            let tool = sources.join("builder");
            step.say("building OpenTelemetry's builder");
            let mut install = go.call(sources, &["install", BUILDER]);
            install.env("GOBIN", sources);
            output(install)?;
            write(sources, "b.yaml", PARTS, 0o644)?;
            let mut generate = std::process::Command::new(&tool);
            generate.args(["--skip-compilation", "--config", "b.yaml"]).current_dir(sources);
            go.surround(&mut generate);
            // It ends with an error about a dependency of some part's tests, with everything that is needed written before.
            let generated = output(generate);
            let out = sources.join("out");
            if !out.join("components.go").exists() {
                generated.context("the builder made nothing")?;
            }
            step.say("building the Collector: three minutes on two cores");
            let program = root.join("otelcol-contrib");
            go.build(&out, &["-mod=mod", "-o", &program.display().to_string(), "."], step)
        })
    })?;
    let changes = ["ENTRYPOINT [\"/otelcol-contrib\"]", "USER 10001"].map(str::to_owned);
    import(kitchen, &root, &Recipe { name: "collector", about, changes: &changes })
}

/// The newest Jaeger in the module proxy holds the second version's program, about 2.13; its web page is not in the module.
pub(super) fn jaeger(kitchen: &Kitchen<'_>) -> Result<Made> {
    let about = "Jaeger 2.13 (module v1.76.0) of the Go module proxy, without its page";
    let root = kitchen.provide("stack-jaeger-1", |root, step| {
        built(kitchen, root, about, |go, sources| {
            go.sources(JAEGER, sources)?;
            step.say("building Jaeger: six minutes on two cores");
            let program = root.join("cmd/jaeger/jaeger-linux");
            go.build(sources, &["-o", &program.display().to_string(), "./cmd/jaeger"], step)
        })
    })?;
    open_folder(&root, "tmp")?;
    let changes =
        ["ENTRYPOINT [\"/cmd/jaeger/jaeger-linux\"]", "USER 10001", "ENV PATH=/bin"].map(str::to_owned);
    import(kitchen, &root, &Recipe { name: "jaeger", about, changes: &changes })
}

/// The pinned version itself, without service discovery of clouds and without its page. Debian's cannot receive OTLP.
pub(super) fn prometheus(kitchen: &Kitchen<'_>) -> Result<Made> {
    let about = "Prometheus 3.14 of the Go module proxy, without its page";
    let root = kitchen.provide("stack-prometheus-1", |root, step| {
        built(kitchen, root, about, |go, sources| {
            go.sources(PROMETHEUS, sources)?;
            step.say("building Prometheus: three minutes on two cores");
            let bin = root.join("bin");
            for name in ["prometheus", "promtool"] {
                let (program, command) = (bin.join(name).display().to_string(), format!("./cmd/{name}"));
                go.build(sources, &["-tags=remove_all_sd", "-o", &program, &command], step)?;
            }
            Ok(())
        })
    })?;
    open_folder(&root, "prometheus")?;
    let changes = ["ENTRYPOINT [\"/bin/prometheus\"]", "USER 65534", "ENV PATH=/bin", "WORKDIR /prometheus"];
    import(kitchen, &root, &Recipe { name: "prometheus", about, changes: &changes.map(str::to_owned) })
}

/// Fills `root` with what `build` builds, and what every such image has beside.
fn built(
    kitchen: &Kitchen<'_>,
    root: &Path,
    about: &str,
    build: impl FnOnce(&Go, &Path) -> Result<()>,
) -> Result<String> {
    let go = Go::provide(kitchen)?;
    let sources = kitchen.cache.path("stack-sources");
    if sources.exists() {
        fs::remove_dir_all(&sources)?;
    }
    go::reachable(&go, root)?;
    build(&go, &sources)?;
    fs::remove_dir_all(&sources)?;
    let certificates = fs::read_to_string(CERTIFICATES)
        .with_context(|| format!("{CERTIFICATES} cannot be read: install ca-certificates"))?;
    write(root, "etc/ssl/certs/ca-certificates.crt", &certificates, 0o644)?;
    // For health checks: busybox is a static program, and answers to the name it is called by.
    let busybox = kitchen.provide("stack-busybox-1", |folder, step| {
        debian::unpack(kitchen, &debian::sid("busybox")?, &[], folder, (step, &["wget"]))?;
        Ok("busybox of Debian sid".to_owned())
    })?;
    fs::create_dir_all(root.join("bin"))?;
    fs::copy(busybox.join("usr/bin/busybox"), root.join("bin/wget"))?;
    Ok(about.to_owned())
}
