//! The live stream: who sees what, where it goes on after a break, and when it ends.

#[path = "house/mod.rs"]
#[expect(dead_code, unused_imports, reason = "each test program needs its part of the house")]
mod house;

use house::{Client, House, Live, Stage, approval, at};
use serde_json::{Value, json};

/// Greeted, and up to date.
async fn greeted(stage: &Stage, by: &Client) -> Live {
    let mut live = stage.house.live(by, None).await;
    let hello = live.next().await.expect("a greeting");
    assert_eq!((hello.event.as_str(), &hello.data), ("hello", &json!({ "seq": stage.house.seq() })));
    live
}

async fn retitle(stage: &Stage, title: &str) {
    stage.engineer.client.patch(&at("shop", "1.0.0"), &json!({ "title": title })).await.must(200);
}

#[tokio::test]
async fn an_envelope_has_what_the_contract_promises() {
    let stage = Stage::set().await;
    let mut live = greeted(&stage, &stage.support.client).await;
    let path = format!("{}/approvals", at("shop", "1.0.0"));
    stage.manager.client.post(&path, &approval("product_manager", &stage.digest)).await.must(201);
    let said = live.fact("release.decided").await;
    for field in ["seq", "stream", "version", "at", "actor", "kind", "body"] {
        assert!(said.data.get(field).is_some(), "no “{field}” in {}", said.data);
    }
    assert_eq!((said.id, &said.data["stream"]), (Some(stage.house.seq()), &json!("release/shop/1.0.0")));
    assert_eq!(said.data["body"]["digest"], stage.digest);
}

#[tokio::test]
async fn each_reader_sees_their_part() {
    let stage = Stage::set().await;
    stage.house.product("hidden", "orca").await;
    let mut admin = greeted(&stage, &stage.house.admin()).await;
    let mut support = greeted(&stage, &stage.support.client).await;
    let mut outsider = greeted(&stage, &stage.outsider.client).await;
    house::release(&stage.house.admin(), "hidden", "1.0.0").await;
    stage.house.person("Somebody new", &[]).await;
    retitle(&stage, "Seen").await;

    assert_eq!(admin.fact("release.created").await.data["stream"], "release/hidden/1.0.0");
    for kind in ["person.added", "person.link_issued", "person.token_issued"] {
        admin.fact(kind).await;
    }
    admin.fact("release.edited").await;
    // The first that the others see is the first of theirs.
    assert_eq!(support.fact("release.edited").await.data["body"]["title"], "Seen");
    let path = format!("/users/{}", stage.outsider.id);
    stage.house.admin().patch(&path, &json!({ "disabled": true })).await.must(200);
    assert_eq!(outsider.next().await, None, "nothing but the end");
}

#[tokio::test]
async fn a_window_that_was_judged_is_told_to_those_who_may_see_it() {
    let stage = Stage::set().await;
    stage.house.product("hidden", "orca").await;
    let place = |product: &str| domain::environment::EnvironmentId {
        product: product.parse().expect("a name"),
        env: "production".parse().expect("a name"),
    };
    let mut support = greeted(&stage, &stage.support.client).await;
    // given one is judged that support may not see, and then one that they may
    stage.house.web.control.looked(place("hidden"));
    stage.house.web.control.looked(place("shop"));
    // then they are told of theirs alone, and it has no place in the record
    let said = support.next().await.expect("a word");
    assert_eq!((said.event.as_str(), &said.data), ("look", &json!({ "stream": "environment/shop/production" })));
    assert_eq!(said.id, None);
}

#[tokio::test]
async fn a_reader_who_comes_back_gets_what_they_missed_once() {
    let stage = Stage::set().await;
    let seen = stage.house.seq();
    for title in ["One", "Two", "Three"] {
        retitle(&stage, title).await;
    }
    stage.house.person("Nobody's business", &[]).await;
    let mut live = stage.house.live(&stage.support.client, Some(seen)).await;
    let since = stage.support.client.response(http::Request::get(format!("/events?since={seen}")), "".into()).await;
    let mut since = Live::of(since);
    retitle(&stage, "Four").await;
    for live in [&mut live, &mut since] {
        assert_eq!(live.next().await.map(|said| said.event).as_deref(), Some("hello"));
        let mut last = seen;
        for title in ["One", "Two", "Three", "Four"] {
            let said = live.fact("release.edited").await;
            assert_eq!(said.data["body"]["title"], title);
            assert!(said.id > Some(last), "in order");
            last = said.id.unwrap_or_default();
        }
    }
}

