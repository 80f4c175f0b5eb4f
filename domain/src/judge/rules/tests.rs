//! Number by number: what the five playbooks say, seen and not seen.

use super::*;
use crate::judge::{Arm, Bounds, Histogram};
use crate::playbook::{Playbook, parse};
use crate::slug::EnvName;

fn playbook(name: &str) -> Playbook {
    let text = match name {
        "orca" => include_str!("../../../../playbooks/orca.toml"),
        "mesh-os" => include_str!("../../../../playbooks/mesh-os.toml"),
        "sarvanom" => include_str!("../../../../playbooks/sarvanom.toml"),
        "agentmesh" => include_str!("../../../../playbooks/agentmesh.toml"),
        _ => include_str!("../../../../playbooks/octoacme.toml"),
    };
    parse(text).expect("a bundled playbook")
}

/// So many requests of which so many failed; each tenth takes as long as `p95`, all others a tenth of it.
fn values(requests: f64, errors: f64, p95: f64) -> Values {
    let bounds = Bounds::new(vec![p95 * 0.1, p95 * 0.999, p95 * 1.001, p95 * 10.0]).expect("bounds");
    let counts = vec![requests * 0.9, 0.0, requests * 0.1, 0.0, 0.0];
    let latency = Histogram::from_buckets(bounds, counts).expect("a histogram");
    let arm = Arm::new(requests, errors, Some(latency)).expect("an arm");
    Values { counts: Reading::Counts(arm), gauges: BTreeMap::new() }
}

fn nothing(counts: Reading) -> Values {
    Values { counts, gauges: BTreeMap::new() }
}

/// A minute at a quarter of the traffic.
fn scene(stable: Values, canary: Values) -> Scene {
    Scene {
        length: WindowLength::MINUTE,
        share: Share::new(0.25).expect("a share"),
        moving: false,
        stable,
        canary,
        checks: Vec::new(),
        alarms: Vec::new(),
        reported: BTreeSet::new(),
    }
}

fn well() -> Scene {
    scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 1.0, 200.0))
}

struct Seat {
    playbook: Playbook,
    judge: RulesJudge,
    environment: EnvName,
}

impl Seat {
    fn of(name: &str) -> Self {
        Self::with(name, RulesSettings { warm_up_seconds: 0, ..RulesSettings::default() })
    }

    fn with(name: &str, settings: RulesSettings) -> Self {
        let environment = "production".parse().expect("a name");
        Self { playbook: playbook(name), judge: RulesJudge::new(settings), environment }
    }

    fn sees(&mut self, scene: &Scene) -> Ruling {
        self.judge.observe(&self.playbook, &self.environment, scene)
    }

    /// The minute of the first rollback, from 1, of at most so many.
    fn rolls_back_after(&mut self, scene: &Scene, most: usize) -> Option<usize> {
        (1..=most).find(|_| self.sees(scene).rolls_back())
    }
}

fn rules(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| finding.rule.to_string()).collect()
}

#[test]
fn given_p4_when_more_than_1_percent_fail_for_5_minutes_then_it_rolls_back_and_not_before() {
    let bad = scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 11.0, 200.0));
    assert_eq!(Seat::of("sarvanom").rolls_back_after(&bad, 20), Some(5));
    let at_the_limit = scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 10.0, 200.0));
    assert_eq!(Seat::of("sarvanom").rolls_back_after(&at_the_limit, 60), None, "1 % is not more than 1 %");
    let mut seat = Seat::of("sarvanom");
    for _ in 0..4 {
        assert!(!seat.sees(&bad).rolls_back());
    }
    assert!(!seat.sees(&well()).rolls_back(), "one good minute ends the run");
    assert_eq!(seat.rolls_back_after(&bad, 20), Some(5));
}

#[test]
fn given_windows_of_15_seconds_when_the_fault_lasts_then_minutes_are_counted_all_the_same() {
    let quarter = |canary_errors| Scene {
        length: WindowLength::from_seconds(15).expect("a window"),
        ..scene(values(750.0, 0.0, 200.0), values(250.0, canary_errors, 200.0))
    };
    assert_eq!(Seat::of("sarvanom").rolls_back_after(&quarter(5.0), 60), Some(20), "five minutes of four windows");
}

