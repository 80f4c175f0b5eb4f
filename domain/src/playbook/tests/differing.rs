//! What differs between two texts of a playbook, by noun; copies; revisions.

use super::{bundled, text};
use crate::{
    Timestamp,
    access::Actor,
    playbook::{self, Became, Difference, Published, Revision, differences, parse, parse_as, renamed},
};

fn changed(from: &str, to: &str) -> Vec<Difference> {
    let before = text("orca");
    assert!(before.contains(from), "“{from}” is not in the text");
    let after = parse(&before.replacen(from, to, 1)).unwrap_or_else(|faults| panic!("{faults:#?}"));
    differences(&bundled("orca"), &after)
}

#[test]
fn a_changed_key_names_its_noun_with_before_and_after() {
    let all = changed(
        "id = \"roll_back_errors\"\nsignal = \"error_rate\"\npurpose = \"roll_back\"\nlimit = \"> 5 %\"",
        "id = \"roll_back_errors\"\nsignal = \"error_rate\"\npurpose = \"roll_back\"\nlimit = \"> 4 %\"",
    );
    let [only] = &all[..] else { panic!("{all:#?}") };
    assert_eq!((only.noun().as_str(), only.became), ("threshold roll_back_errors", Became::Changed));
    let [detail] = &only.details[..] else { panic!("{all:#?}") };
    assert_eq!(
        (detail.key.as_str(), detail.before.as_deref(), detail.after.as_deref()),
        ("limit", Some("> 5 %"), Some("> 4 %"))
    );
}

#[test]
fn what_came_and_what_went_is_named() {
    let came = changed(
        "[[role]]\nid = \"cto\"",
        "[[role]]\nid = \"legal\"\ntitle = \"Legal\"\nduty = \"Reads.\"\npermissions = []\n\n[[role]]\nid = \"cto\"",
    );
    assert_eq!(
        came.iter().map(|d| (d.noun(), d.became)).collect::<Vec<_>>(),
        [("role legal".to_owned(), Became::Added)]
    );
    let went = changed(
        "[[principle]]\nid = \"blameless\"\ntext = \"We look for causes in the system, not for culprits.\"\n",
        "",
    );
    assert_eq!(
        went.iter().map(|d| (d.noun(), d.became)).collect::<Vec<_>>(),
        [("principle blameless".to_owned(), Became::Removed)]
    );
}

#[test]
fn something_further_inside_is_named_by_the_way_to_it() {
    let all = changed("{ weight = \"5 %\", hold = \"30 min\" }", "{ weight = \"5 %\", hold = \"45 min\" }");
    let [only] = &all[..] else { panic!("{all:#?}") };
    assert_eq!(only.noun(), "strategy canary");
    assert_eq!(only.details[0].key, "phase 1 › hold");
    let needs = changed("needs = { checks = ", "needs = { checks = [\"one\", \"more\"] } #");
    assert_eq!(needs[0].details[0].key, "needs", "{needs:#?}");
}

#[test]
fn a_playbook_does_not_differ_from_itself_and_every_section_can() {
    for name in ["orca", "mesh-os", "octoacme", "sarvanom", "agentmesh"] {
        assert_eq!(differences(&bundled(name), &bundled(name)), []);
    }
    let all = differences(&bundled("orca"), &bundled("mesh-os"));
    let sections: std::collections::BTreeSet<&str> = all.iter().map(|d| d.section.as_str()).collect();
    assert!(sections.len() > 25, "{sections:?}");
}

#[test]
fn a_copy_differs_in_its_name_alone_and_a_wrong_name_is_a_fault_on_its_line() {
    let own = "own".parse().expect("a name");
    for name in ["orca", "mesh-os", "octoacme", "sarvanom", "agentmesh"] {
        let copy = renamed(text(name), &own);
        assert_eq!(text(name).lines().count(), copy.lines().count());
        let all = differences(&bundled(name), &parse_as(&own, &copy).expect("sound"));
        assert_eq!(all.iter().map(Difference::noun).collect::<Vec<_>>(), ["name"]);
    }
    let faults = parse_as(&own, text("orca")).expect_err("another name");
    let line = text("orca").lines().position(|line| line.starts_with("name =")).expect("there") + 1;
    assert_eq!((faults.len(), faults[0].line, faults[0].key.as_str()), (1, line, "name"));
}

fn published(state: Published, text: &str, actor: Actor) -> Published {
    let event = state.publish(text).expect("news");
    playbook::evolve(state, &event, actor, Timestamp::UNIX_EPOCH).expect("sound")
}

#[test]
fn revisions_keep_their_text_and_shipped_ones_give_way_to_people() {
    let person = Actor::Person(crate::person::PersonId(uuid::Uuid::from_u128(1)), crate::access::Via::Session);
    let shipped = published(Published::default(), text("orca"), Actor::System);
    assert!(!shipped.wants_shipped(text("orca")) && shipped.wants_shipped("# newer"));
    let ours = published(shipped, &format!("{}\n# Ours.\n", text("orca")), person);
    assert!(!ours.wants_shipped(text("orca")) && !ours.wants_shipped("# newer"));
    assert_eq!((ours.next(), ours.known().as_str()), (Revision(3), "1, 2"));
    assert!(ours.edition(Revision(2)).expect("there").text.ends_with("# Ours.\n"));
    let stored = serde_json::to_string(&ours).expect("stored");
    assert_eq!(serde_json::from_str::<Published>(&stored).expect("read"), ours);
    let copy = ours.clone();
    let same =
        ours.revisions.iter().zip(&copy.revisions).all(|(a, b)| std::sync::Arc::ptr_eq(&a.playbook, &b.playbook));
    assert!(same, "a copy holds the same playbooks");
}
