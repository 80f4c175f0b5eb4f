//! Overview as text: many rows, none of which changes by itself.

use super::{ChangeRow, LiveRow, Overview, ProductRow, WaitingRow, start::first_steps};
use crate::{
    components::Markup,
    icons::Icon,
    pages::rollout::{badge, face},
};

pub(crate) fn sections(markup: Markup, overview: Overview) -> Markup {
    let Overview {
        waiting,
        waiting_count,
        live,
        live_count,
        changes,
        products,
        more_products,
        may_author,
        may_administer,
        start,
    } = overview;
    let markup = markup.html("<div class=\"page-head\"><h1>Overview</h1>");
    let markup = if may_author {
        let link = markup.html("<a class=\"button primary\" href=\"/releases/new\">").icon(Icon::PLUS);
        link.html("<span>New release</span></a>")
    } else {
        markup
    };
    let markup = first_steps(markup.html("</div>"), start);
    let markup = markup.html("<div class=\"columns overview\"><div class=\"stack wide\">");
    let markup =
        latest_changes(live_rollouts(waiting_for_me(markup, waiting, waiting_count), live, live_count), changes)
            .html("</div>");
    self::products(markup, products, more_products, may_administer).html("</div>")
}

/// A place with nothing in it yet.
fn empty(markup: Markup, title: &'static str, text: &'static str) -> Markup {
    let markup = markup.html("<div class=\"empty\"><p class=\"empty-title\">").html(title);
    markup.html("</p><p>").html(text).html("</p>")
}

fn waiting_for_me(markup: Markup, waiting: Vec<WaitingRow>, count: usize) -> Markup {
    let more = count.saturating_sub(waiting.len());
    let markup = markup
        .html("<section id=\"waiting\" data-live=\"release\" aria-labelledby=\"waiting-title\">")
        .html("<div class=\"section-head\"><h2 id=\"waiting-title\">Waits for you</h2></div>");
    let markup = if waiting.is_empty() {
        let text = "Releases that need your decision appear here, the oldest first.";
        empty(markup, "Nothing waits for you", text).html("</div>")
    } else {
        markup.html("<ul class=\"rows\">").each(waiting, waiting_row).html("</ul>")
    };
    let markup = match (more, count) {
        (0, _) => markup,
        (_, 100..) => markup.html("<p><a href=\"/releases?state=candidate\">More than 89 others wait too</a></p>"),
        _ => markup.html("<p><a href=\"/releases?state=candidate\">").text(more).html(" more wait too</a></p>"),
    };
    markup.html("</section>")
}

fn waiting_row(markup: Markup, row: WaitingRow) -> Markup {
    let WaitingRow { product, version, title, role, gate, since } = row;
    let version = version.to_string();
    markup
        .html("<li class=\"row waits\">")
        .icon(Icon::HAND)
        .html("<a class=\"row-main\" href=\"/")
        .text(&product)
        .html("/releases/")
        .text(&version)
        .html(if gate.is_some() { "#gate-" } else { "#approval" })
        .text(gate.as_deref().unwrap_or_default())
        .html("\"><span class=\"what\">")
        .text(&product)
        .html(" <code>")
        .text(&version)
        .html("</code></span> <span class=\"title\">")
        .text(title)
        .html("</span></a><span class=\"meta\">as ")
        .text(role.words())
        .html("</span><span class=\"meta when\">")
        .time(since)
        .html("</span></li>")
}

fn live_rollouts(markup: Markup, live: Vec<LiveRow>, count: usize) -> Markup {
    let more = count.saturating_sub(live.len());
    let markup = markup
        .html("<section id=\"live\" data-live=\"rollout\" aria-labelledby=\"live-title\">")
        .html("<div class=\"section-head\"><h2 id=\"live-title\">Live rollouts</h2></div>");
    let markup = if live.is_empty() {
        markup.html("<p class=\"meta\">Nothing is on its way into an environment.</p>")
    } else {
        markup.html("<ul class=\"rows\">").each(live, live_row).html("</ul>")
    };
    let markup = match more {
        0 => markup,
        more => markup.html("<p class=\"meta\">").text(more).html(" more are under way</p>"),
    };
    markup.html("</section>")
}

