//! Accounts, links, sessions and tokens.

use crate::{contract, place::Place};
use chrono::TimeDelta;
use control::{
    journal::Journal,
    vault::{Account, LinkPurpose, OneTimeLink, PrivateWrite, Session, email_taken, link_unusable},
};
use domain::{
    Refusal,
    person::{PersonId, TokenId},
};
use store::contract::instant;
use uuid::Uuid;

contract! { everywhere:
    an_address_belongs_to_one_account
    a_link_opens_once
    a_link_opens_once_for_two_at_a_time
    a_new_link_takes_the_place_of_unused_ones
    a_new_password_ends_sessions
    tokens_come_and_go
    an_erased_person_leaves_nothing
    what_expired_is_swept
}

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

pub fn account_of(n: u128, email: &str) -> PrivateWrite {
    PrivateWrite::PutAccount { person: person(n), name: format!("Person {n}"), email: Some(email.to_owned()) }
}

pub fn link(hash: &str, owner: Option<u128>, used: bool) -> OneTimeLink {
    let purpose = LinkPurpose::SetPassword;
    OneTimeLink { hash: hash.to_owned(), person: owner.map(person), purpose, expires_at: later(60), used }
}

pub fn session(hash: &str, n: u128) -> Session {
    Session { hash: hash.to_owned(), person: person(n), created_at: instant(), expires_at: later(600) }
}

pub fn token(n: u128, secret_hash: &str) -> PrivateWrite {
    PrivateWrite::PutToken {
        token: TokenId(Uuid::from_u128(900 + n)),
        person: person(n),
        secret_hash: secret_hash.to_owned(),
    }
}

fn later(seconds: i64) -> domain::Timestamp {
    instant() + TimeDelta::seconds(seconds)
}

/// Checks and writes as the writer does.
pub async fn order(journal: &dyn Journal, write: PrivateWrite) -> Result<(), Refusal> {
    let mut transaction = journal.begin().await.unwrap();
    transaction.check(&write, instant()).await.unwrap()?;
    transaction.write(&write, instant()).await.unwrap();
    transaction.commit().await.unwrap();
    Ok(())
}

async fn an_address_belongs_to_one_account(place: &Place) {
    let journal = place.open().await;
    order(journal.as_ref(), account_of(1, "Ärztin@Example.org")).await.unwrap();
    for taken in ["Ärztin@Example.org", "ärztin@example.ORG"] {
        assert_eq!(order(journal.as_ref(), account_of(2, taken)).await, Err(email_taken()));
    }
    order(journal.as_ref(), account_of(1, "ärztin@EXAMPLE.org")).await.unwrap();
    order(journal.as_ref(), account_of(2, "bob@example.org")).await.unwrap();
    let nameless = PrivateWrite::PutAccount { person: person(3), name: "Robot".to_owned(), email: None };
    order(journal.as_ref(), nameless).await.unwrap();
    let nameless = PrivateWrite::PutAccount { person: person(4), name: "Robot".to_owned(), email: None };
    order(journal.as_ref(), nameless).await.unwrap();
    let first = Account {
        person: person(1),
        name: "Person 1".to_owned(),
        email: Some("ärztin@EXAMPLE.org".to_owned()),
        password_hash: None,
    };
    assert_eq!(journal.account(person(1)).await.unwrap(), Some(first.clone()));
    assert_eq!(journal.account_by_email("ÄRZTIN@example.org").await.unwrap(), Some(first));
    assert_eq!(journal.account_by_email("nobody@example.org").await.unwrap(), None);
    assert_eq!(journal.account(person(9)).await.unwrap(), None);
    let people: Vec<_> = journal.accounts().await.unwrap().iter().map(|a| a.person).collect();
    assert_eq!(people, [person(1), person(2), person(3), person(4)]);
}

async fn a_link_opens_once(place: &Place) {
    let journal = place.open().await;
    let using = |hash: &str| PrivateWrite::UseLink { hash: hash.to_owned() };
    assert_eq!(order(journal.as_ref(), using("unknown")).await, Err(link_unusable()));
    order(journal.as_ref(), PrivateWrite::PutLink(link("l", Some(1), false))).await.unwrap();
    assert_eq!(journal.link("l").await.unwrap(), Some(link("l", Some(1), false)));
    order(journal.as_ref(), using("l")).await.unwrap();
    assert_eq!(order(journal.as_ref(), using("l")).await, Err(link_unusable()));
    assert_eq!(journal.link("l").await.unwrap(), Some(link("l", Some(1), true)));
    let old = OneTimeLink { expires_at: instant(), ..link("old", None, false) };
    order(journal.as_ref(), PrivateWrite::PutLink(old)).await.unwrap();
    assert_eq!(order(journal.as_ref(), using("old")).await, Err(link_unusable()));
}

async fn a_link_opens_once_for_two_at_a_time(place: &Place) {
    let (one, two) = (place.open().await, place.open().await);
    for n in 0..20 {
        let hash = format!("link-{n}");
        order(one.as_ref(), PrivateWrite::PutLink(link(&hash, None, false))).await.unwrap();
        let using = || PrivateWrite::UseLink { hash: hash.clone() };
        let (a, b) = tokio::join!(order(one.as_ref(), using()), order(two.as_ref(), using()));
        assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    }
}

