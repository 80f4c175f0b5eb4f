//! What holds for every driver that can be asked, counted in the other side's own ledger.

use async_trait::async_trait;
use control::driver::{Asked, Certainty, Driver, Fault, Progress, Task};
use std::time::{Duration, Instant};

/// What the other side does with the next task, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// Carries it out; the reply never arrives.
    LoseReply,
    /// “Not now”: nothing is done.
    NotNow,
    /// “No”: nothing is done.
    Decline,
}

/// A driver with the other side it works on.
#[async_trait]
pub trait Stand: Send + Sync {
    fn driver(&self) -> &dyn Driver;
    /// The same, set to where nobody is.
    fn nowhere(&self) -> Box<dyn Driver>;
    /// A task of its own for each number, each with another effect.
    fn task(&self, number: u8) -> Task;
    /// How often the other side carried the task out, by its own record.
    async fn effects(&self, task: &Task) -> usize;
    async fn next(&self, mood: Mood);
    /// Replies arrive again.
    async fn mend(&self);
    /// Texts that must be seen nowhere.
    fn secrets(&self) -> Vec<String>;
}

/// Panics with the sentence that does not hold.
pub async fn holds(stand: &dyn Stand) {
    let mut texts = vec![format!("{:?}", stand.driver())];
    once(stand, &mut texts).await;
    lost_reply(stand, &mut texts).await;
    certain(stand, Mood::NotNow, Certainty::NotDone, stand.task(3), &mut texts).await;
    certain(stand, Mood::Decline, Certainty::Declined, stand.task(4), &mut texts).await;
    nobody_there(stand, &mut texts).await;
    texts.push(format!("{:?} {:?}", stand.driver().test().await, stand.driver().observe().await));
    texts.push(format!("{:?}", stand.driver().log(1_000).await));
    for secret in stand.secrets() {
        assert!(!texts.concat().contains(&secret), "a secret is seen in {texts:#?}");
    }
}

async fn once(stand: &dyn Stand, texts: &mut Vec<String>) {
    let task = stand.task(1);
    assert_eq!(stand.driver().ask(&task).await, Asked::NeverSeen, "before anything was sent");
    assert_eq!(stand.effects(&task).await, 0);
    for time in ["the first time", "the second time"] {
        let result = stand.driver().perform(&task).await;
        texts.push(format!("{result:?}"));
        if !matches!(result, Ok(Progress::Done(_))) {
            let running = matches!(result, Ok(Progress::Running { .. }));
            assert!(running, "{time}: {result:?}");
        }
        ends_well(stand, &task, texts).await;
        assert_eq!(stand.effects(&task).await, 1, "done once, {time}");
    }
}

async fn lost_reply(stand: &dyn Stand, texts: &mut Vec<String>) {
    let task = stand.task(2);
    stand.next(Mood::LoseReply).await;
    let fault = refused(stand.driver().perform(&task).await, texts);
    assert_eq!(fault.certainty, Certainty::Unknown, "a lost reply: {fault}");
    stand.mend().await;
    ends_well(stand, &task, texts).await;
    assert_eq!(stand.effects(&task).await, 1, "it was carried out although nobody heard");
    let again = stand.driver().perform(&task).await;
    assert!(again.is_ok(), "{again:?}");
    assert_eq!(stand.effects(&task).await, 1, "and not again");
}

async fn certain(stand: &dyn Stand, mood: Mood, certainty: Certainty, task: Task, texts: &mut Vec<String>) {
    stand.next(mood).await;
    let fault = refused(stand.driver().perform(&task).await, texts);
    assert_eq!(fault.certainty, certainty, "{mood:?}: {fault}");
    stand.mend().await;
    assert_eq!(stand.effects(&task).await, 0, "nothing happened");
    assert_eq!(stand.driver().ask(&task).await, Asked::NeverSeen, "{mood:?}");
    let again = stand.driver().perform(&task).await;
    assert!(again.is_ok(), "{again:?}");
    ends_well(stand, &task, texts).await;
    assert_eq!(stand.effects(&task).await, 1);
}

async fn nobody_there(stand: &dyn Stand, texts: &mut Vec<String>) {
    let nowhere = stand.nowhere();
    let task = stand.task(5);
    let fault = refused(nowhere.perform(&task).await, texts);
    assert_eq!(fault.certainty, Certainty::NotDone, "nobody there: {fault}");
    let asked = nowhere.ask(&task).await;
    assert!(matches!(asked, Asked::CannotSay(_)), "nobody there: {asked:?}");
    assert!(nowhere.observe().await.is_err());
    let findings = nowhere.test().await;
    assert!(findings.iter().any(|finding| !finding.good), "{findings:?}");
    texts.push(format!("{nowhere:?} {asked:?} {findings:?}"));
}

async fn ends_well(stand: &dyn Stand, task: &Task, texts: &mut Vec<String>) {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let asked = stand.driver().ask(task).await;
        texts.push(format!("{asked:?}"));
        match asked {
            Asked::Done(_) => return,
            Asked::Running { .. } if Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(20)).await,
            other => panic!("it should be done: {other:?}"),
        }
    }
}

fn refused(result: Result<Progress, Fault>, texts: &mut Vec<String>) -> Fault {
    texts.push(format!("{result:?}"));
    result.expect_err("it should not succeed")
}