#[test]
fn given_the_first_minute_is_not_over_then_figures_are_shown_and_nothing_follows_from_them() {
    let quarter = Scene {
        length: WindowLength::from_seconds(15).expect("a window"),
        ..scene(values(750.0, 0.0, 200.0), values(250.0, 75.0, 200.0))
    };
    let mut seat = Seat::of("mesh-os");
    for window in 1..=3 {
        let ruling = seat.sees(&quarter);
        let row = ruling.rows.iter().find(|row| row.rule.to_string() == "roll_back_errors").expect("a row");
        assert_eq!((row.actual, row.standing), (Some(0.3), Standing::Breaking), "window {window}");
        assert!(!ruling.rolls_back() && ruling.alerts.is_empty(), "window {window}");
    }
    assert!(seat.sees(&quarter).rolls_back(), "the minute is over");
}

#[test]
fn given_p4_when_answers_take_over_50_percent_longer_for_10_minutes_then_it_rolls_back() {
    let slow = |p95| scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 1.0, p95));
    assert_eq!(Seat::of("sarvanom").rolls_back_after(&slow(310.0), 20), Some(10));
    assert_eq!(Seat::of("sarvanom").rolls_back_after(&slow(290.0), 60), None);
}

#[test]
fn given_p4_when_errors_are_a_tenth_of_a_point_higher_then_promotion_waits_and_nothing_is_rolled_back() {
    let mut seat = Seat::of("sarvanom");
    let ruling = seat.sees(&scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 3.0, 200.0)));
    assert_eq!(rules(&ruling.blocks), ["promote_errors"]);
    assert!(!ruling.lets_pass() && !ruling.rolls_back());
    assert!(seat.sees(&well()).blocks.len() == 1, "the phase as a whole is still too high");
    seat.judge.start_phase();
    assert!(seat.sees(&well()).lets_pass(), "a phase of its own");
    let slow = scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 1.0, 222.0));
    assert_eq!(rules(&Seat::of("sarvanom").sees(&slow).blocks), ["promote_response_time"]);
}

#[test]
fn given_p2_when_a_limit_is_passed_for_a_minute_then_it_rolls_back_at_once() {
    for (canary, rule) in [
        (values(1_000.0, 51.0, 200.0), "roll_back_errors"),
        (values(1_000.0, 0.0, 410.0), "roll_back_p95"),
        (
            Values { gauges: [("unhealthy_agents".to_owned(), 0.11)].into(), ..values(1_000.0, 0.0, 200.0) },
            "roll_back_agents",
        ),
    ] {
        let ruling = Seat::of("mesh-os").sees(&scene(values(3_000.0, 0.0, 200.0), canary));
        assert_eq!(rules(&ruling.roll_back), [rule]);
    }
    for canary in [
        values(1_000.0, 50.0, 200.0),
        values(1_000.0, 0.0, 390.0),
        Values { gauges: [("unhealthy_agents".to_owned(), 0.10)].into(), ..values(1_000.0, 0.0, 200.0) },
    ] {
        let ruling = Seat::of("mesh-os").sees(&scene(values(3_000.0, 0.0, 200.0), canary));
        assert!(!ruling.rolls_back(), "{ruling:?}");
    }
}

