//! The phases of a canary.

use super::{
    amount::Percent,
    read::{Reader, Value, record},
    span::Span,
};

record! {
    /// A share of traffic, and how long it is held before the next.
    pub struct Phase {
        pub weight: Percent,
        /// Held at least so long; when left out, until the judge or a person decides.
        pub hold: Option<Span>,
    }
    check Phase::sound;
}

impl Phase {
    fn sound(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.weight.is_nothing() {
            reader.contradiction(value, "weight", "sends no traffic to the new version; a phase has more than 0 %");
        }
    }
}

record! {
    /// The shares between which a first step is chosen.
    pub struct StartRange {
        pub from: Percent,
        pub to: Percent,
    }
    check StartRange::ascends;
}

impl StartRange {
    fn ascends(&self, value: &Value<'_>, reader: &mut Reader) {
        if self.from > self.to {
            reader.contradiction(value, "to", format!("is less than {}, which it begins with", self.from));
        }
    }
}
