//! The banner on every page while automation is stopped: where, since when, why and by whom.

use crate::{asking::Asking, components::Markup, icons::Icon};
use control::Sight;
use domain::{Timestamp, access::Permission, person::Reach};

/// One place where automation is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stoppage {
    /// Slug and name of a product; none for everywhere.
    pub product: Option<(String, String)>,
    pub reason: String,
    pub at: Timestamp,
    pub by: String,
    /// This person may lift it.
    pub lifts: bool,
}

/// Those that this person may see: of everywhere, and of their products.
pub(crate) fn stoppages(asking: &Asking, sight: &Sight) -> Vec<Stoppage> {
    let seen = sight.world.all_stopped().filter_map(|(reach, stopped)| {
        let (product, lifts) = match reach {
            Reach::Everywhere => {
                (None, sight.world.authority(asking.actor, None, sight.now).may(Permission::Administer))
            }
            Reach::Product(slug) if sight.sees(slug) => {
                let name = sight.world.product(slug).map_or_else(|| slug.to_string(), |product| product.name.clone());
                let rights = sight.rights(slug);
                let lifts = rights.may(Permission::Promote) || rights.may(Permission::Administer);
                (Some((slug.to_string(), name)), lifts)
            }
            Reach::Product(_) => return None,
        };
        Some(Stoppage {
            product,
            lifts,
            reason: stopped.reason.clone(),
            at: stopped.at,
            by: stopped.by.map_or_else(|| "Pilothouse".to_owned(), |id| asking.control.name(id)),
        })
    });
    seen.collect()
}

/// There on every page, so that it appears where somebody is looking; empty while all goes on.
pub(crate) fn banner(markup: Markup, stoppages: &[Stoppage]) -> Markup {
    markup
        .html("<div id=\"stopped\" data-live=\"automation\" role=\"region\" aria-label=\"Stopped automation\">")
        .each(stoppages, one)
        .html("</div>")
}

fn one(markup: Markup, stoppage: &Stoppage) -> Markup {
    let Stoppage { product, reason, at, by, lifts } = stoppage;
    let markup = markup.html("<div class=\"stopped\">").icon(Icon::TRIANGLE_ALERT).html("<p><b>All automation ");
    let markup = match product {
        None => markup.html("is stopped everywhere</b>: “"),
        Some((_, name)) => markup.html("of ").text(name).html(" is stopped</b>: “"),
    };
    let markup = markup.text(reason).html("” By ").text(by).html(", ").time(*at).html(". Ways back go on.</p>");
    if !lifts {
        return markup.html("</div>");
    }
    let markup = markup.html("<a href=\"");
    match product {
        None => markup.html("/admin#automation"),
        Some((slug, _)) => markup.html("/").text(slug).html("/settings#automation"),
    }
    .html("\">Where it is lifted</a></div>")
}
