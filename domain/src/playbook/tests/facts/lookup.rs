//! Finds parts of a playbook by name; what is not there panics, and the panic is the answer "no".

use crate::playbook::*;

/// Declares one finder per noun: a list, and the key that names its entries.
macro_rules! finders {
    ($($name:ident: $list:ident by $key:ident -> $type:ty;)*) => {
        pub(super) trait Look {
            $(fn $name(&self, name: &str) -> &$type;)*
        }
        impl Look for Playbook {
            $(fn $name(&self, name: &str) -> &$type {
                let found = self.$list.iter().find(|entry| entry.$key.as_str() == name);
                found.unwrap_or_else(|| panic!("no {} “{name}”", stringify!($name)))
            })*
        }
    };
}
finders! {
    kind: types by id -> ReleaseType;
    environment: environments by name -> Environment;
    strategy: strategies by id -> Strategy;
    gate: gates by id -> Gate;
    list: checklists by id -> Checklist;
    role: roles by id -> Role;
    contact: contacts by id -> Contact;
    channel: channels by id -> Channel;
    clock: clocks by id -> Clock;
    message: messages by id -> Message;
    briefing: briefings by id -> Briefing;
    metric: metrics by id -> Metric;
    command: commands by id -> Command;
    procedure: procedures by id -> Procedure;
    pipeline: pipelines by id -> Pipeline;
    threshold: thresholds by id -> Threshold;
    trigger: triggers by id -> Observation;
    retrospective: retrospectives by id -> Retrospective;
    trouble: troubleshooting by id -> Troubleshooting;
    branch: branches by id -> Branch;
    principle: principles by id -> Principle;
    slo: slos by id -> Slo;
    band: vulnerabilities by id -> Vulnerability;
    row: decisions by severity -> Decision;
    severity: severities by id -> Severity;
    document: documents by id -> Document;
    tool: tools by id -> Tool;
    dashboard: dashboards by id -> Dashboard;
    endpoint: endpoints by path -> Endpoint;
    proof: evidence by id -> Evidence;
    kill_switch: kill_switches by id -> KillSwitch;
    suite: test_suites by id -> TestSuite;
}

/// Whether each of `wanted` stands somewhere in `texts`, and nothing more does.
pub(super) fn says(texts: &[String], wanted: &[&str]) -> bool {
    texts.len() == wanted.len() && wanted.iter().all(|one| mentions(texts, one))
}

/// Whether `wanted` stands somewhere in `texts`, capitals aside.
pub(super) fn mentions(texts: &[String], wanted: &str) -> bool {
    texts.iter().any(|text| text.to_lowercase().contains(&wanted.to_lowercase()))
}

/// Whether the list has exactly these items, in this order.
pub(super) fn items(list: &Checklist, wanted: &[&str]) -> bool {
    list.items.iter().map(|item| item.id.as_str()).eq(wanted.iter().copied())
}

/// Whether the group of the list has exactly these items, in this order.
pub(super) fn group(list: &Checklist, group: &str, wanted: &[&str]) -> bool {
    let of_group = list.items.iter().filter(|item| item.group.as_deref() == Some(group));
    of_group.map(|item| item.id.as_str()).eq(wanted.iter().copied())
}

/// When the item applies.
pub(super) fn when(list: &Checklist, item: &str) -> Option<Condition> {
    list.item(item).expect("item").when
}

/// The arguments as typed.
pub(super) fn argv(command: &Command) -> String {
    command.argv.iter().map(Template::as_str).collect::<Vec<_>>().join(" ")
}

pub(super) fn span(text: &str) -> Span {
    text.parse().expect("span")
}

pub(super) fn range(from: &str, to: &str) -> SpanRange {
    SpanRange { from: span(from), to: span(to) }
}

pub(super) fn period(text: &str) -> Period {
    text.parse().expect("period")
}

pub(super) fn percent(text: &str) -> Percent {
    text.parse().expect("percent")
}

pub(super) fn at(text: &str) -> TimeOfDay {
    text.parse().expect("time")
}

pub(super) fn limit(text: &str) -> Limit {
    text.parse().expect("limit")
}

pub(super) fn weekly(due: Option<&Due>, day: Weekday, time: &str) -> bool {
    due == Some(&Due::Weekly(WeeklyTime { day, time: at(time) }))
}

pub(super) fn within(due: Option<&Due>, text: &str) -> bool {
    due == Some(&Due::Within(span(text)))
}

/// The roles that must approve a type.
pub(super) fn approvers(kind: &ReleaseType) -> Vec<&str> {
    kind.approvals.iter().map(|requirement| requirement.role.as_str()).collect()
}

/// Whether the message goes through this channel.
pub(super) fn sent_to(message: &Message, channel: &str) -> bool {
    message.channels.iter().any(|c| c.as_str() == channel)
}

/// Whether the body holds all these variables.
pub(super) fn fills(message: &Message, variables: &[Variable]) -> bool {
    variables.iter().all(|variable| message.body.has(*variable))
}

/// The weights and holds of a canary, as written.
pub(super) fn phases(strategy: &Strategy) -> Vec<String> {
    let phase = |p: &Phase| match p.hold {
        Some(hold) => format!("{} {hold}", p.weight),
        None => p.weight.to_string(),
    };
    strategy.phases.iter().map(phase).collect()
}

/// Whether a thing is bound to these types only.
pub(super) fn only(types: &[crate::slug::TypeId], wanted: &[&str]) -> bool {
    types.iter().map(crate::slug::TypeId::as_str).eq(wanted.iter().copied())
}

/// The names of the steps of a procedure.
pub(super) fn steps(procedure: &Procedure, wanted: &[&str]) -> bool {
    procedure.steps.iter().map(|step| step.id.as_str()).eq(wanted.iter().copied())
}

/// A step of a procedure.
pub(super) fn step<'a>(procedure: &'a Procedure, id: &str) -> &'a Step {
    procedure.steps.iter().find(|step| step.id.as_str() == id).expect("step")
}

/// A section of the notes.
pub(super) fn section<'a>(playbook: &'a Playbook, id: &str) -> &'a Section {
    let notes = playbook.notes.as_ref().expect("notes");
    notes.sections.iter().find(|section| section.id.as_str() == id).expect("section")
}

/// A contact's role and how fast it answers.
pub(super) fn answers(contact: &Contact, role: &str, within: Option<&str>) -> bool {
    let expected = match within {
        Some("immediate") => Some(Response::Immediate),
        Some(time) => Some(Response::Within(span(time))),
        None => None,
    };
    contact.role.as_str() == role && contact.responds == expected
}

/// Whether a rollback threshold has this limit, and how long it must last.
pub(super) fn rolls_back(threshold: &Threshold, wanted: &str, lasting: Option<&str>, automatic: bool) -> bool {
    threshold.purpose == Purpose::RollBack
        && threshold.limit == limit(wanted)
        && threshold.lasting == lasting.map(span)
        && threshold.automatic == automatic
}

/// Whether an observation leads to a rollback.
pub(super) fn leads_back(observation: &Observation, automatic: bool) -> bool {
    observation.effect == Effect::RollBack && observation.automatic == automatic
}

/// A stage of a pipeline with its commands.
pub(super) fn stages(pipeline: &Pipeline) -> Vec<&str> {
    pipeline.stages.iter().map(|stage| stage.id.as_str()).collect()
}
