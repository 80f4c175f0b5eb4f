//! One of many people who approve one release after the other, and what they were told before the line went dead.

use crate::rest::{self, Person};
use serde_json::Value;
use std::net::SocketAddr;
use store::contract::Dice;

/// What one client knows at the end.
#[derive(Debug, Default)]
pub struct Ledger {
    pub who: usize,
    /// Versions whose approval was answered with 201.
    pub acknowledged: Vec<String>,
    pub unanswered: Vec<Unanswered>,
    /// Answers that should not have been given.
    pub wrong: Vec<String>,
}

/// An approval that was sent but never answered.
#[derive(Debug)]
pub struct Unanswered {
    pub version: String,
    pub body: Value,
    key: String,
}

impl Unanswered {
    pub fn path(&self) -> String {
        format!("{}/approvals", rest::address(&self.version))
    }

    /// The header that makes a repetition recognisable.
    pub fn key(&self) -> String {
        format!("idempotency-key: {}\r\n", self.key)
    }
}

/// Approves `versions` in an order of its own, exactly as read, until done or cut off.
pub async fn approve_all(
    who: usize,
    person: Person,
    address: SocketAddr,
    mut versions: Vec<String>,
    round: u64,
    mut dice: Dice,
) -> Ledger {
    let mut ledger = Ledger { who, ..Ledger::default() };
    let mut client = person.client(address);
    while !versions.is_empty() {
        let at = usize::try_from(dice.roll(versions.len() as u64)).unwrap_or(0);
        let version = versions.swap_remove(at);
        let Ok(seen) = client.get(&rest::address(&version)).await else { break };
        let seen = seen.json();
        let body = rest::decision(&person.role, seen["digest"].as_str().unwrap_or_default());
        let sent = Unanswered { key: format!("kill-{round}-{who}-{version}"), version, body };
        match client.send("POST", &sent.path(), Some(&sent.body), &sent.key()).await {
            Ok(answer) if answer.status == 201 => ledger.acknowledged.push(sent.version),
            Ok(answer) => {
                let said = String::from_utf8_lossy(&answer.body).into_owned();
                ledger.wrong.push(format!("{}: {said}", answer.status));
            }
            Err(_) => {
                ledger.unanswered.push(sent);
                break;
            }
        }
    }
    ledger
}
