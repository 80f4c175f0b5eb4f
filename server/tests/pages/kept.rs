//! What the browser keeps: the same page is not rendered twice, and never shown to somebody else.

use crate::house::House;
use http::StatusCode;

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let house = House::new().await;
    let mut engineer = house.person("Eve", "engineer").await;
    let first = engineer.get("/").await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = engineer.get_with("/", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.text.is_empty());
    assert_eq!(again.header("etag"), tag);
    assert_eq!(again.header("content-security-policy"), "", "the policy kept with the page has the nonce that fits");

    let asked = [("if-none-match", tag.as_str())];
    assert_eq!(engineer.get_with("/releases", &asked).await.status, StatusCode::OK, "another page");
    assert_eq!(engineer.get_with("/?x=1", &asked).await.status, StatusCode::OK, "another query");
    house.clock.advance(chrono::Duration::minutes(1));
    let later = engineer.get_with("/", &asked).await;
    assert_eq!(later.status, StatusCode::OK, "deadlines pass without events");
    let tag = later.header("etag").to_owned();
    house.person("Mia", "product_manager").await;
    let changed = engineer.get_with("/", &[("if-none-match", &tag)]).await;
    assert_eq!(changed.status, StatusCode::OK, "something was recorded");
    let tag = changed.header("etag").to_owned();
    engineer.cookies.insert("theme".to_owned(), "dark".to_owned());
    assert_eq!(engineer.get_with("/", &[("if-none-match", &tag)]).await.status, StatusCode::OK, "another look");
}

#[tokio::test]
async fn nobody_gets_the_page_of_somebody_else() {
    let house = House::new().await;
    let mut engineer = house.person("Quentin", "engineer").await;
    let mut manager = house.person("Zelda", "product_manager").await;
    let hers = engineer.get("/").await;
    assert!(hers.text.contains("Quentin") && !hers.text.contains("Zelda"));
    let tag = hers.header("etag").to_owned();
    let his = manager.get_with("/", &[("if-none-match", &tag)]).await;
    assert_eq!(his.status, StatusCode::OK);
    assert!(his.text.contains("Zelda") && !his.text.contains("Quentin"));
    let nobody = house.browser().get_with("/", &[("if-none-match", &tag)]).await;
    assert!(nobody.status.is_redirection());
    assert_eq!(nobody.header("etag"), "");
    assert_eq!(nobody.header("cache-control"), "no-store");
}

#[tokio::test]
async fn after_signing_out_the_cookie_opens_nothing() {
    let house = House::new().await;
    let mut engineer = house.person("Eve", "engineer").await;
    let secret = engineer.cookies["pilothouse"].clone();
    engineer.get("/").await;
    let out = engineer.submit("/do/sign_out", &[]).await;
    assert_eq!(out.header("location"), "/sign-in");
    assert!(!engineer.cookies.contains_key("pilothouse"));
    engineer.cookies.insert("pilothouse".to_owned(), secret);
    assert!(engineer.get("/").await.status.is_redirection());
}
