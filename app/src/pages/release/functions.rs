//! Server functions of one release: reading it and deciding on it.

use super::model::ReleaseView;
use crate::pages::rollout::{Charts, Part, playbook};
use crate::{failure::Failure, forms::Accepted};
use domain::rollout::{Purpose, Rollout};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[server(prefix = "/see", endpoint = "release", input = GetUrl)]
pub async fn see_release(product: String, version: String) -> Result<ReleaseView, Failure> {
    crate::failure::answer(on_server::see(&product, &version).await)
}

/// One row of the editor; an empty one counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ArtifactRow {
    pub name: String,
    pub digest: String,
}

/// Changes what is given, as an editor of the state `digest`.
#[server(prefix = "/do", endpoint = "edit_release")]
pub async fn edit_release(
    product: String,
    version: String,
    digest: String,
    #[server(default)] title: String,
    #[server(default)] artifacts: Vec<ArtifactRow>,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::edit(&product, &version, &digest, title, artifacts).await)
}

#[server(prefix = "/do", endpoint = "request_approval")]
pub async fn request_approval(product: String, version: String) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::request_approval(&product, &version).await)
}

/// Withdraws a release for good; `typed` is its version, typed by hand.
#[server(prefix = "/do", endpoint = "cancel_release")]
pub async fn cancel_release(
    product: String,
    version: String,
    #[server(default)] reason: String,
    #[server(default)] typed: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::cancel(&product, &version, reason, &typed).await)
}

/// Approves or rejects exactly what the form showed: `digest`.
#[server(prefix = "/do", endpoint = "approve")]
pub async fn approve(
    product: String,
    version: String,
    role: String,
    verdict: String,
    digest: String,
    #[server(default)] comment: String,
) -> Result<Accepted, Failure> {
    crate::failure::answer(on_server::approve(&product, &version, &role, &verdict, &digest, comment).await)
}

pub use on_server::id as release_id;
pub(super) use on_server::{order, shown, timeline, verdict_of};

/// What stands between the release and its next environment.
pub(super) fn board(product: &str, version: &str) -> Result<super::board::Board, domain::Refusal> {
    super::board::Board::of(&crate::asking::asking()?, &release_id(product, version)?)
}

/// How it gets into each environment.
pub(super) fn stages(product: &str, version: &str) -> Result<super::rollout::Stages, domain::Refusal> {
    super::rollout::Stages::of(&crate::asking::asking()?, &release_id(product, version)?)
}

/// What was seen while it went into an environment: now, or the last time. None before there was a first time.
pub(super) async fn canary(product: &str, version: &str, part: Part) -> Result<Option<Charts>, domain::Refusal> {
    let (asking, id) = (crate::asking::asking()?, release_id(product, version)?);
    let world = asking.control.world();
    let of_it = |rollout: &&Rollout| rollout.version == id.version && rollout.purpose == Purpose::Promotion;
    let Some(rollout) = world.rollouts_of(&id.product, None).map(|(_, rollout)| rollout).find(of_it) else {
        return Ok(None);
    };
    Charts::of(&asking, rollout, playbook(&world, rollout), part).await.map(Some)
}

mod on_server {
    use super::{
        super::{
            model::{Ahead, ReleaseView, Rights, line},
            timeline::Told,
        },
        ArtifactRow,
    };
    use crate::{
        asking::{Asking, asking},
        forms::Accepted,
    };
    use control::{Command, World};
    use domain::{
        Refusal, Timestamp,
        digest::Digest,
        environment::{Environment, EnvironmentId},
        gate,
        journal::{Envelope, Fact, Stream},
        release::{self, Artifact, Decision, Edit, Release, ReleaseId, Verdict, Version},
        slug::{EnvName, ProductSlug, RoleId},
    };
    use std::collections::BTreeMap;

    /// How many events the timeline shows at once.
    const EVENTS: u64 = 50;

    /// A name in an address that cannot be one is simply not there.
    pub fn id(product: &str, version: &str) -> Result<ReleaseId, Refusal> {
        let nothing = || Refusal::not_found(format!("release “{product} {version}”"));
        let product: ProductSlug = product.parse().map_err(|_| nothing())?;
        let version: Version = version.parse().map_err(|_| nothing())?;
        Ok(ReleaseId { product, version })
    }

    pub async fn see(product: &str, version: &str) -> Result<ReleaseView, Refusal> {
        let (asking, id) = (asking()?, id(product, version)?);
        let (product, by) = asking.seen(&id.product)?;
        let world = asking.control.world();
        let release = world.release(&id).cloned().ok_or_else(|| Refusal::not_found(format!("release “{id}”")))?;
        let version = world.version(&Stream::Release(id.clone()));
        let now = asking.control.now();
        let production = EnvironmentId { product: id.product.clone(), env: EnvName::production() };
        let playbook = world.playbook_at(&release.contents.playbook, release.contents.playbook_revision);
        let kind = playbook.and_then(|p| p.types.iter().find(|t| t.id == release.contents.kind));
        let before =
            world.releases_of(&id.product).find(|r| r.id.version < id.version && r.state() == release::State::Approved);
        Ok(ReleaseView {
            names: names(&asking, &release),
            rights: Rights::from(&by),
            product_name: product.name.clone(),
            kind_title: kind.map_or_else(|| release.contents.kind.to_string(), |k| k.title.clone()),
            before: before.map(|r| r.id.version.clone()),
            running: world.environment(&production).and_then(Environment::running).map(|run| run.version.clone()),
            ahead: ahead(&world, &release, None, now),
            production: ahead(&world, &release, Some(&production.env), now),
            rollback_target: world.rollback_target(&release).cloned(),
            moved: world.release_state(&release).name().to_owned(),
            seq: world.seq,
            version,
            release,
        })
    }

