//! Forms from browsers without scripts.

use crate::house::{Browser, House, PASSWORD};
use http::StatusCode;

#[tokio::test]
async fn signing_in_keeps_what_was_typed_and_leads_to_the_page_one_came_for() {
    let house = House::new().await;
    let mut browser = house.browser();
    let door = browser.get("/sign-in?next=/releases").await;
    assert!(door.text.contains("action=\"/do/sign_in\"") && door.text.contains("method=\"post\""), "{}", door.text);

    let wrong = [("email", "ada@example.org"), ("password", "wrong horse battery"), ("next", "/releases")];
    let refused = browser.submit("/do/sign_in", &wrong).await;
    assert_eq!(refused.header("location"), "/sign-in?next=/releases");
    assert!(!browser.cookies.contains_key("pilothouse"));
    let told = browser.follow(&refused).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.text.contains("Address and password do not fit together"), "{}", told.text);
    assert!(told.text.contains("value=\"ada@example.org\""), "the address stays");
    assert!(!told.text.contains("wrong horse battery"), "the password does not");
    assert_eq!((told.header("cache-control"), told.header("etag")), ("no-store", ""));
    let once = browser.get("/sign-in?next=/releases").await;
    assert!(!once.text.contains("do not fit together"), "said once");

    let right = [("email", "ada@example.org"), ("password", PASSWORD), ("next", "/releases")];
    let welcome = browser.submit("/do/sign_in", &right).await;
    assert_eq!(welcome.header("location"), "/releases");
    let page = browser.follow(&welcome).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Ada Admin"), "{}", page.text);
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let house = House::new().await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", ""] {
        let mut browser = house.browser();
        let fields = [("email", "ada@example.org"), ("password", PASSWORD), ("next", next)];
        let answer = browser.submit("/do/sign_in", &fields).await;
        assert_eq!(answer.header("location"), "/", "{next}");
    }
}

#[tokio::test]
async fn a_release_is_created_and_approved() {
    let house = House::new().await;
    let (mut eve, mut mia) = (house.person("Eve", "engineer").await, house.person("Mia", "product_manager").await);
    let page = eve.get("/releases/new").await;
    assert!(page.text.contains("action=\"/do/create_release\""), "{}", page.text);
    let fields = |version| {
        [
            ("product", "shop"),
            ("bump", "exact"),
            ("version", version),
            ("kind", ""),
            ("title", "Faster “checkout” & more"),
        ]
    };
    let refused = eve.submit("/do/create_release", &fields("one")).await;
    assert_eq!(refused.header("location"), "/releases/new");
    let told = eve.follow(&refused).await;
    assert!(told.text.contains("value=\"one\""), "{}", told.text);
    assert!(told.text.contains("value=\"Faster “checkout” &amp; more\""), "{}", told.text);
    assert!(told.text.contains("aria-invalid=\"true\""), "said next to the field");

    let created = eve.submit("/do/create_release", &fields("1.0.0")).await;
    assert_eq!(created.header("location"), "/shop/releases/1.0.0");
    assert_eq!(eve.follow(&created).await.status, StatusCode::OK);
    put_up(&house, &eve).await;

    let page = mia.get("/shop/releases/1.0.0").await;
    let digest = between(&page.text, "name=\"digest\" value=\"", "\"").to_owned();
    let decide = |verdict, digest| {
        vec![
            ("product", "shop"),
            ("version", "1.0.0"),
            ("role", "product_manager"),
            ("digest", digest),
            ("comment", ""),
            ("verdict", verdict),
        ]
    };
    let silent = mia.submit("/do/approve", &decide("reject", &digest)).await;
    let told = mia.follow(&silent).await;
    assert!(told.text.contains("class=\"against\"") && told.text.contains("comment"), "{}", told.text);
    let stale = "0".repeat(64);
    let stale = mia.submit("/do/approve", &decide("approve", &stale)).await;
    assert!(mia.follow(&stale).await.text.contains("class=\"refusal\""));
    let approved = mia.submit("/do/approve", &decide("approve", &digest)).await;
    assert_eq!(approved.header("location"), "/shop/releases/1.0.0");
    mia.follow(&approved).await;
    let id = "shop/1.0.0";
    let release = house.control.world().by_change(None).map(|(_, r)| r.clone()).next().unwrap();
    assert!(release.standing().any(|a| a.role.to_string() == "product_manager"), "{id} is approved by her");
}

