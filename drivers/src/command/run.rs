//! Runs one program: without a shell, with nothing of our own environment, in a group of its own that ends at the time limit.

use super::output::Output;
use crate::{
    settings::wrong,
    template::{Template, Values},
    veil::Veil,
};
use control::driver::{Fault, Finding, Secret};
use domain::Refusal;
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    fs::Metadata,
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{process, time};

/// Where programs are looked for unless the setting `environment` has a PATH.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/// From the friendly signal to the other one.
const GRACE: Duration = Duration::from_secs(2);
/// So long the output is waited for when the program has ended: what it left behind may hold it open for ever.
const DRAIN: Duration = Duration::from_millis(500);
/// Names of variables that Pilothouse sets.
pub(crate) const NAMES_TAKEN: &str = "PILOTHOUSE_";

/// A program and its arguments, with places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Argv {
    program: String,
    arguments: Vec<Template>,
}

impl Argv {
    pub(crate) fn parse(field: &str, list: &[String], places: &[&'static str]) -> Result<Self, Refusal> {
        let allowed = "a program and its arguments, each a text of its own";
        let Some((program, arguments)) = list.split_first().filter(|(program, _)| !program.trim().is_empty()) else {
            return Err(wrong(field, "no program", allowed));
        };
        if program.contains("{{") || program.contains('\0') {
            return Err(wrong(
                field,
                format!("“{program}” as the program"),
                "a program by name or path, without places",
            ));
        }
        if list.iter().any(|text| text.contains('\0')) {
            return Err(wrong(field, "a zero character", allowed));
        }
        let arguments = arguments.iter().map(|text| Template::parse(field, text, places)).collect::<Result<_, _>>()?;
        Ok(Self { program: program.trim().to_owned(), arguments })
    }
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Code(i32),
    Signal(i32),
    /// It ran too long and was ended.
    Limit(Duration),
    /// It ran, and the system cannot say how it ended.
    Lost,
}

/// A program that was run, with what it wrote; secrets are covered.
#[derive(Debug)]
pub(crate) struct Ended {
    pub program: String,
    pub end: End,
    /// Both outputs.
    pub output: String,
    pub stdout: String,
}

impl Ended {
    /// How it ended and the end of what it wrote, on one line.
    pub(crate) fn said(&self, most: usize) -> String {
        let program = &self.program;
        let how = match self.end {
            End::Code(0) => format!("“{program}” ended well"),
            End::Code(code) => format!("“{program}” exited with {code}"),
            End::Signal(signal) => format!("“{program}” was ended by signal {signal}"),
            End::Limit(limit) => format!("“{program}” was ended after its time limit of {} s", limit.as_secs()),
            End::Lost => format!("how “{program}” ended is not known"),
        };
        match Veil::default().tail(&self.output, most) {
            tail if tail.is_empty() => format!("{how} and wrote nothing."),
            tail => format!("{how}: {tail}"),
        }
    }
}

/// Where and with what programs run.
#[derive(Debug, Clone)]
pub(crate) struct Runner {
    folder: PathBuf,
    environment: Vec<(String, String)>,
    secrets: Vec<(String, Secret)>,
    limit: Duration,
    veil: Veil,
}

impl Runner {
    pub(crate) fn new(
        folder: Option<&str>,
        environment: Vec<(String, String)>,
        secrets: Vec<(String, Secret)>,
        limit: Duration,
    ) -> Result<Self, Refusal> {
        let folder = PathBuf::from(folder.unwrap_or("/"));
        if !folder.is_absolute() {
            return Err(wrong("folder", format!("“{}”", folder.display()), "an absolute path such as /srv/deploy"));
        }
        let veil = Veil::over(secrets.iter().map(|(_, secret)| secret));
        Ok(Self { folder, environment, secrets, limit, veil })
    }

    /// The same with a limit that is no longer than this.
    pub(crate) fn within(&self, limit: Duration) -> Self {
        Self { limit: self.limit.min(limit), ..self.clone() }
    }

