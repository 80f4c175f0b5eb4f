//! Known issues in a browser without scripts: reported, found, read, mended, closed; and on the page of a release.

use crate::house::{Browser, House};
use control::{Command, Order};
use domain::release::{Create, Numbering};
use http::StatusCode;

const REPORT: [(&str, &str); 8] = [
    ("product", "shop"),
    ("title", "Checkout asks twice"),
    ("description", "Customers with two addresses\nsee the form again."),
    ("workaround", "Choose “as before”."),
    ("affected", ">= 1.0.0"),
    ("severity", "sev2"),
    ("audience[]", "support"),
    ("audience[]", "customers"),
];

async fn release(house: &House, version: &str) {
    let numbering = Numbering::Exact(version.parse().unwrap());
    let create = Create { numbering, kind: None, title: None };
    let order = Order::new(house.admin, Command::CreateRelease("shop".parse().unwrap(), create));
    house.control.order(order).await.unwrap();
}

/// The address of the new issue.
async fn reported(browser: &mut Browser<'_>) -> String {
    browser.get("/shop/issues").await;
    let answer = browser.submit("/do/report_known_issue", &REPORT).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.header("location").to_owned()
}

fn id(address: &str) -> &str {
    address.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn support_reports_one_and_everybody_reads_the_workaround_first() {
    let house = House::new().await;
    let mut sam = house.person("Sam", "support").await;
    let empty = sam.get("/shop/issues").await;
    assert!(empty.text.contains("No open issue is known") && empty.text.contains("/do/report_known_issue"));
    let address = reported(&mut sam).await;
    let page = sam.get(&address).await;
    assert_eq!(page.status, StatusCode::OK);
    for words in ["Checkout asks twice", "Choose “as before”.", "affects &gt;= 1.0.0", "support and customers", "Sam"]
    {
        assert!(page.text.contains(words), "no “{words}” in {}", page.text);
    }
    let place = |words: &str| page.text.find(words).unwrap();
    assert!(place("Workaround") < place("What is wrong"), "what helps comes first");
    // As text, without scripts too.
    assert!(page.text.contains("Known issue: Checkout asks twice\nshop open, severity sev2"), "{}", page.text);

    let mut lou = house.person("Lou", "leadership").await;
    let read = lou.get(&address).await;
    assert!(
        read.text.contains("Choose “as before”.") && !read.text.contains("_known_issue\""),
        "who may not keep it sees no forms"
    );
    let list = lou.get("/shop/issues").await;
    assert!(list.text.contains("Choose “as before”.") && !list.text.contains("/do/report"), "{}", list.text);
    for nowhere in ["/shop/issues/no-such-id", "/market/issues", &format!("/market/issues/{}", id(&address))] {
        assert_eq!(lou.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn a_refusal_stands_beside_its_field_and_keeps_what_was_typed() {
    let house = House::new().await;
    let mut sam = house.person("Sam", "support").await;
    sam.get("/shop/issues").await;
    let mut wrong = REPORT;
    wrong[4].1 = "some of them";
    let refused = sam.submit("/do/report_known_issue", &wrong).await;
    let page = sam.follow(&refused).await;
    for kept in [
        "value=\"some of them\"",
        "value=\"Checkout asks twice\"",
        "see the form again.",
        "value=\"customers\" checked",
    ] {
        assert!(page.text.contains(kept), "no “{kept}” in {}", page.text);
    }
    assert!(page.text.contains("<details id=\"report\" open"), "the form stands open: {}", page.text);
    assert!(page.text.contains("aria-invalid=\"true\"") && page.text.contains("“&gt;= 1.2.0”"), "{}", page.text);
}

/// Longer than what a cookie holds: nothing of it is lost.
#[tokio::test]
async fn long_texts_come_back_whole() {
    let house = House::new().await;
    let mut sam = house.person("Sam", "support").await;
    sam.get("/shop/issues").await;
    // Nothing that can be packed well.
    let letter = |n: u32| u8::try_from(n.wrapping_mul(2_654_435_761) >> 27).map_or('z', |n| char::from(b'a' + n % 26));
    let long: String = (0..7_900_u32).map(letter).collect();
    let mut fields = REPORT;
    fields[2].1 = &long;
    fields[4].1 = "some";
    let refused = sam.submit("/do/report_known_issue", &fields).await;
    assert_eq!(refused.status, StatusCode::TEMPORARY_REDIRECT, "{}", refused.text);
    assert_eq!(refused.header("location"), "/shop/issues");
    let page = sam.submit("/shop/issues", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains(&long) && page.text.contains("aria-invalid=\"true\""), "{}", page.text);
    assert_eq!(page.header("cache-control"), "no-store");
    fields[4].1 = "all";
    let taken = sam.submit("/do/report_known_issue", &fields).await;
    assert!(sam.follow(&taken).await.text.contains(&long));
}

#[tokio::test]
async fn the_list_is_filtered_by_the_address_and_forgives_a_slip() {
    let house = House::new().await;
    let mut sam = house.person("Sam", "support").await;
    let address = reported(&mut sam).await;
    let found =
        ["", "?q=chekcout", "?q=addres+tw", "?version=1.4.0", "?audience=customers&severity=sev2", "?state=all"];
    for query in found {
        let list = sam.get(&format!("/shop/issues{query}")).await;
        assert!(list.text.contains(&format!("href=\"{address}\"")), "{query}: {}", list.text);
    }
    for query in ["?q=nowhere", "?version=0.9.0", "?audience=leadership", "?state=closed", "?severity=sev1"] {
        let list = sam.get(&format!("/shop/issues{query}")).await;
        assert!(list.text.contains("No known issue fits"), "{query}: {}", list.text);
    }
    for wrong in ["?version=one", "?state=lost", "?audience=nobody", "?severity=A%20B"] {
        let refused = sam.get(&format!("/shop/issues{wrong}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}

#[tokio::test]
async fn its_life_is_told_and_its_release_shows_it_until_it_is_mended() {
    let house = House::new().await;
    for version in ["0.9.0", "1.0.0", "1.0.1"] {
        release(&house, version).await;
    }
    let mut eve = house.person("Eve", "engineer").await;
    let address = reported(&mut eve).await;
    let about = [("product", "shop"), ("issue", id(&address))];
    let shows = async |eve: &mut Browser<'_>, version: &str| {
        let page = eve.get(&format!("/shop/releases/{version}")).await.text;
        let section =
            page.split("id=\"known-issues\"").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap();
        (section.contains("Checkout asks twice"), section.contains("Fixed with it"))
    };
    assert_eq!(shows(&mut eve, "0.9.0").await, (false, false));
    assert_eq!(shows(&mut eve, "1.0.1").await, (true, false));

    eve.get(&address).await;
    let early = eve.submit("/do/fix_known_issue", &[about.as_slice(), &[("version", "0.1.0")]].concat()).await;
    assert!(eve.follow(&early).await.text.contains("which is where it begins"));
    let fixed = eve.submit("/do/fix_known_issue", &[about.as_slice(), &[("version", "1.0.1")]].concat()).await;
    let page = eve.follow(&fixed).await;
    assert!(page.text.contains("fixed in 1.0.1") && page.text.contains("said that it is fixed in "), "{}", page.text);
    assert_eq!(shows(&mut eve, "1.0.0").await, (true, false), "those before the fix still have it");
    assert_eq!(shows(&mut eve, "1.0.1").await, (true, true));

    eve.get(&address).await;
    let again = eve.submit("/do/reopen_known_issue", &[about.as_slice(), &[("reason", "Seen again.")]].concat()).await;
    assert!(eve.follow(&again).await.text.contains("<blockquote>Seen again.</blockquote>"));
    let mut edit = [about.as_slice(), &REPORT[1..]].concat();
    edit[2].1 = "Payment asks twice";
    let edited = eve.submit("/do/edit_known_issue", &edit).await;
    assert!(eve.follow(&edited).await.text.contains("<h1>Payment asks twice</h1>"));
    let closed = eve.submit("/do/close_known_issue", &[about.as_slice(), &[("reason", "Not ours.")]].concat()).await;
    let page = eve.follow(&closed).await;
    assert!(page.text.contains("Closed") && !page.text.contains("/do/fix_known_issue"), "{}", page.text);
    assert_eq!(shows(&mut eve, "1.0.0").await, (false, false));
    // Every event of it has an address, to which the audit leads.
    let seq = house.control.seq();
    assert!(page.text.contains(&format!("id=\"e{seq}\"")), "{}", page.text);
}

/// From any page to the workaround: to the search, and the words typed.
#[tokio::test]
async fn the_search_shows_the_workaround_beside_each_result_and_is_complete_without_scripts() {
    let house = House::new().await;
    let mut sam = house.person("Sam", "support").await;
    let address = reported(&mut sam).await;
    assert!(sam.get("/releases").await.text.contains("href=\"/search\""), "it is a click away everywhere");
    assert!(sam.get("/").await.text.contains("href=\"/search\""), "on Overview too, which is written in one go");
    let form = sam.get("/search").await;
    assert!(form.text.contains("autofocus") && form.text.contains("name=\"q\""), "{}", form.text);
    assert!(!form.text.contains("Choose “as before”."), "nothing is asked yet");
    let found = sam.get("/search?q=chekcout").await;
    assert!(found.text.contains("Choose “as before”.") && found.text.contains(&address), "{}", found.text);
    assert!(found.text.contains("value=\"chekcout\""), "the words stay in the field");
    // What a script puts in place while somebody types is the section of this very page.
    assert!(found.text.contains("id=\"found\"") && found.text.contains("data-checked"), "{}", found.text);
    assert!(sam.get("/search?q=nowhere").await.text.contains("Nothing fits"));
    assert_eq!(sam.get("/search?q=x&product=market").await.status, StatusCode::NOT_FOUND);
    assert_eq!(sam.get("/search?q=x&version=one").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut stranger = house.browser();
    assert!(stranger.get("/search?q=checkout").await.status.is_redirection(), "not without signing in");
}

/// What people write is text wherever it is shown.
#[tokio::test]
async fn nothing_that_people_write_becomes_markup() {
    let house = House::new().await;
    release(&house, "1.0.0").await;
    let mut sam = house.person("Sam", "support").await;
    let vectors = include_str!("xss.txt").lines().filter(|line| !line.is_empty());
    for vector in vectors {
        let title: String = vector.chars().take(200).collect();
        let mut fields = REPORT;
        fields[1].1 = &title;
        fields[2].1 = vector;
        fields[3].1 = vector;
        sam.get("/shop/issues").await;
        let answer = sam.submit("/do/report_known_issue", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{vector}");
        let address = answer.header("location").to_owned();
        let query: String = url::form_urlencoded::byte_serialize(vector.as_bytes()).collect();
        for page in [
            address.as_str(),
            "/shop/issues",
            "/shop/releases/1.0.0",
            &format!("/shop/issues?q={query}"),
            &format!("/search?q={query}"),
        ] {
            let text = sam.get(page).await.text;
            if vector.contains('<') {
                assert!(!text.contains(vector), "{page}: {vector}");
            }
            for (tag, attributes) in elements(&text) {
                assert!(OURS.contains(&tag.as_str()), "{page}: an element {tag} of {vector}");
                for (name, value) in attributes {
                    assert!(!name.starts_with("on") && name != "style", "{page}: {name} of {vector}");
                    let leads = ["href", "src", "action", "formaction"].contains(&name.as_str());
                    assert!(!leads || value.starts_with(['/', '#']) || value.starts_with("http"), "{page}: {value}");
                }
            }
        }
        let about = [("product", "shop"), ("issue", id(&address)), ("reason", "Seen.")];
        sam.get(&address).await;
        sam.submit("/do/close_known_issue", &about).await;
    }
    for address in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        " https://a b",
    ] {
        sam.get("/shop/issues").await;
        let refused =
            sam.submit("/do/report_known_issue", &[REPORT.as_slice(), &[("tracking", address)]].concat()).await;
        let page = sam.follow(&refused).await;
        assert!(page.text.contains("<details id=\"report\" open"), "{address} was taken");
    }
}

/// All elements of which these pages are made.
const OURS: [&str; 57] = [
    "!doctype",
    "html",
    "head",
    "meta",
    "title",
    "link",
    "script",
    "body",
    "svg",
    "symbol",
    "path",
    "circle",
    "rect",
    "line",
    "polyline",
    "use",
    "a",
    "header",
    "span",
    "button",
    "div",
    "nav",
    "ul",
    "li",
    "p",
    "hr",
    "form",
    "main",
    "h1",
    "h2",
    "h3",
    "label",
    "input",
    "select",
    "option",
    "section",
    "details",
    "summary",
    "pre",
    "b",
    "time",
    "dl",
    "dt",
    "dd",
    "textarea",
    "fieldset",
    "legend",
    "blockquote",
    "code",
    "article",
    "ol",
    "s",
    "dialog",
    "figure",
    "small",
    "em",
    "strong",
];

/// The elements that a browser would find in a page, each with its attributes.
fn elements(page: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
            continue;
        }
        if rest.starts_with('/') {
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
        let (name, after) = (rest[..end].to_lowercase(), &rest[end..]);
        let (attributes, after) = attributes(after);
        // What stands in a script is for nobody to read as markup.
        rest = if name == "script" { after.find("</script").map_or("", |end| &after[end..]) } else { after };
        found.push((name, attributes));
    }
    found
}

fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            return (found, rest);
        }
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let name = rest[..end.max(1)].to_lowercase();
        rest = &rest[end.max(1)..];
        let Some(valued) = rest.strip_prefix('=') else {
            found.push((name, String::new()));
            continue;
        };
        let quoted = valued.strip_prefix('"').and_then(|valued| valued.split_once('"'));
        let (value, after) = quoted.unwrap_or_else(|| {
            valued.split_at(valued.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(valued.len()))
        });
        found.push((name, value.to_owned()));
        rest = after;
    }
}
