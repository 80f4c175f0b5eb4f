//! Programs: the contract, exit codes, limits, and that nothing reaches a shell.

use crate::{
    contract::{self, Mood, Stand},
    tasks::{connection, place, task, version, weight},
};
use async_trait::async_trait;
use control::driver::{Asked, Certainty, Driver, DriverKind, Progress, Task};
use domain::{playbook::Percent, rollout::Action};
use drivers::command::Command;
use serde_json::{Value, json};
use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const TOKEN: &str = "t0ken-of-the-team";

/// Writes each key it carries out into its ledger.
const ACT: &str = r#"
echo "working with $DEPLOY_TOKEN"
mood=$(cat mood 2>/dev/null); rm -f mood
case "$mood" in NotNow) exit 75 ;; Decline) exit 64 ;; esac
echo "$PILOTHOUSE_KEY $*" >> ledger
if [ "$mood" = LoseReply ]; then kill -9 $$; fi
"#;

const STATUS: &str = r#"
if [ "$PILOTHOUSE_ACTION" = observe ]; then
  echo '{"arms":[{"version":"1.5.0","share":25,"instances":1,"healthy":1},{"version":"1.4.2","share":75,"instances":3,"healthy":2}]}'
  exit 0
fi
grep -q "^$1 " ledger 2>/dev/null && exit 0
exit 3
"#;

fn driver(settings: Value) -> Command {
    let connection =
        connection(DriverKind::Command, settings, &[("secret_environment", &format!("DEPLOY_TOKEN={TOKEN}"))]);
    Command::new(&place(), &connection).expect("a driver")
}

/// A shell that is the program itself: whatever is run without one.
fn script(text: &str) -> Value {
    json!(["sh", "-c", text, "script"])
}

struct Programs {
    folder: TempDir,
    driver: Command,
}

fn programs() -> Programs {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("act.sh"), ACT).expect("written");
    fs::write(folder.path().join("status.sh"), STATUS).expect("written");
    let driver = driver(json!({
        "weight": ["sh", "act.sh", "{{version}}", "{{percentage}}"],
        "status": ["sh", "status.sh", "{{key}}"],
        "folder": folder.path(),
    }));
    Programs { folder, driver }
}

#[async_trait]
impl Stand for Programs {
    fn driver(&self) -> &dyn Driver {
        &self.driver
    }

    fn nowhere(&self) -> Box<dyn Driver> {
        Box::new(driver(json!({ "weight": ["./not-there"], "folder": self.folder.path() })))
    }

    fn task(&self, number: u8) -> Task {
        task(number, weight(number))
    }

    async fn effects(&self, task: &Task) -> usize {
        let ledger = fs::read_to_string(self.folder.path().join("ledger")).unwrap_or_default();
        ledger.lines().filter(|line| line.starts_with(&task.key.to_string())).count()
    }

    async fn next(&self, mood: Mood) {
        fs::write(self.folder.path().join("mood"), format!("{mood:?}")).expect("written");
    }

    async fn mend(&self) {}

    fn secrets(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }
}

#[tokio::test]
async fn the_contract_holds() {
    contract::holds(&programs()).await;
}

#[tokio::test]
async fn each_exit_code_says_whether_anything_may_have_happened() {
    for (code, certainty) in [
        (75, Certainty::NotDone),
        (64, Certainty::Declined),
        (1, Certainty::Unknown),
        (2, Certainty::Unknown),
        (127, Certainty::Unknown),
    ] {
        let driver = driver(json!({ "promote": script(&format!("echo out; echo problem >&2; exit {code}")) }));
        let fault = driver.perform(&task(1, Action::Promote)).await.expect_err("no success");
        assert_eq!(fault.certainty, certainty, "{code}: {fault}");
        assert!(fault.said.contains(&format!("exited with {code}")) && fault.said.contains("problem"), "{fault}");
    }
}

#[tokio::test]
async fn status_codes_are_read_and_anything_else_cannot_say() {
    for (code, asked) in [(1, "Failed"), (2, "Running"), (3, "NeverSeen"), (4, "CannotSay"), (127, "CannotSay")] {
        let driver = driver(json!({ "promote": ["true"], "status": script(&format!("echo words; exit {code}")) }));
        let found = format!("{:?}", driver.ask(&task(1, Action::Promote)).await);
        assert!(found.starts_with(asked), "{code}: {found}");
    }
    // Where status cannot say whether it was done before, nothing is run.
    let folder = TempDir::new().expect("a folder");
    let driver = driver(json!({ "promote": ["touch", "ran"], "status": script("exit 9"), "folder": folder.path() }));
    let fault = driver.perform(&task(1, Action::Promote)).await.expect_err("not run");
    assert_eq!(fault.certainty, Certainty::Unknown, "{fault}");
    assert!(!folder.path().join("ran").exists());
}

