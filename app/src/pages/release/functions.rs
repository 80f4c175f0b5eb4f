//! Server functions of one release: reading it and deciding on it.

use super::model::ReleaseView;
use crate::{failure::Failure, forms::Accepted};
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

mod on_server {
    use super::{
        super::model::{ReleaseView, Rights, line},
        ArtifactRow,
    };
    use crate::{
        asking::{Asking, asking},
        forms::Accepted,
    };
    use control::Command;
    use domain::{
        Refusal,
        digest::Digest,
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
        let stream = Stream::Release(id.clone());
        let version = world.version(&stream);
        let rows = asking.control.journal().read_stream(&stream, version.saturating_sub(EVENTS), 1_000).await?;
        let mut events = Vec::with_capacity(rows.len());
        // Newer events than this view of the world come over the live stream.
        for row in rows.iter().filter(|row| row.seq <= world.seq).rev() {
            let Envelope { seq, at, actor, fact, .. } = row.envelope()?;
            if let Fact::Release(event) = fact {
                events.push(line(seq, at, actor, &event));
            }
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
        let seen = shown(digest)?;
        let verdict = match verdict {
            "approve" => Verdict::Approve,
            "reject" => Verdict::Reject,
            other => return Err(Refusal::invalid("verdict", format!("“{other}”"), "“approve” or “reject”")),
        };
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

    async fn order(product: &str, version: &str, command: release::Command) -> Result<Accepted, Refusal> {
        let (asking, id) = (asking()?, id(product, version)?);
        let receipt = asking.order(Command::Release(id, command)).await?;
        Ok(Accepted { seq: receipt.seq })
    }

    fn shown(digest: &str) -> Result<Digest, Refusal> {
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