#[test]
fn given_p2_when_figures_are_validated_then_each_stands_against_its_target_and_its_alert() {
    let gauges = |cpu, memory, agents| {
        BTreeMap::from([("cpu".to_owned(), cpu), ("memory".to_owned(), memory), ("agent_health".to_owned(), agents)])
    };
    let standing = |canary: Values| {
        let ruling = Seat::of("mesh-os").sees(&scene(values(3_000.0, 0.0, 200.0), canary));
        let of = |rule: &str| ruling.rows.iter().find(|row| row.rule.to_string() == rule).expect("a row").standing;
        let rows = ["success", "p95", "errors", "cpu", "memory", "agents"].map(|name| of(&format!("validate_{name}")));
        (rows, rules(&ruling.alerts))
    };
    let good = Values { gauges: gauges(0.79, 0.84, 0.96), ..values(10_000.0, 9.0, 490.0) };
    assert_eq!(standing(good).0, [Standing::Kept; 6]);
    let between = Values { gauges: gauges(0.85, 0.9, 0.92), ..values(10_000.0, 50.0, 600.0) };
    assert_eq!(standing(between), ([Standing::Breaking; 6], vec![]));
    let beyond = Values { gauges: gauges(0.91, 0.96, 0.89), ..values(10_000.0, 110.0, 1_100.0) };
    let (rows, alerts) = standing(beyond);
    assert_eq!((rows, alerts.len()), ([Standing::Broken; 6], 6));
    assert_eq!(standing(nothing(Reading::Missing)), ([Standing::NotKnown; 6], vec![]));
}

#[test]
fn given_p1_when_a_limit_is_passed_then_a_person_is_told_and_nothing_goes_back_by_itself() {
    let ruling = Seat::of("orca").sees(&scene(values(3_000.0, 0.0, 200.0), values(1_000.0, 60.0, 710.0)));
    assert!(!ruling.rolls_back());
    assert_eq!(rules(&ruling.alerts), ["watch_errors", "watch_p95", "roll_back_errors", "roll_back_p95"]);
    let ruling = Seat::of("orca").sees(&scene(values(3_000.0, 0.0, 690.0), values(1_000.0, 14.0, 690.0)));
    assert!(ruling.alerts.is_empty(), "below 1.5 % and 700 ms: {ruling:?}");
}

#[test]
fn given_stable_breaks_the_same_rule_then_it_is_held_unless_the_playbook_says_otherwise() {
    let both = scene(values(3_000.0, 300.0, 200.0), values(1_000.0, 100.0, 200.0));
    let ruling = Seat::of("mesh-os").sees(&both);
    assert_eq!(
        (rules(&ruling.shared), ruling.rolls_back(), ruling.lets_pass()),
        (vec!["roll_back_errors".to_owned()], false, false)
    );
    let settings =
        RulesSettings { warm_up_seconds: 0, shared_incident: SharedIncident::RollBack, ..RulesSettings::default() };
    assert!(Seat::with("mesh-os", settings).sees(&both).rolls_back());
    let mut seat = Seat::of("sarvanom");
    for _ in 0..6 {
        assert!(!seat.sees(&both).rolls_back());
    }
    let ruling = seat.sees(&scene(values(3_000.0, 0.0, 200.0), values(1_000.0, 100.0, 200.0)));
    assert!(ruling.rolls_back(), "stable has recovered, the canary has not");
}

#[test]
fn given_health_checks_fail_for_more_than_2_minutes_then_it_rolls_back() {
    let unwell = |health, stable| Scene {
        length: WindowLength::from_seconds(30).expect("a window"),
        checks: vec![Check { service: "web".to_owned(), stable, health }],
        ..well()
    };
    let failing = unwell(Health::Unwell, Some(Health::Well));
    assert_eq!(Seat::of("mesh-os").rolls_back_after(&failing, 10), Some(5), "120 s are not more than 2 min");
    let mut seat = Seat::of("mesh-os");
    for _ in 0..4 {
        seat.sees(&failing);
    }
    assert!(!seat.sees(&unwell(Health::NotKnown, None)).rolls_back(), "a check that could not run counts for nothing");
    assert!(seat.sees(&failing).rolls_back(), "and takes nothing back");
    let mut seat = Seat::of("mesh-os");
    for _ in 0..4 {
        seat.sees(&failing);
    }
    seat.sees(&unwell(Health::Well, None));
    assert_eq!(seat.rolls_back_after(&failing, 10), Some(5), "well in between begins anew");
    let both = unwell(Health::Unwell, Some(Health::Unwell));
    let mut seat = Seat::of("mesh-os");
    assert_eq!(seat.rolls_back_after(&both, 10), None, "stable is unwell too");
    assert_eq!(rules(&seat.sees(&both).shared), ["health_checks"]);
}