#[tokio::test]
async fn without_status_it_cannot_be_asked() {
    let driver = driver(json!({ "promote": ["true"] }));
    assert!(!driver.abilities().asks);
    assert!(matches!(driver.ask(&task(1, Action::Promote)).await, Asked::CannotSay(_)));
    assert!(matches!(driver.perform(&task(1, Action::Promote)).await, Ok(Progress::Done(_))));
    let fault = driver.perform(&task(1, Action::Retire)).await.expect_err("no command for it");
    assert_eq!(fault.certainty, Certainty::Declined);
}

#[tokio::test]
async fn words_arrive_as_they_are_and_nothing_of_our_environment_with_them() {
    let folder = TempDir::new().expect("a folder");
    let show = r#"for word in "$@"; do echo "[$word]"; done > words; env | sort > environment"#;
    let driver = driver(json!({
        "weight": ["sh", "-c", show, "x", "{{version}};$(touch smuggled)", "a b  c", "", "{{percentage}}", "{{artifact}}", "{{other}}"],
        "folder": folder.path(),
        "environment": { "REGION": "north; touch smuggled" },
    }));
    assert!(driver.perform(&task(7, weight(25))).await.is_ok());
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("written");
    assert_eq!(read("words"), "[1.5.0;$(touch smuggled)]\n[a b  c]\n[]\n[25]\n[shop-web@sha256:abc]\n[1.4.2]\n");
    assert!(!folder.path().join("smuggled").exists());
    let environment = read("environment");
    let names: Vec<&str> = environment.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name).collect();
    for name in ["PILOTHOUSE_KEY", "PILOTHOUSE_ACTION", "PILOTHOUSE_PERCENTAGE", "REGION", "DEPLOY_TOKEN", "PATH"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    let others: Vec<&&str> = names
        .iter()
        .filter(|name| {
            !name.starts_with("PILOTHOUSE_")
                && !["REGION", "DEPLOY_TOKEN", "PATH", "LANG", "PWD", "OLDPWD", "SHLVL", "_"].contains(name)
        })
        .collect();
    assert!(others.is_empty(), "{others:?} came from elsewhere");
    assert!(environment.contains("REGION=north; touch smuggled"));
}

#[tokio::test]
async fn at_the_limit_the_program_and_all_it_started_end() {
    let folder = TempDir::new().expect("a folder");
    // The child of the child ignores the friendly signal.
    let text = r#"sh -c 'trap "" TERM; while :; do date +%s%N > beat; sleep 0.05; done' & echo started; wait"#;
    let driver = driver(json!({ "deploy": script(text), "folder": folder.path(), "limit_seconds": 1 }));
    let began = Instant::now();
    let fault = driver.perform(&task(1, Action::Deploy)).await.expect_err("too long");
    assert_eq!(fault.certainty, Certainty::Unknown, "{fault}");
    assert!(fault.said.contains("time limit of 1 s") && fault.said.contains("started"), "{fault}");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert!(stands_still(&folder.path().join("beat")).await, "a process lives on");
}

#[tokio::test]
async fn nobody_waits_any_more_and_the_program_ends() {
    let folder = TempDir::new().expect("a folder");
    let driver =
        driver(json!({ "deploy": script("while :; do date +%s%N > beat; sleep 0.05; done"), "folder": folder.path() }));
    let beat = folder.path().join("beat");
    let task = task(1, Action::Deploy);
    tokio::select! {
        result = driver.perform(&task) => panic!("it should not end by itself: {result:?}"),
        () = exists(&beat) => {}
    }
    assert!(stands_still(&beat).await, "it lives on");
}

