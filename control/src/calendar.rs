//! The calendar as one person may see it: what happens in a period across products, what contradicts what, who is on.

use crate::{Control, Sight};
use domain::{
    Timestamp,
    calendar::{Calendar, Conflict, Occurrence, Period, Roster, Rotation, Turn},
    person::Reach,
    slug::{PlaybookName, ProductSlug, RoleId, RuleId},
    window::SavedRule,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// More products than this are counted, not named.
pub const MOST_NAMED: usize = 12;

/// Where a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Everywhere,
    Product(ProductSlug),
    Playbook(PlaybookName),
}

/// Products that something concerns; none when it concerns everywhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Concerned {
    pub named: Vec<ProductSlug>,
    pub count: usize,
}

/// One thing that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    pub source: Source,
    pub products: Concerned,
    pub occurrence: Occurrence,
}

/// One contradiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    pub products: Concerned,
    pub conflict: Conflict,
}

/// What there is to see of a period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Schedule {
    /// In order of start.
    pub happenings: Vec<Happening>,
    pub contradictions: Vec<Contradiction>,
}

/// A duty that goes round in a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    pub role: RoleId,
    pub title: String,
    /// None as long as nobody said who takes turns.
    pub rotation: Option<Rotation>,
    pub now: Option<Turn>,
    /// The turns of the period, the present one included.
    pub turns: Vec<Turn>,
}

impl Concerned {
    fn add(&mut self, products: &[ProductSlug]) {
        let room = MOST_NAMED.saturating_sub(self.named.len());
        self.named.extend(products.iter().take(room).cloned());
        self.count += products.len();
    }
}

/// Products that share one calendar.
struct Group {
    calendar: Arc<Calendar>,
    products: Vec<ProductSlug>,
    playbook: Option<PlaybookName>,
}

impl Sight {
    /// What happens in the period in one product, or in all that this person sees. Products that share a calendar are
    /// asked once, and what they share is told once.
    pub fn schedule(&self, product: Option<&ProductSlug>, period: &Period) -> Schedule {
        let (mut told, mut found) = (BTreeMap::new(), Vec::<Happening>::new());
        let (mut known, mut contradictions) = (BTreeMap::new(), Vec::<Contradiction>::new());
        for group in self.groups(product) {
            for occurrence in group.calendar.occurrences(period) {
                let source = self.source(&group, &occurrence.rule);
                let o = &occurrence;
                let key = (source.clone(), o.rule.clone(), o.part, o.date, o.starts, o.ends);
                let at = *told.entry(key).or_insert(found.len());
                if at == found.len() {
                    found.push(Happening { source: source.clone(), products: Concerned::default(), occurrence });
                }
                if source != Source::Everywhere {
                    found[at].products.add(&group.products);
                }
            }
            for conflict in group.calendar.conflicts(period) {
                let key = (conflict.kind, conflict.rules.clone(), conflict.starts);
                let at = *known.entry(key).or_insert(contradictions.len());
                if at == contradictions.len() {
                    contradictions.push(Contradiction { products: Concerned::default(), conflict });
                }
                contradictions[at].products.add(&group.products);
            }
        }
        found.sort_by(|a, b| order(a).cmp(&order(b)));
        contradictions.sort_by_key(|c| (c.conflict.starts, c.conflict.kind));
        Schedule { happenings: found, contradictions }
    }

    fn groups(&self, product: Option<&ProductSlug>) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut at: HashMap<*const Calendar, usize> = HashMap::new();
        for known in self.products().filter(|p| product.is_none_or(|slug| slug == &p.slug)) {
            let calendar = self.world.calendar_of(&known.slug);
            let place = *at.entry(Arc::as_ptr(&calendar)).or_insert(groups.len());
            if place == groups.len() {
                groups.push(Group { calendar, products: Vec::new(), playbook: Some(known.playbook.clone()) });
            }
            groups[place].products.push(known.slug.clone());
        }
        if groups.is_empty() && product.is_none() {
            // Who sees no product sees what holds everywhere.
            let set = self.world.windows(&Reach::Everywhere);
            let rules = set.into_iter().flat_map(|w| w.rules.values().map(|saved| saved.rule.clone()));
            let calendar = Arc::new(Calendar::new(rules).unwrap_or_default());
            groups.push(Group { calendar, products: Vec::new(), playbook: None });
        }
        groups
    }

    fn source(&self, group: &Group, rule: &RuleId) -> Source {
        if self.saved(&Reach::Everywhere, rule).is_some() {
            return Source::Everywhere;
        }
        let own = group.products.iter().find(|p| self.saved(&Reach::Product((*p).clone()), rule).is_some());
        match (own, &group.playbook) {
            (Some(product), _) => Source::Product(product.clone()),
            (None, Some(playbook)) => Source::Playbook(playbook.clone()),
            (None, None) => Source::Everywhere,
        }
    }

    /// The rule that people set under this id, with who set it and why.
    pub fn saved(&self, reach: &Reach, rule: &RuleId) -> Option<&SavedRule> {
        self.world.windows(reach)?.rules.get(rule)
    }

    /// The duties that go round in a product, by its playbook or because somebody said who takes turns.
    pub fn duties(&self, product: &ProductSlug, period: &Period) -> Vec<Duty> {
        let roles = self.world.product(product).and_then(|p| self.world.playbook_of(p)).map(|p| p.roles.as_slice());
        let set = self.world.windows(&Reach::Product(product.clone()));
        let rotation = |role: &RoleId| {
            let id = role.as_str().parse().ok()?;
            set.and_then(|windows| windows.rotations.get(&id)).cloned()
        };
        let going = roles.unwrap_or_default().iter().filter_map(|role| {
            let rotation = rotation(&role.id);
            (role.rotation.is_some() || rotation.is_some()).then_some((role, rotation))
        });
        going
            .map(|(role, rotation)| {
                let roster = rotation.clone().and_then(|rotation| Roster::new(rotation).ok());
                Duty {
                    role: role.id.clone(),
                    title: role.title.clone(),
                    now: roster.as_ref().and_then(|roster| roster.holder_at(self.now)),
                    turns: roster.map(|roster| roster.turns(period)).unwrap_or_default(),
                    rotation,
                }
            })
            .collect()
    }
}

impl Control {
    /// An id for a new rule, such as `w-0f3c9a6b1d2e`.
    pub fn fresh_rule_id(&self) -> RuleId {
        let id = self.secrets().fresh_id().simple().to_string();
        let short = &id[id.len() - 12..];
        format!("w-{short}").parse().unwrap_or_else(|_| unreachable!("letters and digits"))
    }
}

fn order(happening: &Happening) -> (Timestamp, &Source, &RuleId, domain::calendar::Part) {
    let o = &happening.occurrence;
    (o.starts, &happening.source, &o.rule, o.part)
}