#[test]
fn given_p4_when_any_service_is_unavailable_then_it_rolls_back_at_once() {
    let check = |service: &str, health| Check { service: service.to_owned(), stable: None, health };
    let one_of_two = Scene { checks: vec![check("web", Health::Well), check("search", Health::Unwell)], ..well() };
    let ruling = Seat::of("sarvanom").sees(&one_of_two);
    assert_eq!(rules(&ruling.roll_back), ["service_unavailable"]);
    assert!(ruling.roll_back[0].said.contains("search"));
}

#[test]
fn given_alerts_fire_then_the_trigger_that_they_meet_is_followed() {
    let alarm = |critical, trigger: Option<&str>| Scene {
        alarms: vec![Alarm { name: "Errors".to_owned(), critical, before: false, trigger: trigger.map(str::to_owned) }],
        ..well()
    };
    assert_eq!(rules(&Seat::of("mesh-os").sees(&alarm(true, None)).roll_back), ["critical_alert"]);
    assert!(!Seat::of("mesh-os").sees(&alarm(false, None)).rolls_back(), "not critical");
    assert!(
        !Seat::of("sarvanom").sees(&alarm(true, None)).rolls_back(),
        "its playbook does not name any critical alert"
    );
    assert_eq!(rules(&Seat::of("sarvanom").sees(&alarm(false, Some("data_integrity"))).roll_back), ["data_integrity"]);
    let quiet = scene(values(3_000.0, 0.0, 200.0), values(1_000.0, 0.0, 200.0));
    let high = Scene { alarms: alarm(true, Some("high_error_rate")).alarms, ..quiet };
    let ruling = Seat::of("agentmesh").sees(&high);
    assert_eq!((rules(&ruling.alerts), ruling.rolls_back()), (vec!["high_error_rate".to_owned()], false));
}

#[test]
fn given_the_teams_own_check_or_a_person_reports_then_the_trigger_is_followed() {
    let reported = |id: &str| Scene { reported: [id.to_owned()].into(), ..well() };
    assert_eq!(rules(&Seat::of("sarvanom").sees(&reported("data_integrity")).roll_back), ["data_integrity"]);
    assert_eq!(rules(&Seat::of("sarvanom").sees(&reported("critical_feedback")).blocks), ["critical_feedback"]);
    assert_eq!(rules(&Seat::of("orca").sees(&reported("data_integrity")).alerts), ["data_integrity"]);
    assert_eq!(rules(&Seat::of("octoacme").sees(&reported("data_loss")).alerts), ["data_loss"]);
    assert!(Seat::of("octoacme").sees(&reported("nothing_of_it")).alerts.is_empty());
}

#[test]
fn given_p5_when_an_objective_is_missed_then_people_are_told() {
    let canary =
        |errors, p95| Scene { share: Share::ALL, ..scene(nothing(Reading::Missing), values(10_000.0, errors, p95)) };
    let met = Seat::of("agentmesh").sees(&canary(9.0, 290.0));
    assert!(met.alerts.is_empty() && met.lets_pass(), "{met:?}");
    let missed = Seat::of("agentmesh").sees(&canary(10.0, 310.0));
    assert_eq!(rules(&missed.alerts), ["slo_violation"; 3], "errors, success and p95: {missed:?}");
}

#[test]
fn given_no_data_then_nothing_is_kept_and_nothing_is_broken() {
    for reading in [Reading::Missing, Reading::Failed] {
        for name in ["orca", "mesh-os", "sarvanom", "octoacme", "agentmesh"] {
            let mut seat = Seat::of(name);
            for (stable, canary) in [
                (nothing(reading.clone()), nothing(reading.clone())),
                (values(3_000.0, 3.0, 200.0), nothing(reading.clone())),
                (nothing(reading.clone()), values(1_000.0, 900.0, 9_000.0)),
            ] {
                let ruling = seat.sees(&scene(stable, canary));
                assert!(
                    !ruling.rolls_back() && ruling.alerts.is_empty() && ruling.shared.is_empty(),
                    "{name}: {ruling:?}"
                );
                assert!(ruling.rows.iter().all(|row| row.standing == Standing::NotKnown && row.actual.is_none()));
            }
        }
        let ruling = Seat::of("sarvanom").sees(&scene(values(3_000.0, 3.0, 200.0), nothing(reading)));
        assert!(!ruling.lets_pass(), "promotion asks for two limits that nobody can answer");
        assert_eq!(rules(&ruling.not_known), ["promote_errors", "promote_response_time"]);
    }
    let nan = Values { gauges: [("unhealthy_agents".to_owned(), f64::NAN)].into(), ..values(1_000.0, 0.0, 200.0) };
    assert!(!Seat::of("mesh-os").sees(&scene(values(3_000.0, 0.0, 200.0), nan)).rolls_back());
}

