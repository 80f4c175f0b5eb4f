//! Given a plan, when steps end this way or that, then it comes in, goes back or waits for a human, and nothing is begun
//! twice.

use super::*;
use crate::{
    Timestamp,
    access::{Actor, Authority},
    environment::{self, Environment, EnvironmentId, follow},
    playbook::{Percent, Playbook, Strategy, parse},
    release::Version,
};
use chrono::TimeDelta;
use proptest::prelude::*;
use std::collections::BTreeMap;

const PLAYBOOK: &str = include_str!("../../../playbooks/mesh-os.toml");

fn playbook() -> Playbook {
    parse(PLAYBOOK).expect("bundled")
}

fn everything() -> Abilities {
    use ActionKind::{Deploy, Promote, Replace, Retire, RollBack, Weight};
    Abilities::of([Deploy, Replace, Weight, Promote, Retire, RollBack], true)
}

fn strategy(playbook: &Playbook, kind: &str) -> Strategy {
    playbook.strategies.iter().find(|s| s.kind.to_string() == kind).expect("offered").clone()
}

fn planned(kind: &str, change: impl FnOnce(&mut Wish<'_>)) -> Result<Vec<String>, crate::Refusal> {
    let playbook = playbook();
    let (strategy, abilities) = (strategy(&playbook, kind), everything());
    let mut wish = Wish {
        strategy: &strategy,
        initial_traffic: None,
        beside: true,
        abilities: &abilities,
        instances: 4,
        validation: None,
        judging: &playbook.judging,
        speed: 1,
    };
    change(&mut wish);
    let steps = plan(&wish)?;
    Ok(steps
        .iter()
        .map(|step| match step.action.share() {
            Some(share) => format!("{} {share}", step.action.kind()),
            None => step.action.kind().to_string(),
        })
        .collect())
}

/// Words of a plan whose deployment moves traffic by itself say so, and promise no look before.
#[test]
fn where_traffic_follows_instances_the_plan_says_so() {
    use ActionKind::{Deploy, Promote, RollBack};
    let playbook = playbook();
    let words = |kind: &str, abilities: &Abilities, beside| {
        let strategy = strategy(&playbook, kind);
        let wish = Wish {
            strategy: &strategy,
            initial_traffic: None,
            beside,
            abilities,
            instances: 4,
            validation: None,
            judging: &playbook.judging,
            speed: 1,
        };
        plan(&wish).map(|steps| steps.into_iter().map(|step| step.name).collect::<Vec<_>>())
    };
    let followed = Abilities::of([Deploy, Promote, RollBack], true).in_place();
    let moves = "Replace what runs by the new version; traffic moves with it";
    let sure = "Make sure that all instances run the new version";
    assert_eq!(words("rolling", &followed, true).expect("a plan"), [moves, "Check the new version", sure]);
    assert_eq!(
        words("rolling", &followed, false).expect("a plan"),
        ["Start the new version", sure, "Check the new version"]
    );
    for kind in ["blue_green", "canary"] {
        let refused = words(kind, &followed, true).expect_err("it cannot be stood up beside");
        assert_eq!(refused.field.as_deref(), Some("strategy"), "{kind}");
    }
    // A tool that knows nothing but how to deploy moves traffic with it, whatever it is called.
    let only = Abilities::of([Deploy, RollBack], true);
    assert_eq!(words("rolling", &only, true).expect("a plan"), [moves, "Check the new version"]);
    let apart = Abilities::of([Deploy, Promote, RollBack], true);
    assert_eq!(words("rolling", &apart, true).expect("a plan")[0], "Start the new version beside what runs");
}

#[test]
fn each_strategy_has_its_steps() {
    let all = |kind| planned(kind, |_| {}).expect("a plan").join(", ");
    assert_eq!(
        all("canary"),
        "deploy, verify, weight 10 %, watch, weight 25 %, watch, weight 50 %, watch, promote 100 %, retire"
    );
    assert_eq!(all("blue_green"), "deploy, verify, promote 100 %, retire");
    assert_eq!(
        all("rolling"),
        "replace 25 %, replace 50 %, replace 75 %, replace 100 %, verify, promote 100 %, retire"
    );
}

#[test]
fn the_first_version_of_all_comes_in_at_once_whatever_the_strategy() {
    for kind in ["canary", "blue_green", "rolling"] {
        let steps = planned(kind, |wish| wish.beside = false).expect("a plan");
        assert_eq!(steps, ["deploy", "promote 100 %", "verify"], "by {kind}");
    }
}

#[test]
fn a_first_share_takes_the_place_of_smaller_ones_and_has_its_bounds() {
    let with = |share| planned("canary", move |wish| wish.initial_traffic = Some(Percent::of(share)));
    assert_eq!(with(5).expect("a plan")[2], "weight 5 %");
    assert_eq!(with(10).expect("a plan")[2..5], ["weight 10 %", "watch", "weight 25 %"]);
    let no = with(60).expect_err("too much");
    assert_eq!(no.field.as_deref(), Some("initial_traffic"));
}

#[test]
fn what_the_driver_cannot_do_is_refused_or_left_out() {
    use ActionKind::{Deploy, Promote, RollBack, Weight};
    let with = |kind: &'static str, actions: &[ActionKind]| {
        let abilities = Abilities::of(actions.iter().copied(), true);
        let playbook = playbook();
        let strategy = strategy(&playbook, kind);
        plan(&Wish {
            strategy: &strategy,
            initial_traffic: None,
            beside: true,
            abilities: &abilities,
            instances: 2,
            validation: None,
            judging: &playbook.judging,
            speed: 1,
        })
    };
    assert_eq!(with("canary", &[Deploy, Promote, RollBack]).expect_err("no shares").field.as_deref(), Some("strategy"));
    assert_eq!(with("canary", &[Deploy, Weight, Promote]).expect_err("no way back").field.as_deref(), Some("env"));
    let plain = with("rolling", &[Deploy, RollBack]).expect("its own way of rolling");
    assert!(plain.iter().all(|step| matches!(step.action, Action::Deploy | Action::Verify)));
}

