//! What is said aloud to those who do not see the page change: a few sentences at most every ten seconds, never ticks.

use super::{Live, Millis};
use leptos::prelude::*;
use std::time::Duration;

/// How far apart two announcements are.
const APART: Millis = 10_000;
/// How many sentences are read out; more are counted.
const MOST: usize = 3;

/// What has been said and what waits to be.
#[derive(Debug, Clone, Copy)]
pub struct Voice {
    now: RwSignal<Option<Millis>>,
    said: RwSignal<String>,
    waiting: StoredValue<Vec<String>>,
    last: StoredValue<Millis>,
}

pub fn provide_voice(live: Live) -> Voice {
    let voice = Voice {
        now: live.now,
        said: RwSignal::new(String::new()),
        waiting: StoredValue::new(Vec::new()),
        last: StoredValue::new(0),
    };
    provide_context(voice);
    voice
}

impl Voice {
    /// Says `sentence` soon, together with whatever else happens until then.
    pub fn say(self, sentence: String) {
        let first = self.waiting.try_update_value(|waiting| {
            waiting.push(sentence);
            waiting.len() == 1
        });
        if first != Some(true) {
            return;
        }
        let now = self.now.get_untracked().unwrap_or_default();
        let wait = (self.last.get_value() + APART - now).clamp(500, APART);
        self.last.set_value(now + wait);
        set_timeout(
            move || {
                let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
                self.said.try_set(together(&waiting));
            },
            Duration::from_millis(wait.unsigned_abs()),
        );
    }
}

/// The one place where changes are announced.
#[component]
pub fn Announcements() -> impl IntoView {
    let said = expect_context::<Voice>().said;
    view! { <div class="sr" role="status">{move || said.get()}</div> }
}

fn together(sentences: &[String]) -> String {
    let rest = sentences.len().saturating_sub(MOST);
    let mut said = sentences[rest..].join(" ");
    if rest > 0 {
        said = format!("{rest} earlier changes. {said}");
    }
    said
}

#[cfg(test)]
mod tests {
    use super::together;

    #[test]
    fn a_flood_is_counted_and_its_end_told() {
        let all: Vec<String> = (1..=5).map(|n| format!("Change {n}.")).collect();
        assert_eq!(together(&all), "2 earlier changes. Change 3. Change 4. Change 5.");
        assert_eq!(together(&all[..1]), "Change 1.");
    }
}
