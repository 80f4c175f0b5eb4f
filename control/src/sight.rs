//! What one person can see of the world, in small slices: their products, their last changes, what waits for them.

use crate::{Control, World};
use domain::{
    Timestamp,
    access::{Actor, Authority, Permission},
    journal::Seq,
    person::Reach,
    playbook::{GateId, Revision},
    product::Product,
    release::{Approval, Release, may_decide, may_sign},
    slug::{EnvName, PlaybookName, ProductSlug, RoleId},
};
use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    rc::Rc,
    sync::Arc,
};

/// More than this is shown as “99+”.
pub const MOST_COUNTED: usize = 100;
/// How far back one page looks for changes in the few products that somebody may see.
const FURTHEST_BACK: usize = 5_000;

/// A release that waits for this person, and since when.
#[derive(Debug)]
pub struct Waiting<'a> {
    pub release: &'a Release,
    pub since: Timestamp,
    pub role: RoleId,
    /// The gate whose question it is; none for the approval of the release itself.
    pub gate: Option<(GateId, EnvName)>,
}

/// The world as one person may see it; rights are worked out once per product.
pub struct Sight {
    pub world: World,
    pub now: Timestamp,
    actor: Actor,
    rights: RefCell<HashMap<ProductSlug, Rc<Authority>>>,
    /// Where every role reaches everywhere, rights differ by playbook alone: those worked out already.
    alike: Option<RefCell<Alike>>,
}

type Alike = Vec<(PlaybookName, Revision, Rc<Authority>)>;

impl Sight {
    pub fn of(control: &Control, actor: Actor) -> Self {
        let (world, now) = (control.world(), control.now());
        let person = actor.person();
        let everywhere = person.is_some_and(|id| world.grants(id, now).all(|grant| grant.reach == Reach::Everywhere));
        let alike = everywhere.then(RefCell::default);
        Self { world, now, actor, rights: RefCell::default(), alike }
    }

    pub fn rights(&self, product: &ProductSlug) -> Rc<Authority> {
        if self.alike.is_some() {
            return self.worked_out(product);
        }
        if let Some(known) = self.rights.borrow().get(product) {
            return known.clone();
        }
        let rights = self.worked_out(product);
        self.rights.borrow_mut().insert(product.clone(), rights.clone());
        rights
    }

    fn worked_out(&self, slug: &ProductSlug) -> Rc<Authority> {
        let anew = || Rc::new(self.world.authority(self.actor, Some(slug), self.now));
        let (Some(alike), Some(product)) = (&self.alike, self.world.product(slug)) else { return anew() };
        let (name, revision) = (&product.playbook, product.playbook_revision);
        if let Some((_, _, rights)) = alike.borrow().iter().find(|(n, r, _)| (n, *r) == (name, revision)) {
            return rights.clone();
        }
        let rights = anew();
        alike.borrow_mut().push((name.clone(), revision, rights.clone()));
        rights
    }

    pub fn sees(&self, product: &ProductSlug) -> bool {
        self.rights(product).may(Permission::View)
    }

    /// The products this person may see, by slug. Somebody with roles in a few products costs a few look-ups.
    pub fn products(&self) -> Box<dyn Iterator<Item = &Arc<Product>> + '_> {
        match self.reaches() {
            None => Box::new(self.world.products().filter(|p| self.sees(&p.slug))),
            Some(slugs) => {
                let seen = slugs.into_iter().filter_map(|slug| self.world.product(&slug));
                Box::new(seen.filter(|p| self.sees(&p.slug)))
            }
        }
    }

    /// The releases this person may see, the last changed first.
    pub fn changes(&self) -> impl Iterator<Item = &Release> {
        self.world.by_change(None).take(FURTHEST_BACK).map(|(_, release)| release).filter(|r| self.sees(&r.id.product))
    }

    /// The same from one place in the record backwards, as far as there are any, each with that place.
    pub fn changes_before(&self, before: Option<Seq>) -> impl Iterator<Item = (Seq, &Release)> {
        self.world.by_change(before).filter(|(_, r)| self.sees(&r.id.product))
    }

    /// What waits for this person's decision, the oldest first: at most [`MOST_COUNTED`].
    pub fn waiting(&self) -> Vec<Waiting<'_>> {
        let mut found: Vec<Waiting<'_>> = Vec::new();
        for role in self.roles() {
            let open = self.world.waiting_for(&role).filter(|(_, release)| {
                let rights = self.rights(&release.id.product);
                rights.may(Permission::View)
                    && may_decide(release, &role, &rights).is_ok()
                    && !self.has_decided(release)
            });
            found.extend(open.take(MOST_COUNTED).map(|(since, release)| Waiting {
                release,
                since,
                role: role.clone(),
                gate: None,
            }));
            let signs = self.world.signing_for(&role).filter(|(_, release, gate, env)| {
                let rights = self.rights(&release.id.product);
                let contents = &release.contents;
                rights.may(Permission::View)
                    && self
                        .world
                        .playbook_at(&contents.playbook, contents.playbook_revision)
                        .is_some_and(|playbook| may_sign(release, playbook, gate, env, &role, &rights).is_ok())
                    && !self.has_answered(release, gate, env)
            });
            found.extend(signs.take(MOST_COUNTED).map(|(since, release, gate, env)| Waiting {
                release,
                since,
                role: role.clone(),
                gate: Some((gate.clone(), env.clone())),
            }));
        }
        found.sort_by(|a, b| (a.since, &a.release.id).cmp(&(b.since, &b.release.id)));
        found.dedup_by(|a, b| a.release.id == b.release.id && a.gate == b.gate);
        found.truncate(MOST_COUNTED);
        found
    }

    fn has_decided(&self, release: &Release) -> bool {
        release.standing().any(|a| a.gate.is_none() && Some(a.by) == self.actor.person())
    }

    fn has_answered(&self, release: &Release, gate: &GateId, env: &EnvName) -> bool {
        let same = |a: &Approval| a.gate.as_ref() == Some(gate) && &a.env == env;
        release.standing().any(|a| same(a) && Some(a.by) == self.actor.person())
    }

    /// Roles this person may speak for somewhere, in their own right or for someone absent.
    fn roles(&self) -> BTreeSet<RoleId> {
        let person = self.actor.person();
        person.into_iter().flat_map(|id| self.world.grants(id, self.now)).map(|grant| grant.role.clone()).collect()
    }

    /// The only products where this person holds anything; none when a role of theirs reaches everywhere.
    fn reaches(&self) -> Option<BTreeSet<ProductSlug>> {
        self.world
            .grants(self.actor.person()?, self.now)
            .map(|grant| match &grant.reach {
                Reach::Everywhere => None,
                Reach::Product(slug) => Some(slug.clone()),
            })
            .collect()
    }
}

impl std::fmt::Debug for Sight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sight").field("actor", &self.actor).finish_non_exhaustive()
    }
}
