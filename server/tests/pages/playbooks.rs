//! Playbooks without scripts: read whole, checked with the text kept, previewed, published, and a release moved.

use super::house::{Browser, House, PASSWORD};
use control::{Command, Order};
use domain::{
    access::{Actor, Via},
    journal::Stream,
    release::{self, Bump, Create, Decision, Numbering, ReleaseId, Verdict},
    slug::EnvName,
};
use http::StatusCode;

const EDITOR: &str = "/admin/playbooks/orca";
const PUBLISH: &str = "/do/publish_playbook";

fn orca() -> String {
    include_str!("../../../playbooks/orca.toml").to_owned()
}

/// As a browser sends it.
fn typed(text: &str) -> String {
    text.replace('\n', "\r\n")
}

async fn ada(house: &House) -> Browser<'_> {
    let mut browser = house.browser();
    browser.get("/sign-in").await;
    browser.submit("/do/sign_in", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
    browser
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&mark).unwrap_or_else(|| panic!("{mark} in {page}")).1;
    rest.split('"').next().expect("a value").to_owned()
}

fn holds(page: &str, words: &str) {
    assert!(page.contains(words), "“{words}” is not in {page}");
}

#[tokio::test]
async fn everybody_reads_a_playbook_whole_and_only_administrators_edit_it() {
    let house = House::new().await;
    let mut support = house.person("Sam", "support").await;
    let list = support.get("/playbooks").await;
    holds(&list.text, "href=\"/playbooks/mesh-os\"");
    let page = support.get("/playbooks/orca").await;
    assert_eq!(page.status, StatusCode::OK);
    for part in [
        "id=\"gate-ci_checks\"",
        "id=\"role-release_captain\"",
        "id=\"strategy-canary\"",
        "5 % for 30 min → 25 % for 1 h → 100 %",
    ] {
        holds(&page.text, part);
    }
    assert!(!page.text.contains("/admin/playbooks/orca") && !page.text.contains("/do/copy_playbook"));
    assert_eq!(support.get(EDITOR).await.status, StatusCode::FORBIDDEN);
    let posted = support.submit(EDITOR, &[("name", "orca"), ("text", "x")]).await;
    assert_eq!(posted.status, StatusCode::FORBIDDEN);
    for gone in ["/playbooks/none", "/playbooks/orca?revision=9", "/playbooks/orca/revisions?from=1&to=9"] {
        assert_eq!(support.get(gone).await.status, StatusCode::NOT_FOUND, "{gone}");
    }
    let nobody = house.browser().submit(EDITOR, &[("name", "orca"), ("text", "x")]).await;
    assert!(nobody.status.is_redirection() && nobody.header("location").starts_with("/sign-in"), "{nobody:?}");
}

#[tokio::test]
async fn a_fault_stands_at_its_line_and_the_text_is_kept() {
    let house = House::new().await;
    let mut ada = ada(&house).await;
    let page = ada.get(EDITOR).await;
    holds(&page.text, "This is revision 1, as it runs.");
    let broken = orca().replacen("bump = \"minor\"", "bmp = \"minor\"", 1);
    let line = broken.lines().position(|line| line.starts_with("bmp")).expect("there") + 1;
    let answer = ada.submit(EDITOR, &[("name", "orca"), ("text", &typed(&broken))]).await;
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    holds(&answer.text, &format!("<a href=\"#L{line}\" data-line=\"{line}\">Line {line}</a> <code>type[1].bmp</code>"));
    holds(&answer.text, "Did you mean <b>“bump”</b>?");
    holds(&answer.text, &format!("<span id=\"L{line}\" class=\"failed\">"));
    holds(&answer.text, "bmp = \"minor\"");
    assert!(!answer.text.contains("Publish revision"), "nothing to publish");
    // Publishing it all the same comes back to the page, with the text sent once more.
    let refused =
        ada.submit(PUBLISH, &[("name", "orca"), ("after", "1"), ("checked", "x"), ("text", &typed(&broken))]).await;
    assert_eq!((refused.status, refused.header("location")), (StatusCode::TEMPORARY_REDIRECT, EDITOR));
    let again = ada.submit(EDITOR, &[("name", "orca"), ("text", &typed(&broken))]).await;
    holds(&again.text, "It cannot be published as it is.");
    holds(&again.text, "bmp = \"minor\"");
    assert!(!ada.get(EDITOR).await.text.contains("It cannot be published"), "it is said once");
}