fn place() -> EnvironmentId {
    EnvironmentId { product: "shop".parse().expect("a slug"), env: "production".parse().expect("a name") }
}

fn version(text: &str) -> Version {
    text.parse().expect("a version")
}

/// One rollout with its environment, moved by whatever comes.
struct World {
    now: Timestamp,
    environment: Environment,
    rollouts: BTreeMap<RolloutId, Rollout>,
    /// How often each step was begun without anybody having said that the try before did nothing.
    begun: BTreeMap<(RolloutId, u32), u32>,
}

impl World {
    fn new() -> Self {
        let now = "2026-11-21T10:00:00Z".parse().expect("an instant");
        let adopted = environment::Event::Adopted { version: version("1.0.0") };
        let environment = environment::evolve(&place(), None, &adopted, Actor::System, now);
        Self { now, environment, rollouts: BTreeMap::new(), begun: BTreeMap::new() }
    }

    fn order(&mut self, command: Command) -> Result<(), crate::Refusal> {
        let by = Authority::system();
        let named = match &command {
            Command::Steer { id, .. } | Command::Resolve { id, .. } | Command::Report { id, .. } => Some(*id),
            Command::Start(_) | Command::RollBack { .. } => None,
        };
        let given = Given {
            by: &by,
            environment: &self.environment,
            active: self.environment.lock.and_then(|id| self.rollouts.get(&id)),
            named: named.and_then(|id| self.rollouts.get(&id)),
            stopped: None,
        };
        for event in decide(command, given)? {
            let before = self.rollouts.remove(&event.id());
            let rollout = evolve(&place(), before, &event, Actor::System, self.now)?;
            self.environment = follow(Some(self.environment.clone()), &event, &rollout, Actor::System, self.now);
            self.rollouts.insert(rollout.id, rollout);
        }
        Ok(())
    }

