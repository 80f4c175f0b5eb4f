//! All counts in Prometheus' text format.

use crate::service::Service;
use std::{collections::BTreeMap, fmt::Write, sync::Arc};

pub(crate) fn text(services: &BTreeMap<String, Arc<Service>>) -> String {
    let mut lines = [
        "# HELP pilothouse_arm_requests_total Requests given to a version.\n# TYPE pilothouse_arm_requests_total counter\n",
        "# HELP pilothouse_arm_errors_total Answers of 500 and above, and requests without a whole answer.\n# TYPE pilothouse_arm_errors_total counter\n",
        "# HELP pilothouse_arm_abandoned_total Requests whose customer left first.\n# TYPE pilothouse_arm_abandoned_total counter\n",
        "# HELP pilothouse_arm_latency_seconds Time to the head of the answer.\n# TYPE pilothouse_arm_latency_seconds histogram\n",
    ]
    .map(str::to_owned);
    for (service, counts) in services.iter().map(|(name, service)| (name, service.counts())) {
        for (version, counts) in counts {
            // Names of services and versions hold nothing that would need to be escaped.
            let labels = format!("service=\"{service}\",version=\"{version}\"");
            let [requests, errors, abandoned, latency] = &mut lines;
            let mut sum = 0;
            // Writing into a text cannot fail.
            let _ = writeln!(requests, "pilothouse_arm_requests_total{{{labels}}} {}", counts.requests);
            let _ = writeln!(errors, "pilothouse_arm_errors_total{{{labels}}} {}", counts.errors);
            let _ = writeln!(abandoned, "pilothouse_arm_abandoned_total{{{labels}}} {}", counts.abandoned);
            for (bound, count) in counts.bounds.iter().zip(&counts.buckets) {
                sum += count;
                let _ = writeln!(
                    latency,
                    "pilothouse_arm_latency_seconds_bucket{{{labels},le=\"{}\"}} {sum}",
                    seconds(*bound)
                );
            }
            let all = counts.buckets.iter().sum::<u64>();
            let _ = writeln!(latency, "pilothouse_arm_latency_seconds_bucket{{{labels},le=\"+Inf\"}} {all}");
            let _ = writeln!(latency, "pilothouse_arm_latency_seconds_sum{{{labels}}} {}", seconds(counts.micros));
            let _ = writeln!(latency, "pilothouse_arm_latency_seconds_count{{{labels}}} {all}");
        }
    }
    lines.concat()
}

/// Exactly, without going through a float.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn bounds_are_written_as_prometheus_writes_them() {
        assert_eq!([1_000, 7_500, 1_000_000, 1_500_000, 0].map(seconds), ["0.001", "0.0075", "1", "1.5", "0"]);
    }
}