#[tokio::test]
async fn who_is_too_far_behind_or_ahead_looks_at_everything_anew() {
    let stage = Stage::set().await;
    for n in 0..1_001 {
        retitle(&stage, &format!("Title {n}")).await;
    }
    let head = stage.house.seq();
    // Ahead: the record was restored from a backup meanwhile.
    for last in [head - 1_001, head + 1] {
        let mut live = stage.house.live(&stage.support.client, Some(last)).await;
        assert_eq!(live.next().await.map(|said| said.event).as_deref(), Some("hello"));
        let said = live.next().await.expect("an event");
        assert_eq!((said.event.as_str(), said.id), ("refetch", Some(head)), "{said:?}");
    }
    let mut live = stage.house.live(&stage.support.client, Some(head - 1_000)).await;
    live.next().await.expect("a greeting");
    assert_eq!(live.fact("release.edited").await.id, Some(head - 999));
}

#[tokio::test]
async fn a_change_of_rights_ends_the_stream_of_whom_it_concerns() {
    let stage = Stage::set().await;
    let (tess, admin) = (&stage.tess, stage.house.admin());
    let path = |rest: &str| format!("/users/{}{rest}", tess.id);
    let days = |role: &str, substitute: &str| {
        json!({ "product": "shop", "role": role, "substitute": substitute, "from": "2025-10-01T00:00:00Z",
            "until": "2025-11-01T00:00:00Z" })
    };
    let mut other = greeted(&stage, &stage.support.client).await;

    let mut live = greeted(&stage, &tess.client).await;
    admin.post(&path("/roles"), &json!({ "product": "shop", "role": "on_call" })).await.must(200);
    assert_eq!(live.next().await, None, "a role more");

    let mut live = greeted(&stage, &tess.client).await;
    admin.delete(&path("/roles/shop/on_call")).await.must(200);
    assert_eq!(live.next().await, None, "a role less");

    let mut live = greeted(&stage, &tess.client).await;
    let stand_ins = format!("/users/{}/stand-ins", stage.manager.id);
    stage.manager.client.post(&stand_ins, &days("product_manager", &tess.id)).await.must(200);
    assert_eq!(live.next().await, None, "standing in");

    let mut live = greeted(&stage, &tess.client).await;
    stage.manager.client.delete(&format!("{stand_ins}/shop/product_manager/{}", tess.id)).await.must(200);
    assert_eq!(live.next().await, None, "standing in no more");

    let mut live = greeted(&stage, &tess.client).await;
    admin.patch(&path(""), &json!({ "disabled": true })).await.must(200);
    assert_eq!(live.next().await, None, "disabled");

    retitle(&stage, "Still here").await;
    assert_eq!(other.fact("release.edited").await.data["body"]["title"], "Still here", "nobody else was cut off");
}

#[tokio::test]
async fn a_revoked_token_ends_its_own_streams_only() {
    let stage = Stage::set().await;
    let second = stage.house.token(&stage.house.admin(), &stage.tess.id, &["*"]).await;
    let mut first = greeted(&stage, &stage.tess.client).await;
    let mut second = greeted(&stage, &stage.house.with_token(&second)).await;
    let path = format!("/tokens/{}", first_token(&stage.tess.client).await);
    stage.tess.client.delete(&path).await.must(204);
    assert_eq!(first.next().await, None);
    retitle(&stage, "On").await;
    second.fact("release.edited").await;
}

/// The id of the token that this client came with.
async fn first_token(client: &Client) -> String {
    client.get("/me").await.must(200)["token"].as_str().expect("a token").to_owned()
}

