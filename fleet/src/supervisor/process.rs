//! One process of an instance: its start and its end.

use super::{instance::Blueprint, log::Log, template::Values};
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    time::timeout,
};
use tokio_util::task::TaskTracker;

/// By this, what a fleet started is known again, also when the fleet is gone.
pub(super) const MARKER: &str = "PILOTHOUSE_FLEET";
/// What an instance gets of the fleet's own environment. Nothing else: it may hold secrets of the control room.
const HANDED_ON: [&str; 6] = ["PATH", "HOME", "LANG", "TZ", "TMPDIR", "USER"];

/// A running process and where it answers.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Process {
    /// Without a shell, in a group of its own, what it writes into its log.
    pub(super) fn start(blueprint: &Blueprint, number: u32, log: &Log, tasks: &TaskTracker) -> io::Result<Self> {
        let address = free_address()?;
        let spec = &blueprint.spec;
        let values = Values {
            version: &blueprint.version,
            port: address.port(),
            instance: number,
            product: &spec.product,
            env: &spec.env,
        };
        let mut argv = spec.run.iter().map(|argument| values.fill(argument));
        let program = argv.next().ok_or_else(|| io::Error::other("no program is given"))?;
        let inherited = HANDED_ON.iter().filter_map(|name| Some((*name, std::env::var_os(name)?)));
        let mut child = Command::new(program)
            .args(argv)
            .env_clear()
            .envs(inherited)
            .env("PORT", address.port().to_string())
            .envs(spec.environment.iter().map(|(name, value)| (name, values.fill(value))))
            .env(MARKER, &blueprint.marker)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        if let Some(pipe) = child.stdout.take() {
            tasks.spawn(log.clone().follow(pipe));
        }
        if let Some(pipe) = child.stderr.take() {
            tasks.spawn(log.clone().follow(pipe));
        }
        Ok(Self { child, address })
    }

    pub(super) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Asks it to end, and ends it when it has not after `grace`.
    pub(super) async fn end(&mut self, grace: Duration) {
        self.signal(Signal::TERM);
        if timeout(grace, self.child.wait()).await.is_err() {
            self.signal(Signal::KILL);
            // Nothing survives that signal, so the wait is short; its answer says nothing new.
            let _ = self.child.wait().await;
        }
    }

    /// To all of its group. There is no id once its end was seen, so no stranger is ever hit.
    fn signal(&self, signal: Signal) {
        let pid = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(Err(error)) = pid.map(|pid| kill_process_group(pid, signal)) {
            tracing::warn!(%error, "an instance could not be told to end");
        }
    }
}

fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
