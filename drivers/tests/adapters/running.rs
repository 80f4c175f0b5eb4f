//! A real HAProxy with two small servers behind it, and a client that counts who answered.

use crate::http::{Answer, Server};
use std::{
    collections::BTreeMap,
    io::ErrorKind,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
};

/// Ended when it is dropped.
pub struct Running {
    pub folder: TempDir,
    pub front: String,
    /// The Runtime API over TCP.
    pub tcp: String,
    process: Child,
    servers: [(Server, Arc<AtomicU32>); 2],
}

impl Running {
    /// `blue` has all the traffic, `green` stands by; both answer with their name.
    pub async fn start() -> Self {
        Self::with("").await
    }

    /// The same, with more lines in the backend.
    pub async fn with(more: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let (front, tcp) = (free().await, free().await);
        let servers = [named("blue").await, named("green").await];
        let at = folder.path().display();
        let config = format!(
            "global\n  stats socket {at}/admin.sock mode 600 level admin\n  stats socket {at}/operator.sock mode 600 level operator\n  \
             stats socket ipv4@{tcp} level admin\n\
             defaults\n  mode http\n  timeout connect 2s\n  timeout client 10s\n  timeout server 10s\n  retries 0\n\
             frontend shop\n  bind {front}\n  default_backend shop\n\
             backend shop\n  balance roundrobin\n  option httpchk GET /\n  \
             server blue {} weight 100 check inter 100ms\n  server green {} weight 0 check inter 100ms\n{more}",
            servers[0].0.address, servers[1].0.address
        );
        std::fs::write(folder.path().join("haproxy.cfg"), config).expect("written");
        let process = spawn(&folder);
        let mut running = Self { folder, front, tcp, process, servers };
        running.answers().await;
        running
    }

    pub fn socket(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// HAProxy forgets all that was not in its configuration.
    pub async fn restart(&mut self) {
        self.process.kill().expect("ended");
        self.process.wait().expect("ended");
        self.process = spawn(&self.folder);
        self.answers().await;
    }

    /// Asked over a connection of the test's own.
    pub async fn say(&self, command: &str) -> Option<String> {
        say(&self.socket("admin.sock"), command).await
    }

    /// Weight, `srv_admin_state` and address of each server.
    pub async fn servers(&self) -> BTreeMap<String, (u32, u32, String)> {
        let reply = self.say("show servers state shop").await.expect("a reply");
        let rows = reply.lines().skip(2).map(|line| line.split(' ').collect::<Vec<_>>()).filter(|row| row.len() > 18);
        let number = |text: &str| text.parse().expect("a number");
        rows.map(|row| (row[3].to_owned(), (number(row[7]), number(row[6]), format!("{}:{}", row[4], row[18]))))
            .collect()
    }

    pub async fn weights(&self) -> (u32, u32) {
        let servers = self.servers().await;
        (servers["blue"].0, servers["green"].0)
    }

    /// Waits until a request is under way in the server.
    pub async fn busy(&self, server: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let table = self.say("show stat -1 4 -1").await.expect("a table");
            let current = table
                .lines()
                .find(|line| line.starts_with(&format!("shop,{server},")))
                .and_then(|row| row.split(',').nth(4));
            if current.is_some_and(|number| number != "0") {
                return;
            }
            assert!(Instant::now() < deadline, "nothing is under way: {table}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Sends so many requests, each of which must be answered well.
    pub async fn visit(&self, requests: u32) {
        for _ in 0..requests {
            get(&self.front).await.expect("every request is answered well");
        }
    }

    /// What the servers counted themselves, whoever asked; health checks apart.
    pub fn counted(&self) -> (u32, u32) {
        let [blue, green] = &self.servers;
        (blue.1.load(Ordering::Relaxed), green.1.load(Ordering::Relaxed))
    }

    /// Answers, and has found both servers up.
    async fn answers(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let reply = self.say("show servers state shop").await.unwrap_or_default();
            let up = reply.lines().skip(2).filter(|line| line.split(' ').nth(5) == Some("2")).count();
            if up >= 2 && get(&self.front).await.is_ok() {
                return;
            }
            if self.process.try_wait().expect("a process").is_some() {
                // Some client of another test may have had its port for a moment.
                self.process = spawn(&self.folder);
            }
            assert!(Instant::now() < deadline, "HAProxy does not start: {reply}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub async fn say(socket: &std::path::Path, command: &str) -> Option<String> {
    let mut stream = UnixStream::connect(socket).await.ok()?;
    stream.write_all(format!("{command}\n").as_bytes()).await.ok()?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.ok()?;
    Some(reply)
}

/// The body of a good answer; what came instead otherwise.
pub async fn get(front: &str) -> Result<String, String> {
    let mut stream = TcpStream::connect(front).await.map_err(|why| why.to_string())?;
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n\r\n")
        .await
        .map_err(|why| why.to_string())?;
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.map_err(|why| why.to_string())?;
    match reply.split_once("\r\n\r\n") {
        Some((head, body)) if head.starts_with("HTTP/1.1 200") => Ok(body.to_owned()),
        _ => Err(reply),
    }
}

async fn named(name: &'static str) -> (Server, Arc<AtomicU32>) {
    let counted = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&counted);
    let server = Server::start(move |request| {
        if request.headers.get("host").is_some_and(|host| host == "shop") {
            count.fetch_add(1, Ordering::Relaxed);
        }
        Answer::Reply { status: 200, headers: Vec::new(), body: name.to_owned() }
    });
    (server.await, counted)
}

async fn free() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address").to_string()
}

fn spawn(folder: &TempDir) -> Child {
    for program in ["haproxy", "/usr/sbin/haproxy"] {
        let mut command = Command::new(program);
        command.arg("-db").arg("-f").arg(folder.path().join("haproxy.cfg"));
        match command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn() {
            Ok(child) => return child,
            Err(why) if why.kind() == ErrorKind::NotFound => {}
            Err(why) => panic!("{program} does not start: {why}"),
        }
    }
    panic!(
        "HAProxy is missing, neither on PATH nor as /usr/sbin/haproxy. Install it (Debian: apt-get install haproxy)."
    );
}
