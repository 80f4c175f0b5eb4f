//! Programs of the team's own: one for each action, run without a shell.

mod arms;
mod output;
mod run;
mod settings;

pub use settings::FIELDS;
pub(crate) use settings::runner;

pub(crate) use arms::Arms;
pub(crate) use run::{Argv, End, Ended, Runner, pairs_of, program_finding};

use crate::template::{Values, of_place, values};
use async_trait::async_trait;
use control::driver::{Asked, Connection, Done, Driver, Fault, Finding, Observed, Progress, Task};
use domain::{
    Refusal,
    environment::EnvironmentId,
    rollout::{Abilities, ActionKind},
};
use settings::Programs;
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Asking takes no longer than this.
const PATIENCE: Duration = Duration::from_mins(1);
/// So much of the output is said.
const SAID: usize = 500;

/// Exit codes that say that nothing happened (`sysexits.h`).
const NOT_NOW: i32 = 75;
const USAGE: i32 = 64;

/// Runs the programs that were set for an environment.
#[derive(Debug)]
pub struct Command {
    place: EnvironmentId,
    programs: Programs,
    runner: Runner,
    /// What the last action wrote.
    last: Mutex<String>,
}

impl Command {
    pub fn new(place: &EnvironmentId, connection: &Connection) -> Result<Self, Refusal> {
        let (programs, runner) = settings::read(connection)?;
        Ok(Self { place: place.clone(), programs, runner, last: Mutex::default() })
    }

