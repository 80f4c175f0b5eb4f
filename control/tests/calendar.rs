//! The calendars of products follow what is ordered, at once, and are made anew only when something changed.

use control::{
    Command, Control, Opening, Order, World,
    clock::HandClock,
    memory::{CountedSecrets, MemoryGround, MemoryJournal},
    people::AddPerson,
    tasks::Tasks,
};
use domain::{
    Class, Refusal, Timestamp,
    access::{Actor, Via},
    calendar::{Calendar, Kind, RotationDraft, Rule, RuleDraft, Voyage},
    person::{Grant, Nature, PersonId, Reach},
    product,
    slug::ProductSlug,
    window,
};
use std::sync::Arc;

struct House {
    control: Control,
    _tasks: Tasks,
}

fn slug(text: &str) -> ProductSlug {
    text.parse().expect("slug")
}

fn at(text: &str) -> Timestamp {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect(text).and_utc()
}

/// The products `shop` and `till`, both on `orca`.
async fn house() -> House {
    let tasks = Tasks::default();
    let opening = Opening {
        journal: Arc::new(MemoryJournal::default()),
        clock: Arc::new(HandClock::at(at("2026-11-02 09:00"))),
        secrets: Arc::new(CountedSecrets::default()),
        machines: MemoryGround::default().machines(),
        tasks: tasks.clone(),
        follow: None,
    };
    let control = Control::open(opening, |_, _| {}).await.expect("opened");
    let house = House { control, _tasks: tasks };
    let text = include_str!("../../playbooks/orca.toml").to_owned();
    house.order(Actor::System, Command::PublishPlaybook("orca".parse().expect("name"), text)).await.expect("published");
    for name in ["shop", "till"] {
        let playbook = "orca".parse().expect("name");
        let create = product::Command::Create { name: name.to_owned(), playbook, repository: None };
        house.order(Actor::System, Command::Product(slug(name), create)).await.expect("created");
    }
    house
}

impl House {
    async fn order(&self, actor: Actor, command: Command) -> Result<(), Refusal> {
        self.control.order(Order::new(actor, command)).await.map(drop)
    }

    async fn set(&self, actor: Actor, reach: &Reach, command: window::Command) -> Result<(), Refusal> {
        self.order(actor, Command::Calendar(reach.clone(), command)).await
    }

    async fn person(&self, roles: &[&str]) -> (Actor, PersonId) {
        let reach = Reach::Product(slug("shop"));
        let grants = roles.iter().map(|r| Grant { reach: reach.clone(), role: r.parse().expect("role") }).collect();
        let ask = AddPerson { name: "Somebody".to_owned(), email: None, nature: Nature::Human, grants };
        let invited = self.control.add_person(Actor::System, ask).await.expect("added");
        (Actor::Person(invited.person, Via::Session), invited.person)
    }

    fn calendar(&self, product: &str) -> Arc<Calendar> {
        self.control.world().calendar_of(&slug(product))
    }
}

fn shop() -> Reach {
    Reach::Product(slug("shop"))
}

fn freeze(id: &str) -> Rule {
    let mut draft = RuleDraft::new(id.parse().expect("id"), Kind::Freeze, "Audit week");
    draft.starts = Some("2026-11-04".parse().expect("date"));
    draft.zone = Some("Europe/London".parse().expect("zone"));
    draft.lasts = Some("7d".to_owned());
    draft.check().expect("a rule")
}

fn save(rule: Rule) -> window::Command {
    window::Command::SaveRule { rule: Box::new(rule), reason: "The auditors are in the house.".to_owned() }
}

fn remove(id: &str) -> window::Command {
    window::Command::RemoveRule { rule: id.parse().expect("id"), reason: "They left.".to_owned() }
}

fn voyage() -> Voyage {
    Voyage::new("minor".parse().expect("type"), "production".parse().expect("env"))
}