/// Time that passes is no event: the stream looks for itself.
#[tokio::test(start_paused = true)]
async fn an_expired_token_and_a_session_that_was_signed_out_end_streams() {
    let stage = Stage::set().await;
    let body = json!({ "user": stage.support.id, "scopes": ["*"], "expires_at": "2025-10-09T09:00:00Z" });
    let issued = stage.house.admin().post("/tokens", &body).await.must(201);
    let token = stage.house.with_token(issued["token"].as_str().expect("a token"));
    let secret = stage.secret_of(&stage.support.id).await;
    let browser = stage.house.anonymous().with("cookie", &format!("pilothouse={secret}"));
    let (mut expiring, mut signed_in) = (greeted(&stage, &token).await, greeted(&stage, &browser).await);
    let mut lasting = greeted(&stage, &stage.support.client).await;

    stage.house.clock.advance(chrono::Duration::hours(1));
    assert_eq!(expiring.next().await, None);
    stage.house.web.control.sign_out(&secret).await.expect("signed out");
    assert_eq!(signed_in.next().await, None);
    retitle(&stage, "On").await;
    lasting.fact("release.edited").await;
}

/// However much is said, the reader is looked at; and a quiet stream says that it lives.
#[tokio::test(start_paused = true)]
async fn a_busy_stream_ends_with_its_session_and_a_quiet_one_beats() {
    let stage = Stage::set().await;
    let secret = stage.secret_of(&stage.support.id).await;
    let browser = stage.house.anonymous().with("cookie", &format!("pilothouse={secret}"));
    let mut quiet = greeted(&stage, &stage.tess.client).await;
    let beat = quiet.next_or_beat().await.expect("a beat");
    assert_eq!((beat.event.as_str(), &beat.data), ("beat", &json!({ "seq": stage.house.seq() })));
    let mut busy = greeted(&stage, &browser).await;
    stage.house.web.control.sign_out(&secret).await.expect("signed out");
    for n in 0..60 {
        retitle(&stage, &format!("Title {n}")).await;
        if busy.next().await.is_none() {
            assert!(n > 1, "it was busy until then");
            return;
        }
        tokio::time::advance(std::time::Duration::from_secs(1)).await;
    }
    panic!("it goes on without end");
}

#[tokio::test]
async fn streams_end_when_the_process_drains() {
    let stage = Stage::set().await;
    let mut live = greeted(&stage, &stage.support.client).await;
    retitle(&stage, "Last").await;
    live.fact("release.edited").await;
    stage.house.drain.cancel();
    assert_eq!(live.next().await, None);
}

#[tokio::test]
async fn nobody_holds_all_the_places() {
    let stage = Stage::set().await;
    let mut all = Vec::new();
    for _ in 0..20 {
        all.push(greeted(&stage, &stage.support.client).await);
    }
    let refused = stage.support.client.get("/events").await;
    assert!(!refused.header("retry-after").is_empty());
    refused.refused(429);
    greeted(&stage, &stage.manager.client).await;
    all.pop();
    greeted(&stage, &stage.support.client).await;
    assert_eq!(stage.house.anonymous().get("/status").await.must(200)["live_streams"], json!(19));
}

#[tokio::test]
async fn strangers_hear_nothing() {
    let house = House::new().await;
    house.anonymous().get("/events").await.refused(401);
    house.with_token("nobody-knows-this-token-at-all").get("/events").await.refused(401);
    house.anonymous().with("cookie", "pilothouse=nobody").get("/events").await.refused(401);
}

/// What travels are ids: names and secrets stay where they can be erased.
#[tokio::test]
async fn no_name_and_no_secret_is_in_the_stream() {
    let stage = Stage::set().await;
    let mut live = greeted(&stage, &stage.house.admin()).await;
    let person = stage.house.person("Very Particular Name", &[("shop", "engineer")]).await;
    let mut told = Vec::new();
    for _ in 0..4 {
        told.push(live.next().await.expect("an event").data);
    }
    let text = Value::from(told).to_string();
    assert!(text.contains(&person.id) && !text.contains("Particular") && !text.contains(&person.token), "{text}");
}