    fn start(&mut self) -> RolloutId {
        let playbook = playbook();
        let (strategy, abilities) = (strategy(&playbook, "canary"), everything());
        let steps = plan(&Wish {
            strategy: &strategy,
            initial_traffic: None,
            beside: true,
            abilities: &abilities,
            instances: 4,
            validation: None,
            judging: &playbook.judging,
            speed: 1,
        })
        .expect("a plan");
        let id = RolloutId(uuid::Uuid::from_u128(7));
        self.begin(id, steps, strategy.id.clone(), false);
        id
    }

    fn begin(
        &mut self,
        id: RolloutId,
        steps: Vec<PlannedStep>,
        strategy: crate::playbook::StrategyId,
        monitored: bool,
    ) {
        let start = Start {
            id,
            version: version("1.1.0"),
            strategy,
            revision: crate::playbook::Revision(1),
            digest: crate::digest::Digest::of(&crate::digest::Parts::new()),
            driver: "tests".to_owned(),
            monitored,
            automatic: true,
            steps,
            reason: String::new(),
        };
        self.order(Command::Start(Box::new(start))).expect("started");
    }

    fn report(&mut self, id: RolloutId, report: Report) {
        // Too late is no fault; what matters is what comes of it.
        let _ = self.order(Command::Report { id, report });
    }

    /// One look; `luck` decides how what is begun ends.
    fn look(&mut self, id: RolloutId, luck: u8) {
        let rollout = self.rollouts[&id].clone();
        match next(&rollout, false, self.now) {
            Next::Perform { step } => {
                let planned = rollout.step(step).map(|s| s.state);
                assert_eq!(planned, Some(StepState::Planned), "only what is planned is begun");
                self.report(id, Report::Intended { step });
                *self.begun.entry((id, step)).or_default() += 1;
                self.end(id, step, luck);
            }
            Next::Ask { step } => self.end(id, step, luck / 2),
            Next::Pass { step } => self.report(id, Report::Passed { step }),
            Next::TurnBack { cause, reason } => {
                self.report(id, Report::TurnBack { cause, reason, fault_at: None });
            }
            Next::Pause { reason } => self.report(id, Report::Pause { reason }),
            Next::Park { step, why } => self.report(id, Report::Park { step, why }),
            Next::Finish => self.report(id, Report::Finished),
            Next::Wait(Some(at)) => self.now = at,
            Next::Wait(None) => {}
        }
    }

