//! One sentence on how a release stands, and the next thing to do.

use super::{
    model::ReleaseView,
    say::{Say, say},
};
use crate::components::Tone;
use domain::{
    access::Permission,
    release::{Phase, State, slots},
    slug::RoleId,
    text::list,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub tone: Tone,
    pub sentence: String,
    pub next: String,
    pub act: Option<Act>,
}

/// What the reader can do about it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    AskForApproval,
    Decide,
    Edit,
}

pub fn verdict(view: &ReleaseView) -> Verdict {
    let release = &view.release;
    let author = view.rights.permissions.contains(&Permission::Author);
    let tell = |tone, sentence: String, next: String, act| Verdict { tone, sentence, next, act };
    if release.phase == Phase::Cancelled {
        let sentence = release.cancelled.as_ref().map_or_else(
            || "Cancelled.".to_owned(),
            |told| {
                let by = told.by.map_or_else(|| "Pilothouse".to_owned(), |by| view.name(by));
                format!("Cancelled by {by}: “{}”.", told.reason)
            },
        );
        return tell(
            Tone::Planned,
            sentence,
            "Its number is used up; a new release takes the next one.".to_owned(),
            None,
        );
    }
    if let Some(rejection) = release.rejection() {
        let sentence = format!("Rejected by {} as {}.", view.name(rejection.by), rejection.role.words());
        let next = if author {
            "Change what stands in the way; an edit lets everybody decide anew."
        } else {
            "Whoever wrote it changes what stands in the way; then everybody decides anew."
        };
        return tell(Tone::Failed, sentence, next.to_owned(), author.then_some(Act::Edit));
    }
    match view.state() {
        State::Draft if author => tell(
            Tone::Planned,
            "Draft: nobody has been asked to approve it.".to_owned(),
            "When it holds everything, ask for approval.".to_owned(),
            Some(Act::AskForApproval),
        ),
        State::Draft => tell(
            Tone::Planned,
            "Draft: nobody has been asked to approve it.".to_owned(),
            "Its authors ask for approval when it holds everything.".to_owned(),
            None,
        ),
        State::Candidate => match say(view) {
            Say::May { role, approve: true, .. } => tell(
                Tone::Waits,
                format!("Waits for you as {}.", role.words()),
                "Look at what it holds, then decide.".to_owned(),
                Some(Act::Decide),
            ),
            _ => tell(Tone::Waits, format!("Waits for {}.", wanted(view)), progress(view), None),
        },
        State::Approved => tell(Tone::Passed, format!("Approved for production{}.", by_whom(view)), ahead(view), None),
        State::Shipping => tell(Tone::Running, "On its way to production.".to_owned(), String::new(), None),
        State::Live => tell(Tone::Passed, "Runs in production.".to_owned(), String::new(), None),
        State::Superseded => tell(Tone::Planned, "A newer version runs in production.".to_owned(), String::new(), None),
        State::Cancelled => tell(Tone::Planned, "Cancelled.".to_owned(), String::new(), None),
    }
}

/// What comes next by the gates.
fn ahead(view: &ReleaseView) -> String {
    match &view.ahead {
        None => "It runs in production.".to_owned(),
        Some(ahead) if ahead.unmet == 0 => format!("It may go to {}.", ahead.env),
        Some(ahead) => format!("Before {}: {}", ahead.env, ahead.first),
    }
}

/// “a product manager and 2 QA engineers”, of those places that are still open.
fn wanted(view: &ReleaseView) -> String {
    let mut open: Vec<(RoleId, usize)> = Vec::new();
    for slot in slots(&view.release).into_iter().filter(|slot| slot.filled_by.is_none()) {
        match open.iter_mut().find(|(role, _)| *role == slot.role) {
            Some((_, count)) => *count += 1,
            None => open.push((slot.role, 1)),
        }
    }
    let words = open.iter().map(|(role, count)| match count {
        1 => format!("{} {}", article(&role.words()), role.words()),
        n => format!("{n} × {}", role.words()),
    });
    list(&words.collect::<Vec<_>>())
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

fn progress(view: &ReleaseView) -> String {
    let slots = slots(&view.release);
    let given = slots.iter().filter(|slot| slot.filled_by.is_some()).count();
    format!("{given} of {} approvals given.", slots.len())
}

fn by_whom(view: &ReleaseView) -> String {
    let names: Vec<String> =
        slots(&view.release).iter().filter_map(|slot| slot.filled_by).map(|by| view.name(by)).collect();
    if names.is_empty() { ": its type needs no approval".to_owned() } else { format!(" by {}", list(&names)) }
}

#[cfg(test)]
mod tests {
    use super::{article, list};

    #[test]
    fn lists_read_like_sentences() {
        let words = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(list(&words), "a, b and c");
        assert_eq!(list(&words[..1]), "a");
        assert_eq!(article("engineering lead"), "an");
    }
}