fn next(calendar: &Calendar) -> Option<Timestamp> {
    calendar.next_opening(&voyage(), at("2026-11-02 09:00"))
}

#[tokio::test]
async fn a_calendar_holds_the_playbooks_rules_and_is_shared_until_something_is_set() {
    let house = house().await;
    assert_eq!(next(&house.calendar("shop")), Some(at("2026-11-06 12:00")));
    assert!(Arc::ptr_eq(&house.calendar("shop"), &house.calendar("till")), "one calendar for one revision");
    assert!(house.calendar("nowhere").rules().next().is_none());

    // When shop freezes a week, then shop alone waits for the train after it.
    house.set(Actor::System, &shop(), save(freeze("w-1"))).await.expect("saved");
    assert_eq!(next(&house.calendar("shop")), Some(at("2026-11-13 12:00")));
    assert_eq!(next(&house.calendar("till")), Some(at("2026-11-06 12:00")));
    assert!(Arc::ptr_eq(&house.calendar("shop"), &house.calendar("shop")), "not made anew for each question");
    let before = house.calendar("shop");
    house.person(&["engineer"]).await;
    assert!(Arc::ptr_eq(&before, &house.calendar("shop")), "other events leave it alone");

    // When it is removed, then all is as before.
    house.set(Actor::System, &shop(), remove("w-1")).await.expect("removed");
    assert_eq!(next(&house.calendar("shop")), Some(at("2026-11-06 12:00")));
    assert_eq!(next(&before), Some(at("2026-11-13 12:00")), "who asked before keeps what they saw");
}

#[tokio::test]
async fn what_holds_everywhere_holds_in_every_product_and_survives_a_snapshot() {
    let house = house().await;
    house.set(Actor::System, &shop(), save(freeze("w-1"))).await.expect("saved");
    house.set(Actor::System, &Reach::Everywhere, save(freeze("w-2"))).await.expect("saved");
    for product in ["shop", "till"] {
        assert_eq!(next(&house.calendar(product)), Some(at("2026-11-13 12:00")), "{product}");
    }
    let bytes = house.control.world().to_snapshot().expect("written");
    let again = World::from_snapshot(&bytes).expect("read");
    for product in ["shop", "till"] {
        assert_eq!(again.calendar_of(&slug(product)), house.calendar(product), "{product}");
    }
}

#[tokio::test]
async fn release_captains_set_rules_of_their_product_and_administrators_everywhere() {
    let house = house().await;
    let (captain, _) = house.person(&["release_captain"]).await;
    let (reader, _) = house.person(&["leadership"]).await;
    house.set(captain, &shop(), save(freeze("w-1"))).await.expect("a captain may");
    let refused = house.set(captain, &Reach::Everywhere, save(freeze("w-2"))).await.expect_err("everywhere");
    assert_eq!(refused.class, Class::Forbidden);
    for command in [save(freeze("w-3")), remove("w-1")] {
        let refused = house.set(reader, &shop(), command).await.expect_err("a reader");
        assert_eq!(refused.class, Class::Forbidden);
        assert!(refused.who_can_help.is_some_and(|who| who.contains("release captain")));
    }
    let unseen = house.set(captain, &Reach::Product(slug("till")), save(freeze("w-4"))).await.expect_err("unseen");
    assert_eq!(unseen.class, Class::NotFound);
}

