//! An installation with one product on one playbook, and one person for each of its roles.

use control::{
    Command, Control, Opening, Order, Receipt,
    clock::HandClock,
    memory::{CountedSecrets, MemoryGround, MemoryJournal},
    people::AddPerson,
    tasks::Tasks,
};
use domain::{
    Timestamp,
    access::{Actor, Via},
    environment::{self, EnvironmentId},
    journal::Stream,
    person::{Grant, Nature, Reach},
    playbook::{Playbook, ReleaseType, parse},
    product,
    release::{self, Numbering, ReleaseId},
    slug::{EnvName, PlaybookName, ProductSlug, RoleId},
};
use std::{collections::BTreeMap, sync::Arc};

pub struct House {
    pub control: Control,
    pub clock: Arc<HandClock>,
    pub playbook: Playbook,
    people: BTreeMap<RoleId, Actor>,
    _tasks: Tasks,
}

pub fn shop() -> ProductSlug {
    "shop".parse().expect("slug")
}

impl House {
    pub async fn on(name: &str, text: &str) -> Self {
        let clock = Arc::new(HandClock::at(Timestamp::from_timestamp_nanos(1_760_000_000_000_000_000)));
        let tasks = Tasks::default();
        let opening = Opening {
            journal: Arc::new(MemoryJournal::default()),
            clock: clock.clone(),
            secrets: Arc::new(CountedSecrets::default()),
            machines: MemoryGround::default().machines(),
            tasks: tasks.clone(),
            follow: None,
        };
        let control = Control::open(opening, |_, _| {}).await.expect("opened");
        let name: PlaybookName = name.parse().expect("name");
        let publish = Command::PublishPlaybook(name.clone(), text.to_owned());
        control.order(Order::new(Actor::System, publish)).await.expect("published");
        let link = control.set_up_link().await.expect("asked").expect("nobody is there yet");
        let password = "correct horse battery".to_owned();
        let session = control.set_up(&link, "Administrator", "admin@example.org", password).await.expect("set up");
        let admin = Actor::Person(session.person, Via::Session);
        let create = product::Command::Create { name: "Shop".to_owned(), playbook: name, repository: None };
        control.order(Order::new(admin, Command::Product(shop(), create))).await.expect("created");
        let playbook = parse(text).expect("bundled");
        let mut people = BTreeMap::new();
        for role in &playbook.roles {
            let grants = [Grant { reach: Reach::Product(shop()), role: role.id.clone() }].into();
            let email = Some(format!("{}@example.org", role.id));
            let ask = AddPerson { name: role.title.clone(), email, nature: Nature::Human, grants };
            let invited = control.add_person(admin, ask).await.expect("added");
            people.insert(role.id.clone(), Actor::Person(invited.person, Via::Session));
        }
        let house = Self { control, clock, playbook, people, _tasks: tasks };
        let adopt = environment::Command::Adopt { version: "0.0.0".parse().expect("a version") };
        house.on_environment(&EnvName::production(), adopt).await;
        house
    }

    /// Who holds a role.
    pub fn holder(&self, role: &RoleId) -> Actor {
        self.people[role]
    }

    /// Who makes the releases, and does whatever needs no say.
    pub fn engineer(&self) -> Actor {
        self.holder(&"engineer".parse().expect("a role"))
    }

    pub async fn order(&self, by: Actor, command: Command) -> Receipt {
        let words = format!("{command:?}");
        self.control.order(Order::new(by, command)).await.unwrap_or_else(|no| panic!("{words}: {no}"))
    }

    pub async fn on_environment(&self, env: &EnvName, command: environment::Command) -> Receipt {
        let id = EnvironmentId { product: shop(), env: env.clone() };
        self.order(self.engineer(), Command::Environment(id, command)).await
    }

    pub async fn release(&self, kind: &ReleaseType) -> ReleaseId {
        let numbering = Numbering::Bump(kind.bump);
        let create = release::Create { numbering, kind: Some(kind.id.clone()), title: None };
        let receipt = self.order(self.engineer(), Command::CreateRelease(shop(), create)).await;
        let Stream::Release(id) = receipt.stream else { panic!("a release") };
        id
    }
}
