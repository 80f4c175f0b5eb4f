//! What a form knows of itself: what was sent, how far it got, what was said against it.

use super::Flash;
use domain::{Refusal, journal::Seq};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a server function answers that recorded something: the last event its answer rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub seq: Seq,
}

/// How far an order got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Idle,
    /// Sent, not answered.
    Requested,
    /// Recorded; the event is under way to every open page.
    Accepted(Seq),
}

/// The form that the browser sent last, offered to the forms on the page that follows.
#[derive(Debug, Clone, Default)]
pub struct LastForm(pub Option<Flash>);

/// Shared by a form and its fields.
#[derive(Debug, Clone)]
pub struct FormState {
    /// Begins the id of every field in it.
    pub id: Arc<str>,
    pub refusal: RwSignal<Option<Refusal>>,
    pub phase: RwSignal<Phase>,
    fields: StoredValue<Vec<&'static str>>,
    flash: Option<Arc<Flash>>,
}

impl FormState {
    pub fn new(to: &str, about: &[(&'static str, String)]) -> Self {
        let last = use_context::<LastForm>().and_then(|last| last.0);
        let flash = last.filter(|flash| flash.is_from(to, about)).map(Arc::new);
        let mut id = to.rsplit('/').next().unwrap_or(to).to_owned();
        for (_, value) in about {
            id.push('-');
            id.push_str(value);
        }
        Self {
            id: id.into(),
            refusal: RwSignal::new(flash.as_ref().and_then(|flash| flash.refusal.clone())),
            phase: RwSignal::new(Phase::Idle),
            fields: StoredValue::new(Vec::new()),
            flash,
        }
    }

    /// Says that errors on `name` have a place of their own.
    pub fn register(&self, name: &'static str) {
        self.fields.update_value(|fields| fields.push(name));
    }

    /// What was typed before, or what the page suggests.
    pub fn refill(&self, name: &str, suggested: String) -> String {
        self.flash.as_ref().and_then(|flash| flash.field(name).map(str::to_owned)).unwrap_or(suggested)
    }

    /// What a browser without scripts sent in this field.
    pub fn sent(&self, name: &str) -> Option<&str> {
        self.flash.as_ref().and_then(|flash| flash.field(name))
    }

    /// All that was sent under one name, if this form was sent: which boxes were ticked.
    pub fn sent_all(&self, name: &str) -> Option<Vec<String>> {
        let flash = self.flash.as_ref()?;
        Some(flash.fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect())
    }

    /// What is said against one field. `artifacts[2].digest` concerns the field `artifacts`.
    pub fn against(&self, name: &str) -> Option<Refusal> {
        self.refusal.get().filter(|refusal| refusal.field.as_deref().map(stem) == Some(stem(name)))
    }

    /// What is said against the form as a whole.
    pub fn against_all(&self) -> Option<Refusal> {
        let placed = |refusal: &Refusal| {
            let field = refusal.field.as_deref().map(stem);
            field.is_some_and(|field| self.fields.with_value(|known| known.iter().any(|name| stem(name) == field)))
        };
        self.refusal.get().filter(|refusal| !placed(refusal))
    }
}

fn stem(field: &str) -> &str {
    field.split(['[', '.']).next().unwrap_or(field)
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn an_error_inside_a_list_belongs_to_the_list() {
        assert_eq!(stem("artifacts[2].digest"), "artifacts");
        assert_eq!(stem("scopes[]"), "scopes");
        assert_eq!(stem("email"), "email");
    }
}