    fn end(&mut self, id: RolloutId, step: u32, luck: u8) {
        let ending = match luck % 8 {
            0 => Ending::Failed,
            1 => Ending::Unknown,
            2 => Ending::NotDone,
            _ => Ending::Done,
        };
        if ending == Ending::NotDone {
            self.begun.insert((id, step), 0);
        }
        self.report(id, Report::Ended { step, ending, share: None, said: String::new(), url: None });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever happens, no step is begun twice without somebody knowing that the first time did nothing, the way back
    /// is never taken back, and in the end it is over or a human is asked.
    #[test]
    fn it_ends_or_asks_a_human(
        luck in prop::collection::vec(any::<u8>(), 200),
        turn in prop::option::of(0_usize..40),
        late in 0_i64..120,
    ) {
        let mut world = World::new();
        let id = world.start();
        for (n, luck) in luck.iter().enumerate() {
            if turn == Some(n) {
                let steer = Command::Steer { id, verb: Verb::Abort, reason: "fire".to_owned() };
                let over = world.rollouts[&id].is_over() && !world.rollouts[&id].goes_back();
                prop_assert_eq!(world.order(steer).is_err(), over, "an abort loses only against the end");
            }
            world.look(id, *luck);
            world.now += TimeDelta::seconds(late);
            // A person moves on wherever only time or people would.
            let rollout = world.rollouts[&id].clone();
            let watching = rollout.current().is_some_and(|(_, s)| matches!(s.planned.action, Action::Watch { .. }));
            if watching && !rollout.goes_back() && rollout.parked.is_none() {
                let _ = world.order(Command::Steer { id, verb: Verb::Promote, reason: String::new() });
            }
        }
        prop_assert!(world.begun.values().all(|times| *times <= 1), "{:?}", world.begun);
        let rollout = &world.rollouts[&id];
        prop_assert!(rollout.is_over() || rollout.parked.is_some(), "{:?}", rollout.state());
        let running = world.environment.running().map(|run| run.version.clone());
        match rollout.state() {
            State::Live => prop_assert_eq!(running, Some(version("1.1.0"))),
            State::RolledBack => {
                prop_assert_eq!(running, Some(version("1.0.0")));
                prop_assert!(world.environment.hold.is_some());
            }
            State::Parked => {}
            other => prop_assert!(false, "{other:?}"),
        }
        prop_assert_eq!(world.environment.lock.is_none(), rollout.is_over());
    }
}

/// A canary that is compared with what runs, in a world whose time a test moves.
fn watched(judging: &str) -> (World, RolloutId) {
    let playbook = parse(&format!("{PLAYBOOK}\n[judging]\n{judging}\n")).expect("sound");
    let (strategy, abilities) = (strategy(&playbook, "canary"), everything());
    let wish = Wish {
        strategy: &strategy,
        initial_traffic: None,
        beside: true,
        abilities: &abilities,
        instances: 4,
        validation: playbook.watch.as_ref().map(|watch| watch.lasting),
        judging: &playbook.judging,
        speed: 1,
    };
    let (mut world, id) = (World::new(), RolloutId(uuid::Uuid::from_u128(7)));
    world.begin(id, plan(&wish).expect("a plan"), strategy.id.clone(), true);
    while !matches!(next(&world.rollouts[&id], false, world.now), Next::Wait(_)) {
        world.look(id, 7);
    }
    (world, id)
}

/// The watch that is on, passed by its own time and once more.
fn extended(world: &mut World, id: RolloutId) -> Next {
    while let Next::Wait(Some(at)) = next(&world.rollouts[&id], false, world.now) {
        world.now = at;
    }
    next(&world.rollouts[&id], false, world.now)
}

#[test]
fn given_no_longest_pause_when_nothing_is_decided_then_it_waits_for_as_long_as_it_takes() {
    let (mut world, id) = watched("");
    assert_eq!(extended(&mut world, id), Next::Wait(None));
}

#[test]
fn given_a_longest_pause_when_it_is_over_then_the_playbook_says_what_follows() {
    let (mut world, id) = watched("longest_pause = \"20 min\"\nwhen_inconclusive = \"promote\"");
    assert!(matches!(extended(&mut world, id), Next::Pass { .. }));
    let (mut world, id) = watched("longest_pause = \"20 min\"\nwhen_inconclusive = \"roll_back\"");
    assert!(matches!(extended(&mut world, id), Next::TurnBack { cause: Cause::Judge, .. }));
    let (mut world, id) = watched("longest_pause = \"20 min\"");
    let began = world.now;
    let Next::Pause { reason } = extended(&mut world, id) else { panic!("a person is asked") };
    assert!(world.now >= began + TimeDelta::minutes(20));
    world.order(Command::Report { id, report: Report::Pause { reason } }).expect("paused");
    assert_eq!(world.rollouts[&id].state(), State::Paused);
    // Resumed by a person it gets the same time once more, and then asks again.
    let resumed = world.now;
    world.order(Command::Steer { id, verb: Verb::Resume, reason: String::new() }).expect("resumed");
    assert!(matches!(extended(&mut world, id), Next::Pause { .. }));
    assert_eq!(world.now, resumed + TimeDelta::minutes(20));
}

#[test]
fn given_a_playbook_that_bakes_then_the_old_version_keeps_a_twentieth_while_the_new_one_is_watched() {
    let (world, id) = watched("bake = true");
    let names: Vec<&str> = world.rollouts[&id].steps.iter().map(|step| step.planned.name.as_str()).collect();
    let baked = names.iter().position(|name| *name == "Send 95 % of the traffic to the new version").expect("it bakes");
    assert_eq!(names[baked + 1], "Watch the new version for 30 min beside the old one");
    assert_eq!(names[baked + 2..], ["Give all traffic to the new version", "End the old version"]);
}
