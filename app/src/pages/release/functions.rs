//! Server functions of one release: reading it and deciding on it.

use super::model::ReleaseView;
use crate::{failure::Failure, forms::Accepted};
use leptos::{prelude::*, server_fn::codec::GetUrl};

#[server(prefix = "/see", endpoint = "release", input = GetUrl)]
pub async fn see_release(product: String, version: String) -> Result<ReleaseView, Failure> {
    crate::failure::answer(on_server::see(&product, &version).await)
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

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::super::model::{ReleaseView, Rights, line};
    use crate::{
        asking::{Asking, asking},
        forms::Accepted,
    };
    use control::Command;
    use domain::{
        Refusal,
        digest::Digest,
        journal::Stream,
        release::{self, Decision, Release, ReleaseId, Verdict, Version},
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
        let stream = Stream::Release(id.clone());
        let version = world.version(&stream);
        let rows = asking.control.journal().read_stream(&stream, version.saturating_sub(EVENTS), 1_000).await?;
        let mut events = Vec::with_capacity(rows.len());
        // Newer events than this view of the world come over the live stream.
        for row in rows.iter().filter(|row| row.seq <= world.seq).rev() {
            events.push(line(&row.envelope()?));
        }
        let playbook = world.playbook_at(&release.contents.playbook, release.contents.playbook_revision);
        let kind = playbook.and_then(|p| p.types.iter().find(|t| t.id == release.contents.kind));
        let before =
            world.releases_of(&id.product).find(|r| r.id.version < id.version && r.state() == release::State::Approved);
        Ok(ReleaseView {
            names: names(&asking, &release, &events),
            rights: Rights::from(&by),
            product_name: product.name.clone(),
            kind_title: kind.map_or_else(|| release.contents.kind.to_string(), |k| k.title.clone()),
            before: before.map(|r| r.id.version.clone()),
            earlier_events: version > EVENTS,
            seq: world.seq,
            version,
            events,
            release,
        })
    }

    fn names(asking: &Asking, release: &Release, events: &[super::super::model::Line]) -> BTreeMap<String, String> {
        let decided = release.approvals.iter().flat_map(|a| [Some(a.by), a.for_absent]).flatten();
        let people = release.authors.iter().copied().chain(release.created_by).chain(decided);
        let people = people.chain(events.iter().filter_map(|line| line.actor.person())).chain([asking.person]);
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
        let seen: Digest =
            digest.parse().map_err(|_| Refusal::invalid("digest", format!("“{digest}”"), "the digest shown"))?;
        let verdict = match verdict {
            "approve" => Verdict::Approve,
            "reject" => Verdict::Reject,
            other => return Err(Refusal::invalid("verdict", format!("“{other}”"), "“approve” or “reject”")),
        };
        let decision = Decision { role, env: EnvName::production(), verdict, seen, comment };
        let receipt = asking.order(Command::Release(id, release::Command::Decide(decision))).await?;
        Ok(Accepted { seq: receipt.seq })
    }
}
