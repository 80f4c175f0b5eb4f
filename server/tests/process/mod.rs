//! The program as people start it: a process with a command line, an environment and a data folder.

use serde_json::Value;
use std::{
    fmt::Write as _,
    io::{BufRead as _, BufReader, Read, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

pub const ADMIN: &str = "the-administrator-of-all-tests";
/// Whatever takes longer has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What a command ended with.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Standard output of a command that succeeded.
    #[track_caller]
    pub fn fine(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        assert_eq!(self.err, "");
        self.out
    }

    /// Standard error of a command that ended with this code, and said nothing on standard output.
    #[track_caller]
    pub fn failed(self, code: i32) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(code), ""), "{self:?}");
        assert!(!self.err.trim().is_empty(), "it says why");
        self.err
    }

    /// [`Ended::failed`], in one line.
    #[track_caller]
    pub fn refused(self, code: i32) -> String {
        let err = self.failed(code);
        assert!(err.starts_with("pilothouse: ") && err.lines().count() == 1, "{err}");
        err
    }
}

fn command(words: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilothouse"));
    // Nothing of the machine that tests run on.
    command.env_clear().envs(environment.iter().copied()).args(words).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(words: &[&str], environment: &[(&str, &str)]) -> Ended {
    let mut command = command(words, environment);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let out = lines_of(child.stdout.take().expect("standard output"));
    let err = lines_of(child.stderr.take().expect("standard error"));
    let began = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("asked") {
            break status;
        }
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{words:?} does not end");
        }
        thread::sleep(Duration::from_millis(2));
    };
    let all = |lines: Receiver<String>| lines.into_iter().map(|line| line + "\n").collect();
    Ended { code: status.code(), out: all(out), err: all(err) }
}

/// A server.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
    /// What it said on standard output before it was there.
    pub said: Vec<String>,
    lines: Receiver<String>,
    log: Receiver<String>,
}

impl Running {
    /// With the administrator of all tests.
    pub fn start(data: &Path) -> Self {
        Self::with(data, &[], &[("PILOTHOUSE_ADMIN_TOKEN", ADMIN)])
    }

    /// Waits until it is ready.
    pub fn with(data: &Path, words: &[&str], environment: &[(&str, &str)]) -> Self {
        let data = data.to_str().expect("a path");
        let words = [&["serve", "--listen", "127.0.0.1:0", "--data", data], words].concat();
        let mut command = command(&words, environment);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let lines = lines_of(child.stdout.take().expect("standard output"));
        let log = lines_of(child.stderr.take().expect("standard error"));
        let mut said = Vec::new();
        let address = loop {
            let Ok(line) = lines.recv_timeout(PATIENCE) else {
                let log: Vec<String> = log.try_iter().collect();
                // Already at its end, or about to be.
                let _ = child.kill();
                panic!("it did not come up; it said {said:?} and {log:?}");
            };
            said.push(line.clone());
            if let Some(url) = line.strip_prefix("Pilothouse listens on http://") {
                break url.parse().expect("an address");
            }
        };
        let running = Self { child, address, said, lines, log };
        until("ready", || (running.ask("GET", "/ready", None, None).0 == 200).then_some(()));
        running
    }

    /// The next line on standard output.
    pub fn line(&self) -> Option<String> {
        self.lines.recv_timeout(Duration::from_secs(2)).ok()
    }

    /// Waits for a line of the log with this in it.
    pub fn logged(&self, text: &str) {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self.log.recv_timeout(PATIENCE).expect("a line in the log").contains(text) {
                return;
            }
        }
        panic!("the log does not say “{text}”");
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("connected");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        stream
    }

    /// One request on a connection of its own; status and JSON.
    pub fn ask(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = self.connect();
        let head = head(method, path, token, &format!("connection: close\r\ncontent-length: {}\r\n", body.len()));
        stream.write_all(format!("{head}{body}").as_bytes()).expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        let status = answer.get(9..12).and_then(|code| code.parse().ok()).expect("a status");
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    /// As the administrator, with this status.
    #[track_caller]
    pub fn must(&self, method: &str, path: &str, body: &Value, status: u16) -> Value {
        let body = (!body.is_null()).then_some(body);
        let (found, answer) = self.ask(method, &format!("/api/v1{path}"), Some(ADMIN), body);
        assert_eq!(found, status, "{answer}");
        answer
    }

    pub fn seq(&self) -> u64 {
        self.ask("GET", "/status", None, None).1["seq"].as_u64().expect("a seq")
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().expect("kill");
        assert!(sent.success());
    }

    /// Waits for the end.
    pub fn ended(&mut self) -> ExitStatus {
        until("the end", || self.child.try_wait().expect("asked"))
    }

    /// Asks it to stop, which it does without complaint.
    pub fn stop(mut self) {
        self.signal("-TERM");
        assert_eq!(self.ended().code(), Some(0));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The head of a request.
pub fn head(method: &str, path: &str, token: Option<&str>, more: &str) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{more}");
    if let Some(token) = token {
        let _ = write!(head, "authorization: Bearer {token}\r\n");
    }
    head + "\r\n"
}

fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (send, receive) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            // Nobody may be reading any more; the pipe must be emptied all the same.
            let _ = send.send(line);
        }
    });
    receive
}

/// Looks again and again until there is something.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited too long for {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
