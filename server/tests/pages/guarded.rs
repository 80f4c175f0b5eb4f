//! Other sites and strangers change nothing.

use crate::house::{HOST, House, PASSWORD};
use http::StatusCode;

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let house = House::new().await;
    let own = format!("http://{HOST}");
    let cases: [(&[(&str, &str)], bool); 9] = [
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site"), ("origin", &own)], false),
        (&[("origin", &own)], true),
        (&[("origin", "https://evil.example")], false),
        (&[("origin", "null")], false),
        (&[], false),
    ];
    for (n, (headers, allowed)) in cases.into_iter().enumerate() {
        let mut engineer = house.person(&format!("Eve{n}"), "engineer").await;
        engineer.get("/").await;
        let answer = engineer.submit_with("/do/sign_out", &[], headers).await;
        if allowed {
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{headers:?}");
        } else {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
            assert!(
                answer.text.starts_with("<!DOCTYPE html>") && answer.text.contains("another site"),
                "{}",
                answer.text
            );
            assert_eq!(engineer.get("/").await.status, StatusCode::OK, "still signed in after {headers:?}");
        }
    }
}

#[tokio::test]
async fn signing_in_from_another_site_is_refused_too() {
    let house = House::new().await;
    let fields = [("email", "ada@example.org"), ("password", PASSWORD)];
    for headers in [[("sec-fetch-site", "cross-site")], [("origin", "https://evil.example")]] {
        let mut browser = house.browser();
        assert_eq!(browser.submit_with("/do/sign_in", &fields, &headers).await.status, StatusCode::FORBIDDEN);
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test]
async fn nothing_changes_by_get() {
    let house = House::new().await;
    let mut engineer = house.person("Eve", "engineer").await;
    for path in ["/do/sign_out", "/do/approve?product=shop", "/do/create_release"] {
        assert_eq!(engineer.get(path).await.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
    assert_eq!(engineer.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn tokens_open_no_pages() {
    let house = House::new().await;
    let person = house.admin.person().unwrap();
    let ask = control::people::IssueToken {
        person,
        scopes: [domain::access::TokenScope::Everything].into(),
        expires_at: None,
    };
    let issued = house.control.issue_token(house.admin, ask).await.unwrap();
    let bearer = format!("Bearer {}", issued.secret);
    let mut browser = house.browser();
    let headers = [("authorization", bearer.as_str())];
    assert!(browser.get_with("/", &headers).await.status.is_redirection());
    assert_eq!(browser.get_with("/see/overview", &headers).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get_with("/api/v1/me", &headers).await.status, StatusCode::OK);
}

#[tokio::test]
async fn over_tls_cookies_are_bound_to_this_host() {
    let house = House::with(|settings| settings.public_url = "https://releases.example.org".parse().ok()).await;
    let mut browser = house.browser();
    let fields = [("email", "ada@example.org"), ("password", PASSWORD)];
    let answer = browser.submit_with("/do/sign_in", &fields, &[("origin", "https://releases.example.org")]).await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-pilothouse=") && cookie.contains("; Secure") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(answer.headers.contains_key("strict-transport-security"));
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    let foreign = house.browser().submit_with("/do/sign_in", &fields, &[("origin", &format!("http://{HOST}"))]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "only the public address counts");
}
