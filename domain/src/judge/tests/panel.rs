//! Both judges together: the stricter wins, and a restart between any two windows changes nothing.

use super::*;
use crate::judge::rules::{Alarm, RulesSettings, Scene, Values};
use crate::judge::trace::{Trace, TraceMinute};
use crate::playbook::{Playbook, parse};
use crate::rollout::Opinion;
use crate::slug::EnvName;
use std::collections::{BTreeMap, BTreeSet};

const PLAYBOOKS: [&str; 3] = [
    include_str!("../../../../playbooks/mesh-os.toml"),
    include_str!("../../../../playbooks/sarvanom.toml"),
    include_str!("../../../../playbooks/orca.toml"),
];

fn production() -> EnvName {
    "production".parse().expect("a name")
}

fn values(counts: &Reading) -> Values {
    Values { counts: counts.clone(), gauges: BTreeMap::new() }
}

fn scene(window: &Window, share: Share) -> Scene {
    Scene {
        length: window.length,
        share,
        moving: false,
        stable: values(&window.stable),
        canary: values(&window.canary),
        checks: Vec::new(),
        alarms: Vec::new(),
        reported: BTreeSet::new(),
    }
}

fn panel(playbook: &Playbook, history: &History, first: Share) -> Panel {
    let mut panel =
        Panel::new(Settings::from(&playbook.judging), RulesSettings::from(&playbook.judging), history, first);
    for arm in history.windows() {
        panel.remember(WindowLength::MINUTE, &values(&Reading::Counts(arm.clone())));
    }
    panel
}

/// Hears windows of a rollout at a quarter of the traffic, after an hour of history.
struct Seat {
    playbook: Playbook,
    panel: Panel,
}

impl Seat {
    fn of(text: &str) -> Self {
        let playbook = parse(text).expect("sound");
        let panel = panel(&playbook, &history(), share(0.25));
        Self { playbook, panel }
    }

    fn hears(&mut self, window: &Window) -> Word {
        self.sees(window, &scene(window, share(0.25)))
    }

    fn sees(&mut self, window: &Window, scene: &Scene) -> Word {
        self.panel.observe(&self.playbook, &production(), window, scene)
    }
}

#[test]
fn given_a_good_version_when_both_have_seen_enough_then_it_is_promoted_and_not_before() {
    let mut seat = Seat::of(PLAYBOOKS[0]);
    let well = minute(arm(3_000.0, 6.0, 1.0), arm(1_000.0, 2.0, 1.0));
    let words: Vec<Word> = (0..30).map(|_| seat.hears(&well)).collect();
    assert_eq!(words[0].opinion, Opinion::Hold);
    assert_eq!((words[29].opinion, words[29].ground), (Opinion::Promote, Ground::Compared), "{}", words[29].said);
}

#[test]
fn given_a_rule_that_is_broken_when_the_comparison_still_doubts_then_the_rule_decides() {
    // 6 % of 50 requests: three errors, which chance might make once; P2 goes back above 5 %.
    let mut seat = Seat::of(PLAYBOOKS[0]);
    let word = seat.hears(&minute(arm(150.0, 3.0, 1.0), arm(50.0, 3.0, 1.0)));
    assert_eq!((word.opinion, word.ground), (Opinion::RollBack, Ground::Rule));
    assert!(word.said.contains("6.00 %") && word.said.contains("5 %"), "{}", word.said);
}

#[test]
fn given_a_fault_below_every_threshold_when_the_comparison_is_sure_then_it_goes_back() {
    // P4 goes back above 1 % for five minutes; 0.9 % against 0.1 % never breaks that.
    let mut seat = Seat::of(PLAYBOOKS[1]);
    let ill = minute(arm(30_000.0, 30.0, 1.0), arm(10_000.0, 90.0, 1.0));
    let word = (0..20).map(|_| seat.hears(&ill)).find(|word| word.opinion == Opinion::RollBack).expect("found");
    assert_eq!(word.ground, Ground::Compared);
}

