//! A playbook: a team's release procedure as data, with revisions that releases stay on.

mod amount;
mod approval;
mod calendar;
#[cfg(not(target_arch = "wasm32"))]
mod calendar_rules;
mod canary;
mod checklist;
mod clock;
mod closure;
mod command;
mod condition;
mod decision;
mod difference;
mod environment;
mod event;
mod evidence;
mod flags;
mod gate;
mod head;
mod judging;
mod limit;
mod lines;
mod message;
mod metric;
mod migrations;
mod moment;
mod names;
#[cfg(not(target_arch = "wasm32"))]
mod naming;
mod notes;
mod parse;
mod path;
mod preview;
mod procedure;
mod read;
mod record;
mod release_type;
mod retrospective;
mod role;
mod rules;
mod signal;
mod source;
mod span;
mod strategy;
mod template;
mod threshold;
mod trigger;
mod watch;
mod zoned;

#[cfg(test)]
mod tests;

pub use amount::{Amount, Percent, Score};
pub use approval::{ApprovalRules, Quorum, Requirement};
pub use calendar::{Calendar, CutOff, CutOffKind, Traffic, Train, WeekPart};
pub use canary::{Phase, StartRange};
pub use checklist::{Checklist, Item};
pub use clock::{Clock, Mend, Severity, Stop, Vulnerability};
pub use closure::{Blackout, Cause, Holiday, Maintenance};
pub use command::{Command, CommandKind, Expectation, Troubleshooting};
pub use condition::Condition;
pub use decision::{Action, Deadline, Decision};
pub use difference::{Became, Detail, Difference, differences};
pub use environment::{Environment, RollbackMode, Trigger};
pub use event::{Edition, Event, Published, evolve};
pub use evidence::{Evidence, Proof, Verified};
pub use flags::{FlagKind, FlagRule, FlagStore, Flags, KillEffect, KillSwitch};
pub use gate::{CalendarPart, Gate, Gravity, Needs, RollbackPlan, SignOff, Stayed};
pub use head::{Head, Principle, ReviewRule};
pub use judging::{Certainty, Inconclusive, Judging, SharedIncident};
pub use limit::{Bound, Limit, Measure, Side};
pub use lines::{Hunk, Line, line_difference};
pub use message::{Audience, Briefing, BriefingPhase, Message};
pub use metric::{AlertLevel, AlertRoute, Concern, Metric, Origin, Slo};
pub use migrations::{MigrationRule, MigrationStage, MigrationStep, Migrations};
pub use moment::{Due, Moment, WeeklyTime};
pub use names::{
    ChannelId, ChecklistId, CommandId, GateId, MessageId, MetricId, PartId, SignalId, StrategyId, TrainId,
};
#[cfg(not(target_arch = "wasm32"))]
pub use naming::{parse_as, renamed};
pub use notes::{
    Changelog, ChangelogSection, Merge, Notes, PullRequest, PullRequestItem, PullRequestSection, Section, StockSentence,
};
pub use parse::{parse, schema};
pub use path::PathPattern;
pub use preview::{Consequence, consequence};
pub use procedure::{Pipeline, PipelineTrigger, Procedure, ProcedureKind, Stage, Step, TestSuite, TestTime};
pub use read::{Fault, Unreadable, nearest};
pub use record::{Attachment, Document, DocumentOccasion, ReleaseRecord, StatusPage, Tool};
pub use release_type::{Cadence, Duration, Part, Process, ReleaseType, Start, TypeStep};
pub use retrospective::{Field, Occasion, Prefilled, Question, Retrospective, Review};
pub use role::{Channel, ChannelKind, Choosing, Contact, Help, Response, Role, Rotation};
pub use rules::{Playbook, Revision};
pub use signal::Signal;
pub use source::{
    Branch, BumpExample, CommitBump, CommitPart, CommitType, Commits, CreateBy, InitialBumps, Protection, Scheme,
    Tagging, Versioning,
};
pub use span::{Period, PeriodUnit, Span, SpanRange};
pub use strategy::{Strategy, StrategyKind, Trait};
pub use template::{Template, Variable};
pub use threshold::{Purpose, Threshold};
pub use trigger::{Effect, Observation, Observer};
pub use watch::{Dashboard, Endpoint, Watch};
pub use zoned::{TimeOfDay, Weekday, YearDay, Zone};