    fn keep(&self, output: &str) {
        output.clone_into(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What `status` says of the task; none without it.
    async fn status(&self, task: &Task) -> Option<Asked> {
        let status = self.programs.status.as_ref()?;
        let mut values = values(task);
        // Programs are told the same words for every action; some have no share and no artifact.
        for name in ["percentage", "artifact"] {
            values.entry(name).or_default();
        }
        Some(match self.runner.within(PATIENCE).run(status, &values, &environment(task)).await {
            Err(fault) => Asked::CannotSay(fault.said),
            Ok(ended) => {
                let said = ended.said(SAID);
                match ended.end {
                    End::Code(0) => {
                        let arms = Arms::read(&ended.stdout);
                        let share = task.told().and_then(|version| arms?.share_of(version));
                        Asked::Done(Done { share, said, url: None })
                    }
                    End::Code(1) => Asked::Failed(said),
                    End::Code(2) => Asked::Running { said, url: None },
                    End::Code(3) => Asked::NeverSeen,
                    _ => Asked::CannotSay(said),
                }
            }
        })
    }
}

#[async_trait]
impl Driver for Command {
    fn abilities(&self) -> Abilities {
        Abilities::of(self.programs.actions.keys().copied(), self.programs.status.is_some())
    }

    async fn perform(&self, task: &Task) -> Result<Progress, Fault> {
        let kind = task.action.kind();
        let Some(argv) = self.programs.actions.get(&kind) else {
            return Err(Fault::declined(format!("No command is set for “{kind}” in {}.", self.place)));
        };
        match self.status(task).await {
            None | Some(Asked::NeverSeen) => {}
            Some(Asked::Done(done)) => return Ok(Progress::Done(done)),
            Some(Asked::Running { said, url }) => return Ok(Progress::Running { said, url }),
            Some(Asked::Failed(said)) => {
                return Err(Fault::declined(format!("It failed before and was not run again. {said}")));
            }
            Some(Asked::CannotSay(said)) => {
                return Err(Fault::unknown(format!(
                    "Nothing was run: the status command cannot say whether this was done before. {said}"
                )));
            }
        }
        let ended = self.runner.run(argv, &values(task), &environment(task)).await?;
        self.keep(&ended.output);
        verdict(&ended, SAID).map(|said| Progress::Done(Done { share: None, said, url: None }))
    }

    async fn ask(&self, task: &Task) -> Asked {
        self.status(task).await.unwrap_or_else(|| {
            Asked::CannotSay(format!(
                "No status command is set for {}: whether {} was carried out, only its output and the place itself can tell.",
                self.place, task.action.kind()
            ))
        })
    }

    async fn observe(&self) -> Result<Observed, Fault> {
        let Some(status) = &self.programs.status else {
            return Err(Fault::declined(format!(
                "No status command is set for {}: what runs cannot be seen.",
                self.place
            )));
        };
        let ended = self.runner.within(PATIENCE).run(status, &nothing(&self.place), &looking(&self.place)).await?;
        match Arms::read(&ended.stdout) {
            Some(arms) => Ok(arms.observed()),
            None => Err(Fault::not_done(format!(
                "The status command printed no line of JSON with “arms” as the last of its output. {}",
                ended.said(SAID)
            ))),
        }
    }

    async fn test(&self) -> Vec<Finding> {
        let mut findings = vec![self.runner.folder_finding()];
        let named = self.programs.actions.iter().map(|(kind, argv)| (kind.name(), argv));
        for (name, argv) in named.chain(self.programs.status.iter().map(|argv| ("status", argv))) {
            findings.push(program_finding(&self.runner, name, argv));
        }
        if self.programs.status.is_some() {
            let seen = self.observe().await;
            let said = match &seen {
                Ok(observed) if observed.arms.is_empty() => "It says that nothing runs.".to_owned(),
                Ok(observed) => format!("It says what runs: {} versions.", observed.arms.len()),
                Err(fault) => fault.said.clone(),
            };
            findings.push(Finding { what: "what runs, by the status command".to_owned(), good: seen.is_ok(), said });
        }
        findings
    }

    async fn log(&self, lines: usize) -> Result<Vec<String>, Fault> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<&str> = last.lines().collect();
        Ok(all[all.len().saturating_sub(lines)..].iter().map(|line| (*line).to_owned()).collect())
    }
}

/// What an end means for a second try.
pub(crate) fn verdict(ended: &Ended, most: usize) -> Result<String, Fault> {
    let said = ended.said(most);
    match ended.end {
        End::Code(0) => Ok(said),
        End::Code(NOT_NOW) => Err(Fault::not_done(said)),
        End::Code(USAGE) => Err(Fault::declined(said)),
        _ => Err(Fault::unknown(said)),
    }
}

/// What every program is told of its task, whatever its arguments are.
pub(crate) fn environment(task: &Task) -> Vec<(&'static str, String)> {
    let artifacts = task.artifacts.iter().map(|it| format!("{} {}", it.name, it.digest)).collect::<Vec<_>>();
    vec![
        ("PILOTHOUSE_KEY", task.key.to_string()),
        ("PILOTHOUSE_ACTION", task.action.kind().to_string()),
        ("PILOTHOUSE_VERSION", task.version.to_string()),
        ("PILOTHOUSE_OTHER", task.other.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("PILOTHOUSE_PERCENTAGE", task.action.share().map(|share| share.amount().to_string()).unwrap_or_default()),
        ("PILOTHOUSE_ENV", task.place.env.to_string()),
        ("PILOTHOUSE_PRODUCT", task.place.product.to_string()),
        ("PILOTHOUSE_ORDER", task.order.to_string()),
        ("PILOTHOUSE_ARTIFACTS", artifacts.join("\n")),
    ]
}

/// The same for a look at what runs: there is no task.
fn looking(place: &EnvironmentId) -> Vec<(&'static str, String)> {
    vec![
        ("PILOTHOUSE_ACTION", "observe".to_owned()),
        ("PILOTHOUSE_ENV", place.env.to_string()),
        ("PILOTHOUSE_PRODUCT", place.product.to_string()),
    ]
}

fn nothing(place: &EnvironmentId) -> Values {
    let mut values = of_place(place);
    for name in crate::template::VARIABLES {
        values.entry(name).or_default();
    }
    values
}

/// The actions that a program can be set for.
pub(crate) const ACTIONS: [ActionKind; 6] = [
    ActionKind::Deploy,
    ActionKind::Replace,
    ActionKind::Weight,
    ActionKind::Promote,
    ActionKind::Retire,
    ActionKind::RollBack,
];
