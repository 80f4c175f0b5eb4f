//! What an approver looks at before the button: what it is, what is new in it, and who has decided.

use super::model::ReleaseView;
use crate::{components::Markup, icons::Icon};
use domain::{
    release::{Approval, Verdict, slots},
    text::list,
};

/// One `<section>`: version, artifacts, changes and the digest of it all.
pub fn what(view: &ReleaseView) -> Markup {
    let contents = &view.release.contents;
    let mut markup = Markup::new().html("<section class=\"evidence\"><h3>What goes to production</h3><p>");
    markup = markup.text(&view.product_name).html(" <code>").text(&contents.version).html("</code> · ");
    markup = markup.text(&view.kind_title);
    if !contents.title.is_empty() {
        markup = markup.html(" · ").text(&contents.title);
    }
    markup = markup.html("</p>");
    if contents.artifacts.is_empty() {
        markup = markup
            .html("<p class=\"aside warning\">")
            .icon(Icon::TRIANGLE_ALERT)
            .html("<span>No artifacts are named: this approval would not be bound to anything built.</span></p>");
    } else {
        markup = markup.html("<ul class=\"artifacts\" aria-label=\"Artifacts\">");
        for artifact in &contents.artifacts {
            markup =
                markup.html("<li><span>").text(&artifact.name).html("</span>").digest(&artifact.digest).html("</li>");
        }
        markup = markup.html("</ul>");
    }
    markup
        .html("<div class=\"aside\"><span>Digest of everything an approval is bound to:</span>")
        .digest(view.release.digest.as_str())
        .html("</div></section>")
}

/// One `<section>`: the difference to what runs now.
pub fn difference(view: &ReleaseView) -> Markup {
    let mut markup = Markup::new().html("<section class=\"evidence\"><h3>Difference to what runs now</h3>").html("<p>");
    markup = match &view.running {
        None => markup.html("Nothing is recorded to run in production: all of it is new there."),
        Some(running) if *running == view.release.id.version => markup.html("This version runs in production."),
        Some(running) => markup
            .html("In production runs <a href=\"/")
            .text(&view.release.id.product)
            .html("/releases/")
            .text(running)
            .html("\"><code>")
            .text(running)
            .html("</code></a>; a rollback goes back to it."),
    };
    if let Some(before) = view.before.as_ref().filter(|before| view.running.as_ref() != Some(*before)) {
        markup = markup
            .html(" The approved version before it is <a href=\"/")
            .text(&view.release.id.product)
            .html("/releases/")
            .text(before)
            .html("\"><code>")
            .text(before)
            .html("</code></a>.");
    }
    markup = markup.html("</p>");
    let changes = &view.release.contents.changes;
    if !changes.is_empty() {
        markup = markup.html("<ul aria-label=\"Changes\">");
        for change in changes {
            markup =
                markup.html("<li><code>").text(&change.id).html("</code> ").text(&change.description).html("</li>");
        }
        markup = markup.html("</ul>");
    }
    markup.html("</section>")
}

/// One `<section>`: the gates before production, when it is meant to go, and the way back.
pub fn safety(view: &ReleaseView) -> Markup {
    let mut markup = Markup::new().html("<section class=\"evidence\"><h3>Gates, window and way back</h3><p>");
    markup = match &view.production {
        None => markup.html("No gates stand before production."),
        Some(ahead) if ahead.unmet == 0 => {
            markup.html("<a href=\"#gates\">All ").text(ahead.gates).html(" gates</a> before production let it pass.")
        }
        Some(ahead) => markup
            .html("<a href=\"#gates\">")
            .text(ahead.unmet)
            .html(" of ")
            .text(ahead.gates)
            .html(" gates</a> before production are not met."),
    };
    markup = match view.release.planned {
        Some(planned) => markup.html("</p><p>Planned for ").time(planned.at).html("."),
        None => markup.html("</p><p>No time is planned."),
    };
    markup = match &view.rollback_target {
        Some(version) => markup.html("</p><p>A rollback goes back to <code>").text(version).html("</code>."),
        None => markup.html("</p><p>There is nothing a rollback could go back to."),
    };
    let waived = view.release.waivers.iter().filter(|waiver| waiver.digest == view.release.digest);
    let waived: Vec<&str> = waived.flat_map(|waiver| &waiver.gates).map(domain::playbook::GateId::as_str).collect();
    if !waived.is_empty() {
        markup = markup
            .html("</p><p class=\"aside failed\">")
            .icon(Icon::TRIANGLE_ALERT)
            .html("<span>Glass was broken for: ")
            .text(waived.join(", "))
            .html("</span>");
    }
    markup.html("</p></section>")
}

