//! The bundled playbooks load, and nonsense does not.

use super::parse;
use crate::{release::Bump, slug::EnvName};

const BUNDLED: [(&str, &str); 5] = [
    ("orca", include_str!("../../../playbooks/orca.toml")),
    ("mesh-os", include_str!("../../../playbooks/mesh-os.toml")),
    ("octoacme", include_str!("../../../playbooks/octoacme.toml")),
    ("sarvanom", include_str!("../../../playbooks/sarvanom.toml")),
    ("agentmesh", include_str!("../../../playbooks/agentmesh.toml")),
];

#[test]
fn the_bundled_five_load_with_production_and_the_common_roles() {
    for (name, text) in BUNDLED {
        let playbook = parse(text).unwrap_or_else(|faults| panic!("{name}: {faults:?}"));
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
fn faults_name_the_line_and_what_is_allowed() {
    let faults = parse("name = \"x\"\ntitle = 5\n").expect_err("a number is no title");
    assert_eq!(faults[0].line, Some(2));

    let unknown = BUNDLED[0].1.replace("permissions = [", "permisions = [");
    let faults = parse(&unknown).expect_err("a misspelt key");
    assert!(faults[0].what.contains("permisions") && faults[0].line.is_some(), "{faults:?}");

    let roleless = BUNDLED[0].1.replace("role = \"product_manager\"", "role = \"produkt\"");
    let faults = parse(&roleless).expect_err("an unknown role");
    assert!(faults.iter().any(|f| f.what.contains("produkt") && f.what.contains("engineering_lead")), "{faults:?}");
}

#[test]
fn no_playbook_role_can_administer() {
    let text = BUNDLED[0].1.replacen("permissions = [\"author\"", "permissions = [\"administer\"", 1);
    let faults = parse(&text).expect_err("administer is built in");
    assert!(faults.iter().any(|f| f.what.contains("administer")), "{faults:?}");
}
