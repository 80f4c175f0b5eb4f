//! A release of each type of each bundled playbook walks from its creation into production. People do only what the
//! gates' answers ask for, and every gate in the way is seen unmet and then met.

mod acts;
mod house;

use acts::Walk;
use domain::{gate::State, playbook::Needs, release::ReleaseId};
use house::House;

const BUNDLED: [(&str, &str); 5] = [
    ("orca", include_str!("../../../playbooks/orca.toml")),
    ("mesh-os", include_str!("../../../playbooks/mesh-os.toml")),
    ("octoacme", include_str!("../../../playbooks/octoacme.toml")),
    ("sarvanom", include_str!("../../../playbooks/sarvanom.toml")),
    ("agentmesh", include_str!("../../../playbooks/agentmesh.toml")),
];

async fn every_type_of(name: &str) {
    let text = BUNDLED.iter().find(|(known, _)| *known == name).expect("a bundled playbook").1;
    let house = House::on(name, text).await;
    for kind in house.playbook.types.clone() {
        let id: ReleaseId = house.release(&kind).await;
        let mut walk = Walk::new(&house, id);
        walk.begin().await;
        walk.walk_to_production().await;
        println!("\n{name} · {} · {} steps, {} h", kind.id, walk.steps, walk.hours());
        let mut missing = Vec::new();
        for ((env, id), seen) in &walk.seen {
            let words: Vec<&str> = seen.iter().map(|state| state.name()).collect();
            println!("  {env:12} {id:24} {}", words.join(" → "));
            let gate = house.playbook.gates.iter().find(|gate| gate.id.as_str() == id);
            // Days and holds: the calendar is open on most days, and a hold that is lifted stands no more.
            let of_time = gate.map_or(id == "calendar", |gate| matches!(gate.needs, Needs::Calendar(_)));
            if id.starts_with("hold_") || of_time {
                continue;
            }
            let opened = seen.iter().any(|state| *state != State::Unmet);
            if !seen.contains(&State::Unmet) || !opened || seen.last() == Some(&State::Unmet) {
                missing.push(format!("{env} {id}: {}", words.join(" → ")));
            }
            assert!(seen.contains(&State::Met), "{env} {id} was never met: {}", words.join(" → "));
        }
        assert!(missing.is_empty(), "{name} {}: {missing:#?}", kind.id);
        let all = house.playbook.environments.iter().flat_map(|env| {
            let of_env = house.playbook.gates_before(&env.name, &kind.id);
            of_env.map(|gate| (env.name.to_string(), gate.id.to_string()))
        });
        for gate in all.collect::<Vec<_>>() {
            assert!(walk.seen.contains_key(&gate), "{gate:?} was never asked");
        }
    }
}

#[tokio::test]
async fn orca() {
    every_type_of("orca").await;
}

#[tokio::test]
async fn mesh_os() {
    every_type_of("mesh-os").await;
}

#[tokio::test]
async fn octoacme() {
    every_type_of("octoacme").await;
}

#[tokio::test]
async fn sarvanom() {
    every_type_of("sarvanom").await;
}

#[tokio::test]
async fn agentmesh() {
    every_type_of("agentmesh").await;
}
