//! Server functions about what stands between a release and its next environment. Plain forms of the release page.
#![expect(clippy::too_many_arguments, reason = "each argument is a field of a form")]

use crate::{failure::Failure, forms::Accepted};
use leptos::prelude::*;

/// Answers a gate's own question for exactly what the form showed.
#[server(prefix = "/do", endpoint = "sign")]
pub async fn sign(
    product: String,
    version: String,
    gate: String,
    env: String,
    role: String,
    verdict: String,
    digest: String,
    #[server(default)] comment: String,
) -> Result<Accepted, Failure> {
    let signed = on_server::sign(&product, &version, (&gate, &env, &role), &verdict, &digest, comment);
    crate::failure::answer(signed.await)
}

/// Ticks an item of a checklist, sets it aside with a reason, or opens it again.
#[server(prefix = "/do", endpoint = "mark_item")]
pub async fn mark_item(
    product: String,
    version: String,
    list: String,
    item: String,
    state: String,
    #[server(default)] words: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::mark(&product, &version, &list, &item, &state, words).await)
}

/// What a person vouches for: a ticket, a backup, the way back, a piece of evidence, flags, benchmarks.
#[server(prefix = "/do", endpoint = "vouch")]
pub async fn vouch(
    product: String,
    version: String,
    about: String,
    #[server(default)] id: String,
    #[server(default)] url: String,
    #[server(default)] note: String,
    #[server(default)] tested: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::vouch(&product, &version, &about, id, url, note, &tested).await)
}

/// Asks for more time.
#[server(prefix = "/do", endpoint = "hold")]
pub async fn hold(
    product: String,
    version: String,
    env: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::hold(&product, &version, &env, reason).await)
}

#[server(prefix = "/do", endpoint = "lift_hold")]
pub async fn lift_hold(
    product: String,
    version: String,
    hold: u32,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    use domain::release::Command;
    crate::failure::answer(on_server::order(&product, &version, Command::Lift { hold, reason }).await)
}

/// Waives gates for some hours; `typed` is the environment, typed by hand.
#[server(prefix = "/do", endpoint = "break_glass")]
pub async fn break_glass(
    product: String,
    version: String,
    env: String,
    digest: String,
    #[server(default)] gates: Vec<String>,
    #[server(default)] reason: String,
    #[server(default)] hours: String,
    #[server(default)] typed: String,
) -> Result<Accepted, Failure> {
    let broken = on_server::break_glass(&product, &version, &env, &digest, &gates, reason, &hours, &typed);
    crate::failure::answer(broken.await)
}

/// Says that a gate does not concern the release, or with `concerns` that it does after all.
#[server(prefix = "/do", endpoint = "set_aside")]
pub async fn set_aside(
    product: String,
    version: String,
    gate: String,
    #[server(default)] reason: String,
    #[server(default)] concerns: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::set_aside(&product, &version, &gate, reason, &concerns).await)
}

/// Says that a message was sent, with the words that went out.
#[server(prefix = "/do", endpoint = "sent_message")]
pub async fn sent_message(
    product: String,
    version: String,
    message: String,
    #[server(default)] channel: String,
    #[server(default)] text: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::sent(&product, &version, &message, &channel, text).await)
}

/// Plans the deployment for a time in UTC; nothing takes it back.
#[server(prefix = "/do", endpoint = "plan_deployment")]
pub async fn plan_deployment(
    product: String,
    version: String,
    #[server(default)] at: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::plan(&product, &version, &at).await)
}

/// Says what the release is or is not, as an editor of the state `digest`.
#[server(prefix = "/do", endpoint = "declare")]
pub async fn declare(
    product: String,
    version: String,
    digest: String,
    condition: String,
    answer: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::declare(&product, &version, &digest, &condition, &answer).await)
}

/// Chooses how it is rolled out, as an editor of the state `digest`.
#[server(prefix = "/do", endpoint = "choose_strategy")]
pub async fn choose_strategy(
    product: String,
    version: String,
    digest: String,
    strategy: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::choose_strategy(&product, &version, &digest, strategy).await)
}

