//! The calendar in a browser without scripts: looked at, a rule tried and saved, removed, turns taken, a feed opened.

use crate::house::{Browser, House};
use http::StatusCode;

/// A train in London time, beside the playbook's, over the autumn's change of the clocks.
const TRAIN: [(&str, &str); 9] = [
    ("product", "shop"),
    ("kind", "train"),
    ("title", "London train"),
    ("zone", "Europe/London"),
    ("from", "2025-10-10T12:00"),
    ("to", "2025-10-10T14:00"),
    ("repeats", "FREQ=WEEKLY"),
    ("except_types[]", "minor"),
    ("for_type", "patch"),
];

const FREEZE: [(&str, &str); 8] = [
    ("product", "shop"),
    ("kind", "freeze"),
    ("title", "Audit week"),
    ("zone", "UTC"),
    ("from", "2025-10-17T09:00"),
    ("to", "2025-10-17T18:00"),
    ("except_types[]", "hotfix"),
    ("except_types[]", "patch"),
];

fn query(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn saved(browser: &mut Browser<'_>) -> String {
    browser.get("/calendar/new").await;
    let answer =
        browser.submit("/do/save_window", &[FREEZE.as_slice(), &[("reason", "The auditors come.")]].concat()).await;
    browser.follow(&answer).await.text
}

#[tokio::test]
async fn month_week_and_agenda_show_trains_with_their_cut_offs_complete_without_scripts() {
    let house = House::new().await;
    let mut sam = house.person("Sam", "support").await;
    let month = sam.get("/calendar?product=shop").await;
    assert_eq!(month.status, StatusCode::OK);
    for words in ["October 2025", "Friday train", "code freeze", "12:00–14:00", "Thu 9 Oct 18:00 – Fri 10 Oct 12:00"]
    {
        assert!(month.text.contains(words), "no “{words}” in {}", month.text);
    }
    assert!(month.text.contains("view=month&amp;from=2025-11-01&amp;product=shop"), "the way to later");
    assert!(!month.text.contains("href=\"/calendar/new"), "support sets no rules");
    let agenda = sam.get("/calendar?view=agenda&from=2026-12-22").await;
    assert!(
        agenda.text.contains("Before Christmas") && agenda.text.contains("cannot depart: closed by “Christmas”"),
        "{}",
        agenda.text
    );
    let week = sam.get("/calendar?view=week&from=2025-12-24").await;
    assert!(week.text.contains("22 December – 28 December 2025"), "{}", week.text);
    for odd in ["/calendar?view=x&from=never", "/calendar?from=0001-01-01", "/calendar?from=9999-12-31"] {
        assert_eq!(sam.get(odd).await.status, StatusCode::OK, "{odd}");
    }
    assert_eq!(sam.get("/calendar?product=nowhere").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_rule_is_tried_across_a_change_of_the_clocks_before_it_is_saved() {
    let house = House::new().await;
    let mut captain = house.person("Cleo", "release_captain").await;
    let form = captain.get("/calendar/new?product=shop").await;
    assert!(
        form.text.contains("formaction=\"/calendar/new\"") && form.text.contains("formmethod=\"get\""),
        "{}",
        form.text
    );
    let before = house.control.seq();
    let tried = captain.get(&format!("/calendar/new?{}&try=1", query(&TRAIN))).await;
    assert_eq!(tried.text.matches("class=\"opening-line\"").count(), 10, "{}", tried.text);
    assert_eq!(tried.text.matches("The clocks change before this one").count(), 1);
    for words in
        ["Fri 24 Oct 2025, 12:00", "Fri 24 Oct 2025, 11:00 UTC", "Fri 31 Oct 2025, 12:00", "Fri 31 Oct 2025, 12:00 UTC"]
    {
        assert!(tried.text.contains(words), "no “{words}”");
    }
    // What was typed stands in the form.
    assert!(tried.text.contains("value=\"London train\"") && tried.text.contains("value=\"2025-10-10T12:00\""));
    assert_eq!(house.control.seq(), before, "trying records nothing");

    let mut wrong = TRAIN;
    wrong[3].1 = "Europe/Lundon";
    let refused = captain.get(&format!("/calendar/new?{}&try=1", query(&wrong))).await;
    assert!(
        refused.text.contains("Europe/Lundon") && refused.text.contains("aria-invalid=\"true\""),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("value=\"London train\""), "kept");
}

#[tokio::test]
async fn saving_and_removing_need_a_reason_and_keep_what_was_typed() {
    let house = House::new().await;
    let mut captain = house.person("Cleo", "release_captain").await;
    captain.get("/calendar/new").await;
    let refused = captain.submit("/do/save_window", &FREEZE).await;
    let told = captain.follow(&refused).await;
    assert!(told.text.contains("value=\"Audit week\"") && told.text.contains("Needed here"), "{}", told.text);
    for ticked in ["value=\"hotfix\" checked", "value=\"patch\" checked"] {
        assert!(told.text.contains(ticked), "no {ticked}");
    }
    let page = saved(&mut captain).await;
    for words in ["Saved: freeze “Audit week”", "October 2025", "Audit week", "conflict", "The auditors come.", "Cleo"]
    {
        assert!(page.contains(words), "no “{words}” in {page}");
    }
    let world = house.control.world();
    let reach = domain::person::Reach::Product("shop".parse().unwrap());
    let (id, set) = world.windows(&reach).unwrap().rules.iter().next().unwrap();
    assert!(!set.rule.scope().covers(&"patch".parse().unwrap(), &"production".parse().unwrap()));
    assert!(set.rule.scope().covers(&"minor".parse().unwrap(), &"production".parse().unwrap()));

    let id = id.to_string();
    let mut sam = house.person("Sam", "support").await;
    let seen = sam.get("/calendar?from=2025-10-01").await;
    assert!(seen.text.contains("Audit week") && !seen.text.contains("/do/remove_window"), "{}", seen.text);
    assert_eq!(sam.get("/calendar/new").await.status, StatusCode::FORBIDDEN);
    captain.get("/calendar?from=2025-10-01").await;
    let refused = captain.submit("/do/remove_window", &[("rule", &id), ("reason", "")]).await;
    assert!(captain.follow(&refused).await.text.contains("Needed here"));
    let removed = captain.submit("/do/remove_window", &[("rule", &id), ("reason", "They left.")]).await;
    assert!(!captain.follow(&removed).await.text.contains("Audit week"));
}

#[tokio::test]
async fn captains_see_who_is_on_set_turns_and_stand_in() {
    let house = House::new().await;
    let mut cleo = house.person("Cleo", "release_captain").await;
    let _carl = house.person("Carl", "release_captain").await;
    let page = cleo.get("/calendar/rotations?product=shop").await;
    assert!(page.text.contains("Nobody is on.") && page.text.contains("Say who takes turns"), "{}", page.text);
    let id = |name: &str| {
        let people = house.control.world().people().map(|p| p.id).collect::<Vec<_>>();
        people.into_iter().find(|id| house.control.name(*id) == name).unwrap().to_string()
    };
    let (one, two) = (id("Cleo"), id("Carl"));
    let about = [("product", "shop"), ("role", "release_captain")];
    let mut fields = [about.as_slice(), &[("members[]", &one), ("members[]", ""), ("members[]", &two)]].concat();
    fields.extend([
        ("starts", "2025-10-06"),
        ("weekday", "Mon"),
        ("at", "09:00"),
        ("zone", "Europe/london"),
        ("every_weeks", "1"),
    ]);
    let refused = cleo.submit("/do/set_rotation", &fields).await;
    let told = cleo.follow(&refused).await;
    assert!(told.text.contains("did you mean"), "{}", told.text);
    fields.retain(|(name, _)| *name != "zone");
    fields.push(("zone", "Europe/London"));
    let set = cleo.submit("/do/set_rotation", &fields).await;
    let page = cleo.follow(&set).await;
    assert!(
        page.text.contains("<b>Cleo</b> is on") && page.text.contains("every week on Mon at 09:00 (Europe/London)"),
        "{}",
        page.text
    );
    let days = [("from", "2025-10-09"), ("to", "2025-10-10"), ("holder", two.as_str()), ("reason", "A day off.")];
    let stand_in = cleo.submit("/do/override_turn", &[about.as_slice(), &days].concat()).await;
    let page = cleo.follow(&stand_in).await;
    assert!(page.text.contains("<b>Carl</b> is on instead of Cleo"), "{}", page.text);
    let calendar = cleo.get("/calendar?product=shop").await;
    assert!(calendar.text.contains("On now") && calendar.text.contains("Carl"), "{}", calendar.text);
}

#[tokio::test]
async fn a_feed_is_opened_read_and_revoked() {
    let house = House::new().await;
    let mut sam = house.person("Sam", "support").await;
    sam.get("/calendar").await;
    let opened = sam.submit("/do/open_feed", &[]).await;
    let page = sam.follow(&opened).await;
    let from = page.text.find("/calendar/feed/").unwrap_or_else(|| panic!("no address in {}", page.text));
    let path: String = page.text[from..].chars().take_while(|c| !matches!(c, '<' | '"' | ' ')).collect();
    let mut client = house.browser();
    let feed = client.get(&path).await;
    assert_eq!(feed.header("content-type"), "text/calendar; charset=utf-8");
    assert!(feed.text.contains("SUMMARY:Friday train"), "{}", feed.text);
    assert!(!sam.get("/calendar").await.text.contains(&path), "shown once");

    let person = house.control.world().people().map(|p| p.id).find(|id| house.control.name(*id) == "Sam").unwrap();
    let token = house.control.world().person(person).unwrap().tokens.keys().next().unwrap().to_string();
    let revoked = sam.submit("/do/revoke_token", &[("person", &person.to_string()), ("token", &token)]).await;
    assert!(!sam.follow(&revoked).await.text.contains("/do/revoke_token"));
    assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND);
}
