//! A throw-away PostgreSQL: its own cluster in a temporary folder, gone when this process ends, however it ends.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::shell::{self, Outcome, step};
use crate::tools;

/// The variable in which tests and trials find the database.
pub const VARIABLE: &str = "PILOTHOUSE_TEST_POSTGRES";

const START_LIMIT: Duration = Duration::from_mins(1);

/// Makes a cluster and starts it, then waits until the pipe on its input closes, which the end of our process does in
/// every case, a kill included. Then it stops the server at once and removes the folder.
const GUARDIAN: &str = r#"
trap '' INT TERM HUP
programs=$1 folder=$2 port=$3
"$programs/initdb" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync --pgdata="$folder/data" \
    >"$folder/log" 2>&1 || echo 'FATAL: initdb failed' >>"$folder/log"
"$programs/postgres" -D "$folder/data" -k "$folder" -h 127.0.0.1 -p "$port" -c max_connections=200 \
    >>"$folder/log" 2>&1 &
server=$!
read -r _
kill -QUIT "$server"
(sleep 10; kill -KILL "$server") &
late=$!
wait "$server"
kill -KILL "$late"
rm -rf "$folder"
"#;

#[derive(Debug)]
pub struct Postgres {
    guardian: Child,
    pub url: String,
}

impl Postgres {
    pub fn start() -> Outcome<Self> {
        step("start a throw-away PostgreSQL", || {
            let programs = tools::postgres_folder()?;
            // Short, because the path of a socket may have 107 bytes only, and made by the user the server runs as.
            let folder = shell::output(as_owner("mktemp")?.args(["-d", "/tmp/pilothouse-postgres.XXXXXX"]))?;
            let folder = PathBuf::from(folder.trim());
            let port = free_port()?.to_string();
            let mut guardian = as_owner("sh")?;
            guardian.args(["-c", GUARDIAN, "guardian"]).args([&programs, &folder]).arg(&port);
            // Its own process group: Ctrl-C in the terminal is not meant for it.
            guardian.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
            let guardian = guardian.spawn().map_err(|error| format!("cannot start PostgreSQL: {error}"))?;
            let cluster = Self { guardian, url: format!("postgres://postgres@127.0.0.1:{port}/postgres") };
            wait_until_ready(&folder.join("log"))?;
            shell::note(&cluster.url);
            Ok(cluster)
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.guardian.stdin.take());
        let _ = self.guardian.wait();
    }
}

fn wait_until_ready(log: &Path) -> Outcome {
    let start = Instant::now();
    loop {
        let said = fs::read_to_string(log).unwrap_or_default();
        if said.contains("ready to accept connections") {
            return Ok(());
        }
        if said.contains("FATAL") || start.elapsed() > START_LIMIT {
            return Err(format!("PostgreSQL did not start; it said:\n{}", said.trim()));
        }
        sleep(Duration::from_millis(50));
    }
}

/// PostgreSQL refuses to run as root: then it runs as its own user.
fn as_owner(program: &str) -> Outcome<Command> {
    let mut command = Command::new(program);
    if tools::is_root() {
        let who = "postgres";
        shell::output(Command::new("id").args(["-u", who]))
            .map_err(|_| format!("PostgreSQL does not run as root, and this machine has no user `{who}`"))?;
        command = Command::new("runuser");
        command.args(["-u", who, "--", program]);
    }
    command.current_dir("/").env("LC_ALL", "C");
    Ok(command)
}

fn free_port() -> Outcome<u16> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    port.map(|address| address.port()).map_err(|error| format!("no free port: {error}"))
}
