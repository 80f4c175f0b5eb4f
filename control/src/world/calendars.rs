//! The calendars of products, ready to answer: made at the first question after a change, then shared by every copy
//! of the world. Products without rules of their own share the calendar of their playbook's revision.

use super::World;
use domain::{
    calendar::{Calendar, Rule},
    person::Reach,
    playbook::{Playbook, Revision},
    slug::{PlaybookName, ProductSlug, RuleId},
    window::Windows,
};
use imbl::HashMap;
use std::{
    collections::BTreeSet,
    sync::{Arc, LazyLock, OnceLock},
};

type Cell = Arc<OnceLock<Arc<Calendar>>>;

#[derive(Debug, Clone, Default)]
pub(super) struct Calendars {
    of_playbook: HashMap<(PlaybookName, Revision), Cell>,
    of_product: HashMap<ProductSlug, Cell>,
}

impl World {
    /// When releases of a product may leave: the rules of its playbook's revision, its own and everywhere's.
    pub fn calendar_of(&self, product: &ProductSlug) -> Arc<Calendar> {
        self.calendar(product).clone()
    }

    /// The same, for as long as one looks at this world.
    pub fn calendar(&self, product: &ProductSlug) -> &Arc<Calendar> {
        static OPEN: LazyLock<Arc<Calendar>> = LazyLock::new(Arc::default);
        let Some(known) = self.products.get(product) else { return &OPEN };
        let playbook = (known.playbook.clone(), known.playbook_revision);
        let cell = self.calendars.of_product.get(product).or_else(|| self.calendars.of_playbook.get(&playbook));
        cell.map_or(&OPEN, |cell| cell.get_or_init(|| Arc::new(self.build(self.playbook_of(known), product))))
    }

    /// What is set in the calendar of a product, or of everywhere, beside the playbook.
    pub fn windows(&self, reach: &Reach) -> Option<&Arc<Windows>> {
        self.windows.get(reach)
    }

    /// The product, or everywhere, for which people set the rule of this id; none for rules of playbooks.
    pub fn set_for(&self, rule: &RuleId) -> Option<&Reach> {
        self.windows.iter().find(|(_, windows)| windows.rules.contains_key(rule)).map(|(reach, _)| reach)
    }

    pub(super) fn put_windows(&mut self, reach: &Reach, windows: Windows) {
        self.windows.insert(reach.clone(), Arc::new(windows));
        match reach {
            Reach::Everywhere => self.renew_calendars(),
            Reach::Product(product) => self.renew_calendar(product),
        }
    }

    /// Forgets the calendar of one product: its rules or its playbook's revision have changed.
    pub(super) fn renew_calendar(&mut self, product: &ProductSlug) {
        let Some(known) = self.products.get(product) else { return };
        let own = self.windows.get(&Reach::Product(product.clone())).is_some_and(|w| !w.rules.is_empty());
        if own {
            self.calendars.of_product.insert(product.clone(), Cell::default());
        } else {
            self.calendars.of_product.remove(product);
            let playbook = (known.playbook.clone(), known.playbook_revision);
            self.calendars.of_playbook.entry(playbook).or_default();
        }
    }

    /// Forgets all calendars: what holds everywhere has changed.
    pub(super) fn renew_calendars(&mut self) {
        self.calendars = Calendars::default();
        let products: Vec<ProductSlug> = self.products.keys().cloned().collect();
        for product in &products {
            self.renew_calendar(product);
        }
    }

    fn build(&self, playbook: Option<&Playbook>, product: &ProductSlug) -> Calendar {
        let set = [Reach::Everywhere, Reach::Product(product.clone())];
        let set = set.iter().filter_map(|reach| self.windows.get(reach));
        let set = set.flat_map(|windows| windows.rules.values().map(|saved| saved.rule.clone()));
        let rules = playbook.map(Playbook::calendar_rules).unwrap_or_default().into_iter().chain(set);
        let mut ids = BTreeSet::new();
        let rules: Vec<Rule> = rules.filter(|rule| ids.insert(rule.id().clone())).collect();
        Calendar::new(rules.iter().cloned()).unwrap_or_else(|refusals| {
            // Each was refused or checked when it was set; a newer time-zone database may know a zone no more.
            for no in refusals {
                tracing::error!(%product, %no, "a rule of the calendar counts no more");
            }
            let sound = rules.into_iter().filter(|rule| Calendar::new([rule.clone()]).is_ok());
            Calendar::new(sound.take(domain::calendar::MOST_RULES)).unwrap_or_default()
        })
    }
}
