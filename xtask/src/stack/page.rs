//! The trace of a batch, read from Jaeger, on the page that the stack's own `transformer report` writes.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sandbox::browser::{Browser, Scheme, View};
use sandbox::pipeline::BatchTrace;
use sandbox::setup::{Cache, ChromiumHome, Progress};
use serde_json::json;

use super::findings::Findings;
use super::run::output;
use super::test::Running;
use crate::cargo;
use crate::demo;

const PAGE: &str = "report.html";
const VIEW: View = View { width: 1120, height: 440, scale: 1.0, scheme: Scheme::Light, print: false };
/// Of the README's picture.
const MOST_BYTES: usize = 200_000;

/// Has it written by the image the stack runs, and looks for the spans.
pub(super) fn check(running: &Running, trace: &BatchTrace, findings: &mut Findings) -> Result<()> {
    let folder = folder(running.site.file.parent().context("the site's folder")?)?;
    let attached = json!({ "trace": demo::page::trace(trace) });
    fs::write(folder.join("attached.json"), serde_json::to_string_pretty(&attached)?)?;
    let mount = format!("{}:/out", folder.display());
    let words =
        ["run", "-T", "--rm", "--no-deps", "--volume", &mount, "transformer", "report", "--lang", "en"];
    let mut report = running.project.compose(&words);
    output({
        report.args(["--out", "/out/report.html", "--attach", "/out/attached.json"]);
        report
    })?;
    let page = fs::read_to_string(folder.join(PAGE)).context("the page")?;
    let all = trace.spans.iter().all(|span| page.contains(&span.name));
    findings.is(
        all,
        format!("the transformer's image writes its report with this trace: {}", folder.join(PAGE).display()),
    );
    Ok(())
}

/// Where the image's own user may write.
fn folder(results: &Path) -> Result<PathBuf> {
    let folder = results.join("page");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o1777))?;
    // Written by that user the last time.
    let _absent = fs::remove_file(folder.join(PAGE));
    Ok(folder)
}

/// Takes the README's picture of the trace on the page a test wrote.
pub(super) fn picture(results: &Path) -> Result<()> {
    let page = results.join("page").join(PAGE);
    let home = ChromiumHome::provide(&Cache::of_this_user()?, &Progress::to_stderr())?;
    let mut browser = Browser::start(&home)?;
    let mut shown = browser.open(&page, &VIEW)?;
    // The picture shows as much as the view is high: the trace alone, at its top.
    shown.evaluate("document.querySelector('#trace').scrollIntoView({ block: 'start' }), 1")?;
    let picture = shown.screenshot(false)?;
    if picture.len() > MOST_BYTES {
        bail!("the picture has {} bytes, more than {MOST_BYTES}", picture.len());
    }
    let file = cargo::root().join("docs/images/trace.png");
    fs::write(&file, &picture).with_context(|| format!("cannot write {}", file.display()))?;
    println!("{}: {} kB", file.display(), picture.len() / 1_000);
    Ok(())
}
