//! The way of a release from draft to production, in one strip.

use super::model::ReleaseView;
use crate::{
    components::{Markup, Standing},
    icons::Icon,
};
use domain::release::{State, slots};
use std::cmp::Ordering;

/// One `<ol>`.
pub fn stages(view: &ReleaseView) -> Markup {
    let release = &view.release;
    let standing = view.standing();
    let (at, cancelled) = match view.state() {
        State::Draft => (0, false),
        State::Candidate => (1, false),
        State::Approved => (2, false),
        State::Shipping => (4, false),
        State::Live | State::Superseded => (5, false),
        State::Cancelled => (1, true),
    };
    let slots = slots(release);
    let given = slots.iter().filter(|slot| slot.filled_by.is_some()).count();
    let approval = if slots.is_empty() { "none needed".to_owned() } else { format!("{given} of {}", slots.len()) };
    let steps: [(&'static str, Icon, String); 4] = [
        ("Draft", Icon::PENCIL, String::new()),
        if cancelled {
            ("Cancelled", Icon::CIRCLE_SLASH, String::new())
        } else {
            ("Approval", if standing == Standing::Rejected { Icon::X } else { Icon::HAND }, approval)
        },
        ("Approved", Icon::CHECK, String::new()),
        ("Production", Icon::ROCKET, if at < 4 { "not there yet" } else { "" }.to_owned()),
    ];
    let mut markup = Markup::new().html("<ol class=\"stages\" aria-label=\"Stages\">");
    for (n, (word, icon, detail)) in steps.into_iter().enumerate() {
        let (class, current, icon, said) = match n.cmp(&at) {
            Ordering::Less => (" done\"", "", Icon::CHECK, "done: "),
            Ordering::Equal => (" current ", " aria-current=\"step\"", icon, "now: "),
            Ordering::Greater => ("\"", "", icon, ""),
        };
        markup = markup.html("<li class=\"stage").html(class);
        if n == at {
            markup = markup.html(standing.tone().class()).html("\"");
        }
        markup =
            markup.html(current).html("><span class=\"mark\">").icon(icon).html("</span><span><span class=\"sr\">");
        markup = markup.html(said).html("</span>").html(word).html("</span>");
        if !detail.is_empty() {
            markup = markup.html("<span class=\"detail\">").text(detail).html("</span>");
        }
        markup = markup.html("</li>");
    }
    markup.html("</ol>")
}
