//! Signatures against the published vector, and callbacks that must not get in.

use super::{callback::verify, signature::SigningKey};
use control::driver::{Asked, News, Secret, Told};
use domain::{Class, Refusal, Timestamp};

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

/// A callback as it comes in.
#[derive(Clone, Copy)]
struct Callback<'a> {
    id: &'a str,
    timestamp: &'a str,
    signature: &'a str,
    body: &'a [u8],
    now: i64,
}

impl Callback<'_> {
    fn read(&self) -> Result<News, Refusal> {
        let header = |name: &str| match name {
            "webhook-id" => Some(self.id),
            "webhook-timestamp" => Some(self.timestamp),
            "webhook-signature" => Some(self.signature),
            _ => None,
        };
        verify(&key(), &Told { header: &header, body: self.body, at: at(self.now) })
    }
}

#[test]
fn a_callback_is_read_only_when_signed_over_its_bytes_and_fresh() {
    let body = br#"{"key":"00000000-0000-0000-0000-000000000007","state":"running","said":"at 40 %","url":"javascript:alert(1)"}"#;
    let signature = key().sign("cb-1", AT, body);
    let good = Callback { id: "cb-1", timestamp: "1614265330", signature: &signature, body, now: AT + 299 };
    let news = good.read().expect("accepted");
    assert_eq!(news.key.as_u128(), 7);
    // An address that no browser should follow is dropped.
    assert_eq!(news.state, Asked::Running { said: "at 40 %".to_owned(), url: None });

    for wrong in [
        Callback { body: &body[1..], ..good },
        Callback { now: AT + 301, ..good },
        Callback { now: AT - 301, ..good },
        Callback { timestamp: "1614265331", ..good },
        Callback { timestamp: "soon", ..good },
        Callback { id: "cb-2", ..good },
    ] {
        let refusal = wrong.read().expect_err("not accepted");
        assert_eq!(refusal.class, Class::Unauthenticated);
    }
    let signature = key().sign("cb-1", AT, b"{}");
    let refusal = Callback { signature: &signature, body: b"{}", ..good }.read().expect_err("no key");
    assert_eq!(refusal.class, Class::Invalid);
    let bare = verify(&key(), &Told { header: &|_| None, body, at: at(AT) }).expect_err("not signed at all");
    assert_eq!(bare.class, Class::Unauthenticated);
}

#[test]
fn a_task_of_ours_sent_back_is_no_callback() {
    let ours = br#"{"type":"rollout.deploy","data":{"key":"00000000-0000-0000-0000-000000000007"}}"#;
    let signature = key().sign("x", AT, ours);
    assert!(Callback { id: "x", timestamp: "1614265330", signature: &signature, body: ours, now: AT }.read().is_err());
}
