//! The moments of a release, and when a thing is due.

use super::{
    read::{choice, record, words},
    span::{Span, SpanRange},
    zoned::{TimeOfDay, Weekday},
};

words! {
    /// Where in its life a release is.
    pub enum Moment {
        /// While it is put together.
        Preparation = "preparation",
        /// When the code is frozen.
        Freeze = "freeze",
        /// Before it may leave.
        Readiness = "readiness",
        DayBefore = "day_before",
        HourBefore = "hour_before",
        Staging = "staging",
        ReleaseDay = "release_day",
        /// The deployment has begun.
        Deploying = "deploying",
        Canary = "canary",
        Production = "production",
        /// Right after the last stage.
        Deployed = "deployed",
        Verification = "verification",
        Communication = "communication",
        /// Some time after, when the figures are in.
        Settled = "settled",
        Monitoring = "monitoring",
        FirstDay = "first_day",
        FirstWeek = "first_week",
        FirstMonth = "first_month",
        FollowUp = "follow_up",
        Incident = "incident",
        RollingBack = "rolling_back",
        Resolved = "resolved",
    }
}

record! {
    /// A time of a week.
    pub struct WeeklyTime {
        pub day: Weekday,
        pub time: TimeOfDay,
    }
}

choice! {
    /// When a thing is due, reckoned from the planned deployment.
    pub enum Due {
        /// So long before it.
        Before(Span) = "before",
        /// No later than so long after it.
        Within(Span) = "within",
        /// About so long after it.
        After(Span) = "after",
        /// Between two lengths of time after it.
        Between(SpanRange) = "between",
        /// At a time of the release's week.
        Weekly(WeeklyTime) = "weekly",
        /// As soon as the moment is reached.
        AtOnce = "at_once",
    }
}
