//! What leaves, as an exporter gets it.

use std::time::Duration;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{
    AggregatedMetrics, Metric, MetricData, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};

use super::*;

/// The last export: names with the values of their attributes.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<BTreeMap<String, f64>>>);

impl PushMetricExporter for Kept {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let metrics = metrics.scope_metrics().flat_map(ScopeMetrics::metrics);
        *self.0.lock().unwrap() = metrics.flat_map(points).collect();
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

fn points(metric: &Metric) -> Vec<(String, f64)> {
    let named = |attributes: &mut dyn Iterator<Item = &KeyValue>| {
        attributes.fold(metric.name().to_owned(), |name, one| format!("{name} {}", one.value))
    };
    match metric.data() {
        AggregatedMetrics::U64(MetricData::Sum(sum)) => {
            let point = |at: u64| f64::from(u32::try_from(at).unwrap());
            sum.data_points().map(|p| (named(&mut p.attributes()), point(p.value()))).collect()
        }
        AggregatedMetrics::F64(MetricData::Gauge(gauge)) => {
            gauge.data_points().map(|p| (named(&mut p.attributes()), p.value())).collect()
        }
        _ => Vec::new(),
    }
}

/// Metrics of a transformer, and what leaves of those whose name begins so.
fn exported(waiting: &Arc<Waiting>) -> (Arc<Metrics>, impl Fn(&str) -> Vec<(String, f64)>) {
    let kept = Kept::default();
    let provider =
        SdkMeterProvider::builder().with_reader(PeriodicReader::builder(kept.clone()).build()).build();
    let metrics = Metrics::of(&provider.meter("garimpo"), waiting);
    let leaves = move |name: &str| {
        provider.force_flush().unwrap();
        let all = kept.0.lock().unwrap().clone();
        all.into_iter().filter(|(key, _)| key.starts_with(name)).collect()
    };
    (metrics, leaves)
}

#[test]
fn each_reason_leaves_as_0_before_anything_is_set_aside() {
    let waiting = Arc::new(Waiting::new(100));
    let (metrics, leaves) = exported(&waiting);
    let rejected = |reasons: [(&str, f64); 4]| {
        reasons.map(|(reason, count)| (format!("garimpo.rejected {reason}"), count)).to_vec()
    };
    let none = [("data", 0.0), ("decode", 0.0), ("replayed", 0.0), ("unparsed", 0.0)];
    assert_eq!(leaves("garimpo.rejected"), rejected(none));
    metrics.rejected(Reason::Data.name());
    assert_eq!(leaves("garimpo.rejected")[0], ("garimpo.rejected data".to_owned(), 1.0));
}

#[test]
fn a_transformer_without_a_partition_tells_no_age_not_0() {
    let waiting = Arc::new(Waiting::new(100));
    let (_metrics, leaves) = exported(&waiting);
    let age = || leaves("garimpo.oldest_unread_age");
    assert_eq!(age(), []);
    let partition = Partition { topic: BATCHES, number: 0 };
    waiting.assign([partition]);
    assert_eq!(age(), [("garimpo.oldest_unread_age".to_owned(), 0.0)]);
    waiting.revoke(&[partition], Duration::ZERO);
    assert_eq!(age(), []);
}