async fn a_new_link_takes_the_place_of_unused_ones(place: &Place) {
    let journal = place.open().await;
    let put = |l: OneTimeLink| PrivateWrite::PutLink(l);
    order(journal.as_ref(), put(link("used", Some(1), true))).await.unwrap();
    order(journal.as_ref(), put(link("first", Some(1), false))).await.unwrap();
    order(journal.as_ref(), put(link("other", Some(2), false))).await.unwrap();
    order(journal.as_ref(), put(link("nobody", None, false))).await.unwrap();
    let sign_in = OneTimeLink { purpose: LinkPurpose::SignIn, ..link("sign-in", Some(1), false) };
    order(journal.as_ref(), put(sign_in)).await.unwrap();
    order(journal.as_ref(), put(link("second", Some(1), false))).await.unwrap();
    assert_eq!(journal.link("first").await.unwrap(), None);
    for stays in ["used", "other", "nobody", "sign-in", "second"] {
        assert!(journal.link(stays).await.unwrap().is_some(), "{stays}");
    }
    order(journal.as_ref(), put(link("nobody-2", None, false))).await.unwrap();
    assert_eq!(journal.link("nobody").await.unwrap(), None);
}

async fn a_new_password_ends_sessions(place: &Place) {
    let journal = place.open().await;
    order(journal.as_ref(), account_of(1, "a@example.org")).await.unwrap();
    for (hash, owner) in [("s1", 1), ("s2", 1), ("s3", 2), ("s4", 3)] {
        journal.put_session(&session(hash, owner)).await.unwrap();
    }
    assert_eq!(journal.session("s1").await.unwrap(), Some(session("s1", 1)));
    let password = PrivateWrite::SetPassword { person: person(1), password_hash: "$argon2id$x".to_owned() };
    order(journal.as_ref(), password).await.unwrap();
    assert_eq!(journal.account(person(1)).await.unwrap().unwrap().password_hash.as_deref(), Some("$argon2id$x"));
    assert_eq!(journal.session("s1").await.unwrap(), None);
    assert_eq!(journal.session("s2").await.unwrap(), None);
    assert!(journal.session("s3").await.unwrap().is_some());
    // A changed name keeps the password.
    order(journal.as_ref(), account_of(1, "b@example.org")).await.unwrap();
    assert!(journal.account(person(1)).await.unwrap().unwrap().password_hash.is_some());
    order(journal.as_ref(), PrivateWrite::EndSessions { person: person(2) }).await.unwrap();
    assert_eq!(journal.session("s3").await.unwrap(), None);
    journal.end_session("s4").await.unwrap();
    assert_eq!(journal.session("s4").await.unwrap(), None);
}

async fn tokens_come_and_go(place: &Place) {
    let journal = place.open().await;
    order(journal.as_ref(), token(1, "h1")).await.unwrap();
    order(journal.as_ref(), token(2, "h2")).await.unwrap();
    let second = TokenId(Uuid::from_u128(902));
    assert_eq!(journal.token("h2").await.unwrap(), Some((second, person(2))));
    order(journal.as_ref(), PrivateWrite::DropToken { token: second }).await.unwrap();
    assert_eq!(journal.token("h2").await.unwrap(), None);
    assert!(journal.token("h1").await.unwrap().is_some());
}

async fn an_erased_person_leaves_nothing(place: &Place) {
    let journal = place.open().await;
    for n in [1, 2] {
        order(journal.as_ref(), account_of(n, &format!("{n}@example.org"))).await.unwrap();
        order(journal.as_ref(), token(n, &format!("t{n}"))).await.unwrap();
        order(journal.as_ref(), PrivateWrite::PutLink(link(&format!("l{n}"), Some(n), n == 1))).await.unwrap();
        journal.put_session(&session(&format!("s{n}"), n)).await.unwrap();
    }
    order(journal.as_ref(), PrivateWrite::Erase { person: person(1) }).await.unwrap();
    assert_eq!(journal.account(person(1)).await.unwrap(), None);
    assert_eq!(journal.token("t1").await.unwrap(), None);
    assert_eq!(journal.link("l1").await.unwrap(), None);
    assert_eq!(journal.session("s1").await.unwrap(), None);
    assert!(journal.account(person(2)).await.unwrap().is_some() && journal.token("t2").await.unwrap().is_some());
    assert!(journal.link("l2").await.unwrap().is_some() && journal.session("s2").await.unwrap().is_some());
    // The address is free again.
    order(journal.as_ref(), account_of(3, "1@example.org")).await.unwrap();
}

async fn what_expired_is_swept(place: &Place) {
    let journal = place.open().await;
    journal.put_session(&session("s", 1)).await.unwrap();
    order(journal.as_ref(), PrivateWrite::PutLink(link("l", Some(1), false))).await.unwrap();
    journal.sweep(later(59), instant()).await.unwrap();
    assert!(journal.session("s").await.unwrap().is_some() && journal.link("l").await.unwrap().is_some());
    journal.sweep(later(60), instant()).await.unwrap();
    assert!(journal.session("s").await.unwrap().is_some() && journal.link("l").await.unwrap().is_none());
    journal.sweep(later(600), instant()).await.unwrap();
    assert!(journal.session("s").await.unwrap().is_none());
}