#[tokio::test]
async fn what_a_deployment_starts_may_stay() {
    let folder = TempDir::new().expect("a folder");
    let text = "sh -c 'n=0; while [ $n -lt 200 ]; do n=$((n+1)); date +%s%N > beat; sleep 0.05; done' & echo up";
    let driver = driver(json!({ "deploy": script(text), "folder": folder.path() }));
    let done = driver.perform(&task(1, Action::Deploy)).await;
    assert!(matches!(&done, Ok(Progress::Done(done)) if done.said.contains("up")), "{done:?}");
    let beat = folder.path().join("beat");
    exists(&beat).await;
    let before = fs::read_to_string(&beat).unwrap_or_default();
    let deadline = Instant::now() + Duration::from_secs(5);
    while fs::read_to_string(&beat).unwrap_or_default() == before {
        assert!(Instant::now() < deadline, "the server that it started must live on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn only_the_end_of_much_output_is_kept() {
    let driver = driver(
        json!({ "deploy": script("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; echo the-end") }),
    );
    let Ok(Progress::Done(done)) = driver.perform(&task(1, Action::Deploy)).await else { panic!("it ends well") };
    assert!(done.said.ends_with("the-end"), "{}", done.said);
    assert!(done.said.chars().count() < 600);
    let lines = driver.log(100_000).await.expect("lines");
    assert!(lines.iter().map(|line| line.len() + 1).sum::<usize>() <= 64 * 1024);
    assert_eq!(lines.last().map(String::as_str), Some("the-end"));
    assert!(lines[0].starts_with("line "), "whole lines: {}", lines[0]);
}

#[tokio::test]
async fn what_runs_is_what_status_says() {
    let programs = programs();
    let observed = programs.driver.observe().await.expect("seen");
    assert_eq!(observed.arms[0].version, Some(version("1.4.2")));
    assert_eq!((observed.arms[0].share, observed.arms[0].instances, observed.arms[0].healthy), (Percent::of(75), 3, 2));
    assert_eq!((observed.arms[1].version.clone(), observed.arms[1].share), (Some(version("1.5.0")), Percent::of(25)));
    let findings = programs.driver.test().await;
    assert!(findings.iter().all(|finding| finding.good), "{findings:?}");
}

#[test]
fn settings_are_checked_when_they_are_set() {
    let refused = |settings: Value, secret: &str| {
        let connection = connection(DriverKind::Command, settings, &[("secret_environment", secret)]);
        let refusal = Command::new(&place(), &connection).expect_err("refused");
        assert!(!format!("{refusal:?}").contains("hunter22"), "{refusal:?}");
        (refusal.field.unwrap_or_default(), refusal.detail)
    };
    for (settings, secret, field, words) in [
        (json!({}), "", "deploy", "no command for any action"),
        (json!({ "deploy": ["x", "{{verison}}"] }), "", "deploy", "{{verison}}"),
        (json!({ "deploy": ["x", "{{version"] }), "", "deploy", "never closed"),
        (json!({ "deploy": ["x", "{{percentage}}"] }), "", "deploy", "{{percentage}}"),
        (json!({ "deploy": ["{{env}}.sh"] }), "", "deploy", "without places"),
        (json!({ "deploy": "deploy.sh now" }), "", "deploy", "a list of texts"),
        (json!({ "deploy": ["x"], "rollback": ["x"] }), "", "rollback", "did you mean “roll_back”?"),
        (json!({ "deploy": ["x"], "folder": "srv" }), "", "folder", "absolute"),
        (json!({ "deploy": ["x"], "limit_seconds": 0 }), "", "limit_seconds", "1 to 86400"),
        (json!({ "deploy": ["x"], "environment": { "A B": "c" } }), "", "environment", "letters, digits and _"),
        (
            json!({ "deploy": ["x"], "environment": { "PILOTHOUSE_KEY": "c" } }),
            "",
            "environment",
            "does not begin with",
        ),
        (json!({ "deploy": ["x"] }), "hunter22", "secret_environment", "no “=” in line 1"),
        (json!({ "deploy": ["x"] }), "A=b\nB C=hunter22", "secret_environment", "letters, digits and _"),
    ] {
        let (found, detail) = refused(settings, secret);
        assert_eq!(found, field, "{detail}");
        assert!(detail.contains(words), "{detail}");
    }
}

async fn exists(path: &Path) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !path.exists() {
        assert!(Instant::now() < deadline, "{} never appears", path.display());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Whether nobody writes into it any more: unchanged over many times the pause of its writer.
async fn stands_still(path: &Path) -> bool {
    let before = fs::read_to_string(path).unwrap_or_default();
    tokio::time::sleep(Duration::from_millis(600)).await;
    fs::read_to_string(path).unwrap_or_default() == before
}