#[tokio::test]
async fn from_preview_to_a_moved_release_whose_approval_is_void() {
    let house = House::new().await;
    let id = approved_by_manager(&house).await;
    let mut ada = ada(&house).await;
    let text = orca().replace(
        "approvals = [{ role = \"product_manager\" }, { role = \"engineering_lead\" }]",
        "approvals = [{ role = \"product_manager\" }, { role = \"engineering_lead\", count = 2 }]",
    );
    ada.get(EDITOR).await;
    let page = ada.submit(EDITOR, &[("name", "orca"), ("text", &typed(&text))]).await;
    holds(&page.text, "type <code>minor</code> <b>changed</b>");
    holds(&page.text, &format!("<a href=\"/shop/releases/{0}\">shop {0}</a>", id.version));
    holds(&page.text, "1 decision would no longer count.");
    holds(&page.text, "approval <code>engineering_lead</code> <b>changed</b>");
    holds(&page.text, "Publish revision 2");

    let (after, checked) = (hidden(&page.text, "after"), hidden(&page.text, "checked"));
    let other = typed(&format!("{text}\n# More.\n"));
    let fields = [("name", "orca"), ("after", &after), ("checked", &checked), ("text", &other)];
    let refused = ada.submit(PUBLISH, &fields).await;
    assert_eq!(refused.status, StatusCode::TEMPORARY_REDIRECT);
    let again = ada.submit(EDITOR, &[("name", "orca"), ("text", &other)]).await;
    holds(&again.text, "The text has changed since it was checked.");
    holds(&again.text, "# More.");

    let fields = [("name", "orca"), ("after", &after), ("checked", &checked), ("text", &typed(&text))];
    let published = ada.submit(PUBLISH, &fields).await;
    assert_eq!(published.header("location"), "/playbooks/orca#open-releases");
    let page = ada.follow(&published).await;
    holds(&page.text, "Revision 2 is published");
    holds(&page.text, "Follow revision 2");
    ada.get("/playbooks/orca").await;
    let version = id.version.to_string();
    let moved = ada.submit("/do/move_release", &[("product", "shop"), ("version", &version), ("revision", "2")]).await;
    assert_eq!(moved.header("location"), "/playbooks/orca");
    let release = ada.get(&format!("/shop/releases/{version}")).await;
    holds(&release.text, "playbook changed");
    holds(&release.text, "moved it to revision 2 of its playbook");
    let changes = ada.get("/playbooks/orca/revisions?from=1&to=2").await;
    holds(&changes.text, "type <code>minor</code> <b>changed</b>");
    holds(&changes.text, "<span class=\"passed\">+ approvals = ");
    let first = ada.get("/playbooks/orca?revision=1").await;
    holds(&first.text, "is the newest");
}

/// A minor release that the engineer made and the product manager approved.
async fn approved_by_manager(house: &House) -> ReleaseId {
    house.person("Eve", "engineer").await;
    house.person("Max", "product_manager").await;
    let by_name = |name: &str| {
        let world = house.control.world();
        let person = world.people().find(|person| house.control.name(person.id) == name).expect("there");
        Actor::Person(person.id, Via::Session)
    };
    let create = Create { numbering: Numbering::Bump(Bump::Minor), kind: None, title: Some("Search".to_owned()) };
    let order = Command::CreateRelease("shop".parse().unwrap(), create);
    let receipt = house.control.order(Order::new(by_name("Eve"), order)).await.unwrap();
    let Stream::Release(id) = receipt.stream else { panic!("no release") };
    let ask = Command::Release(id.clone(), release::Command::RequestApproval);
    house.control.order(Order::new(by_name("Eve"), ask)).await.unwrap();
    let seen = house.control.world().release(&id).unwrap().digest.clone();
    let decision = Decision {
        role: "product_manager".parse().unwrap(),
        env: EnvName::production(),
        gate: None,
        verdict: Verdict::Approve,
        seen,
        comment: String::new(),
    };
    let decide = Command::Release(id.clone(), release::Command::Decide(decision));
    house.control.order(Order::new(by_name("Max"), decide)).await.unwrap();
    id
}

#[tokio::test]
async fn a_second_editor_is_told_that_somebody_was_faster() {
    let house = House::new().await;
    let mut ada = ada(&house).await;
    let mine = orca().replacen("purpose = \"Customers.\"", "purpose = \"Everybody.\"", 1);
    ada.get(EDITOR).await;
    let page = ada.submit(EDITOR, &[("name", "orca"), ("text", &mine)]).await;
    let checked = hidden(&page.text, "checked");
    let theirs = orca().replacen("purpose = \"Customers.\"", "purpose = \"Paying customers.\"", 1);
    let order = Command::PublishPlaybook("orca".parse().unwrap(), theirs);
    house.control.order(Order::new(house.admin, order)).await.unwrap();
    let refused =
        ada.submit(PUBLISH, &[("name", "orca"), ("after", "1"), ("checked", &checked), ("text", &mine)]).await;
    assert_eq!(refused.status, StatusCode::TEMPORARY_REDIRECT);
    let page = ada.submit(EDITOR, &[("name", "orca"), ("text", &mine)]).await;
    holds(&page.text, "Somebody has published revision 2");
    holds(&page.text, "<del>Paying customers.</del>");
    assert_eq!(hidden(&page.text, "after"), "2", "what they see now is what they publish on");
}

#[tokio::test]
async fn a_copy_opens_in_the_editor_and_a_name_in_use_is_refused() {
    let house = House::new().await;
    let mut ada = ada(&house).await;
    ada.get("/playbooks/orca").await;
    let copied = ada.submit("/do/copy_playbook", &[("from", "orca"), ("name", "our-trains")]).await;
    assert_eq!(copied.header("location"), "/admin/playbooks/our-trains");
    holds(&ada.follow(&copied).await.text, "name = \"our-trains\"");
    ada.get("/playbooks/orca").await;
    let again = ada.submit("/do/copy_playbook", &[("from", "orca"), ("name", "our-trains")]).await;
    holds(&ada.follow(&again).await.text, "There is a playbook “our-trains” already.");
}
