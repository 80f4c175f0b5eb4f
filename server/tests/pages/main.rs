//! Pages as they leave the server: for whom, under which policy, kept how long, and usable without scripts.

mod calendar;
mod figures;
mod forms;
mod guarded;
mod house;
mod kept;
mod known_issues;
mod playbooks;

use house::House;
use http::StatusCode;

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_signing_in_and_back() {
    let house = House::new().await;
    let mut browser = house.browser();
    let overview = browser.get("/").await;
    assert!(overview.status.is_redirection());
    assert_eq!(overview.header("location"), "/sign-in");
    let page = browser.get("/shop/releases/1.0.0").await;
    assert_eq!(page.header("location"), "/sign-in?next=/shop/releases/1.0.0");
    let query = browser.get("/releases?product=shop&state=draft").await;
    assert_eq!(query.header("location"), "/sign-in?next=%2Freleases%3Fproduct%3Dshop%26state%3Ddraft");
    let odd = browser.get("/a%0Ab%26c/releases/%C3%A4").await;
    assert_eq!(odd.header("location"), "/sign-in?next=%2Fa%250Ab%2526c%2Freleases%2F%25C3%25A4");
    let door = browser.get(query.header("location")).await;
    assert_eq!(door.status, StatusCode::OK);
    assert!(door.text.contains("value=\"/releases?product=shop&amp;state=draft\""), "{}", door.text);
}

#[tokio::test]
async fn without_browser_files_pages_say_what_to_run_and_rest_answers() {
    let nothing = tempfile::tempdir().unwrap();
    let house = House::with(|settings| settings.dist = Some(nothing.path().to_owned())).await;
    let mut browser = house.browser();
    for path in ["/", "/sign-in", "/shop/releases/1.0.0", "/pkg/web-1.js"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(answer.text.contains("cargo xtask build"), "{}", answer.text);
    }
    assert_eq!(browser.get("/health").await.status, StatusCode::OK);
    assert_eq!(browser.get("/api/openapi.json").await.status, StatusCode::OK);
    assert_eq!(browser.get("/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_script_tag_carries_the_nonce_of_its_own_response() {
    let house = House::new().await;
    let mut engineer = house.person("Eve", "engineer").await;
    let mut seen = Vec::new();
    for path in ["/", "/releases/new", "/sign-in", "/nowhere"] {
        let page = engineer.get(path).await;
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy.split_once("'nonce-").and_then(|(_, rest)| rest.split_once('\'')).unwrap().0.to_owned();
        for part in ["'wasm-unsafe-eval'", "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        let tags: Vec<&str> = page.text.split("<script").skip(1).collect();
        assert!(!tags.is_empty(), "{path}: at least Trunk's own");
        // What is only read needs none.
        let tags = tags.into_iter().map(|tag| tag.split('>').next().unwrap());
        for tag in tags.filter(|tag| !tag.contains("type=\"application/json\"")) {
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path}: <script{tag}>");
        }
        assert!(!page.text.contains(" style=\"") && !page.text.contains("<style"), "{path}: no inline styles");
        seen.push(nonce);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 4, "no nonce comes twice");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_for_people_and_a_problem_for_programs() {
    let house = House::new().await;
    let page = house.browser().get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("<h1>Not found</h1>"), "{}", page.text);
    let request = axum::extract::Request::get("/nowhere").body(axum::body::Body::empty()).unwrap();
    let problem = house.ask(request).await;
    assert_eq!(problem.status, StatusCode::NOT_FOUND);
    assert_eq!(problem.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn browser_files_are_kept_as_long_as_their_names_hold() {
    let house = House::new().await;
    let mut browser = house.browser();
    let script = browser.get("/pkg/web-1.js").await;
    assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(script.header("content-type"), "text/javascript");
    let font = browser.get("/pkg/fonts/inter.woff2").await;
    assert_eq!(font.header("cache-control"), "public, max-age=2592000");
    for missing in ["/pkg/web-2.js", "/pkg/index.html", "/pkg/", "/pkg/fonts", "/pkg/../secret.key", "/pkg/%2e%2e/x"] {
        let answer = browser.get(missing).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing}");
        assert_eq!(answer.header("cache-control"), "no-store", "{missing}");
    }
}
