//! What is said about a text before it is published: its faults, or what it would change and for whom.

use super::Publish;
use crate::{
    asking::asking,
    components::Markup,
    pages::playbooks::{consequences, differences, lines},
};
use control::Sight;
use domain::{
    Refusal,
    digest::sha256_hex,
    playbook::{self, Consequence, Difference, Fault},
    slug::PlaybookName,
};
use leptos::prelude::*;
use std::sync::Arc;

/// A text, and what was found out about it.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub name: String,
    pub title: String,
    pub text: String,
    /// The running revision, and its text.
    pub newest: u32,
    pub running: Arc<str>,
    pub faults: Vec<Fault>,
    pub differences: Vec<Difference>,
    pub consequences: Vec<Consequence>,
}

/// Checks `typed`, or shows the running revision when nothing was typed.
pub(super) fn checked(name: &str, typed: Option<String>) -> Result<Check, Refusal> {
    let asking = asking()?;
    asking.administers("edit playbooks")?;
    let sight = Sight::of(&asking.control, asking.actor);
    let nothing = || Refusal::not_found(format!("playbook “{}”", name.chars().take(60).collect::<String>()));
    let name: PlaybookName = name.parse().map_err(|_| nothing())?;
    let newest = sight.world.playbook(&name).and_then(|published| published.newest()).ok_or_else(nothing)?;
    let mut check = Check {
        name: name.to_string(),
        title: newest.playbook.title.clone(),
        text: typed.unwrap_or_else(|| newest.text.to_string()),
        newest: newest.revision.0,
        running: newest.text.clone(),
        faults: Vec::new(),
        differences: Vec::new(),
        consequences: Vec::new(),
    };
    if *check.text != *newest.text {
        match playbook::parse_as(&name, &check.text) {
            Ok(draft) => {
                check.differences = playbook::differences(&newest.playbook, &draft);
                check.consequences = sight.world.consequences(&name, &draft);
            }
            Err(faults) => check.faults = faults,
        }
    }
    Ok(check)
}

impl Check {
    /// In one sentence.
    pub fn said(&self) -> String {
        match self.faults.len() {
            0 if *self.text == *self.running => format!("This is revision {}, as it runs.", self.newest),
            0 => "No faults.".to_owned(),
            1 => "1 fault.".to_owned(),
            n => format!("{n} faults."),
        }
    }

    pub fn shown(&self) -> AnyView {
        if !self.faults.is_empty() {
            let faults = self.faults.iter().fold(Markup::new().html("<ol class=\"faults\">"), fault).html("</ol>");
            return view! {
                <section class="card" aria-labelledby="faults">
                    <h2 id="faults">"What is wrong"</h2>
                    {faults.view()}
                </section>
            }
            .into_any();
        }
        if *self.text == *self.running {
            return ().into_any();
        }
        let (newest, next) = (self.newest, self.newest + 1);
        let by_noun = if self.differences.is_empty() {
            view! { <p>"It says the same in other words: only blanks, comments or the order differ."</p> }.into_any()
        } else {
            differences(&self.differences).view().into_any()
        };
        let releases = if self.consequences.is_empty() {
            view! { <p>"No open release follows this playbook."</p> }.into_any()
        } else {
            consequences(&self.consequences).view().into_any()
        };
        view! {
            <section class="card" aria-labelledby="differs">
                <h2 id="differs">"What changes against revision " {newest.to_string()}</h2>
                {by_noun}
                <details><summary>"Line by line"</summary>{lines(&self.running, &self.text).view()}</details>
            </section>
            <section class="card" aria-labelledby="preview">
                <h2 id="preview">"What it means for open releases"</h2>
                <p class="hint">"They stay on their revision. This is what would change for each if somebody moved it."</p>
                {releases}
            </section>
            <input type="hidden" name="after" value=newest.to_string()/>
            <input type="hidden" name="checked" value=sha256_hex(self.text.as_bytes())/>
            <Publish next/>
        }
        .into_any()
    }
}

fn fault(markup: Markup, fault: &Fault) -> Markup {
    let markup = markup.html("<li><p><a href=\"#L").text(fault.line).html("\" data-line=\"").text(fault.line);
    let markup = markup.html("\">Line ").text(fault.line).html("</a> <code>").text(&fault.key).html("</code> ");
    let mut markup = markup.text(&fault.what).html("</p>");
    if let Some(near) = &fault.did_you_mean {
        markup = markup.html("<p>Did you mean <b>“").text(near).html("”</b>?</p>");
    }
    for (label, words) in [("Found ", &fault.found), ("Allowed: ", &fault.allowed)] {
        if let Some(words) = words {
            markup = markup.html("<p class=\"meta\">").html(label).text(words).html("</p>");
        }
    }
    markup.html("</li>")
}
