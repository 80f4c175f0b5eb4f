//! Server functions about rollouts: start one, steer it, roll back, say what became of a step. Plain forms.

use crate::{failure::Failure, forms::Accepted};
use leptos::prelude::*;

/// Starts a rollout of exactly the release that the form showed: `digest`.
#[server(prefix = "/do", endpoint = "promote")]
pub async fn promote(
    product: String,
    version: String,
    env: String,
    digest: String,
    #[server(default)] strategy: String,
    #[server(default)] initial_traffic: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    let started = on_server::promote(&product, &version, &env, &digest, &strategy, &initial_traffic, reason);
    crate::failure::answer(started.await)
}

/// Back to `to`, or to what ran before.
#[server(prefix = "/do", endpoint = "roll_back")]
pub async fn roll_back(
    product: String,
    env: String,
    #[server(default)] to: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::roll_back(&product, &env, &to, reason).await)
}

/// Pause, resume, promote or abort; `typed` is the version, typed by hand, where all the way is asked for.
#[server(prefix = "/do", endpoint = "steer")]
pub async fn steer(
    rollout: String,
    verb: String,
    #[server(default)] reason: String,
    #[server(default)] typed: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::steer(&rollout, &verb, reason, &typed).await)
}

/// Says what became of a parked step.
#[server(prefix = "/do", endpoint = "resolve")]
pub async fn resolve(
    rollout: String,
    step: u32,
    happened: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::resolve(&rollout, step, &happened, reason).await)
}

/// After a way back: releases may come in again.
#[server(prefix = "/do", endpoint = "resume_environment")]
pub async fn resume_environment(
    product: String,
    env: String,
    #[server(default)] reason: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::resume(&product, &env, reason).await)
}

pub(crate) use on_server::place;

mod on_server {
    use crate::{
        asking::{Asking, asking},
        forms::Accepted,
        pages::release::release_id,
    };
    use control::{Command, world::Choice};
    use domain::{
        Refusal,
        digest::Digest,
        environment::{self, EnvironmentId},
        playbook::Percent,
        rollout::{RolloutId, Verb},
        slug::ProductSlug,
    };

    /// An environment of a product that the asker may see.
    pub fn place(asking: &Asking, product: &str, env: &str) -> Result<EnvironmentId, Refusal> {
        let slug: ProductSlug = product.parse().map_err(|_| Refusal::not_found(format!("product “{product}”")))?;
        asking.seen(&slug)?;
        let env = env.parse().map_err(|_| Refusal::invalid("env", format!("“{env}”"), "an environment of the list"))?;
        Ok(EnvironmentId { product: slug, env })
    }

    /// A rollout of a product that the asker may see; another one is not there for them.
    fn known(asking: &Asking, id: &str) -> Result<RolloutId, Refusal> {
        let nothing = || Refusal::not_found(format!("deployment “{id}”"));
        let known: RolloutId = id.parse().map_err(|_| nothing())?;
        let world = asking.control.world();
        let rollout = world.rollout(known).ok_or_else(nothing)?;
        asking.seen(&rollout.place.product).map_err(|_| nothing())?;
        Ok(known)
    }

    pub async fn promote(
        product: &str,
        version: &str,
        env: &str,
        digest: &str,
        strategy: &str,
        share: &str,
        reason: String,
    ) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let id = release_id(product, version)?;
        let place = place(&asking, product, env)?;
        let strategy = Some(strategy).filter(|text| !text.is_empty()).map(|text| {
            text.parse().map_err(|_| Refusal::invalid("strategy", format!("“{text}”"), "a strategy of the list"))
        });
        let choice = Choice { strategy: strategy.transpose()?, initial_traffic: percent(share)? };
        let seen: Digest =
            digest.parse().map_err(|_| Refusal::invalid("digest", format!("“{digest}”"), "the digest shown"))?;
        let (rollout, command) = asking.control.promotion(place, id.version, choice, Some(seen), reason);
        let receipt = asking.order(command).await?;
        leptos_axum::redirect(&format!("/{product}/deployments/{rollout}"));
        Ok(Accepted { seq: receipt.seq })
    }

    /// “10”, “10 %” or “2.5%”; nothing for the playbook's own.
    fn percent(text: &str) -> Result<Option<Percent>, Refusal> {
        let number = text.trim().trim_end_matches('%').trim();
        if number.is_empty() {
            return Ok(None);
        }
        let wrong = |_| Refusal::invalid("initial_traffic", format!("“{text}”"), "a share such as 10, in percent");
        format!("{number} %").parse().map(Some).map_err(wrong)
    }

    pub async fn roll_back(product: &str, env: &str, to: &str, reason: String) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let place = place(&asking, product, env)?;
        let to = Some(to.trim())
            .filter(|to| !to.is_empty())
            .map(|to| to.parse().map_err(|_| Refusal::invalid("to", format!("“{to}”"), "a version that ran there")));
        let command = asking.control.way_back(place.clone(), to.transpose()?, reason);
        let receipt = asking
            .order(command)
            .await
            .map_err(|no| if no.field.as_deref() == Some("to_version") { no.on("to") } else { no })?;
        if let Some(rollout) = asking.control.leading_back(&place) {
            leptos_axum::redirect(&format!("/{product}/deployments/{rollout}"));
        }
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn steer(id: &str, verb: &str, reason: String, typed: &str) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let known = known(&asking, id)?;
        let wrong = || Refusal::invalid("verb", format!("“{verb}”"), "pause, resume, promote, promote_fully or abort");
        let verb = Verb::named(verb).ok_or_else(wrong)?;
        if verb == Verb::PromoteFully {
            let version = asking.control.world().rollout(known).map(|r| r.version.to_string()).unwrap_or_default();
            if typed.trim() != version {
                let found = if typed.is_empty() { "nothing".to_owned() } else { format!("“{typed}”") };
                return Err(Refusal::invalid("typed", found, version));
            }
        }
        let command = asking.control.steer(known, verb, reason)?;
        let receipt = asking.order(command).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn resolve(id: &str, step: u32, happened: &str, reason: String) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let known = known(&asking, id)?;
        let happened = match happened {
            "yes" => true,
            "no" => false,
            other => return Err(Refusal::invalid("happened", format!("“{other}”"), "yes or no")),
        };
        let command = asking.control.resolve(known, step, happened, reason)?;
        let receipt = asking.order(command).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn resume(product: &str, env: &str, reason: String) -> Result<Accepted, Refusal> {
        let asking = asking()?;
        let place = place(&asking, product, env)?;
        let receipt = asking.order(Command::Environment(place, environment::Command::Resume { reason })).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    #[cfg(test)]
    mod tests {
        use super::percent;

        #[test]
        fn a_share_is_written_with_or_without_its_sign() {
            let read = |text| percent(text).map(|share| share.map(|share| share.to_string()));
            for text in ["10", "10 %", " 10% "] {
                assert_eq!(read(text).unwrap().as_deref(), Some("10 %"));
            }
            assert_eq!(read(" ").unwrap(), None);
            assert_eq!(read("much").unwrap_err().field.as_deref(), Some("initial_traffic"));
        }
    }
}
