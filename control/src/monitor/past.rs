//! What a monitor remembers, for people who look: asked from here, never by their browsers.

use super::{Chart, Missing, MonitorKind, Shown, Stretch};
use crate::Control;
use chrono::TimeDelta;
use domain::{Refusal, environment::EnvironmentId, judge::WindowLength};
use std::time::Duration;

/// A chart has so many points at most.
const POINTS: u32 = 300;
/// Nobody looks back further than a week.
const MOST_MINUTES: u32 = 7 * 24 * 60;
/// A source that does not answer within this has said nothing.
const PATIENCE: Duration = Duration::from_secs(10);

impl Control {
    /// The last minutes of a metric, of the versions that stand there now; or why there is nothing to draw.
    pub async fn remembered(
        &self,
        place: &EnvironmentId,
        kind: MonitorKind,
        shown: Shown,
        minutes: u32,
    ) -> Result<Result<Chart, Missing>, Refusal> {
        if !(1..=MOST_MINUTES).contains(&minutes) {
            return Err(Refusal::invalid("minutes", minutes.to_string(), format!("1 to {MOST_MINUTES}")));
        }
        if kind == MonitorKind::Alertmanager {
            return Ok(Err(Missing::not_asked("It is not asked anything: Alertmanager sends its alerts.")));
        }
        let question = self.question(place);
        let monitor = self.monitor(place, kind).await?;
        let stretch = Stretch {
            shown,
            arms: question.arms,
            from: question.end - TimeDelta::minutes(minutes.into()),
            to: question.end,
            points: POINTS,
            // Shorter spans than a minute have gaps where samples are taken seldom.
            window: Some(question.window).filter(|window| window.seconds() > 60).unwrap_or(WindowLength::MINUTE),
        };
        let answer = tokio::time::timeout(PATIENCE, monitor.chart(&stretch)).await;
        Ok(answer.unwrap_or_else(|_| {
            Err(Missing::failed(format!("{kind} did not answer within {} s.", PATIENCE.as_secs())))
        }))
    }
}