/// Records a deployment that another tool carried out.
#[server(prefix = "/do", endpoint = "record_deployment")]
pub async fn record_deployment(
    product: String,
    version: String,
    env: String,
    outcome: String,
    #[server(default)] url: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::record_deployment(&product, &version, &env, &outcome, url).await)
}

mod on_server {
    pub(super) use super::super::super::functions::order;
    use super::super::super::functions::{release_id, shown, verdict_of};
    use crate::{asking::asking, forms::Accepted};
    use chrono::{NaiveDateTime, TimeDelta};
    use domain::{
        Refusal,
        environment::{self, EnvironmentId, Outcome},
        playbook::Condition,
        release::{Command, Decision, Edit, Mark, Report},
    };
    use std::str::FromStr;

    /// A name that came from a form of ours; anything else is refused by its field.
    fn named<T: FromStr>(field: &'static str, text: &str) -> Result<T, Refusal> {
        let short: String = text.chars().take(60).collect();
        text.parse().map_err(|_| Refusal::invalid(field, format!("“{short}”"), "one of those on the page"))
    }

    fn filled(text: String) -> Option<String> {
        Some(text).filter(|text| !text.trim().is_empty())
    }

    pub async fn sign(
        product: &str,
        version: &str,
        (gate, env, role): (&str, &str, &str),
        verdict: &str,
        digest: &str,
        comment: String,
    ) -> Result<Accepted, Refusal> {
        let decision = Decision {
            role: named("role", role)?,
            env: named("env", env)?,
            gate: Some(named("gate", gate)?),
            verdict: verdict_of(verdict)?,
            seen: shown(digest)?,
            comment,
        };
        order(product, version, Command::Decide(decision)).await
    }

    pub async fn mark(
        product: &str,
        version: &str,
        list: &str,
        item: &str,
        state: &str,
        words: String,
    ) -> Result<Accepted, Refusal> {
        let mark = match state {
            "done" => Mark::Done { evidence: filled(words) },
            "not_applicable" => Mark::NotApplicable { reason: words },
            "open" => Mark::Open,
            other => {
                return Err(Refusal::invalid("state", format!("“{other}”"), "done, not_applicable or open"));
            }
        };
        let command = Command::Mark { list: named("list", list)?, item: named("item", item)?, mark };
        // The form has one field for what goes with a mark.
        order(product, version, command).await.map_err(|refusal| match refusal.field.as_deref() {
            Some("evidence" | "reason") => refusal.on("words"),
            _ => refusal,
        })
    }

    pub async fn vouch(
        product: &str,
        version: &str,
        about: &str,
        id: String,
        url: String,
        note: String,
        tested: &str,
    ) -> Result<Accepted, Refusal> {
        let report = match about {
            "ticket" => Report::Ticket { id, url },
            "backup" => Report::Backup { note },
            "rollback_plan" => Report::RollbackPlan { plan: note, tested: tested == "yes" },
            "evidence" => Report::Evidence { id: named("id", &id)?, note, url: filled(url) },
            "flags_configured" => Report::FlagsConfigured { note },
            "benchmarks" => Report::Benchmarks { met: tested == "yes", note, url: filled(url) },
            other => return Err(Refusal::invalid("about", format!("“{other}”"), "one of those on the page")),
        };
        let command = Command::Report(report);
        order(product, version, command).await.map_err(|refusal| match refusal.field.as_deref() {
            Some("plan") => refusal.on("note"),
            _ => refusal,
        })
    }

    pub async fn hold(product: &str, version: &str, env: &str, reason: String) -> Result<Accepted, Refusal> {
        order(product, version, Command::Hold { env: named("env", env)?, reason }).await
    }

    pub async fn break_glass(
        product: &str,
        version: &str,
        env: &str,
        digest: &str,
        gates: &[String],
        reason: String,
        hours: &str,
        typed: &str,
    ) -> Result<Accepted, Refusal> {
        if typed.trim() != env {
            let found = if typed.is_empty() { "nothing".to_owned() } else { format!("“{typed}”") };
            return Err(Refusal::invalid("typed", found, env));
        }
        let asking = asking()?;
        let wrong = || Refusal::invalid("hours", format!("“{hours}”"), "1 to 24 hours");
        let count: i64 = hours.trim().parse().ok().filter(|n| (1..=24).contains(n)).ok_or_else(wrong)?;
        let command = Command::BreakGlass {
            env: named("env", env)?,
            gates: gates.iter().map(|gate| named("gates", gate)).collect::<Result<_, _>>()?,
            reason,
            until: asking.control.now() + TimeDelta::hours(count),
            seen: shown(digest)?,
        };
        order(product, version, command).await
    }

