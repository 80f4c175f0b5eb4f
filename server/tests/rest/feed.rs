//! The feed that calendar clients read: at an address that its reader alone makes and takes back, and strict RFC 5545.

use crate::house::{Client, House, Stage};
use axum::body::Body;
use http::Request;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The address of a new feed for this person.
async fn open(house: &House, by: &Client, person: &str) -> String {
    format!("/calendar/feed/{}.ics", house.token(by, person, &["calendar_feed"]).await)
}

async fn read(house: &House, path: &str) -> (u16, String, String, String) {
    let response = house.anonymous().response(Request::get(path), Body::empty()).await;
    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (status, kind, cache) = (response.status().as_u16(), header("content-type"), header("cache-control"));
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, kind, cache, String::from_utf8(bytes.to_vec()).expect("UTF-8"))
}

/// A component with its properties (name with parameters, value) and the components in it.
#[derive(Debug, Default)]
struct Component {
    name: String,
    properties: Vec<(String, String)>,
    inner: Vec<Component>,
}

impl Component {
    fn one(&self, name: &str) -> &str {
        let found: Vec<&String> = self.properties.iter().filter(|(n, _)| n == name).map(|(_, v)| v).collect();
        assert_eq!(found.len(), 1, "{} has {} × {name}", self.name, found.len());
        found[0]
    }
}

/// Reads as strictly as RFC 5545 is written; panics with what is wrong.
fn parse(text: &str) -> Component {
    assert!(text.ends_with("\r\n"), "ends with CRLF");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "no bare CR or LF");
    let mut unfolded: Vec<String> = Vec::new();
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(!line.is_empty() && line.len() <= 75, "1 to 75 octets: {line}");
        match line.strip_prefix([' ', '\t']) {
            Some(rest) => unfolded.last_mut().expect("something to continue").push_str(rest),
            None => unfolded.push(line.to_owned()),
        }
    }
    let mut open: Vec<Component> = vec![Component::default()];
    for line in unfolded {
        assert!(line.chars().all(|c| c == '\t' || !c.is_control()), "no control characters: {line}");
        let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("name:value, not {line}"));
        let plain = name.split(';').next().unwrap_or_default();
        assert!(plain.chars().all(|c| c.is_ascii_uppercase() || c == '-') && !plain.is_empty(), "a name: {line}");
        match plain {
            "BEGIN" => open.push(Component { name: value.to_owned(), ..Component::default() }),
            "END" => {
                let done = open.pop().expect("something open");
                assert_eq!(done.name, value, "components end as they began");
                open.last_mut().expect("something around").inner.push(done);
            }
            _ => open.last_mut().expect("something open").properties.push((name.to_owned(), value.to_owned())),
        }
    }
    assert_eq!(open.len(), 1, "everything that began has ended");
    let mut all = open.remove(0).inner;
    assert_eq!(all.len(), 1, "one calendar");
    let calendar = all.remove(0);
    assert_eq!((calendar.name.as_str(), calendar.one("VERSION")), ("VCALENDAR", "2.0"));
    assert!(!calendar.one("PRODID").is_empty() && !calendar.inner.is_empty());
    for event in calendar.inner.iter().filter(|c| c.name == "VEVENT") {
        let instant = |name: &str| {
            let text = event.one(name);
            assert_eq!(text.len(), 16, "{text}");
            chrono::NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").unwrap_or_else(|e| panic!("{text}: {e}"))
        };
        instant("DTSTAMP");
        assert!(instant("DTSTART") < instant("DTEND"));
        for name in ["SUMMARY", "DESCRIPTION"] {
            let mut escaped = false;
            for c in event.one(name).chars() {
                match c {
                    '\\' if !escaped => escaped = true,
                    ';' | ',' if !escaped => panic!("unescaped {c} in {}", event.one(name)),
                    'n' | 'N' | '\\' | ';' | ',' if escaped => escaped = false,
                    other => {
                        assert!(!escaped, "\\{other} escapes nothing");
                    }
                }
            }
        }
    }
    let uids: Vec<&str> = calendar.inner.iter().filter(|c| c.name == "VEVENT").map(|e| e.one("UID")).collect();
    assert_eq!(uids.iter().collect::<BTreeSet<_>>().len(), uids.len(), "UIDs differ");
    calendar
}

fn by_uid(calendar: &Component) -> BTreeMap<String, &Component> {
    calendar.inner.iter().map(|event| (event.one("UID").to_owned(), event)).collect()
}