#[test]
fn given_a_fault_on_both_when_a_rule_is_broken_then_it_holds_unless_the_playbook_goes_back() {
    let both = minute(arm(3_000.0, 240.0, 1.0), arm(1_000.0, 80.0, 1.0));
    let mut seat = Seat::of(PLAYBOOKS[0]);
    for _ in 0..10 {
        let word = seat.hears(&both);
        assert_eq!((word.opinion, word.ground), (Opinion::Hold, Ground::SharedIncident), "{}", word.said);
    }
    let strict = format!("{}\n[judging]\nshared_incident = \"roll_back\"\n", PLAYBOOKS[0]);
    assert_eq!(Seat::of(&strict).hears(&both).opinion, Opinion::RollBack);
}

#[test]
fn given_a_critical_alert_then_the_new_version_goes_back_if_it_began_with_it() {
    let well = minute(arm(3_000.0, 6.0, 1.0), arm(1_000.0, 2.0, 1.0));
    let fires = |before| {
        let alarm = Alarm { name: "Disk".to_owned(), critical: true, before, trigger: None };
        Scene { alarms: vec![alarm], ..scene(&well, share(0.25)) }
    };
    let began = Seat::of(PLAYBOOKS[0]).sees(&well, &fires(false));
    assert_eq!((began.opinion, began.ground), (Opinion::RollBack, Ground::Rule));
    let fired_before = Seat::of(PLAYBOOKS[0]).sees(&well, &fires(true));
    assert_eq!((fired_before.opinion, fired_before.ground), (Opinion::Hold, Ground::SharedIncident));
}

#[test]
fn given_nothing_measured_then_it_holds_and_says_so() {
    for lost in [Reading::Missing, Reading::Failed] {
        let mut seat = Seat::of(PLAYBOOKS[1]);
        for _ in 0..60 {
            let window = Window { length: WindowLength::MINUTE, stable: lost.clone(), canary: lost.clone() };
            let word = seat.hears(&window);
            assert_eq!((word.opinion, word.ground), (Opinion::Hold, Ground::NoData));
        }
    }
}

fn path(panel: &mut Panel, playbook: &Playbook, minutes: &[TraceMinute]) -> Vec<Word> {
    let observe = |minute: &TraceMinute| {
        panel.observe(playbook, &production(), &minute.window, &scene(&minute.window, minute.share))
    };
    minutes.iter().map(observe).collect()
}

#[test]
fn a_restart_before_any_minute_of_any_trace_changes_no_word() {
    for text in PLAYBOOKS {
        let playbook = parse(text).expect("sound");
        for (name, trace) in TRACES {
            let trace = Trace::parse(trace).expect("a sound trace");
            let begin = || panel(&playbook, &trace.history, trace.minutes[0].share);
            let whole = path(&mut begin(), &playbook, &trace.minutes);
            let mut restarted = begin();
            for (index, minute) in trace.minutes.iter().enumerate() {
                let stored = serde_json::to_string(&restarted).expect("JSON");
                assert!(stored.len() < 8_192, "{} bytes", stored.len());
                restarted = serde_json::from_str(&stored).expect("what was stored");
                let word = path(&mut restarted, &playbook, std::slice::from_ref(minute)).remove(0);
                assert_eq!(word, whole[index], "{name}, minute {index}");
            }
        }
    }
}

#[test]
fn given_a_window_in_which_the_share_changed_then_its_split_says_nothing() {
    let quarter = |moving| {
        let mut seat = Seat::of(PLAYBOOKS[0]);
        for _ in 0..10 {
            seat.hears(&minute(arm(30_000.0, 60.0, 1.0), arm(10_000.0, 20.0, 1.0)));
        }
        // It was to have half of the traffic, and moved when the window was nearly over.
        let between = minute(arm(29_000.0, 58.0, 1.0), arm(11_000.0, 22.0, 1.0));
        seat.sees(&between, &Scene { moving, ..scene(&between, share(0.5)) }).opinion
    };
    assert_eq!(quarter(false), Opinion::RollBack, "as if requests were lost");
    assert_ne!(quarter(true), Opinion::RollBack);
}
