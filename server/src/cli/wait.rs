//! `wait`: stays until a version is live, and says with its exit code how it ended: 0 live, 1 rolled back or failed,
//! 2 parked for a human, 3 out of time.

use super::{
    client::Client,
    deployments::words,
    product,
    said::{self, Fail, Said, text},
};
use clap::Args;
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

const FAILED: u8 = 1;
const PARKED: u8 = 2;
const LATE: u8 = 3;
/// How often it is looked.
const LOOK: Duration = Duration::from_secs(1);

/// How long to wait.
#[derive(Debug, Args)]
pub(super) struct Patience {
    /// How long to wait: 90s, 30m, 2h
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = length)]
    timeout: Duration,
}

#[derive(Debug, Args)]
pub(super) struct Wait {
    version: String,
    #[arg(long, default_value = "production")]
    env: String,
    #[command(flatten)]
    patience: Patience,
    /// The only one there is, when left out
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
}

/// Where a version is on its way, as far as waiting is concerned.
#[derive(Debug, PartialEq, Eq)]
enum Now {
    Live,
    /// Why.
    Failed(String),
    Parked(String),
    /// In words, for people who watch.
    NotYet(String),
}

impl Wait {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        let product = product::meant(&client, self.product).await?;
        until(&self.patience, &format!("{} in {}", self.version, self.env), async || {
            let release = client.get(&["products", &product, "releases", &self.version]).await?;
            let all = release.get("environments").and_then(Value::as_array).into_iter().flatten();
            let Some(env) = all.into_iter().find(|env| text(env, "name") == self.env) else {
                return Err(Fail::refused(format!("{} of {product} has no environment “{}”", self.version, self.env)));
            };
            let Some(brief) = env.get("deployment") else {
                let runs = !text(env, "since").is_empty();
                return Ok(if runs { Now::Live } else { Now::NotYet("is not on its way yet".to_owned()) });
            };
            let deployment = client.get(&["products", &product, "deployments", text(brief, "id")]).await?;
            Ok(if text(brief, "purpose") == "rollback" { back(&deployment) } else { forth(&deployment) })
        })
        .await
    }
}

/// Until a deployment that was just started is live.
pub(super) async fn until_live(client: &Client, product: &str, started: &Value, patience: &Patience) -> Said {
    follow(client, product, started, text(started, "version"), patience, forth).await
}

/// Until what ran before runs again.
pub(super) async fn until_back(client: &Client, product: &str, started: &Value, patience: &Patience) -> Said {
    // One that is taken back leads to what ran before it.
    let leads_to = if text(started, "purpose") == "rollback" { "version" } else { "previous" };
    follow(client, product, started, text(started, leads_to), patience, back).await
}

async fn follow(
    client: &Client,
    product: &str,
    started: &Value,
    version: &str,
    patience: &Patience,
    judge: impl Fn(&Value) -> Now,
) -> Said {
    let what = format!("{version} in {}", text(started, "env"));
    until(patience, &what, async || {
        client.get(&["products", product, "deployments", text(started, "id")]).await.map(|now| judge(&now))
    })
    .await
}

/// Looks again and again; a Pilothouse that does not answer for a while is waited for, too.
async fn until(patience: &Patience, what: &str, look: impl AsyncFn() -> Result<Now, Fail>) -> Said {
    let end = Instant::now() + patience.timeout;
    let mut last = String::new();
    loop {
        let now = match look().await {
            Ok(now) => now,
            Err(fail) if fail.is_silence() => Now::NotYet(format!("cannot be asked about: {}", fail.why())),
            Err(fail) => return Err(fail),
        };
        match now {
            Now::Live => return Ok(format!("{what} is live.\n")),
            Now::Failed(why) => return Err(Fail::with(FAILED, format!("{what} {why}"))),
            Now::Parked(why) => return Err(Fail::with(PARKED, format!("{what} waits for a human: {why}"))),
            Now::NotYet(how) if how != last => {
                said::progress(&format!("{what} {how}\n"));
                last = how;
            }
            Now::NotYet(_) => {}
        }
        if Instant::now() >= end {
            return Err(Fail::with(LATE, format!("{what} {last}; the time for it is over")));
        }
        tokio::time::sleep_until((Instant::now() + LOOK).min(end)).await;
    }
}

