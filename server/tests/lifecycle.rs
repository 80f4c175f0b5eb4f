//! Started, stopped, started again; saved and restored.

mod process;

use process::{ADMIN, Running, head, run, until};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    time::{Duration, Instant},
};

fn path(path: &Path) -> &str {
    path.to_str().expect("a path")
}

/// Words, environment, and what must be said.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn wrong_settings_end_with_64_and_say_field_value_and_what_is_allowed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("p.toml");
    fs::write(&file, "lisen = \"127.0.0.1:1\"\n").expect("written");
    // Somebody else has the port: wrong settings are found before it is asked for.
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().expect("an address").to_string();
    let cases: [Case; 9] = [
        (&["--listen", "nowhere"], &[], &["listen: found “nowhere” (--listen); allowed is an address"]),
        (&[], &[("PILOTHOUSE_LISTEN", "7070")], &["listen: found “7070” (PILOTHOUSE_LISTEN)"]),
        (&["--listen", &taken, "--log-format", "xml"], &[], &["log_format: found “xml”", "allowed is json or pretty"]),
        (&["--demo", "--listen", "0.0.0.0:0"], &[], &["listen: found “0.0.0.0:0”", "loopback"]),
        (&["--demo-speed", "0"], &[], &["demo_speed: found “0”", "1 to 1000"]),
        (&["--database-url", "mysql://u:secret@h/d"], &[], &["database_url", "postgres://"]),
        (&["--public-url", "ftp://x"], &[], &["public_url: found “ftp://x”"]),
        (&[], &[("PILOTHOUSE_ADMIN_TOKEN", "short-secret")], &["admin_token: found a value of 12 characters", "24"]),
        (&["--config", path(&file)], &[], &["lisen: found an unknown key", "did you mean “listen”?"]),
    ];
    for (words, environment, said) in cases {
        let data = folder.path().join("data");
        let err = run(&[&["serve", "--data", path(&data)], words].concat(), environment).refused(64);
        assert!(said.iter().all(|part| err.contains(part)), "{words:?}: {err}");
        assert!(!err.contains("secret@") && !err.contains("short-secret"), "{err}");
        assert!(!data.exists(), "nothing was begun");
    }
    let both = run(&["serve", "--listen", "x", "--log-format", "y"], &[]).failed(64);
    assert_eq!(both.lines().count(), 2, "all faults at once: {both}");
}

#[test]
#[cfg(not(feature = "test-clock"))]
fn no_clock_but_the_machines_own() {
    for words in [&["serve"][..], &["config"], &["verify-audit"]] {
        let err = run(words, &[("PILOTHOUSE_NOW", "2026-01-01T00:00:00Z")]).refused(64);
        assert!(err.contains("PILOTHOUSE_NOW") && err.contains("test-clock"), "{err}");
    }
}

#[test]
#[cfg(feature = "test-clock")]
fn the_clock_begins_where_it_is_told_to() {
    let data = tempfile::tempdir().expect("a folder");
    let now = [("PILOTHOUSE_ADMIN_TOKEN", ADMIN), ("PILOTHOUSE_NOW", "2031-05-06T07:08:09Z")];
    let server = Running::with(data.path(), &[], &now);
    let told = server.ask("GET", "/status", None, None).1["now"].to_string();
    assert!(told.contains("2031-05-06T07:0"), "{told}");
}

#[test]
fn wrong_words_end_with_64() {
    let cases: [&[&str]; 8] = [
        &[],
        &["sreve"],
        &["serve", "--lisen", "x"],
        &["backup"],
        &["restore", "a", "b"],
        &["user"],
        &["playbook", "check"],
        &["judge", "replay", "--alpha", "0.02"],
    ];
    for words in cases {
        run(words, &[]).failed(64);
    }
    assert!(run(&["--help"], &[]).fine().contains("PILOTHOUSE_TOKEN"));
    assert!(run(&["--version"], &[]).fine().starts_with("pilothouse "));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let data = tempfile::tempdir().expect("a folder");
    let ended = run(&["serve", "--listen", &address, "--data", path(data.path())], &[]);
    assert!(ended.failed(1).contains(&format!("cannot listen on {address}")));
}

