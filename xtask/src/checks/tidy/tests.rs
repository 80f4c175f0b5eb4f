//! The tidiness check itself is checked: each untidy thing is found, and what only looks like it is not.

use std::collections::BTreeSet;

use super::{Text, violations};

fn found(path: &str, body: &str) -> Vec<String> {
    let paths: BTreeSet<String> =
        [path, "README.md", "docs/operating.md", "docs/decisions/0001.md"].map(str::to_owned).into();
    violations(&[Text { path: path.into(), body: body.into() }], &paths)
}

fn is_found(path: &str, body: &str, complaint: &str) {
    let found = found(path, body);
    assert!(found.len() == 1 && found[0].contains(complaint), "{path} {body:?}: {found:?}");
}

fn is_tidy(path: &str, body: &str) {
    assert_eq!(found(path, body), Vec::<String>::new(), "{path} {body:?}");
}

#[test]
fn a_rust_file_says_what_it_is_for() {
    is_found("domain/src/a.rs", "fn a() {}\n", "//!");
    is_tidy("domain/src/a.rs", "//! About a.\nfn a() {}\n");
    is_tidy("domain/src/a/mod.rs", "mod b;\npub mod c;\npub use b::B;\n");
}

#[test]
fn a_long_file_is_split() {
    let long = format!("//! Long.\n{}", "fn a() {}\n".repeat(400));
    is_found("domain/src/a.rs", &long, "longer than 400");
    is_tidy("domain/src/tests.rs", &long);
    is_tidy("domain/tests/a.rs", &long);
    is_tidy("playbooks/a.toml", &"a = 1\n".repeat(500));
}

#[test]
fn a_name_says_something() {
    for name in ["utils", "common", "helpers"] {
        is_found(&format!("app/src/{name}.rs"), "//! A.\n", "says nothing");
        is_found(&format!("app/src/{name}/a.rs"), "//! A.\n", "says nothing");
    }
    is_tidy("app/src/commonality.rs", "//! A.\n");
}

#[test]
fn unfinished_work_is_found() {
    for word in [concat!("TO", "DO"), concat!("FIX", "ME")] {
        is_found("app/src/a.rs", &format!("//! A.\n// {word}: later\n"), word);
    }
    for call in [concat!("dbg", "!(1)"), concat!("todo", "!()"), concat!("unimplemented", "!()")] {
        is_found("app/src/a.rs", &format!("//! A.\nfn a() {{ {call} }}\n"), "left behind");
    }
    is_tidy("app/src/a.rs", concat!("//! A.\nconst MASTO", "DON: u8 = 1;\n"));
}

#[test]
fn an_exception_gives_its_reason() {
    is_found("app/src/a.rs", concat!("//! A.\n#[", "allow(dead_code)]\nfn a() {}\n"), "expect");
    is_found("app/src/a.rs", concat!("//! A.\n#![", "allow(dead_code)]\n"), "expect");
    is_found("app/src/a.rs", "//! A.\n#[expect(dead_code)]\nfn a() {}\n", "no reason");
    is_tidy("app/src/a.rs", "//! A.\n#[expect(dead_code, reason = \"shown to readers\")]\nfn a() {}\n");
}

#[test]
fn paths_of_one_machine_are_found() {
    for start in [concat!("/ro", "ot"), concat!("/wo", "rk"), concat!("/ho", "me")] {
        is_found("docs/operating.md", &format!("see {start}/somebody/file\n"), "one machine");
        is_found("a.toml", &format!("path = \"{start}\"\n"), "one machine");
        is_tidy("docs/operating.md", &format!("see https://example.org{start}/a and a{start}\n"));
    }
    is_tidy("docs/operating.md", concat!("see /wo", "rkflows\n"));
}

#[test]
fn spaces_at_the_end_are_found() {
    is_found("docs/operating.md", "two spaces  \n", "ends with a space");
    is_found("style/main.css", "a {}", "line break");
}

#[test]
fn links_lead_somewhere() {
    is_found("docs/operating.md", "[a](missing.md)\n", "`missing.md` does not exist");
    is_found("docs/operating.md", "[a](../missing/)\n", "`../missing/` does not exist");
    is_found("app/src/a.rs", "//! See docs/missing.md.\n", "`docs/missing.md` does not exist");
    is_tidy(
        "docs/operating.md",
        "[a](decisions/0001.md#why) [b](../README.md) [c](decisions) [d](https://a.b) [e](#f)\n",
    );
    is_tidy("app/src/a.rs", "//! See docs/operating.md, or https://a.b/docs/other.md.\n");
}
