//! The five that ship load, and can be used as they are.

use super::{BUNDLED, bundled};
use crate::{playbook::Playbook, release::Bump, slug::EnvName};

#[test]
fn the_bundled_five_load_with_production_and_the_common_roles() {
    for (name, _) in BUNDLED {
        let playbook = bundled(name);
        assert_eq!(playbook.name.as_str(), name);
        assert!(playbook.has_environment(&EnvName::production()), "{name} lacks production");
        for role in [
            "engineer",
            "support",
            "leadership",
            "engineering_lead",
            "product_manager",
            "qa_engineer",
            "security",
            "release_captain",
            "on_call",
        ] {
            assert!(playbook.roles.iter().any(|r| r.id.as_str() == role), "{name} lacks the role {role}");
        }
        for bump in Bump::ALL {
            assert!(playbook.type_for(None, bump).is_some(), "{name} has no type for a {} bump", bump.name());
        }
    }
}

#[test]
fn every_type_of_every_playbook_meets_gates_before_production_and_has_a_strategy() {
    let production = EnvName::production();
    for (name, _) in BUNDLED {
        let playbook = bundled(name);
        for kind in &playbook.types {
            assert!(
                playbook.gates_before(&production, &kind.id).count() > 2,
                "{name}: {} meets too few gates",
                kind.id
            );
            assert!(playbook.strategy_for(kind).is_some(), "{name}: {} has no strategy", kind.id);
        }
    }
}

#[test]
fn the_stored_form_gives_the_same_playbook_back() {
    for (name, _) in BUNDLED {
        let playbook = bundled(name);
        let stored = serde_json::to_string(&playbook).expect("stored");
        let again: Playbook = serde_json::from_str(&stored).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(again, playbook, "{name}");
    }
}

#[test]
fn a_playbook_of_the_first_days_still_loads() {
    let text = r#"
        name = "tiny"
        title = "Tiny"
        summary = "Only what is needed."
        [[environment]]
        name = "production"
        purpose = "Customers."
        [[role]]
        id = "lead"
        title = "Lead"
        duty = "Answers."
        permissions = ["approve"]
        [[type]]
        id = "patch"
        title = "Patch"
        when = "A fix."
        bump = "patch"
        approvals = [{ role = "lead" }]
    "#;
    let playbook = super::parse(text).expect("loads");
    assert!(playbook.approval.anyone_may_hold && playbook.approval.author_may_approve_in.is_empty());
    assert_eq!(playbook.types[0].approvals[0].count, 1);
    assert_eq!(playbook.calendar.zone.as_str(), "UTC");
}