/// Of a version on its way in.
fn forth(deployment: &Value) -> Now {
    match text(deployment, "state") {
        "live" => Now::Live,
        "superseded" => Now::Failed("is superseded: another version took its place".to_owned()),
        _ => either(deployment),
    }
}

/// Of a version on its way back.
fn back(deployment: &Value) -> Now {
    match text(deployment, "state") {
        "rolled_back" => Now::Live,
        "superseded" => Now::Failed("is superseded: something else took its place".to_owned()),
        _ => either(deployment),
    }
}

fn either(deployment: &Value) -> Now {
    let inside = |name: &str, field: &str| deployment.get(name).map(|v| text(v, field).to_owned()).unwrap_or_default();
    match text(deployment, "state") {
        "rolled_back" => Now::Failed(told("was rolled back", &inside("turned_back", "reason"))),
        "failed" => Now::Failed(told("failed", &inside("turned_back", "reason"))),
        "parked" => Now::Parked(inside("parked", "why")),
        state => {
            let step = deployment.get("step").cloned().unwrap_or_default();
            let number = |name: &str| step.get(name).map(Value::to_string).unwrap_or_default();
            Now::NotYet(format!(
                "is {}, step {} of {}: {}",
                words(state),
                number("n"),
                number("of"),
                text(&step, "name")
            ))
        }
    }
}

fn told(what: &str, why: &str) -> String {
    if why.is_empty() { what.to_owned() } else { format!("{what}: {why}") }
}

fn length(text: &str) -> Result<Duration, String> {
    let wrong = || "a time such as 90s, 30m or 2h is allowed".to_owned();
    let (digits, each) = match text.char_indices().last().ok_or_else(wrong)? {
        (at, 's') => (&text[..at], 1),
        (at, 'm') => (&text[..at], 60),
        (at, 'h') => (&text[..at], 3_600),
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().ok().filter(|n| (1..=100_000).contains(n)).ok_or_else(wrong)?;
    Ok(Duration::from_secs(number * each))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_are_read() {
        let read = |text| length(text).map(|time| time.as_secs());
        assert_eq!((read("90s"), read("30m"), read("2h")), (Ok(90), Ok(1_800), Ok(7_200)));
        for wrong in ["", "30", "m", "0m", "-1m", "1.5h", "1d", "30 m", "9999999h", "3µ"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_state_means_something() {
        let at = |state: &str| {
            json!({ "state": state, "step": { "n": 2, "of": 9, "name": "Watch" },
            "turned_back": { "reason": "It burns." }, "parked": { "why": "Nobody knows." } })
        };
        assert_eq!(forth(&at("live")), Now::Live);
        assert_eq!(forth(&at("rolled_back")), Now::Failed("was rolled back: It burns.".to_owned()));
        assert_eq!(back(&at("rolled_back")), Now::Live);
        assert_eq!(forth(&at("parked")), Now::Parked("Nobody knows.".to_owned()));
        // All traffic is not yet live: it is watched, and may go back.
        for state in ["pending", "running", "paused", "judging", "validating", "rolling_back"] {
            let said = format!("is {}, step 2 of 9: Watch", words(state));
            assert_eq!(forth(&at(state)), Now::NotYet(said.clone()));
            assert_eq!(back(&at(state)), Now::NotYet(said));
        }
        for state in ["superseded", "failed"] {
            assert!(matches!((forth(&at(state)), back(&at(state))), (Now::Failed(_), Now::Failed(_))), "{state}");
        }
    }
}