#[tokio::test]
async fn a_strict_reader_accepts_the_feed_and_uids_stay() {
    let stage = Stage::set().await;
    let body = json!({ "product": "shop", "kind": "company_event", "title": "Summer, sun; and \\ “more” – all of us, at the lake 🚣🚣🚣🚣🚣🚣",
        "reason": "Every year.", "zone": "America/New_York", "from": "2025-10-31T09:00", "to": "2025-10-31T17:00",
        "rrule": "FREQ=MONTHLY;BYDAY=-1FR" });
    stage.house.admin().post("/calendar/windows", &body).await.must(201);
    let rotation = json!({ "members": [stage.support.id], "starts": "2025-10-13", "weekday": "Mon", "at": "09:00", "zone": "UTC" });
    stage.house.admin().put("/products/shop/rotations/support", &rotation).await.must(204);
    let path = open(&stage.house, &stage.support.client, &stage.support.id).await;
    let (status, kind, cache, text) = read(&stage.house, &path).await;
    assert_eq!((status, kind.as_str()), (200, "text/calendar; charset=utf-8"));
    assert!(cache.starts_with("private"), "{cache}");

    let calendar = parse(&text);
    let events = by_uid(&calendar);
    let train = events["playbook-orca.train-weekly-20251010@127.0.0.1"];
    assert_eq!((train.one("DTSTART"), train.one("DTEND")), ("20251010T120000Z", "20251010T140000Z"));
    assert!(events.keys().any(|uid| uid.contains("-freeze@")), "code freezes");
    let lake: Vec<_> = events.values().filter(|e| e.one("SUMMARY").starts_with("Summer")).collect();
    assert_eq!(lake[0].one("DTSTART"), "20251031T130000Z");
    assert_eq!(lake[1].one("DTSTART"), "20251128T140000Z", "New York has gone back by an hour");
    assert!(lake[0].one("SUMMARY").starts_with(r"Summer\, sun\; and \\ “more”"));
    assert!(events.keys().any(|uid| uid.starts_with("turn-shop-support-")), "one’s own turns");

    let (_, _, _, again) = read(&stage.house, &path).await;
    assert_eq!(by_uid(&parse(&again)).keys().collect::<Vec<_>>(), events.keys().collect::<Vec<_>>());
}

#[tokio::test]
async fn the_address_opens_what_its_reader_sees_until_it_is_revoked_or_they_may_no_more() {
    let stage = Stage::set().await;
    let path = open(&stage.house, &stage.support.client, &stage.support.id).await;
    let nobodys = open(&stage.house, &stage.outsider.client, &stage.outsider.id).await;
    assert!(read(&stage.house, &path).await.3.contains("Friday train"));
    let empty = read(&stage.house, &nobodys).await;
    assert_eq!(empty.0, 200);
    assert!(parse(&empty.3).inner.iter().all(|c| c.name == "VTIMEZONE"), "an empty calendar is one all the same");

    // When the role goes, so does what it showed; when the address is taken back, nothing is there.
    stage.house.admin().delete(&format!("/users/{}/roles/shop/support", stage.support.id)).await.must(200);
    assert!(!read(&stage.house, &path).await.3.contains("Friday train"));
    let tokens = stage.support.client.get("/tokens").await.must(200);
    let feed = tokens["items"]
        .as_array()
        .expect("items")
        .iter()
        .find(|t| t["scopes"] == json!(["calendar_feed"]))
        .expect("the feed");
    let id = feed["id"].as_str().expect("an id");
    stage.support.client.delete(&format!("/tokens/{id}")).await.must(204);
    assert_eq!(read(&stage.house, &path).await.0, 404);
    stage.house.admin().patch(&format!("/users/{}", stage.outsider.id), &json!({ "disabled": true })).await.must(200);
    assert_eq!(read(&stage.house, &nobodys).await.0, 404);
}

#[tokio::test]
async fn the_secret_opens_the_feed_alone_and_other_secrets_do_not() {
    let stage = Stage::set().await;
    let secret = stage.house.token(&stage.support.client, &stage.support.id, &["calendar_feed"]).await;
    stage.house.with_token(&secret).get("/me").await.refused(401);
    stage.house.with_token(&secret).get("/calendar").await.refused(401);
    for other in [stage.support.token.as_str(), "nothing", "pilothouse_mistyped", "..%2F..%2Fetc"] {
        assert_eq!(read(&stage.house, &format!("/calendar/feed/{other}.ics")).await.0, 404, "{other}");
    }
    // Nobody makes one for somebody else, and it is no permission among others.
    let ask = |user: &str, scopes: &[&str]| json!({ "user": user, "scopes": scopes });
    stage.house.admin().post("/tokens", &ask(&stage.support.id, &["calendar_feed"])).await.refused(403);
    let mixed = ask(&stage.support.id, &["calendar_feed", "view"]);
    stage.support.client.post("/tokens", &mixed).await.refused_field(422, "scopes");
}
