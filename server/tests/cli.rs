//! The command line against a running server, and on files.

#[expect(dead_code, reason = "each test program needs its part")]
mod process;

use process::{ADMIN, Ended, Running, run};
use serde_json::{Value, json};
use std::{fs, path::Path};

fn as_admin(server: &Running, words: &[&str]) -> Ended {
    as_holder(server, ADMIN, words)
}

fn as_holder(server: &Running, token: &str, words: &[&str]) -> Ended {
    run(words, &[("PILOTHOUSE_URL", &server.url()), ("PILOTHOUSE_TOKEN", token)])
}

fn product(server: &Running, slug: &str) {
    server.must("POST", "/products", &json!({ "slug": slug, "name": slug, "playbook": "orca" }), 201);
}

#[test]
fn releases_are_created_and_looked_at() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    let none = as_admin(&server, &["create", "minor"]).refused(1);
    assert!(none.contains("you see no product"), "{none}");
    product(&server, "shop");
    let said = as_admin(&server, &["create", "minor", "--title", "Search"]).fine();
    assert!(said.starts_with("Created shop 0.1.0 (minor), now draft."), "{said}");
    let said = as_admin(&server, &["create", "--version", "1.0.0", "--kind", "major", "--json"]).fine();
    let made: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!((&made["version"], &made["kind"]), (&json!("1.0.0"), &json!("major")));
    let said = as_admin(&server, &["status", "0.1.0"]).fine();
    assert!(
        said.contains("shop 0.1.0 is draft (minor): Search")
            && said.contains("It is a draft: nobody has been asked to approve it."),
        "{said}"
    );
    let said = as_admin(&server, &["status", "0.1.0", "--json"]).fine();
    assert_eq!(serde_json::from_str::<Value>(&said).expect("JSON")["title"], "Search");

    assert!(as_admin(&server, &["create", "--version", "1.0.0"]).refused(1).contains("already there"));
    assert!(as_admin(&server, &["create", "patch", "--kind", "epic"]).refused(1).contains("hotfix"));
    assert!(as_admin(&server, &["status", "9.9.9"]).refused(1).contains("no release"));
    product(&server, "agents");
    let many = as_admin(&server, &["status", "0.1.0"]).refused(64);
    assert!(many.contains("--product: agents, shop"), "{many}");
    as_admin(&server, &["status", "0.1.0", "--product", "shop"]).fine();
    as_admin(&server, &["status", "0.1.0", "--product", "../shop"]).refused(1);
    for words in [&["create"][..], &["create", "huge"], &["create", "patch", "--version", "1.0.1"], &["status"]] {
        as_admin(&server, words).failed(64);
    }
}

#[test]
fn people_come_and_go() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    product(&server, "shop");
    let add = ["user", "add", "Ann Other", "--email", "ann@example.org", "--role", "engineer@shop", "--json"];
    let added: Value = serde_json::from_str(&as_admin(&server, &add).fine()).expect("JSON");
    assert!(added["invite_url"].as_str().is_some_and(|link| link.contains("/welcome/")), "{added}");
    let said = as_admin(&server, &["user", "add", "Robot", "--service", "--role", "engineer@*"]).fine();
    assert!(said.contains("pilothouse token issue"), "{said}");
    let list = as_admin(&server, &["user", "list"]).fine();
    assert!(list.contains("ann@example.org") && list.contains("engineer@shop") && list.contains("service"), "{list}");

    assert_eq!(
        as_admin(&server, &["user", "disable", "Ann@Example.org", "--reason", "Away."]).fine(),
        "Ann Other is disabled.\n"
    );
    assert!(as_admin(&server, &["user", "list"]).fine().contains("disabled"));
    assert_eq!(as_admin(&server, &["user", "enable", "ann@example.org"]).fine(), "Ann Other is enabled.\n");
    assert!(as_admin(&server, &["user", "link", "ann@example.org"]).fine().contains("/welcome/"));
    let id = added["id"].as_str().expect("an id");
    assert_eq!(as_admin(&server, &["user", "erase", id]).fine(), format!("{id} is erased.\n"));

    assert!(as_admin(&server, &["user", "link", "ann@example.org"]).refused(1).contains("nobody has the address"));
    assert!(as_admin(&server, &["user", "disable", "nobody"]).refused(1).contains("no person"));
    assert!(as_admin(&server, &["user", "add", "Bo", "--role", "boss@shop"]).refused(1).contains("engineer"));
    assert!(as_admin(&server, &["user", "add", "Bo", "--role", "engineer"]).failed(64).contains("ROLE@PRODUCT"));
}

