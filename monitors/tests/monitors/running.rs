//! Prometheus and Alertmanager as Debian ships them, as children on free ports with folders of their own.

use std::{
    io::ErrorKind,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

/// Ended when it is dropped.
pub struct Process(Child);

impl Process {
    pub fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        match child {
            Ok(child) => Self(child),
            Err(why) if why.kind() == ErrorKind::NotFound => {
                panic!("{} is not installed: run `cargo xtask setup`", command.get_program().display())
            }
            Err(why) => panic!("{} does not start: {why}", command.get_program().display()),
        }
    }

    pub fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// A program that listens, with its configuration.
pub struct Running {
    pub url: String,
    process: Process,
    _folder: TempDir,
}

impl Running {
    /// Reads each of the targets, with its version, twice a second.
    pub async fn prometheus(targets: &[(&str, &str)]) -> Self {
        let target = |(version, address): &(&str, &str)| {
            format!("      - targets: ['{address}']\n        labels: {{version: '{version}', service: shop}}\n")
        };
        let targets: String = targets.iter().map(target).collect();
        let config = format!(
            "global: {{scrape_interval: 500ms, scrape_timeout: 400ms}}\nscrape_configs:\n  - job_name: shop\n    static_configs:\n{targets}"
        );
        Self::start("prometheus", &config, |folder, listen| {
            vec![
                format!("--config.file={folder}/config.yml"),
                format!("--storage.tsdb.path={folder}/data"),
                format!("--web.listen-address={listen}"),
                "--enable-feature=native-histograms".to_owned(),
            ]
        })
        .await
    }

    /// Sends everything to one address, with a token.
    pub async fn alertmanager(receiver: &str, token: &str) -> Self {
        let config = format!(
            "route: {{receiver: pilothouse, group_by: ['...'], group_wait: 0s, group_interval: 1s}}\nreceivers:\n  - name: pilothouse\n    \
             webhook_configs:\n      - url: {receiver}\n        http_config: {{authorization: {{credentials: {token}}}}}\n"
        );
        Self::start("prometheus-alertmanager", &config, |folder, listen| {
            vec![
                format!("--config.file={folder}/config.yml"),
                format!("--storage.path={folder}/data"),
                format!("--web.listen-address={listen}"),
                "--cluster.listen-address=".to_owned(),
            ]
        })
        .await
    }

    pub fn end(&mut self) {
        self.process.end();
    }

    async fn start(program: &str, config: &str, arguments: impl Fn(&str, &str) -> Vec<String>) -> Self {
        let folder = TempDir::new().expect("a folder");
        std::fs::write(folder.path().join("config.yml"), config).expect("written");
        let listen = free().await;
        let path = folder.path().to_str().expect("a path");
        let mut command = Command::new(program);
        command.args(arguments(path, &listen)).current_dir(folder.path());
        let mut process = Process::start(&mut command);
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(&listen).await.is_err() {
            assert!(Instant::now() < deadline, "{program} does not start");
            if process.0.try_wait().expect("a process").is_some() {
                // Some client of another test may have had its port for a moment.
                process = Process::start(&mut command);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self { url: format!("http://{listen}"), process, _folder: folder }
    }
}

pub async fn free() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").to_string()
}

/// Asks until there is something, or half a minute is over.
pub async fn until<T, F: Future<Output = Result<T, String>>>(what: &str, ask: impl Fn() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        match ask().await {
            Ok(found) => return found,
            Err(why) => assert!(Instant::now() < deadline, "not yet: {what}: {why}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
