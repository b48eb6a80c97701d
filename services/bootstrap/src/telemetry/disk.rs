//! How full the file systems of some folders are: measured by a service, as the Collector may see none of them.

use std::path::PathBuf;

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;

/// Free and whole size, bytes.
fn measure(path: &PathBuf) -> Option<(u64, u64)> {
    let found = rustix::fs::statvfs(path).ok()?;
    // What root alone may use counts as taken.
    Some((found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize))
}

/// Makes them gauges: `garimpo.disk.free` and `garimpo.disk.size` by path. A folder that is gone is not told.
pub(super) fn publish(paths: &[PathBuf], meters: &SdkMeterProvider) {
    if paths.is_empty() {
        return;
    }
    let meter = meters.meter("garimpo.telemetry");
    let gauge = |name: &'static str, about: &'static str, pick: fn((u64, u64)) -> u64| {
        let paths = paths.to_vec();
        meter
            .u64_observable_gauge(name)
            .with_unit("By")
            .with_description(about)
            .with_callback(move |seen| {
                for path in &paths {
                    if let Some(found) = measure(path) {
                        seen.observe(pick(found), &[KeyValue::new("path", path.display().to_string())]);
                    }
                }
            })
            .build();
    };
    gauge("garimpo.disk.free", "What is free on the folder's file system", |(free, _)| free);
    gauge("garimpo.disk.size", "What the folder's file system holds", |(_, size)| size);
}