#[test]
fn tokens_are_issued_listed_and_revoked() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    product(&server, "shop");
    let add = ["user", "add", "CI", "--service", "--role", "engineer@shop", "--json"];
    let added: Value = serde_json::from_str(&as_admin(&server, &add).fine()).expect("JSON");
    let id = added["id"].as_str().expect("an id");
    let token = as_admin(&server, &["token", "issue", id]).fine();
    let token = token.trim();
    assert!(token.starts_with("pilothouse_"), "{token}");
    as_holder(&server, token, &["create", "patch"]).fine();
    let own = as_admin(&server, &["token", "issue", "--scope", "view", "--expires-at", "2199-01-01T00:00:00Z"]).fine();
    let refused = as_holder(&server, own.trim(), &["user", "list"]).refused(1);
    assert!(refused.contains("permission") && refused.contains("An administrator can help."), "{refused}");

    let list = as_admin(&server, &["token", "list", "--json"]).fine();
    let list: Value = serde_json::from_str(&list).expect("JSON");
    let of_ci = list.as_array().expect("a list").iter().find(|token| token["user"] == id).expect("listed");
    let token_id = of_ci["id"].as_str().expect("an id");
    as_admin(&server, &["token", "revoke", token_id]).fine();
    assert!(as_admin(&server, &["token", "list"]).fine().contains("revoked"));
    assert!(as_holder(&server, token, &["status", "0.0.1"]).refused(1).contains("unknown or has been revoked"));
    assert!(as_admin(&server, &["token", "issue", id, "--scope", "fly"]).refused(1).contains("approve"));
    assert!(as_admin(&server, &["token", "issue", id, "--expires-at", "soon"]).refused(1).contains("expires_at"));
}

#[test]
fn it_says_what_is_missing_to_reach_a_server() {
    assert!(run(&["status", "1.0.0"], &[]).refused(64).contains("PILOTHOUSE_URL: found nothing"));
    let url = ("PILOTHOUSE_URL", "http://127.0.0.1:9");
    assert!(run(&["user", "list"], &[url]).refused(64).contains("PILOTHOUSE_TOKEN: found nothing"));
    let token = ("PILOTHOUSE_TOKEN", "some-token-or-other-of-24");
    let away = run(&["user", "list"], &[url, token]).refused(1);
    assert!(away.contains("http://127.0.0.1:9/ does not answer") && !away.contains("some-token"), "{away}");
    let wrong = run(&["user", "list"], &[("PILOTHOUSE_URL", "localhost:7070"), token]).refused(64);
    assert!(wrong.contains("localhost:7070"), "{wrong}");
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    assert!(as_holder(&server, "a-token-that-nobody-knows", &["user", "list"]).refused(1).contains("unknown"));
}

/// What speaks HTTP but is no Pilothouse is not believed, and gets the token at most once.
#[test]
fn a_redirect_is_not_followed() {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("asked");
        let mut some = [0; 2048];
        let _ = stream.read(&mut some).expect("read");
        let answer =
            "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(answer.as_bytes()).expect("answered");
    });
    let err = run(&["user", "list"], &[("PILOTHOUSE_URL", &url), ("PILOTHOUSE_TOKEN", "a-token")]).refused(1);
    assert!(err.contains("answers 302 Found and no JSON"), "{err}");
    answering.join().expect("answered");
}

#[test]
fn settings_are_shown_without_secrets() {
    let said = run(&["config", "--listen", "127.0.0.1:1"], &[("PILOTHOUSE_ADMIN_TOKEN", ADMIN)]).fine();
    assert!(
        said.contains("listen = \"127.0.0.1:1\"  # --listen") && said.contains("admin_token = \"(hidden)\""),
        "{said}"
    );
    assert!(!said.contains(ADMIN));
}

#[test]
fn the_description_is_printed() {
    let said = run(&["openapi"], &[]).fine();
    let description: Value = serde_json::from_str(&said).expect("JSON");
    assert!(description["paths"]["/api/v1/products/{product}/releases"]["post"].is_object());
}