fn live_row(markup: Markup, row: LiveRow) -> Markup {
    let LiveRow { id, product, version, env, state, weight, done, all, since, waits } = row;
    let markup = if waits {
        markup.html("<li class=\"row rollout waits\">").icon(Icon::HAND)
    } else {
        markup.html("<li class=\"row rollout\">")
    };
    let markup = markup
        .html("<a class=\"row-main\" href=\"/")
        .text(&product)
        .html("/deployments/")
        .text(id)
        .html("\"><span class=\"what\">")
        .text(&product)
        .html(" <code>")
        .text(version)
        .html("</code></span> <span class=\"title\">to ")
        .text(env)
        .html("</span></a>");
    badge(markup, face(state))
        .html("<span class=\"meta\"><b>")
        .text(weight)
        .html("</b></span><span class=\"meta\">")
        .text(done)
        .html("/")
        .text(all)
        .html(" steps</span><span class=\"meta when\">")
        .time(since)
        .html("</span></li>")
}

fn latest_changes(markup: Markup, changes: Vec<ChangeRow>) -> Markup {
    let markup = markup
        .html("<section id=\"changes\" data-live=\"release rollout environment\" aria-labelledby=\"changes-title\">")
        .html("<div class=\"section-head\"><h2 id=\"changes-title\">Latest changes</h2></div>");
    let markup = if changes.is_empty() {
        let text = "Every change to a release that you may see appears here.";
        empty(markup, "No releases yet", text).html("</div>")
    } else {
        markup.html("<ul class=\"rows\">").each(changes, change_row).html("</ul>")
    };
    markup.html("</section>")
}

fn change_row(markup: Markup, row: ChangeRow) -> Markup {
    let ChangeRow { product, version, title, standing, at } = row;
    let version = version.to_string();
    markup
        .html("<li class=\"row\"><a class=\"row-main\" href=\"/")
        .text(&product)
        .html("/releases/")
        .text(&version)
        .html("\"><span class=\"what\">")
        .text(&product)
        .html(" <code>")
        .text(&version)
        .html("</code></span> <span class=\"title\">")
        .text(title)
        .html("</span></a>")
        .badge(standing)
        .html("<span class=\"meta when\">")
        .time(at)
        .html("</span></li>")
}

fn products(markup: Markup, products: Vec<ProductRow>, more: bool, may_administer: bool) -> Markup {
    let markup = markup
        .html("<section id=\"products\" data-live=\"release product rollout environment\" aria-labelledby=\"products-title\">")
        .html("<div class=\"section-head\"><h2 id=\"products-title\">Products</h2>")
        .html("<span class=\"count\">newest version</span></div>");
    let markup = if products.is_empty() {
        let text = "A product is what you release, under one playbook. You see those in which you hold a role.";
        let markup = empty(markup, "No products yet", text);
        let action = "<p><a class=\"button\" href=\"/admin/products\">Create the first product</a></p>";
        if may_administer { markup.html(action).html("</div>") } else { markup.html("</div>") }
    } else {
        markup.html("<ul class=\"rows product-list\">").each(products, product_row).html("</ul>")
    };
    let rest = if more { "<p><a href=\"/releases\">All releases of all products</a></p>" } else { "" };
    markup.html(rest).html("</section>")
}

fn product_row(markup: Markup, row: ProductRow) -> Markup {
    let ProductRow { slug, name, newest } = row;
    let markup = markup
        .html("<li class=\"row\"><a class=\"name\" href=\"/releases?product=")
        .text(&slug)
        .html("\">")
        .text(name)
        .html("</a>");
    match newest {
        Some((version, standing)) => {
            let version = version.to_string();
            markup
                .html("<a href=\"/")
                .text(&slug)
                .html("/releases/")
                .text(&version)
                .html("\"><code>")
                .text(&version)
                .html("</code></a>")
                .badge(standing)
                .html("</li>")
        }
        None => markup.html("<span class=\"meta\">no release yet</span></li>"),
    }
}