async fn put_up(house: &House, eve: &Browser<'_>) {
    use control::{Command, Order};
    let actor = house.control.actor_of_session(&eve.cookies["pilothouse"]).await.unwrap().unwrap();
    let id = house.control.world().by_change(None).map(|(_, r)| r.id.clone()).next().unwrap();
    let ask = Command::Release(id, domain::release::Command::RequestApproval);
    house.control.order(Order::new(actor, ask)).await.unwrap();
}

#[tokio::test]
async fn what_is_to_be_read_once_is_shown_once() {
    let house = House::new().await;
    let mut ada = house.browser();
    let session = [("email", "ada@example.org"), ("password", PASSWORD)];
    let welcome = ada.submit("/do/sign_in", &session).await;
    ada.follow(&welcome).await;
    ada.get("/admin/people").await;
    let invite = [("name", "Zoë Zander"), ("email", "zoe@example.org"), ("product", "*"), ("role", "engineer")];
    let invited = ada.submit("/do/invite", &invite).await;
    assert!(!invited.headers.contains_key("x-pilothouse-notice"), "it stands in the sealed cookie only");
    let shown = ada.follow(&invited).await;
    assert!(shown.text.contains("/welcome/"), "{}", shown.text);
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(!ada.get("/admin/people").await.text.contains("/welcome/"));
}

#[tokio::test]
async fn an_error_in_the_address_is_nobodys_word() {
    let house = House::new().await;
    let mut browser = house.browser();
    let spoofed = "/sign-in?next=/releases&__path=%2Fdo%2Fsign_in&__err=eyJjbGFzcyI6ImludmFsaWQifQ==";
    let answer = browser.get(spoofed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?next=%2Freleases");
    let clean = browser.follow(&answer).await;
    assert!(!clean.text.contains("aria-invalid=\"true\"") && !clean.text.contains("class=\"refusal\""));
}

#[tokio::test]
async fn a_made_up_or_moved_flash_says_nothing() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.get("/sign-in").await;
    browser.submit("/do/sign_in", &[("email", "a@b.org"), ("password", "x")]).await;
    let flash = browser.cookies["pilothouse-flash"].clone();
    let elsewhere = browser.get("/nowhere").await;
    assert!(elsewhere.header("set-cookie").is_empty(), "it waits for its own page");
    house.clock.advance(chrono::Duration::seconds(61));
    assert!(!browser.get("/sign-in").await.text.contains("a@b.org"), "it does not wait long");
    let forged = format!("{}A", &flash[..flash.len() - 1]);
    browser.cookies.insert("pilothouse-flash".to_owned(), forged);
    assert!(!browser.get("/sign-in").await.text.contains("a@b.org"));
}

#[tokio::test]
async fn long_input_is_kept_and_too_long_is_refused() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.get("/sign-in").await;
    let long = "ä".repeat(1_900);
    let kept = browser.submit("/do/sign_in", &[("email", &long), ("password", "x")]).await;
    assert!(kept.header("set-cookie").len() < 4_096);
    assert!(browser.follow(&kept).await.text.contains(&long));
    let longer = "x".repeat(70_000);
    let refused = browser.submit("/do/sign_in", &[("email", &longer), ("password", "x")]).await;
    assert!(browser.follow(&refused).await.text.contains("larger than 64 KiB"));
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .unwrap_or_else(|| panic!("{before} in {text}"))
        .0
}