#[test]
fn playbooks_are_checked() {
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("../playbooks");
    for file in fs::read_dir(&bundled).expect("playbooks") {
        let file = file.expect("a file").path();
        // The schema stands beside them, for editors.
        if file.extension().is_none_or(|e| e != "toml") {
            continue;
        }
        assert!(run(&["playbook", "check", file.to_str().expect("a path")], &[]).fine().contains("is sound"));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("p.toml");
    let name = file.to_str().expect("a path");
    fs::write(&file, "name = \"a\"\ntitle = 5\n").expect("written");
    let err = run(&["playbook", "check", name], &[]).failed(1);
    assert!(err.contains(&format!("{name}: line 2, title: ")), "{err}");
    let text = "name = \"a\"\ntitle = \"A\"\nsummary = \"B\"\n[[environment]]\nname = \"moon\"\npurpose = \"far\"\n[[role]]\n\
                id = \"boss\"\ntitle = \"Boss\"\nduty = \"\"\npermissions = [\"administer\"]\n[[type]]\nid = \"t\"\ntitle = \"T\"\n\
                when = \"\"\nbump = \"patch\"\napprovals = [{ role = \"nobody\" }]\n";
    fs::write(&file, text).expect("written");
    let err = run(&["playbook", "check", name], &[]).failed(1);
    assert_eq!(err.lines().count(), 5, "all faults: {err}");
    assert!(err.lines().all(|line| line.contains(": line ")), "each with its line: {err}");
    assert!(err.contains("production") && err.contains("administer") && err.contains("nobody"), "{err}");
    let orca = fs::read_to_string(bundled.join("orca.toml")).expect("bundled");
    let two =
        orca.replacen("bump = \"minor\"", "bump = \"minr\"", 1).replacen("kind = \"canary\"", "knd = \"canary\"", 1);
    fs::write(&file, two).expect("written");
    let err = run(&["playbook", "check", name], &[]).failed(1);
    let bump = err.lines().find(|line| line.contains("type[1].bump")).unwrap_or_else(|| panic!("{err}"));
    for part in [name, "line ", "found “minr”", "allowed is patch, minor, major", "did you mean “minor”?"] {
        assert!(bump.contains(part), "{part}: {bump}");
    }
    assert!(err.contains("strategy[1].knd") && err.contains("did you mean “kind”?"), "{err}");
    run(&["playbook", "check", folder.path().join("none").to_str().expect("a path")], &[]).refused(1);
}

/// The recorded rollouts with the verdicts that are known of them.
#[test]
fn recorded_rollouts_are_judged() {
    let traces = Path::new(env!("CARGO_MANIFEST_DIR")).join("../domain/src/judge/testdata/traces");
    let truth = fs::read_to_string(traces.join("truth.json")).expect("read");
    let truth: Value = serde_json::from_str(&truth).expect("JSON");
    for known in truth["traces"].as_array().expect("traces") {
        let file = traces.join(known["file"].as_str().expect("a name"));
        let file = file.to_str().expect("a path");
        let said = run(&["judge", "replay", file], &[]).fine();
        assert_eq!(said.lines().count(), 1, "{said}");
        let found: Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(found.as_object().map(serde_json::Map::len), Some(4), "{said}");
        for field in ["verdict", "minute", "metric"] {
            assert_eq!(found[field], known["reference_verdict"][field], "{file}: {field}");
        }
        let (log_e, expected) = (found["log_e"].as_f64(), known["log_E_at_verdict"]["global_"].as_f64());
        assert!((log_e.expect("a number") - expected.expect("a number")).abs() < 1e-9, "{file}: {said}");
        let path = run(&["judge", "replay", file, "--path", "--alpha", "0.02"], &[]).fine();
        assert_eq!(path.lines().next(), said.lines().next(), "the verdict comes first");
        assert_eq!(path.lines().count(), 241, "and a line for each minute");
        assert!(path.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.csv");
    let name = file.to_str().expect("a path");
    fs::write(&file, "minute,arm\n0,stable\n").expect("written");
    let err = run(&["judge", "replay", name], &[]).refused(1);
    assert!(err.contains(&format!("{name}, line 1")) && err.contains("allowed"), "{err}");
    for alpha in ["0", "0.6", "-1", "NaN", "much"] {
        assert!(run(&["judge", "replay", name, &format!("--alpha={alpha}")], &[]).failed(64).contains("at most 0.5"));
    }
}

#[test]
fn the_rules_of_a_playbook_judge_a_recorded_rollout_too() {
    // given an hour of a sound service, then a minute in which 2 of 25 requests to the new version fail
    let past: Vec<String> = (-60..0).map(|minute| format!("{minute},stable,1,1000,1,900,90,10")).collect();
    let past = past.join("\n");
    let trace = format!(
        "minute,arm,share,requests,errors,le_50ms,le_100ms,le_inf\n{past}\n0,stable,0.75,75,0,70,5,0\n0,canary,0.25,25,2,23,2,0\n"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("t.csv");
    fs::write(&file, trace).expect("written");
    let name = file.to_str().expect("a path");
    let judged = |more: &[&str]| {
        let said = run(&[&["judge", "replay", name], more].concat(), &[]).fine();
        said.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")).collect::<Vec<_>>()
    };
    // then that is too little for statistics
    assert_eq!(judged(&[])[0]["verdict"], "no_rollback");
    // but more than the 5 % at which one playbook goes back
    let told = judged(&["--playbook", "mesh-os", "--path"]);
    assert_eq!(told[0]["verdict"], "rollback", "{told:?}");
    assert_eq!((&told[0]["judge"], &told[0]["minute"]), (&"rules".into(), &0.into()), "{told:?}");
    assert_eq!((&told[1]["opinion"], &told[1]["ground"]), (&"roll_back".into(), &"rule".into()), "{told:?}");
    assert!(told[1]["said"].as_str().is_some_and(|said| said.contains("8.00 %")), "{told:?}");
    // and another playbook says nothing of it, nor does the same in an environment that its rules do not name
    assert_eq!(judged(&["--playbook", "sarvanom"])[0]["verdict"], "no_rollback");
    assert_eq!(judged(&["--playbook", "mesh-os", "--env", "staging"])[0]["verdict"], "no_rollback");
    // and a playbook that is nowhere is refused with those that are known
    let refused = run(&["judge", "replay", name, "--playbook", "nowhere"], &[]).refused(1);
    assert!(refused.contains("nowhere") && refused.contains("sarvanom"), "{refused}");
}
