//! Native histograms, from a page that this test writes, through a real Prometheus.

use crate::{
    given::{Now, connection, now, part, place},
    http::{Answer, Server},
    running::{Running, until},
};
use control::monitor::{Arm, MonitorKind, Observatory};
use monitors::Instruments;
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// Numbers and messages as protobuf writes them.
fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] & 0x7f | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
    bytes
}

fn zigzag(number: i64) -> u64 {
    u64::from_le_bytes(((number << 1) ^ (number >> 63)).to_le_bytes())
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn message(field: u64, bytes: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(bytes.len() as u64), bytes.to_vec()].concat()
}

fn double(field: u64, value: f64) -> Vec<u8> {
    [varint(field << 3 | 1), value.to_le_bytes().to_vec()].concat()
}

/// `fast` requests in (0.125, 0.25] s and `slow` ones in (0.25, 0.5] s, at schema 0: one bucket to each doubling.
fn page(fast: u64, slow: u64) -> Vec<u8> {
    let span = [number(1, zigzag(-2)), number(2, 2)].concat();
    let gap = i64::try_from(slow).expect("small") - i64::try_from(fast).expect("small");
    let histogram = [
        number(1, fast + slow),
        double(2, 1.0),
        number(5, zigzag(0)),
        double(6, 1e-128),
        number(7, 0),
        message(12, &span),
        number(13, zigzag(i64::try_from(fast).expect("small"))),
        number(13, zigzag(gap)),
    ]
    .concat();
    let family = [message(1, b"duration_seconds"), number(3, 4), message(4, &message(7, &histogram))].concat();
    [varint(family.len() as u64), family].concat()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn native_histograms_are_laid_into_fixed_bounds() {
    const KIND: &str = "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
    let served = Arc::new(AtomicU64::new(0));
    let page_server = Server::start(move |_| {
        let n = served.fetch_add(1, Ordering::Relaxed) + 1;
        Answer::Bytes(KIND, page(90 * n, 10 * n))
    })
    .await;
    let address = page_server.address.to_string();
    let prometheus = Running::prometheus(&[("1.5.0", &address)]).await;
    let settings = json!({
        "url": prometheus.url, "allow_hosts": ["127.0.0.1"], "latency": "sum by (version) (increase(duration_seconds[{{window}}]))",
    });
    let instruments = Instruments::new(Arc::new(Now));
    let monitor = instruments.monitor(&place(), &connection(MonitorKind::Prometheus, settings)).expect("a monitor");
    let latency = until("a native histogram is answered", || async {
        let look = monitor.look(&now(4)).await;
        part(&look, Arm::Canary)
            .latency
            .value()
            .cloned()
            .filter(|latency| latency.counts.iter().sum::<f64>() > 300.0)
            .ok_or_else(|| format!("{look:#?}"))
    })
    .await;
    let filled: Vec<(f64, f64)> =
        latency.bounds.iter().copied().zip(latency.counts.iter().copied()).filter(|(_, count)| *count > 0.0).collect();
    let [(fast_bound, fast), (slow_bound, slow)] = filled[..] else { panic!("{filled:?}") };
    assert_eq!((fast_bound, slow_bound), (250.0, 500.0));
    assert!((fast / slow - 9.0).abs() < 0.01, "{fast} and {slow}");
    assert!(latency.histogram().is_ok());
}
