//! The layer check itself is checked: each forbidden thing, put into a sound graph, is found.

use super::graph::{Graph, packages};
use super::violations;

/// As the rooms are meant to be.
fn sound() -> Graph {
    let mut graph = Graph::default();
    let rooms = [
        ("domain", ""),
        ("control", "domain"),
        ("store", "control domain"),
        ("app", "control domain"),
        ("server", "app control domain store"),
        ("demo", ""),
        ("trials", "domain"),
        ("xtask", ""),
    ];
    for (room, known) in rooms {
        graph.rooms.insert(room.into(), known.split_whitespace().map(str::to_owned).collect());
    }
    let mut below = |room: &str, browser, text: &str| graph.below.insert((room.into(), browser), packages(text));
    below("domain", false, "domain v0.1.0 (here)|\nchrono v0.4.45|alloc,serde,std\nuuid v1.29.0|serde,std,v5 (*)");
    below("domain", true, "domain v0.1.0 (here)|\nchrono v0.4.45|alloc,serde,std");
    below("control", false, "domain v0.1.0 (here)|\ntokio v1.54.0|sync");
    below("store", false, "sqlx v0.9.0|postgres\ntokio v1.54.0|sync");
    below("app", false, "leptos_axum v0.8.10|\naxum v0.8.9|\ncontrol v0.1.0 (here)|\ndomain v0.1.0 (here)|");
    below("app", true, "app v0.1.0 (here)|\ndomain v0.1.0 (here)|\nleptos v0.8.23|hydrate");
    graph
}

fn with_edge(room: &str, other: &str) -> Vec<String> {
    let mut graph = sound();
    graph.rooms.entry(room.into()).or_default().insert(other.into());
    violations(&graph)
}

fn with_below(room: &str, browser: bool, line: &str) -> Vec<String> {
    let mut graph = sound();
    graph.below.entry((room.into(), browser)).or_default().extend(packages(line));
    violations(&graph)
}

#[test]
fn the_rooms_as_they_are_meant_to_be_are_sound() {
    assert_eq!(violations(&sound()), Vec::<String>::new());
}

#[test]
fn a_forbidden_edge_between_rooms_is_found() {
    let forbidden = [
        ("domain", "control"),
        ("control", "store"),
        ("control", "app"),
        ("store", "app"),
        ("store", "server"),
        ("app", "store"),
        ("app", "server"),
        ("demo", "domain"),
        ("trials", "server"),
        ("xtask", "domain"),
        ("server", "trials"),
    ];
    for (room, other) in forbidden {
        let found = with_edge(room, other);
        assert!(found.iter().any(|line| line.starts_with(&format!("{room} must not depend on {other}"))), "{found:?}");
    }
}

#[test]
fn a_room_without_a_rule_is_found() {
    let mut graph = sound();
    graph.rooms.insert("attic".into(), ["domain".to_owned()].into());
    assert!(violations(&graph)[0].starts_with("attic is a new room"));
}

#[test]
fn a_forbidden_package_is_found_however_deep() {
    let forbidden = [
        ("domain", false, "leptos v0.8.23|"),
        ("domain", false, "axum v0.8.9|"),
        ("domain", false, "sqlx-core v0.9.0|"),
        ("domain", false, "tokio v1.54.0|sync"),
        ("domain", false, "chrono v0.4.45|clock,serde (*)"),
        ("domain", true, "getrandom v0.4.0|"),
        ("domain", true, "chrono v0.4.45|now"),
        ("control", false, "axum-core v0.5.0|"),
        ("control", false, "leptos_router v0.8.17|"),
        ("control", false, "sqlx v0.9.0|"),
        ("store", false, "leptos v0.8.23|"),
        ("store", false, "axum v0.8.9|"),
        ("app", false, "sqlx v0.9.0|"),
        ("app", true, "sqlx v0.9.0|"),
        ("app", true, "axum v0.8.9|"),
        ("app", true, "tokio v1.54.0|"),
        ("app", true, "control v0.1.0 (here)|"),
        ("app", true, "store v0.1.0 (here)|"),
    ];
    for (room, browser, line) in forbidden {
        assert_eq!(with_below(room, browser, line).len(), 1, "{room} {browser} {line}");
    }
}

#[test]
fn a_name_that_only_begins_alike_is_another_package() {
    assert_eq!(with_below("domain", false, "tokyo v1.0.0|\naxumite v1.0.0|"), Vec::<String>::new());
    assert_eq!(with_below("app", true, "server_fn v0.8.13|"), Vec::<String>::new());
}