    pub async fn set_aside(
        product: &str,
        version: &str,
        gate: &str,
        reason: String,
        concerns: &str,
    ) -> Result<Accepted, Refusal> {
        let reason = if concerns == "yes" { None } else { Some(reason) };
        order(product, version, Command::SetAside { gate: named("gate", gate)?, reason }).await
    }

    pub async fn sent(
        product: &str,
        version: &str,
        message: &str,
        channel: &str,
        text: String,
    ) -> Result<Accepted, Refusal> {
        let channel = Some(channel).filter(|c| !c.is_empty()).map(|c| named("channel", c)).transpose()?;
        order(product, version, Command::Send { message: named("message", message)?, channel, text }).await
    }

    pub async fn plan(product: &str, version: &str, at: &str) -> Result<Accepted, Refusal> {
        let at = at.trim();
        let time = |text: &str| {
            ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
                .iter()
                .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
                .ok_or_else(|| Refusal::invalid("at", format!("“{text}”"), "a time in UTC such as 2026-12-04 12:00"))
        };
        let at = if at.is_empty() { None } else { Some(time(at)?.and_utc()) };
        order(product, version, Command::Plan { at }).await
    }

    pub async fn declare(
        product: &str,
        version: &str,
        digest: &str,
        condition: &str,
        answer: &str,
    ) -> Result<Accepted, Refusal> {
        let (asking, id) = (asking()?, release_id(product, version)?);
        asking.seen(&id.product)?;
        let condition = Condition::ALL
            .iter()
            .copied()
            .find(|known| known.name() == condition)
            .ok_or_else(|| Refusal::invalid("condition", format!("“{condition}”"), "one of those on the page"))?;
        let world = asking.control.world();
        let release = world.release(&id).ok_or_else(|| Refusal::not_found(format!("release “{id}”")))?;
        let mut traits = release.contents.traits.clone();
        match answer {
            "yes" => drop(traits.insert(condition, true)),
            "no" => drop(traits.insert(condition, false)),
            "unknown" => drop(traits.remove(&condition)),
            other => return Err(Refusal::invalid("answer", format!("“{other}”"), "yes, no or unknown")),
        }
        let edit = Edit { traits: Some(traits), seen: Some(shown(digest)?), ..Edit::default() };
        order(product, version, Command::Edit(edit)).await
    }

    pub async fn choose_strategy(
        product: &str,
        version: &str,
        digest: &str,
        strategy: String,
    ) -> Result<Accepted, Refusal> {
        let (asking, id) = (asking()?, release_id(product, version)?);
        asking.seen(&id.product)?;
        let world = asking.control.world();
        let release = world.release(&id).ok_or_else(|| Refusal::not_found(format!("release “{id}”")))?;
        let mut plan = release.contents.plan.clone();
        plan.insert("strategy".to_owned(), strategy.into());
        let edit = Edit { plan: Some(plan), seen: Some(shown(digest)?), ..Edit::default() };
        order(product, version, Command::Edit(edit)).await
    }

    pub async fn record_deployment(
        product: &str,
        version: &str,
        env: &str,
        outcome: &str,
        url: String,
    ) -> Result<Accepted, Refusal> {
        let (asking, release) = (asking()?, release_id(product, version)?);
        let outcome = match outcome {
            "succeeded" => Outcome::Succeeded,
            "failed" => Outcome::Failed,
            other => return Err(Refusal::invalid("outcome", format!("“{other}”"), "succeeded or failed")),
        };
        let id = EnvironmentId { product: release.product, env: named("env", env)? };
        let command = environment::Command::Report { version: release.version, outcome, url: filled(url) };
        let receipt = asking.order(control::Command::Environment(id, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }
}
