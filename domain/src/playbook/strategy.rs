//! Ways to bring a version in, and what helps to choose between them.

use super::{
    amount::Percent,
    canary::{Phase, StartRange},
    names::StrategyId,
    read::{Reader, Value, record, words},
};

words! {
    /// How traffic moves from the old version to the new.
    pub enum StrategyKind {
        /// All at once.
        Standard = "standard",
        /// A few instances at a time.
        Rolling = "rolling",
        /// A second set of instances, then a switch.
        BlueGreen = "blue_green",
        /// A growing share of traffic.
        Canary = "canary",
    }
}

words! {
    /// What a strategy promises.
    pub enum Trait {
        ZeroDowntime = "zero_downtime",
        /// The new set is validated before any traffic reaches it.
        ValidatedBeforeSwitch = "validated_before_switch",
        /// All traffic moves at one instant.
        SwitchesAtOnce = "switches_at_once",
        InstantSwitchBack = "instant_switch_back",
        /// Figures decide about each step.
        DataDriven = "data_driven",
    }
}

record! {
    /// A way to bring a version in.
    pub struct Strategy {
        pub id: StrategyId,
        pub title: String,
        pub kind: StrategyKind,
        /// Used when none is chosen.
        pub default: bool,
        /// In a sentence: how it goes.
        pub about: Option<String>,
        /// What it suits best.
        pub best_for: Option<String>,
        pub advantages: Vec<String>,
        pub disadvantages: Vec<String>,
        pub traits: Vec<Trait>,
        /// How many instances change at a time.
        pub batch: Option<u8>,
        /// How many times the usual resources it needs.
        pub resources: Option<u8>,
        /// The shares of traffic, one after the other.
        pub phases: Vec<Phase> as "phase",
        /// From which to which share the first step may be chosen.
        pub start: Option<StartRange>,
    }
    check Strategy::sound;
}

impl Strategy {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        let canary = self.kind == StrategyKind::Canary;
        if canary && self.phases.is_empty() {
            reader.contradiction(value, "phase", "is empty; a canary has at least one phase");
        } else if !canary && !self.phases.is_empty() {
            reader.contradiction(value, "phase", format!("belongs to a canary, and the kind here is {}", self.kind));
        }
        for (index, pair) in self.phases.windows(2).enumerate() {
            if pair[1].weight <= pair[0].weight {
                let what = format!(
                    "phase {} does not raise the weight: {} after {}",
                    index + 2,
                    pair[1].weight,
                    pair[0].weight
                );
                reader.contradiction(value, "phase", what);
            }
        }
        if let Some(last) = self.phases.last().filter(|last| last.weight != Percent::whole()) {
            reader.contradiction(
                value,
                "phase",
                format!("ends at {}; the last phase has the weight 100 %", last.weight),
            );
        }
        if self.start.is_some() && !canary {
            reader.contradiction(value, "start", "belongs to a canary");
        }
    }
}