#[tokio::test]
async fn rules_that_cannot_be_meant_are_refused_by_field() {
    let house = house().await;
    let refused = async |change: fn(&mut RuleDraft)| {
        let mut draft = RuleDraft::from(freeze("w-1"));
        change(&mut draft);
        let rule = draft.check().expect("well-formed");
        let no = house.set(Actor::System, &shop(), save(rule)).await.expect_err("refused");
        (no.class, no.field.unwrap_or_default(), no.allowed.unwrap_or_default())
    };
    let (_, field, allowed) = refused(|d| d.zone = Some("Europe/Lundon".parse().expect("form"))).await;
    assert_eq!((field.as_str(), allowed.contains("IANA")), ("zone", true));
    let (_, field, allowed) = refused(|d| d.envs = ["producton".parse().expect("env")].into()).await;
    assert_eq!((field.as_str(), allowed.as_str()), ("envs", "one of production, staging"));
    let (_, field, _) = refused(|d| d.except_types = ["hotfx".parse().expect("type")].into()).await;
    assert_eq!(field, "except_types");
    let (class, field, _) = refused(|d| d.id = "train-weekly".parse().expect("id")).await;
    assert_eq!((class, field.as_str()), (Class::Conflict, "id"));
    let no = window::Command::SaveRule { rule: Box::new(freeze("w-1")), reason: " ".to_owned() };
    let no = house.set(Actor::System, &shop(), no).await.expect_err("no reason");
    assert_eq!(no.field.as_deref(), Some("reason"));
    let no = house.set(Actor::System, &shop(), remove("w-9")).await.expect_err("unknown");
    assert_eq!(no.class, Class::NotFound);
}

#[tokio::test]
async fn turns_are_taken_by_those_who_hold_the_role() {
    let house = house().await;
    let (captain, one) = house.person(&["release_captain"]).await;
    let (_, two) = house.person(&["release_captain", "engineer"]).await;
    let (_, other) = house.person(&["engineer"]).await;
    let draft = |id: &str, members: Vec<PersonId>| RotationDraft {
        id: id.parse().expect("id"),
        members,
        starts: "2026-11-02".parse().expect("date"),
        every_weeks: 1,
        weekday: chrono::Weekday::Mon,
        at: "09:00".parse().expect("time"),
        zone: "Europe/London".parse().expect("zone"),
        overrides: Vec::new(),
    };
    let set = |draft: RotationDraft| window::Command::SetRotation { rotation: draft.try_into().expect("a rotation") };
    house.set(captain, &shop(), set(draft("release_captain", vec![one, two]))).await.expect("set");
    let no = house.set(captain, &shop(), set(draft("captain", vec![one]))).await.expect_err("unknown role");
    assert_eq!(no.field.as_deref(), Some("role"));
    let no = house.set(captain, &shop(), set(draft("release_captain", vec![other]))).await.expect_err("not theirs");
    assert_eq!(no.field.as_deref(), Some("members"));

    let turn = |holder| domain::calendar::Override {
        from: "2026-11-10".parse().expect("date"),
        to: "2026-11-11".parse().expect("date"),
        holder,
    };
    let stand_in = |holder| window::Command::OverrideTurn {
        rotation: "release_captain".parse().expect("id"),
        turn: turn(holder),
        reason: "A day off.".to_owned(),
    };
    let no = house.set(captain, &shop(), stand_in(other)).await.expect_err("not theirs");
    assert_eq!(no.field.as_deref(), Some("holder"));
    house.set(captain, &shop(), stand_in(one)).await.expect("overridden");
    let no = house.set(captain, &shop(), stand_in(two)).await.expect_err("somebody stands in already");
    assert_eq!(no.field.as_deref(), Some("overrides"));
    let world = house.control.world();
    let rotation = world.windows(&shop()).expect("set").rotations.values().next().expect("one");
    assert_eq!(rotation.draft().overrides, [turn(one)]);
}

#[tokio::test]
async fn a_playbook_with_an_unknown_zone_is_not_published() {
    let house = house().await;
    let text = include_str!("../../playbooks/orca.toml").replace("zone = \"UTC\"", "zone = \"Europe/Lundon\"");
    let publish = Command::PublishPlaybook("orca".parse().expect("name"), text);
    let no = house.order(Actor::System, publish).await.expect_err("refused");
    assert_eq!(no.field.as_deref(), Some("text"));
    assert!(no.detail.contains("Europe/Lundon"), "{}", no.detail);
}
