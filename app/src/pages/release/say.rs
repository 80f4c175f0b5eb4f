//! What say the reader has in the decision, worked out by the same rule that decides.

use super::model::ReleaseView;
use domain::{
    Refusal,
    release::{Phase, Verdict, may_decide, slots},
    slug::RoleId,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Say {
    May {
        role: RoleId,
        /// Whom they stand in for.
        absent: Option<String>,
        approve: bool,
        reject: bool,
    },
    /// And why not.
    MayNot(String),
}

pub fn say(view: &ReleaseView) -> Say {
    let release = &view.release;
    match release.phase {
        Phase::Draft => return Say::MayNot("Nobody has been asked to approve it yet.".to_owned()),
        Phase::Cancelled => return Say::MayNot("It has been cancelled; there is nothing to decide.".to_owned()),
        Phase::Candidate => {}
    }
    let by = view.rights.authority();
    let me = by.actor.person();
    let mine = release.standing().find(|a| Some(a.by) == me).map(|a| (a.verdict, a.role.clone()));
    let open: Vec<RoleId> = slots(release).into_iter().filter(|s| s.filled_by.is_none()).map(|s| s.role).collect();
    let mut against: Option<Refusal> = None;
    let mut found: Option<Say> = None;
    for requirement in &release.contents.approvals_needed {
        let role = &requirement.role;
        match may_decide(release, role, &by) {
            Ok(held) => {
                let own = mine.as_ref().is_none_or(|(_, with)| with == role);
                let approve = open.contains(role) && !matches!(&mine, Some((Verdict::Approve, _))) && own;
                let reject = !matches!(&mine, Some((Verdict::Reject, _)));
                let absent = held.for_absent.map(|absent| view.name(absent));
                let say = Say::May { role: role.clone(), absent, approve, reject };
                if approve {
                    return say;
                }
                found.get_or_insert(say);
            }
            // Somebody who holds the role is told what is in the way of just that.
            Err(refusal) if against.is_none() || by.holds(role).is_some() => against = Some(refusal),
            Err(_) => {}
        }
    }
    found.unwrap_or_else(|| {
        if open.is_empty() && release.rejection().is_none() && !release.contents.approvals_needed.is_empty() {
            return Say::MayNot("Everybody who must agree has agreed; nothing is left to decide.".to_owned());
        }
        Say::MayNot(
            against
                .map_or_else(|| "A release of this type needs no approval.".to_owned(), |refusal| refusal.to_string()),
        )
    })
}