    /// Runs it to its end. A fault means that it was not started.
    pub(crate) async fn run(
        &self,
        argv: &Argv,
        values: &Values,
        told: &[(&'static str, String)],
    ) -> Result<Ended, Fault> {
        let program = argv.program.clone();
        let arguments = argv.arguments.iter().map(|it| it.fill(values)).collect::<Result<Vec<_>, _>>()?;
        if let Some(odd) = arguments.iter().find(|text| text.contains('\0')) {
            return Err(Fault::declined(format!(
                "“{program}” was not started: an argument holds a zero character: {odd:?}"
            )));
        }
        let mut child = self
            .command(&program, arguments, told)
            .spawn()
            .map_err(|why| Fault::not_done(format!("“{program}” was not started: {}.", self.why(&program, &why))))?;
        let group = Group::of(&child);
        let output = Output::default();
        let end = {
            let reading = output.read(child.stdout.take(), child.stderr.take());
            self.to_its_end(&mut child, group, reading).await
        };
        let (both, stdout) = (self.veil.cover(&output.both()), self.veil.cover(&output.stdout()));
        Ok(Ended { program, end, output: both, stdout })
    }

    async fn to_its_end(&self, child: &mut process::Child, group: Group, reading: impl Future<Output = ()>) -> End {
        tokio::pin!(reading);
        let limit = time::sleep(self.limit);
        tokio::pin!(limit);
        let mut read = false;
        let ended = loop {
            tokio::select! {
                ended = child.wait() => break Some(ended),
                () = &mut limit => break None,
                () = &mut reading, if !read => read = true,
            }
        };
        let end = match ended {
            Some(Ok(status)) => {
                // Nobody but the group's own members has its number now; they may stay: a deployment may start servers.
                group.leave();
                match (status.code(), status.signal()) {
                    (Some(code), _) => End::Code(code),
                    (None, Some(signal)) => End::Signal(signal),
                    (None, None) => End::Lost,
                }
            }
            Some(Err(_)) => End::Lost,
            None => {
                group.signal(Signal::TERM);
                if !read {
                    read = time::timeout(GRACE, &mut reading).await.is_ok();
                }
                group.signal(Signal::KILL);
                // Reaped only now: until here the number of the group is its own.
                let _ = child.wait().await;
                group.leave();
                End::Limit(self.limit)
            }
        };
        if !read {
            let _ = time::timeout(DRAIN, &mut reading).await;
        }
        end
    }

    fn command(&self, program: &str, arguments: Vec<String>, told: &[(&'static str, String)]) -> process::Command {
        let mut command = process::Command::new(self.path(program));
        command.args(arguments).current_dir(&self.folder).env_clear().env("PATH", PATH).env("LANG", "C.UTF-8");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.envs(self.secrets.iter().map(|(name, secret)| (name, secret.reveal())));
        command.envs(told.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        command
    }

    /// A path is one from the folder; a name is looked for in PATH.
    fn path(&self, program: &str) -> PathBuf {
        if program.contains('/') { self.folder.join(program) } else { PathBuf::from(program) }
    }

    /// The file that would be run.
    fn found(&self, program: &str) -> Option<PathBuf> {
        let runs = |path: &Path| path.metadata().is_ok_and(|about| about.is_file() && executable(&about));
        if program.contains('/') {
            return Some(self.path(program)).filter(|path| runs(path));
        }
        let path = self.environment.iter().find(|(name, _)| name == "PATH").map_or(PATH, |(_, path)| path);
        path.split(':').map(|folder| Path::new(folder).join(program)).find(|path| runs(path))
    }

    fn why(&self, program: &str, error: &std::io::Error) -> String {
        if !self.folder.is_dir() {
            format!("its folder {} is not there", self.folder.display())
        } else if self.found(program).is_none() {
            "there is no such program, or it is not executable".to_owned()
        } else {
            error.to_string()
        }
    }

    pub(crate) fn folder_finding(&self) -> Finding {
        let good = self.folder.is_dir();
        let folder = self.folder.display();
        let said = if good {
            format!("{folder} is there.")
        } else {
            format!("{folder} is not there: make it or set another.")
        };
        Finding { what: "folder".to_owned(), good, said }
    }
}

/// Whether a program can be run at all.
pub(crate) fn program_finding(runner: &Runner, name: &str, argv: &Argv) -> Finding {
    let found = runner.found(&argv.program);
    let said = match &found {
        Some(path) => format!("{} is there.", path.display()),
        None => format!(
            "“{}” is not there or not executable; a name is looked for in PATH, a path from the folder.",
            argv.program
        ),
    };
    Finding { what: format!("program for {name}"), good: found.is_some(), said }
}

/// Names with values for the environment of programs, refused where a name cannot be one. Values are not repeated.
pub(crate) fn pairs_of(field: &str, pairs: Vec<(String, String)>) -> Result<Vec<(String, String)>, Refusal> {
    for (name, value) in &pairs {
        let good = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !good {
            return Err(wrong(
                field,
                "a name that no environment variable has",
                "letters, digits and _, such as DEPLOY_TOKEN",
            ));
        }
        if name.starts_with(NAMES_TAKEN) {
            return Err(wrong(field, format!("“{name}”"), format!("a name that does not begin with {NAMES_TAKEN}")));
        }
        if value.contains('\0') {
            return Err(wrong(field, format!("a zero character in {name}"), "a text"));
        }
    }
    Ok(pairs)
}

fn executable(about: &Metadata) -> bool {
    about.permissions().mode() & 0o111 != 0
}

/// The processes that a program started, itself among them. Ended with whoever waits for it: nobody would look after them.
#[derive(Debug)]
struct Group(Option<Pid>);

impl Group {
    fn of(child: &process::Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw))
    }

    fn signal(&self, signal: Signal) {
        if let Some(leader) = self.0 {
            // It may have ended by itself in between.
            let _ = kill_process_group(leader, signal);
        }
    }

    fn leave(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::KILL);
    }
}