#[test]
fn given_a_gap_then_a_run_outlives_two_minutes_of_it_and_no_more() {
    let bad = scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 100.0, 200.0));
    for (gap, minutes) in [(2, 1), (3, 5)] {
        let mut seat = Seat::of("sarvanom");
        for _ in 0..4 {
            seat.sees(&bad);
        }
        for _ in 0..gap {
            assert!(!seat.sees(&scene(nothing(Reading::Failed), nothing(Reading::Failed))).rolls_back());
        }
        assert_eq!(seat.rolls_back_after(&bad, 10), Some(minutes), "after {gap} minutes without data");
    }
}

#[test]
fn given_few_requests_then_a_share_says_nothing() {
    let few = |requests| scene(values(3_000.0, 3.0, 200.0), values(requests, 5.0, 200.0));
    assert!(!Seat::of("mesh-os").sees(&few(19.0)).rolls_back());
    assert!(Seat::of("mesh-os").sees(&few(20.0)).rolls_back());
}

#[test]
fn given_warm_up_then_latency_waits_and_errors_do_not() {
    let with = || Seat::with("mesh-os", RulesSettings::default());
    let slow = scene(values(3_000.0, 0.0, 200.0), values(1_000.0, 0.0, 900.0));
    assert_eq!(with().rolls_back_after(&slow, 10), Some(4), "after three minutes");
    let failing = scene(values(3_000.0, 0.0, 200.0), values(1_000.0, 60.0, 200.0));
    assert_eq!(with().rolls_back_after(&failing, 10), Some(1));
}

#[test]
fn given_all_traffic_then_what_is_remembered_of_stable_is_the_baseline() {
    let alone = |p95| Scene { share: Share::ALL, ..scene(nothing(Reading::Missing), values(4_000.0, 0.0, p95)) };
    let mut seat = Seat::of("mesh-os");
    seat.sees(&well());
    assert!(!seat.sees(&alone(390.0)).rolls_back());
    assert_eq!(rules(&seat.sees(&alone(410.0)).roll_back), ["roll_back_p95"]);
    let mut seat = Seat::of("mesh-os");
    assert!(!seat.sees(&alone(410.0)).rolls_back(), "without a baseline nobody can say");
    seat.judge.remember(WindowLength::MINUTE, &values(4_000.0, 0.0, 200.0));
    assert!(seat.sees(&alone(410.0)).rolls_back());
}

#[test]
fn given_a_restart_at_any_minute_then_the_verdict_is_the_same() {
    let bad = scene(values(3_000.0, 3.0, 200.0), values(1_000.0, 11.0, 200.0));
    for cut in 1..5 {
        let mut seat = Seat::of("sarvanom");
        for minute in 1..=5 {
            assert_eq!(seat.sees(&bad).rolls_back(), minute == 5);
            if minute == cut {
                let kept = serde_json::to_string(&seat.judge).expect("kept");
                let back: RulesJudge = serde_json::from_str(&kept).expect("read");
                assert_eq!(back, seat.judge);
                seat.judge = back;
            }
        }
    }
}

#[test]
fn given_another_environment_then_limits_of_production_do_not_hold_there() {
    let mut seat = Seat::of("mesh-os");
    seat.environment = "staging".parse().expect("a name");
    let ruling = seat.sees(&scene(values(3_000.0, 0.0, 200.0), values(1_000.0, 500.0, 2_000.0)));
    assert!(ruling.rows.is_empty() && !ruling.rolls_back());
}