#[test]
fn the_first_start_offers_one_link_to_set_up() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::with(data.path(), &[], &[]);
    let line = server.line().expect("a second line");
    assert!(line.contains(&format!("{}/set-up/", server.url())), "{line}");
    assert_eq!(server.line(), None, "one link");
    server.stop();
    // With a configured administrator nobody else is invited in.
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    assert_eq!(server.line(), None);
    server.must("GET", "/me", &Value::Null, 200);
}

#[test]
fn a_signal_ends_open_streams_and_then_the_process() {
    let data = tempfile::tempdir().expect("a folder");
    let mut server = Running::start(data.path());
    let mut stream = server.connect();
    stream.write_all(head("GET", "/events", Some(ADMIN), "").as_bytes()).expect("asked");
    let mut said = String::new();
    until("the greeting", || {
        let mut some = [0; 1024];
        let n = stream.read(&mut some).expect("read");
        said.push_str(&String::from_utf8_lossy(&some[..n]));
        said.contains("event: hello").then_some(())
    });
    let began = Instant::now();
    server.signal("-TERM");
    assert_eq!(server.ended().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).expect("the stream was ended, not cut");
    assert!(rest.ends_with(b"0\r\n\r\n"), "its last chunk was sent");
}

/// Somebody is in the middle of sending a request.
fn with_half_a_request(server: &Running) -> std::net::TcpStream {
    let mut stream = server.connect();
    let more = "content-length: 100\r\nexpect: 100-continue\r\n";
    stream.write_all(head("POST", "/api/v1/products", Some(ADMIN), more).as_bytes()).expect("asked");
    // The server asks for the body when it begins to read it.
    let mut some = [0; 25];
    stream.read_exact(&mut some).expect("told to go on");
    assert!(some.starts_with(b"HTTP/1.1 100 "), "{}", String::from_utf8_lossy(&some));
    stream
}

