//! Signatures against the published vector, and callbacks that must not get in.

use super::{callback::*, signature::SigningKey};
use control::driver::{Asked, Secret};
use domain::{Class, Timestamp};

/// The vector of the Standard Webhooks reference libraries.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT: i64 = 1_614_265_330;
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn key() -> SigningKey {
    SigningKey::read(&Secret::new(SECRET)).expect("a key")
}

fn at(seconds: i64) -> Timestamp {
    chrono::DateTime::from_timestamp(seconds, 0).expect("a time")
}

#[test]
fn the_published_vector_is_signed_and_accepted() {
    assert_eq!(key().sign(ID, AT, BODY), SIGNATURE);
    assert!(key().signed(SIGNATURE, ID, AT, BODY));
    // While a secret is changed, both signatures come.
    assert!(key().signed(&format!("v1,AAAA v2,xyz {SIGNATURE}"), ID, AT, BODY));
    for (header, id, when, body) in [
        (SIGNATURE, ID, AT, &b"{\"test\": 2432232315}"[..]),
        (SIGNATURE, "msg_other", AT, BODY),
        (SIGNATURE, ID, AT + 1, BODY),
        ("", ID, AT, BODY),
        ("v1,", ID, AT, BODY),
        ("v1,g0hM9SsE+OTPJTGt", ID, AT, BODY),
        (&SIGNATURE[3..], ID, AT, BODY),
    ] {
        assert!(!key().signed(header, id, when, body), "{header} {id} {when}");
    }
}

#[test]
fn a_secret_of_another_form_is_refused_and_not_repeated() {
    for wrong in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!", "whsec_c2hvcnQ="] {
        let refusal = SigningKey::read(&Secret::new(wrong)).expect_err(wrong);
        assert_eq!(refusal.field.as_deref(), Some("signing_secret"));
        assert!(!format!("{refusal:?}").contains(wrong.trim_start_matches("whsec_")), "{refusal:?}");
    }
    assert_eq!(format!("{:?}", key()), "SigningKey(hidden)");
}

#[test]
fn a_callback_is_read_only_when_signed_over_its_bytes_and_fresh() {
    let secret = Secret::new(SECRET);
    let body = br#"{"key":"00000000-0000-0000-0000-000000000007","state":"running","said":"at 40 %","url":"javascript:alert(1)"}"#;
    let signature = key().sign("cb-1", AT, body);
    let headers = Headers { id: "cb-1", timestamp: "1614265330", signature: &signature };
    let callback = verify(&secret, headers, body, at(AT + 299)).expect("accepted");
    assert_eq!(callback.key.as_u128(), 7);
    // An address that no browser should follow is dropped.
    assert_eq!(callback.state, Asked::Running { said: "at 40 %".to_owned(), url: None });

    for (headers, body, now) in [
        (headers, &body[1..], AT),
        (headers, &body[..], AT + 301),
        (headers, &body[..], AT - 301),
        (Headers { timestamp: "1614265331", ..headers }, &body[..], AT),
        (Headers { timestamp: "soon", ..headers }, &body[..], AT),
        (Headers { id: "cb-2", ..headers }, &body[..], AT),
    ] {
        let refusal = verify(&secret, headers, body, at(now)).expect_err("not accepted");
        assert_eq!(refusal.class, Class::Unauthenticated);
    }
    let signature = key().sign("cb-1", AT, b"{}");
    let refusal = verify(&secret, Headers { signature: &signature, ..headers }, b"{}", at(AT)).expect_err("no key");
    assert_eq!(refusal.class, Class::Invalid);
}

#[test]
fn a_task_of_ours_sent_back_is_no_callback() {
    let ours = br#"{"type":"rollout.deploy","data":{"key":"00000000-0000-0000-0000-000000000007"}}"#;
    let signature = key().sign("x", AT, ours);
    let headers = Headers { id: "x", timestamp: "1614265330", signature: &signature };
    assert!(verify(&Secret::new(SECRET), headers, ours, at(AT)).is_err());
}