/// One `<section>`: the rule, who has decided, and which decisions no longer count.
pub fn rule(view: &ReleaseView) -> Markup {
    let release = &view.release;
    let slots = slots(release);
    let given = slots.iter().filter(|slot| slot.filled_by.is_some()).count();
    let mut markup = Markup::new().html("<section class=\"evidence\"><h3>Who decides</h3>");
    markup = if slots.is_empty() {
        markup.html("<p>A release of this type needs no approval.</p>")
    } else {
        markup
            .html("<p>")
            .text(given)
            .html(" of ")
            .text(slots.len())
            .html(" given. Each place is filled by a different person, none of whom wrote this release.</p>")
    };
    markup = markup.html("<ul class=\"slots\">");
    for slot in &slots {
        let by = slot.filled_by.and_then(|by| {
            release.standing().find(|a| a.by == by && a.role == slot.role && a.verdict == Verdict::Approve)
        });
        markup = match by {
            Some(approval) => decision(markup, view, approval),
            None => markup
                .html("<li class=\"slot waits\">")
                .icon(Icon::CIRCLE_DASHED)
                .html("<b>")
                .text(capital(&slot.role.words()))
                .html("</b><span class=\"who\">open</span></li>"),
        };
    }
    for approval in release.standing().filter(|a| a.verdict == Verdict::Reject) {
        markup = decision(markup, view, approval);
    }
    let void: Vec<&Approval> = release.approvals.iter().filter(|a| !a.stands(release)).collect();
    for approval in void.iter().rev().take(10) {
        markup = voided(markup, view, approval);
    }
    markup.html("</ul></section>")
}

fn decision(markup: Markup, view: &ReleaseView, approval: &Approval) -> Markup {
    let (class, icon, word) = match approval.verdict {
        Verdict::Approve => ("<li class=\"slot passed\">", Icon::CIRCLE_CHECK, "approved by "),
        Verdict::Reject => ("<li class=\"slot failed\">", Icon::OCTAGON_X, "rejected by "),
    };
    let markup = markup
        .html(class)
        .icon(icon)
        .html("<b>")
        .text(capital(&approval.role.words()))
        .html("</b><span>")
        .html(word)
        .text(person(view, approval))
        .html("</span><span class=\"meta\">")
        .time(approval.at)
        .html("</span>");
    words(markup, approval).html("</li>")
}

fn voided(markup: Markup, view: &ReleaseView, approval: &Approval) -> Markup {
    let word = match approval.verdict {
        Verdict::Approve => "approved by ",
        Verdict::Reject => "rejected by ",
    };
    let why = approval.void.as_deref().unwrap_or("it was about something else");
    let markup = markup
        .html("<li class=\"slot void\">")
        .icon(Icon::BAN)
        .html("<s>")
        .text(capital(&approval.role.words()))
        .html(" ")
        .html(word)
        .text(person(view, approval))
        .html("</s><span class=\"meta\">no longer counts: ")
        .text(why)
        .html("</span>");
    words(markup, approval).html("</li>")
}

fn words(markup: Markup, approval: &Approval) -> Markup {
    if approval.comment.is_empty() {
        return markup;
    }
    markup.html("<blockquote>").text(&approval.comment).html("</blockquote>")
}

fn person(view: &ReleaseView, approval: &Approval) -> String {
    let name = view.name(approval.by);
    approval.for_absent.map_or_else(|| name.clone(), |absent| format!("{name}, standing in for {}", view.name(absent)))
}

/// One `<dl>`: the plain facts.
pub fn facts(view: &ReleaseView) -> Markup {
    let release = &view.release;
    let contents = &release.contents;
    let authors: Vec<String> = release.authors.iter().map(|id| view.name(*id)).collect();
    let created_by = release.created_by.map_or_else(|| "Pilothouse".to_owned(), |id| view.name(id));
    Markup::new()
        .html("<dl class=\"facts\"><dt>Product</dt><dd><a href=\"/releases?product=")
        .text(&release.id.product)
        .html("\">")
        .text(&view.product_name)
        .html("</a></dd><dt>Type</dt><dd>")
        .text(&view.kind_title)
        .html("</dd><dt>Playbook</dt><dd><a href=\"/playbooks/")
        .text(&contents.playbook)
        .html("?revision=")
        .text(contents.playbook_revision)
        .html("\">")
        .text(&contents.playbook)
        .html("</a>, revision ")
        .text(contents.playbook_revision)
        .html("</dd><dt>Created</dt><dd>")
        .time(release.created_at)
        .html(" by ")
        .text(created_by)
        .html("</dd><dt>Changed</dt><dd>")
        .time(release.changed_at)
        .html("</dd><dt>Authors</dt><dd>")
        .text(if authors.is_empty() { "nobody".to_owned() } else { list(&authors) })
        .html("</dd></dl>")
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
