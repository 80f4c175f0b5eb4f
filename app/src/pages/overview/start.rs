//! The start of an empty installation in four steps, each ticked once the record shows that it is done.

use super::FirstSteps;
use crate::{components::Markup, icons::Icon};

/// There for whoever administers, so that it appears and goes where somebody is looking.
pub(super) fn first_steps(markup: Markup, start: Option<FirstSteps>) -> Markup {
    let Some(FirstSteps { product, done }) = start else { return markup };
    let [repository_known, environment, approver, release] = done;
    let settings = product.as_ref().map_or_else(|| "/admin/products".to_owned(), |slug| format!("/{slug}/settings"));
    // It is said when a product is created, and never again.
    let repository = if product.is_some() && !repository_known {
        "No product names its repository yet; create one that does."
    } else {
        "Create a product with the address of its repository, under the playbook that its team follows."
    };
    let steps = [
        (repository_known, "/admin/products", "Connect the repository", repository),
        (
            environment,
            settings.as_str(),
            "Define environments",
            "The playbook names them; the product’s settings say what moves versions and traffic in each.",
        ),
        (
            approver,
            "/admin/people",
            "Add approvers",
            "Invite people and give them the roles that approve. You cannot approve your own releases.",
        ),
        (release, "/releases/new", "First release", "Name a version and what is in it, and ask for approval."),
    ];
    let done = steps.iter().filter(|(done, ..)| *done).count();
    let next = steps.iter().position(|(done, ..)| !done);
    markup
        .html("<section id=\"start\" class=\"card\" data-live=\"product environment person release\" aria-labelledby=\"start-title\">")
        .html("<div class=\"section-head\"><h2 id=\"start-title\">Four steps to start</h2><span class=\"count\">")
        .text(done)
        .html(" of 4 done</span></div><ol class=\"start\">")
        .each(steps.into_iter().enumerate(), |markup, (n, (done, href, title, text))| {
            let markup = markup.html(if done { "<li class=\"passed\">" } else { "<li>" });
            let markup = markup.icon(if done { Icon::CIRCLE_CHECK } else { Icon::CIRCLE_DASHED });
            let markup = markup.html("<a href=\"").text(href).html(if next == Some(n) { "\" aria-current=\"step\">" } else { "\">" });
            let markup = markup.html(title).html("</a>").html(if done { " <span class=\"meta\">done</span>" } else { "" });
            markup.html("<p class=\"meta\">").html(text).html("</p></li>")
        })
        .html("</ol></section>")
}
