//! A real Prometheus and a real Alertmanager that watch what stands behind HAProxy.

use crate::{campaign::traffic::free, client::Client};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

const TOKEN: &str = "alerts-of-the-trial-0123456789";
/// So many stretches.
const ASKED: usize = 200;
const PATIENCE: Duration = Duration::from_secs(30);
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Ended when it is dropped.
#[derive(Debug)]
pub struct Watching {
    prometheus: SocketAddr,
    _processes: [Child; 2],
}

impl Watching {
    pub async fn start(folder: &Path, pilothouse: SocketAddr, servers: [SocketAddr; 2]) -> anyhow::Result<Self> {
        let (prometheus, alertmanager) = (free()?, free()?);
        let receiver = format!(
            "route: {{receiver: pilothouse, group_by: ['...'], group_wait: 0s, group_interval: 1s}}\nreceivers:\n  - name: pilothouse\n    \
             webhook_configs:\n      - url: http://{pilothouse}/hooks/alertmanager\n        http_config: {{authorization: {{credentials: {TOKEN}}}}}\n"
        );
        let [blue, green] = servers;
        let scraped = format!(
            "global: {{scrape_interval: 2s, scrape_timeout: 1s, evaluation_interval: 1s}}\nrule_files: [rules.yml]\n\
             alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{alertmanager}']}}]}}]}}\n\
             scrape_configs:\n  - job_name: shop\n    static_configs: [{{targets: ['{blue}', '{green}']}}]\n"
        );
        // A place that was up a moment ago; an empty one is no alert.
        let rules = "groups:\n  - name: shop\n    rules:\n      - alert: ShopDown\n        \
                     expr: up == 0 and max_over_time(up[20s]) == 1\n        \
                     labels: {severity: critical, product: shop, env: production}\n";
        let home = folder.join("watching");
        std::fs::create_dir_all(&home)?;
        for (file, text) in
            [("alertmanager.yml", receiver.as_str()), ("prometheus.yml", &scraped), ("rules.yml", rules)]
        {
            std::fs::write(home.join(file), text)?;
        }
        let told = |name: &str, value: &Path| format!("--{name}={}", value.display());
        let processes = [
            start(
                "prometheus-alertmanager",
                &[
                    told("config.file", &home.join("alertmanager.yml")),
                    told("storage.path", &home.join("alerts")),
                    format!("--web.listen-address={alertmanager}"),
                    "--cluster.listen-address=".to_owned(),
                ],
            )?,
            start(
                "prometheus",
                &[
                    told("config.file", &home.join("prometheus.yml")),
                    told("storage.tsdb.path", &home.join("samples")),
                    format!("--web.listen-address={prometheus}"),
                ],
            )?,
        ];
        for address in [alertmanager, prometheus] {
            let began = Instant::now();
            while TcpStream::connect(address).await.is_err() {
                ensure!(began.elapsed() < PATIENCE, "nothing listens on {address}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Ok(Self { prometheus, _processes: processes })
    }

    /// Connects both with the production of the trial.
    pub async fn connect(&self, admin: &mut Client, environment: &str) -> anyhow::Result<()> {
        let counted = |which: &str| format!("sum by (version) (increase(http_requests_total{which}[{{{{window}}}}]))");
        let requests = counted("");
        let settings: Value = json!({
            "url": format!("http://{}", self.prometheus),
            "requests": requests,
            "errors": format!("{} or 0 * {requests}", counted("{status=~\"5..\"}")),
            "latency": "sum by (version, le) (increase(http_request_duration_seconds_bucket[{{window}}]))",
            "allow_hosts": ["127.0.0.1"],
        });
        let body = json!({ "settings": settings, "force": true });
        admin.must("PUT", &format!("{environment}/monitors/prometheus"), Some(&body)).await?;
        let body = json!({ "settings": {}, "secrets": { "token": TOKEN }, "force": true });
        admin.must("PUT", &format!("{environment}/monitors/alertmanager"), Some(&body)).await?;
        Ok(())
    }
}

impl Watching {
    /// Charts of its past by way of Pilothouse, fresh and kept, and the same asked of Prometheus itself.
    pub async fn past(&self, admin: &mut Client, environment: &str) -> anyhow::Result<String> {
        let path =
            |minutes: usize| format!("{environment}/monitors/prometheus/past?metric=throughput&minutes={minutes}");
        // Each length is a stretch of its own, which nobody has asked for yet.
        let (mut fresh, mut kept, mut direct) = (Vec::new(), Vec::new(), Vec::new());
        let mut prometheus = Client::with_token(self.prometheus, "none");
        for minutes in 1..=ASKED {
            let began = Instant::now();
            let past = admin.must("GET", &path(minutes), None).await?;
            fresh.push(began.elapsed());
            ensure!(past["missing"].is_null(), "no past: {past}");
            let began = Instant::now();
            admin.must("GET", &path(minutes), None).await?;
            kept.push(began.elapsed());
            let points = past["lines"][0]["points"].as_array().context("a line")?;
            let text = |value: Option<&Value>| anyhow::Ok(hex(value.and_then(Value::as_str).context("a text")?));
            let query = text(past["queries"].get(0))?;
            let ends: anyhow::Result<Vec<String>> = [points.first(), points.last()]
                .into_iter()
                .map(|point| text(point.and_then(|point| point.get("at"))))
                .collect();
            let [first, last] = ends?.try_into().ok().context("two ends")?;
            let step = &past["step_seconds"];
            let asked = format!("/api/v1/query_range?query={query}&start={first}&end={last}&step={step}");
            let began = Instant::now();
            prometheus.must("GET", &asked, None).await?;
            direct.push(began.elapsed());
        }
        let told = |name: &str, mut times: Vec<Duration>| {
            times.sort();
            let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default().as_secs_f64() * 1e3;
            format!("{name} p50 {:.1} ms, p99 {:.1} ms", at(50), at(99))
        };
        let (fresh, kept, direct) =
            (told("fresh", fresh), told("kept for some seconds", kept), told("Prometheus itself", direct));
        Ok(format!("charts of the past, {ASKED} each: {fresh}; {kept}; {direct}"))
    }
}

/// As any address may have it.
fn hex(text: &str) -> String {
    text.bytes().flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)]).collect()
}

fn digit(half: u8) -> char {
    char::from_digit(half.into(), 16).unwrap_or_default()
}

fn start(program: &str, arguments: &[String]) -> anyhow::Result<Child> {
    let mut command = Command::new(program);
    command.args(arguments).env("PATH", PATH).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().with_context(|| format!("{program} is missing: `cargo xtask setup` installs it"))
}
