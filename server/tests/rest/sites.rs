//! Other sites cannot use the cookie of a signed-in browser.

use crate::house::{House, Stage, at};
use serde_json::json;

#[tokio::test]
async fn a_cookie_counts_on_our_own_pages_only() {
    let stage = Stage::set().await;
    let secret = stage.secret_of(&stage.engineer.id).await;
    let cookie = stage.house.anonymous().with("cookie", &format!("pilothouse={secret}"));
    let path = at("shop", "1.0.0");
    let cases: [(&[(&str, &str)], bool); 10] = [
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:7070")], false),
        (&[("origin", "http://127.0.0.1:7070")], true),
        (&[("origin", "http://127.0.0.1:7071")], false),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", "null")], false),
        (&[], false),
    ];
    for (n, (headers, allowed)) in cases.into_iter().enumerate() {
        let browser = headers.iter().fold(cookie.clone(), |client, (name, value)| client.with(name, value));
        let before = stage.house.seq();
        let answer = browser.patch(&path, &json!({ "title": format!("Title {n}") })).await;
        if allowed {
            answer.must(200);
        } else {
            answer.refused(403);
            assert_eq!(stage.house.seq(), before);
        }
        // Looking is no change; the answer is kept from other sites by the browser.
        browser.get(&path).await.must(200);
    }
}

#[tokio::test]
async fn programs_without_cookies_need_no_origin() {
    let stage = Stage::set().await;
    let path = at("shop", "1.0.0");
    stage.engineer.client.patch(&path, &json!({ "title": "By a program" })).await.must(200);
    // A page of another site that somehow holds a token is still another site.
    let elsewhere = stage.engineer.client.clone().with("origin", "https://evil.example");
    elsewhere.patch(&path, &json!({ "title": "From elsewhere" })).await.refused(403);
}

#[tokio::test]
async fn behind_a_public_address_that_one_counts() {
    let url = "https://releases.example.org";
    let stage = Stage::on(House::with(|settings| settings.public_url = url.parse().ok()).await).await;
    let secret = stage.secret_of(&stage.engineer.id).await;
    let path = at("shop", "1.0.0");
    let with_cookie = |name: &str| stage.house.anonymous().with("cookie", &format!("{name}={secret}"));
    let own = with_cookie("__Host-pilothouse").with("origin", url);
    own.patch(&path, &json!({ "title": "Own" })).await.must(200);
    let host = with_cookie("__Host-pilothouse").with("origin", "http://127.0.0.1:7070");
    host.patch(&path, &json!({ "title": "Host" })).await.refused(403);
    // Over TLS the plain name, which anybody on the network could have set, counts for nothing.
    with_cookie("pilothouse").with("origin", url).patch(&path, &json!({ "title": "Plain" })).await.refused(401);
    let added = stage.house.admin().post("/users", &json!({ "name": "Ann" })).await.must(201);
    assert!(added["invite_url"].as_str().is_some_and(|link| link.starts_with("https://releases.example.org/welcome/")));
}
