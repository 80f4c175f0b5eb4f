//! The demonstration's shop as a process of its own, with customers who ask it.

use crate::running::Process;
use std::{
    path::PathBuf,
    process::Command,
    sync::OnceLock,
    time::{Duration, Instant},
};
use tokio::net::TcpStream;

/// Two versions side by side, each with its customers.
pub struct Shop {
    pub address: String,
    process: Process,
    _customers: Process,
}

impl Shop {
    /// Asked so often each second; `faults` are arguments such as `--error-rate 0.2`.
    pub async fn start(version: &str, rate: u32, faults: &[&str]) -> Self {
        let address = crate::running::free().await;
        let process = serve(&address, version, faults);
        answers(&address).await;
        let rate = rate.to_string();
        let customers = Process::start(Command::new(program()).args([
            "load",
            "--target",
            &address,
            "--rate",
            &rate,
            "--seconds",
            "0",
        ]));
        Self { address, process, _customers: customers }
    }

    pub fn end(&mut self) {
        self.process.end();
    }

    /// The same version at the same address, with counters that begin anew.
    pub async fn restart(&mut self, version: &str) {
        self.end();
        self.process = serve(&self.address, version, &[]);
        answers(&self.address).await;
    }
}

fn serve(address: &str, version: &str, faults: &[&str]) -> Process {
    Process::start(Command::new(program()).args(["serve", "--listen", address, "--version", version]).args(faults))
}

async fn answers(address: &str) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).await.is_err() {
        assert!(Instant::now() < deadline, "the shop does not start");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Built where this test was built.
fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        let built =
            cargo.args(["build", "--quiet", "--package", "demo"]).current_dir(env!("CARGO_MANIFEST_DIR")).status();
        assert!(built.expect("cargo runs").success(), "the demonstration's shop is not built");
        let here = std::env::current_exe().expect("a path");
        here.ancestors().nth(2).expect("a folder").join("demo")
    })
}
