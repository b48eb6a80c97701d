//! What the alerts ask Prometheus for, read from their expressions: an alert on a name that nothing has never fires.

use std::collections::BTreeSet;

/// Ours, the Collector's own, and those it makes of spans.
const FAMILIES: [&str; 3] = ["garimpo_", "otelcol_", "traces_span_metrics_"];
/// The Collector has these from its first loss on; that it names them so is seen by their sister `sent_spans` below.
const BORN_OF_A_LOSS: [&str; 2] =
    ["otelcol_exporter_send_failed_spans", "otelcol_exporter_enqueue_failed_spans"];
/// What no alert asks for: the sister, what docs/scale.md looks at, and what is made of spans.
const BESIDE: [&str; 3] = [
    "otelcol_exporter_sent_spans",
    "garimpo_lag",
    "traces_span_metrics_calls_total{span_name=\"INSERT garimpo\"}",
];
/// Keys of a rule: the expression ends where one of them begins.
const KEYS: [&str; 6] = ["- alert:", "for:", "keep_firing_for:", "labels:", "annotations:", "#"];

/// What a stack that works has from its first minute on.
pub(super) fn from_the_first_minute(alerts: &str) -> BTreeSet<&str> {
    let mut asked = metrics(alerts);
    for born_later in BORN_OF_A_LOSS {
        asked.remove(born_later);
    }
    asked.extend(BESIDE);
    asked
}

/// The metrics that stand in the expressions of a file of alerts.
fn metrics(alerts: &str) -> BTreeSet<&str> {
    let mut within = false;
    let expressions = alerts.lines().map(str::trim).filter(|line| {
        within = line.starts_with("expr:") || within && !KEYS.iter().any(|key| line.starts_with(key));
        within
    });
    let words = expressions.flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    words.filter(|word| FAMILIES.iter().any(|family| word.starts_with(family))).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::cargo;

    #[test]
    fn metrics_are_read_from_expressions_of_one_line_and_of_several_and_from_nowhere_else() {
        let alerts = "
      # garimpo_in_a_comment
      - alert: One
        expr: max(garimpo_age_seconds{path=\"/disk\"}) > 20 * 86400
        labels: {severity: garimpo_in_a_label}
      - alert: Two
        expr: >-
          (sum(increase(garimpo_spans_total[15m])) or vector(0))
          + sum(otelcol_failed_spans unless otelcol_failed_spans offset 15m) > 0
        for: 2m
        annotations:
          action: \"Set garimpo_daily_usd\"
      - alert: Three
        expr: up{job=\"collector\"} == 0
        annotations:
          summary: \"none\"
";
        let found: Vec<_> = metrics(alerts).into_iter().collect();
        assert_eq!(found, ["garimpo_age_seconds", "garimpo_spans_total", "otelcol_failed_spans"]);
    }

    #[test]
    fn each_exception_is_asked_for_by_an_alert() {
        let alerts = fs::read_to_string(cargo::root().join(super::super::ALERTS)).unwrap();
        let found = metrics(&alerts);
        assert!(BORN_OF_A_LOSS.iter().all(|metric| found.contains(metric)), "{found:?}");
        let asked = from_the_first_minute(&alerts);
        assert!(
            asked.contains("garimpo_rejected_total") && asked.contains("garimpo_disk_size_bytes"),
            "{asked:?}"
        );
    }
}
