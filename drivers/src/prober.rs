//! Looks whether what should run is well: the address answers, and the smoke commands end well.

use crate::{
    Tools,
    command::{Argv, End, Runner},
    outbound::{Limits, Outbound, Request, address},
    template::{VARIABLES, values},
};
use async_trait::async_trait;
use control::driver::{Done, Fault, Prober, Task};
use domain::{Refusal, environment::Connection, text};
use reqwest::Method;
use std::time::Duration;

const HEALTH: Limits = Limits { connect: Duration::from_secs(5), total: Duration::from_secs(10), reply: 1 << 16 };
/// So much of what a command wrote is said.
const SAID: usize = 300;

#[async_trait]
impl Prober for Tools {
    async fn verify(&self, task: &Task, connection: &Connection) -> Result<Done, Fault> {
        let mut seen = Vec::new();
        if let Some(health) = &connection.health {
            seen.push(healthy(health).await?);
        }
        for command in &connection.smoke {
            seen.push(smoke(task, command).await?);
        }
        let said = if seen.is_empty() {
            "Nothing is set that could be checked: neither a health address nor smoke commands.".to_owned()
        } else {
            format!("{}.", text::list(&seen))
        };
        Ok(Done { share: None, said, url: None })
    }
}

/// Whoever set the address may have it asked, wherever it is.
async fn healthy(health: &str) -> Result<String, Fault> {
    let url = address("health", health).map_err(wrong)?;
    let host = url.host_str().unwrap_or_default().to_owned();
    let outbound = Outbound::new(&[host], HEALTH).map_err(wrong)?;
    // A service that does not answer is not well, whatever became of the question.
    let reply = outbound.send(Request::new(Method::GET, url)).await.map_err(|fault| Fault::declined(fault.said))?;
    if reply.good() {
        Ok(format!("{health} answered {}", reply.status))
    } else {
        Err(Fault::declined(format!("{health} answered {}.", reply.status)))
    }
}

async fn smoke(task: &Task, command: &[String]) -> Result<String, Fault> {
    let argv = Argv::parse("smoke", command, &VARIABLES).map_err(wrong)?;
    let runner = Runner::new(None, Vec::new(), Vec::new(), task.limit).map_err(wrong)?;
    let mut values = values(task);
    for name in ["percentage", "artifact"] {
        values.entry(name).or_default();
    }
    let ended = runner.run(&argv, &values, &[]).await?;
    let said = ended.said(SAID);
    if matches!(ended.end, End::Code(0)) {
        Ok(said.trim_end_matches('.').to_owned())
    } else {
        Err(Fault::declined(said))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "made for map_err")]
fn wrong(refusal: Refusal) -> Fault {
    Fault::declined(refusal.to_string())
}