#[test]
fn a_request_under_way_is_finished() {
    let data = tempfile::tempdir().expect("a folder");
    let mut server = Running::start(data.path());
    let mut stream = with_half_a_request(&server);
    server.signal("-TERM");
    server.logged("draining");
    let body = json!({ "slug": "late", "name": "Late", "playbook": "orca" }).to_string();
    stream.write_all(format!("{body:100}").as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert_eq!(server.ended().code(), Some(0));
    let server = Running::start(data.path());
    server.must("GET", "/products/late", &Value::Null, 200);
}

#[test]
fn a_request_that_never_ends_holds_nothing_up_for_long() {
    let data = tempfile::tempdir().expect("a folder");
    let mut server = Running::start(data.path());
    let _stream = with_half_a_request(&server);
    let began = Instant::now();
    server.signal("-TERM");
    assert_eq!(server.ended().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let data = tempfile::tempdir().expect("a folder");
    let mut server = Running::start(data.path());
    let _stream = with_half_a_request(&server);
    server.signal("-TERM");
    server.logged("draining");
    let began = Instant::now();
    server.signal("-TERM");
    assert_ne!(server.ended().code(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[test]
fn a_restart_keeps_everything_and_the_same_token_changes_nothing() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::start(data.path());
    server.must("POST", "/products", &json!({ "slug": "shop", "name": "Shop", "playbook": "orca" }), 201);
    let made = server.must("POST", "/products/shop/releases", &json!({ "bump": "minor", "title": "One" }), 201);
    let added = server.must("POST", "/users", &json!({ "name": "Ann", "email": "ann@example.org" }), 201);
    let seen = |server: &Running| {
        let person = format!("/users/{}", added["id"].as_str().expect("an id"));
        let paths = ["/products", "/products/shop/releases/0.1.0", &person, "/tokens", "/audit?limit=1000"];
        paths.map(|path| server.must("GET", path, &Value::Null, 200))
    };
    let (before, seq) = (seen(&server), server.seq());
    assert_eq!(before[1]["digest"], made["digest"]);
    server.stop();
    let server = Running::start(data.path());
    assert_eq!((seen(&server), server.seq()), (before.clone(), seq));
    drop(server);
    // Killed, not stopped; and with another token beside the first.
    let other = "another-administrator-token-of-tests";
    let server = Running::with(data.path(), &[], &[("PILOTHOUSE_ADMIN_TOKEN", other)]);
    assert_eq!(server.seq(), seq + 1, "one token more, the same administrator");
    assert_eq!(server.ask("GET", "/api/v1/me", Some(other), None).1, {
        let mut me = server.must("GET", "/me", &Value::Null, 200);
        me["token"] = server.ask("GET", "/api/v1/me", Some(other), None).1["token"].clone();
        me
    });
}

/// A server with something in it, its data folder and a folder for everything else.
fn furnished() -> (Running, tempfile::TempDir, tempfile::TempDir) {
    let (data, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let server = Running::start(data.path());
    server.must("POST", "/products", &json!({ "slug": "shop", "name": "Shop", "playbook": "orca" }), 201);
    server.must("POST", "/products/shop/releases", &json!({ "bump": "minor", "title": "Before the backup" }), 201);
    (server, data, other)
}

#[test]
fn saved_while_running_checked_and_restored_elsewhere() {
    let (server, data, other) = furnished();
    let (file, copy) = (other.path().join("a.backup"), other.path().join("copy"));
    let from = ["--data", path(data.path())];
    let said = run(&[&["backup", path(&file)], &from[..]].concat(), &[]).fine();
    assert!(said.contains(&format!("{} events", server.seq())), "{said}");
    server.must("POST", "/products/shop/releases", &json!({ "bump": "minor", "title": "After the backup" }), 201);
    let again = run(&[&["backup", path(&file)], &from[..]].concat(), &[]).refused(1);
    assert!(again.contains("never overwrites"), "{again}");
    assert_eq!(run(&["verify-backup", path(&file)], &[]).fine(), said);

    let to = ["--data", path(&copy)];
    let restored = run(&[&["restore", path(&file)], &to[..]].concat(), &[]).fine();
    assert!(restored.contains("Restored into"), "{restored}");
    assert!(run(&[&["verify-audit"], &to[..]].concat(), &[]).fine().contains("sound"));
    let twice = run(&[&["restore", path(&file)], &to[..]].concat(), &[]).refused(1);
    assert!(twice.contains("empty place only"), "{twice}");
    let over = run(&[&["restore", path(&file)], &from[..]].concat(), &[]).refused(1);
    assert!(over.contains("empty place only"), "{over}");
    server.must("GET", "/products/shop/releases/0.2.0", &Value::Null, 200);

    let restored = Running::start(&copy);
    let same = "/products/shop/releases/0.1.0";
    assert_eq!(restored.must("GET", same, &Value::Null, 200), server.must("GET", same, &Value::Null, 200));
    restored.must("GET", "/products/shop/releases/0.2.0", &Value::Null, 404);
    restored.stop();
    server.stop();
}

#[test]
fn what_is_no_backup_is_not_restored_and_leaves_nothing_behind() {
    let (server, data, other) = furnished();
    let (file, copy) = (other.path().join("a.backup"), other.path().join("copy"));
    run(&["backup", path(&file), "--data", path(data.path())], &[]).fine();
    let mut bytes = fs::read(&file).expect("read");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).expect("written");
    for verb in ["verify-backup", "restore"] {
        for file in [&file, &data.path().join("secret.key"), &other.path().join("none")] {
            let err = run(&[verb, path(file), "--data", path(&copy)], &[]).refused(1);
            assert!(err.contains(path(file)), "{err}");
        }
    }
    assert!(!copy.exists());
    let err = run(&["backup", path(&other.path().join("b")), "--data", path(&copy)], &[]).refused(1);
    assert!(err.contains("there is no file"), "{err}");
    let err = run(&["verify-audit", "--data", path(&copy)], &[]).refused(1);
    assert!(err.contains("there is no record") && !copy.exists(), "{err}");
    server.stop();
}

/// Somebody with the file in hand rewrites what a release was called.
fn tamper(file: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(file);
        let mut connection = SqliteConnection::connect_with(&options).await.expect("opened");
        let rewrite = "UPDATE events SET body = replace(body, 'Before the backup', 'Before the theft')";
        let done = connection.execute(sqlx::raw_sql(rewrite)).await.expect("rewritten");
        assert!(done.rows_affected() > 0);
        connection.close().await.expect("closed");
    });
}

#[test]
fn tampering_and_truncation_show() {
    let (server, data, other) = furnished();
    let (early, late) = (other.path().join("early.json"), other.path().join("late.json"));
    let keep = |file: &Path| {
        let checkpoint = server.must("GET", "/audit/checkpoint", &Value::Null, 200);
        fs::write(file, checkpoint.to_string()).expect("written");
    };
    let audit =
        |data: &Path, file: &Path| run(&["verify-audit", "--data", path(data), "--checkpoint", path(file)], &[]);
    keep(&early);
    let backup = other.path().join("a.backup");
    run(&["backup", path(&backup), "--data", path(data.path())], &[]).fine();
    server.must("POST", "/products/shop/releases", &json!({ "bump": "minor", "title": "Later" }), 201);
    keep(&late);
    // While it runs, too.
    assert!(audit(data.path(), &early).fine().contains("signed with the key of this installation"));
    assert!(audit(data.path(), &late).fine().contains("agrees with the checkpoint"));

    // A record that lost its end is sound in itself; the checkpoint knows better.
    let copy = other.path().join("copy");
    run(&["restore", path(&backup), "--data", path(&copy)], &[]).fine();
    assert!(audit(&copy, &early).fine().contains("the key of this installation is not here"));
    assert!(audit(&copy, &late).refused(1).contains("the checkpoint was taken at event"));

    let altered = fs::read_to_string(&late).expect("read").replace("\"seq\":", "\"seq\": 1");
    fs::write(&late, altered).expect("written");
    assert!(audit(data.path(), &late).refused(1).contains("signature does not fit"));
    fs::write(&late, "{}").expect("written");
    assert!(audit(data.path(), &late).refused(1).contains("late.json"));

    server.stop();
    tamper(&data.path().join("pilothouse.db"));
    let err = run(&["verify-audit", "--data", path(data.path())], &[]).refused(1);
    assert!(err.contains("the body of event") && err.contains("altered"), "{err}");
    // It can still be saved, to be looked at, and is not taken for a good one.
    let damaged = other.path().join("damaged.backup");
    assert!(run(&["backup", path(&damaged), "--data", path(data.path())], &[]).refused(1).contains("altered"));
    run(&["restore", path(&damaged), "--data", path(&other.path().join("third"))], &[]).refused(1);
}

#[test]
fn a_demonstration_offers_a_way_in_for_each_role_and_leaves_real_data_alone() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Running::with(data.path(), &["--demo"], &[]);
    let links = |server: &Running| server.said.iter().filter(|line| line.contains("/sign-in/")).count();
    let first = links(&server);
    assert!(first > 10, "{:?}", server.said);
    assert!(server.said.iter().all(|line| !line.contains("/sign-in/") || line.contains(&server.url())));
    let (_, status) = server.ask("GET", "/status", None, None);
    assert_eq!((&status["demo"], &status["products"], &status["releases"]), (&json!(true), &json!(6), &json!(29)));
    assert_eq!(server.line(), None, "no set-up link");
    server.stop();
    let server = Running::with(data.path(), &["--demo"], &[]);
    assert_eq!((links(&server), server.ask("GET", "/status", None, None).1["releases"].as_u64()), (first, Some(29)));
    server.stop();

    // The fleet outlives the server on purpose; where the demo's program was not built there is none.
    let fleet = data.path().join("demo/fleet");
    if fleet.exists() {
        run(&["fleet", "--stop", "--folder", path(&fleet)], &[]);
    }

    let (server, data, _other) = furnished();
    let seq = server.seq();
    server.stop();
    // No way into it is printed.
    let server = Running::with(data.path(), &["--demo"], &[]);
    assert_eq!((links(&server), server.seq()), (0, seq), "{:?}", server.said);
    assert_eq!(server.ask("GET", "/status", None, None).1["demo"], json!(false));
}