    /// How the gates stand before `env`, or before the next environment.
    fn ahead(world: &World, release: &Release, env: Option<&EnvName>, now: Timestamp) -> Option<Ahead> {
        let today = world.today(&release.id.product, now);
        let ahead = world.in_scene(release, &today, |scene| {
            let env = env.or_else(|| gate::next_environment(scene))?.clone();
            let gates = gate::assess(scene, &env);
            let unmet: Vec<_> = gates.iter().filter(|status| !status.state.lets_pass()).collect();
            let first = unmet.first().map_or_else(String::new, |status| status.why.clone());
            Some(Ahead { env, gates: gates.len(), unmet: unmet.len(), first })
        });
        ahead.flatten()
    }

    /// The last events of a release, the newest first, and whether there are more.
    pub async fn timeline(product: &str, version: &str) -> Result<Told, Refusal> {
        let (asking, id) = (asking()?, id(product, version)?);
        asking.seen(&id.product)?;
        let stream = Stream::Release(id);
        let version = asking.control.world().version(&stream);
        let rows = asking.control.journal().read_stream(&stream, version.saturating_sub(EVENTS), 1_000).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows.iter().rev() {
            let Envelope { seq, at, actor, fact, .. } = row.envelope()?;
            if let Fact::Release(event) = fact {
                let by = actor.person().map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id));
                lines.push((line(seq, at, actor, &event), by));
            }
        }
        Ok(Told { lines, more: version > EVENTS })
    }

    fn names(asking: &Asking, release: &Release) -> BTreeMap<String, String> {
        let decided = release.approvals.iter().flat_map(|a| [Some(a.by), a.for_absent]).flatten();
        let people = release.authors.iter().copied().chain(release.created_by).chain(decided);
        let people = people.chain(release.cancelled.iter().filter_map(|told| told.by)).chain([asking.person]);
        people.map(|id| (id.to_string(), asking.control.name(id))).collect()
    }

    pub async fn approve(
        product: &str,
        version: &str,
        role: &str,
        verdict: &str,
        digest: &str,
        comment: String,
    ) -> Result<Accepted, Refusal> {
        let (asking, id) = (asking()?, id(product, version)?);
        let role: RoleId = role.parse().map_err(|_| Refusal::invalid("role", format!("“{role}”"), "a role"))?;
        let seen = shown(digest)?;
        let verdict = verdict_of(verdict)?;
        let decision = Decision { role, env: EnvName::production(), gate: None, verdict, seen, comment };
        let receipt = asking.order(Command::Release(id, release::Command::Decide(decision))).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub async fn edit(
        product: &str,
        version: &str,
        digest: &str,
        title: String,
        rows: Vec<ArtifactRow>,
    ) -> Result<Accepted, Refusal> {
        let seen = shown(digest)?;
        let filled: Vec<(usize, ArtifactRow)> = rows
            .into_iter()
            .enumerate()
            .filter(|(_, row)| !(row.name.trim().is_empty() && row.digest.trim().is_empty()))
            .collect();
        let places: Vec<usize> = filled.iter().map(|(n, _)| *n).collect();
        let artifacts = filled.into_iter().map(|(_, row)| Artifact { name: row.name, digest: row.digest }).collect();
        let (title, artifacts) = (Some(title), Some(artifacts));
        let edit = release::Command::Edit(Edit { title, artifacts, seen: Some(seen), ..Edit::default() });
        order(product, version, edit).await.map_err(|refusal| in_its_row(refusal, &places))
    }

    pub async fn request_approval(product: &str, version: &str) -> Result<Accepted, Refusal> {
        order(product, version, release::Command::RequestApproval).await
    }

    pub async fn cancel(product: &str, version: &str, reason: String, typed: &str) -> Result<Accepted, Refusal> {
        if typed.trim() != version {
            let found = if typed.is_empty() { "nothing".to_owned() } else { format!("“{typed}”") };
            return Err(Refusal::invalid("typed", found, version));
        }
        order(product, version, release::Command::Cancel { reason }).await
    }

    pub async fn order(product: &str, version: &str, command: release::Command) -> Result<Accepted, Refusal> {
        let (asking, id) = (asking()?, id(product, version)?);
        let receipt = asking.order(Command::Release(id, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    pub fn verdict_of(text: &str) -> Result<Verdict, Refusal> {
        match text {
            "approve" => Ok(Verdict::Approve),
            "reject" => Ok(Verdict::Reject),
            other => Err(Refusal::invalid("verdict", format!("“{other}”"), "“approve” or “reject”")),
        }
    }

    pub fn shown(digest: &str) -> Result<Digest, Refusal> {
        digest.parse().map_err(|_| Refusal::invalid("digest", format!("“{digest}”"), "the digest shown"))
    }

    /// The domain counts the artifacts it was given; the form counts its rows, empty ones too.
    fn in_its_row(mut refusal: Refusal, places: &[usize]) -> Refusal {
        let place = refusal.field.as_deref().and_then(|field| {
            let (n, part) = field.strip_prefix("artifacts[")?.split_once(']')?;
            Some(format!("artifacts[{}]{part}", places.get(n.parse::<usize>().ok()?)?))
        });
        refusal.field = place.or(refusal.field);
        refusal
    }

    #[cfg(test)]
    mod tests {
        use super::in_its_row;
        use domain::Refusal;

        #[test]
        fn errors_are_counted_in_rows_of_the_form() {
            let refusal = Refusal::invalid("artifacts[1].digest", "x", "y");
            assert_eq!(in_its_row(refusal, &[0, 3]).field.as_deref(), Some("artifacts[3].digest"));
            let refusal = Refusal::invalid("title", "x", "y");
            assert_eq!(in_its_row(refusal, &[0, 3]).field.as_deref(), Some("title"));
        }
    }
}
