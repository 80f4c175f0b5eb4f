//! The server functions behind the pages, called as a browser's forms and pages call them.

use crate::house::{ADMIN, Answer, Client, Stage, at};
use crate::rest::prepared;
use app::{Needs, SERVER_FUNCTIONS};
use domain::{access::Permission, digest::sha256_hex};
use http::Method;
use serde_json::json;
use std::collections::BTreeSet;
use url::form_urlencoded;

type Fields = Vec<(&'static str, String)>;

/// A function and the fields of a request that would succeed.
struct Row(&'static str, fn(&Stage) -> Fields);

/// Fields whose values are the same in every test.
fn plain(fields: &[(&'static str, &str)]) -> Fields {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

/// About the candidate of the stage.
fn release(more: &[(&'static str, &str)]) -> Fields {
    [plain(&[("product", "shop"), ("version", "1.0.0")]), plain(more)].concat()
}

/// About the rollout that is under way in staging.
fn rollout(stage: &Stage, more: &[(&'static str, &str)]) -> Fields {
    let world = stage.house.web.control.world();
    let id = world.under_way().next().expect("one is under way").id;
    [vec![("rollout", id.to_string())], plain(more)].concat()
}

/// About the known issue of the shop.
fn issue(stage: &Stage, more: &[(&'static str, &str)]) -> Fields {
    [vec![("product", "shop".to_owned()), ("issue", stage.issue_of_shop())], plain(more)].concat()
}

/// What is known of it.
const KNOWN: [(&str, &str); 5] = [
    ("title", "Cart empties itself"),
    ("description", "After a day without a click."),
    ("affected", "all"),
    ("severity", "sev2"),
    ("audience[]", "support"),
];

fn production(more: &[(&'static str, &str)]) -> Fields {
    [plain(&[("product", "shop"), ("env", "production")]), plain(more)].concat()
}

/// About Tess.
fn tess(stage: &Stage, more: &[(&'static str, &str)]) -> Fields {
    [vec![("person", stage.tess.id.clone())], plain(more)].concat()
}

const TABLE: &[Row] = &[
    Row("/do/sign_in", |_| plain(&[("email", "nobody@example.org"), ("password", "not the password")])),
    Row("/do/sign_in_by_link", |_| plain(&[("secret", "of-no-link")])),
    Row("/do/sign_out", |_| vec![]),
    Row("/do/theme", |_| plain(&[("theme", "dark")])),
    Row("/do/set_up", |_| {
        let person = [("name", "Zoe"), ("email", "zoe@example.org"), ("password", "correct horse battery")];
        plain(&[&[("secret", "of-no-link")], person.as_slice()].concat())
    }),
    Row("/do/set_password", |_| plain(&[("secret", "of-no-link"), ("password", "correct horse battery")])),
    Row("/do/create_release", |_| plain(&[("product", "shop"), ("bump", "minor")])),
    Row("/do/edit_release", |s| release(&[("digest", &s.digest), ("title", "Better")])),
    Row("/do/request_approval", |_| release(&[])),
    Row("/do/cancel_release", |_| release(&[("reason", "Not needed."), ("typed", "1.0.0")])),
    Row("/do/approve", |s| release(&[("role", "product_manager"), ("verdict", "approve"), ("digest", &s.digest)])),
    Row("/do/sign", |s| {
        let about = [("gate", "qa_sign_off"), ("env", "production"), ("role", "qa_engineer"), ("verdict", "approve")];
        release(&[about.as_slice(), &[("digest", &s.digest)]].concat())
    }),
    Row("/do/mark_item", |_| release(&[("list", "manual_qa"), ("item", "login"), ("state", "done")])),
    Row("/do/vouch", |_| release(&[("about", "rollback_plan"), ("note", "Deploy the version before.")])),
    Row("/do/hold", |_| release(&[("env", "production"), ("reason", "QA needs a day more.")])),
    Row("/do/lift_hold", |_| release(&[("hold", "1"), ("reason", "QA is done.")])),
    Row("/do/break_glass", |s| {
        let about =
            [("env", "production"), ("gates[]", "staging"), ("reason", "Customers cannot pay."), ("hours", "2")];
        release(&[about.as_slice(), &[("typed", "production"), ("digest", &s.digest)]].concat())
    }),
    Row("/do/set_aside", |_| release(&[("gate", "migrations"), ("reason", "The database stays as it is.")])),
    Row("/do/sent_message", |_| release(&[("message", "freeze"), ("text", "The freeze begins at noon.")])),
    Row("/do/plan_deployment", |_| release(&[("at", "2030-01-04T12:00")])),
    Row("/do/declare", |s| release(&[("condition", "migrations"), ("answer", "no"), ("digest", &s.digest)])),
    Row("/do/choose_strategy", |s| release(&[("strategy", "canary"), ("digest", &s.digest)])),
    Row("/do/record_deployment", |_| release(&[("env", "staging"), ("outcome", "succeeded")])),
    Row("/do/promote", |s| release(&[("env", "staging"), ("digest", &s.digest), ("strategy", "standard")])),
    Row("/do/roll_back", |_| plain(&[("product", "shop"), ("env", "staging"), ("reason", "It burns.")])),
    Row("/do/steer", |s| rollout(s, &[("verb", "pause"), ("reason", "Wait.")])),
    Row("/do/resolve", |s| rollout(s, &[("step", "1"), ("happened", "yes"), ("reason", "I saw it.")])),
    Row("/do/resume_environment", |_| production(&[("reason", "It is understood.")])),
    Row("/do/connect", |_| production(&[("driver", "local"), ("act", "save"), ("password[key]", "secret")])),
    Row("/do/disconnect", |_| production(&[("reason", "It moves away.")])),
    Row("/do/watch", |_| {
        production(&[("monitor", "alertmanager"), ("act", "save"), ("password[token]", "0123456789abcdef")])
    }),
    Row("/do/unwatch", |_| production(&[("monitor", "alertmanager"), ("reason", "It moves away.")])),
    Row("/do/ask_monitor", |_| production(&[("monitor", "alertmanager")])),
    Row("/do/clear_alarm", |_| production(&[("key", "orders"), ("reason", "It is mended.")])),
    Row("/do/adopt", |_| production(&[("version", "0.9.0")])),
    Row("/do/stop_automation", |_| plain(&[("product", "shop"), ("reason", "An outage.")])),
    Row("/do/report_known_issue", |_| plain(&[&[("product", "shop")], KNOWN.as_slice()].concat())),
    Row("/do/edit_known_issue", |s| issue(s, &KNOWN)),
    Row("/do/fix_known_issue", |s| issue(s, &[("version", "1.4.3")])),
    Row("/do/close_known_issue", |s| issue(s, &[("reason", "It comes from the browser.")])),
    Row("/do/reopen_known_issue", |s| issue(s, &[("reason", "It is seen again.")])),
    Row("/do/wipe_demo", |_| vec![]),
    Row("/do/lift_stop", |_| plain(&[("product", "shop"), ("reason", "It is over.")])),
    Row("/do/create_product", |_| plain(&[("name", "Other"), ("slug", "other"), ("playbook", "orca")])),
    Row("/do/follow_playbook", |_| plain(&[("product", "shop"), ("playbook", "mesh-os"), ("revision", "1")])),
    Row("/do/publish_playbook", |s| {
        let text = s.revised_orca();
        let checked = sha256_hex(text.as_bytes());
        [plain(&[("name", "orca"), ("after", "1")]), vec![("text", text), ("checked", checked)]].concat()
    }),
    Row("/do/copy_playbook", |_| plain(&[("from", "orca"), ("name", "own")])),
    Row("/do/move_release", |_| release(&[("revision", "1")])),
    Row("/do/invite", |_| plain(&[("name", "Nora"), ("email", "nora@example.org"), ("product", "shop")])),
    Row("/do/correct_person", |s| tess(s, &[("name", "Tess Tested"), ("email", "tess@example.org")])),
    Row("/do/issue_link", |s| tess(s, &[])),
    Row("/do/grant_role", |s| tess(s, &[("product", "shop"), ("role", "on_call")])),
    Row("/do/revoke_role", |s| tess(s, &[("product", "shop"), ("role", "support")])),
    Row("/do/name_stand_in", |s| {
        let days = [("grant", "shop support"), ("from", "2025-10-01"), ("until", "2025-11-01")];
        tess(s, &[days.as_slice(), &[("substitute", &s.outsider.id)]].concat())
    }),
    Row("/do/withdraw_stand_in", |s| {
        tess(s, &[("product", "shop"), ("role", "support"), ("substitute", &s.outsider.id)])
    }),
    Row("/do/disable_person", |s| tess(s, &[])),
    Row("/do/enable_person", |s| tess(s, &[])),
    Row("/do/erase_person", |s| tess(s, &[("typed", "Tess Target")])),
    Row("/do/issue_token", |s| tess(s, &[("scopes[]", "view")])),
    Row("/do/revoke_token", |s| tess(s, &[("token", &s.token_of_tess())])),
    Row("/do/save_window", |_| {
        let times = [("zone", "Europe/London"), ("from", "2025-12-01T09:00"), ("to", "2025-12-05T18:00")];
        let rule = [("product", "shop"), ("kind", "freeze"), ("title", "Audit week"), ("reason", "Audit.")];
        plain(&[rule.as_slice(), &times, &[("envs[]", "production"), ("except_types[]", "hotfix")]].concat())
    }),
    Row("/do/remove_window", |s| vec![("rule", s.rule_of_shop()), ("reason", "They left.".to_owned())]),
    Row("/do/set_rotation", |s| {
        let more =
            [("starts", "2025-10-13"), ("every_weeks", "1"), ("weekday", "Mon"), ("at", "09:00"), ("zone", "UTC")];
        let members = [("members[]", s.support.id.as_str()), ("members[]", "")];
        plain(&[[("product", "shop"), ("role", "support")].as_slice(), &members, &more].concat())
    }),
    Row("/do/override_turn", |s| {
        let days = [("from", "2025-10-14"), ("to", "2025-10-14"), ("reason", "A day off.")];
        let holder = [("product", "shop"), ("role", "support"), ("holder", s.support.id.as_str())];
        plain(&[holder.as_slice(), &days].concat())
    }),
    Row("/do/open_feed", |_| vec![]),
    Row("/do/finish_import", |s| vec![("import", s.staged.clone())]),
    Row("/do/undo_import", |s| vec![("import", s.import()), ("reason", "The wrong file.".to_owned())]),
    Row("/see/calendar", |_| plain(&[("view", "agenda")])),
    Row("/see/new_rule", |_| plain(&[("product", "shop")])),
    Row("/see/rotations", |_| plain(&[("product", "shop")])),
    Row("/see/inbox", |_| vec![]),
    Row("/see/overview", |_| vec![]),
    Row("/see/release", |_| release(&[])),
    Row("/see/releases", |_| vec![]),
    Row("/see/release_choices", |_| vec![]),
    Row("/see/welcome", |_| plain(&[("secret", "of-no-link")])),
    Row("/see/me", |_| vec![]),
    Row("/see/audit", |_| vec![]),
    Row("/see/people", |_| vec![]),
    Row("/see/person", |s| vec![("id", s.tess.id.clone())]),
    Row("/see/products", |_| vec![]),
    Row("/see/playbooks", |_| vec![]),
];

impl Row {
    async fn ask(&self, by: &Client, stage: &Stage) -> Answer {
        let Self(path, fields) = self;
        let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields(stage)).finish();
        if path.starts_with("/do/") {
            let by = by.clone().with("content-type", "application/x-www-form-urlencoded");
            by.send(Method::POST, path, fields.into()).await
        } else {
            by.get(&format!("{path}?{fields}")).await
        }
    }
}

/// Those who may not, with their status, and somebody who may; none where nobody is asked who they are.
async fn cast(stage: &Stage, function: &str, needs: Needs) -> (Vec<(&'static str, Client, u16)>, Option<Client>) {
    let known = async |name: &'static str, id: &str, status| (name, stage.browser(id).await, status);
    let outsider = async |status| known("outsider", &stage.outsider.id, status).await;
    let support = async || known("support", &stage.support.id, 403).await;
    let engineer = async || known("engineer", &stage.engineer.id, 403).await;
    let manager = async || known("manager", &stage.manager.id, 403).await;
    match needs {
        Needs::Nothing | Needs::Link => (vec![], None),
        Needs::SignedIn => (vec![], Some(stage.browser(&stage.outsider.id).await)),
        Needs::OnProduct(Permission::View) => (vec![outsider(404).await], Some(stage.browser(&stage.support.id).await)),
        Needs::OnProduct(Permission::Author) => {
            let refused = vec![outsider(404).await, support().await, manager().await];
            (refused, Some(stage.browser(&stage.engineer.id).await))
        }
        Needs::OnProduct(Permission::Approve) if function == "/do/sign" => {
            let refused =
                vec![outsider(404).await, support().await, engineer().await, known("admin", &stage.ada.id, 403).await];
            let quality = stage.house.person("Quinn Quality", &[("shop", "qa_engineer")]).await;
            (refused, Some(stage.browser(&quality.id).await))
        }
        Needs::OnProduct(Permission::Approve) => {
            let refused =
                vec![outsider(404).await, support().await, engineer().await, known("admin", &stage.ada.id, 403).await];
            (refused, Some(stage.browser(&stage.manager.id).await))
        }
        Needs::OnProduct(Permission::Promote) => {
            if function == "/do/lift_hold" {
                let hold = json!({"env": "production", "reason": "Wait for QA."});
                stage.engineer.client.post(&format!("{}/holds", at("shop", "1.0.0")), &hold).await.must(201);
            }
            (vec![outsider(404).await, support().await], Some(stage.browser(&stage.engineer.id).await))
        }
        Needs::OnProduct(Permission::Tick) => {
            let reader = stage.house.person("Lou Leader", &[("shop", "leadership")]).await;
            let refused = vec![outsider(404).await, known("leadership", &reader.id, 403).await];
            (refused, Some(stage.browser(&stage.manager.id).await))
        }
        Needs::OnProduct(Permission::BreakGlass) => {
            let refused = vec![outsider(404).await, support().await, engineer().await, manager().await];
            let security = stage.house.person("Sina Security", &[("shop", "security")]).await;
            (refused, Some(stage.browser(&security.id).await))
        }
        Needs::OnProduct(Permission::Administer) => {
            let refused = vec![outsider(404).await, support().await, engineer().await, manager().await];
            (refused, Some(stage.browser(&stage.ada.id).await))
        }
        Needs::Everywhere(Permission::Administer) => {
            let tess = known("the person concerned", &stage.tess.id, 403).await;
            let refused = vec![outsider(403).await, support().await, engineer().await, manager().await, tess];
            (refused, Some(stage.browser(&stage.ada.id).await))
        }
        Needs::OwnPersonOrAdminister => {
            let refused = vec![outsider(403).await, support().await, engineer().await, manager().await];
            (refused, Some(stage.browser(&stage.tess.id).await))
        }
        Needs::OnProduct(other) | Needs::Everywhere(other) => panic!("say here who may not “{other}”"),
    }
}

fn rows() -> impl Iterator<Item = (&'static Row, Needs)> {
    let needs = |row: &Row| SERVER_FUNCTIONS.iter().find(|(path, _)| *path == row.0).map(|(_, needs)| *needs);
    TABLE.iter().filter_map(move |row| Some((row, needs(row)?)))
}

#[test]
fn every_function_stands_in_one_row_and_every_row_is_one() {
    let rows: BTreeSet<&str> = TABLE.iter().map(|row| row.0).collect();
    let listed: BTreeSet<&str> = SERVER_FUNCTIONS.iter().map(|(path, _)| *path).collect();
    let unlisted: Vec<_> = listed.difference(&rows).collect();
    let gone: Vec<_> = rows.difference(&listed).collect();
    assert!(unlisted.is_empty(), "functions without a row: {unlisted:?}");
    assert!(gone.is_empty(), "rows without a function: {gone:?}");
    assert_eq!(rows.len(), TABLE.len(), "each stands once");
}

#[tokio::test]
async fn nobody_known_gets_nothing_that_needs_somebody() {
    let stage = prepared().await;
    let strangers = [
        stage.house.anonymous(),
        stage.house.anonymous().with("cookie", "pilothouse=nobody").with("sec-fetch-site", "same-origin"),
        // A token is for REST; on pages it is nobody.
        stage.house.with_token(ADMIN),
    ];
    let before = stage.house.seq();
    for (row, needs) in rows() {
        for stranger in &strangers {
            let answer = row.ask(stranger, &stage).await;
            let refused = match needs {
                // What would let them in is in the request, and is wrong.
                Needs::Nothing if row.0 == "/do/sign_in" => answer.status == 401,
                Needs::Nothing => answer.status < 400,
                Needs::Link => answer.status == 403,
                // Signing out twice is no mistake, and there is nothing to lose.
                Needs::SignedIn if row.0 == "/do/sign_out" => answer.status < 400,
                _ => answer.status == 401,
            };
            assert!(refused, "{} ({needs:?}) → {} {}", row.0, answer.status, answer.body);
        }
    }
    assert_eq!(stage.house.seq(), before, "nothing was recorded");
}

#[tokio::test]
async fn who_may_not_is_refused_without_a_trace_and_who_may_is_not() {
    for (row, needs) in rows() {
        let stage = prepared().await;
        let (refused, allowed) = cast(&stage, row.0, needs).await;
        let before = stage.house.seq();
        for (who, client, status) in refused {
            let answer = row.ask(&client, &stage).await;
            assert_eq!(answer.status, status, "{} by {who}: {}", row.0, answer.body);
        }
        assert_eq!(stage.house.seq(), before, "{}: nothing was recorded", row.0);
        if let Some(client) = allowed {
            let answer = row.ask(&client, &stage).await;
            let fits = match row.0 {
                // Another one is under way, its step is at work, nothing is made up: whoever may is told so.
                "/do/promote" | "/do/resolve" | "/do/wipe_demo" => answer.status == 409,
                _ => answer.status < 400,
            };
            assert!(fits, "{} → {} {}", row.0, answer.status, answer.body);
        }
    }
}
