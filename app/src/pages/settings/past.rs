//! What a monitor remembers of the last hours, drawn here: a browser never asks a monitoring system.

use crate::components::{
    Markup,
    figure::{Pictured, figure, name},
};
use chart::{Ink, Unit};
use control::{
    Control,
    monitor::{Arm, Chart, Missing, MonitorKind, Shown},
};
use domain::{Refusal, environment::EnvironmentId};

/// How far back, and what that is called.
const STRETCHES: [(u32, &str); 3] = [(60, "The last hour"), (6 * 60, "6 hours"), (24 * 60, "24 hours")];
const METRICS: [(&str, &str, Unit); 3] = [
    ("throughput", "Throughput", Unit::PerSecond),
    ("error_rate", "Error rate", Unit::Share),
    ("p95", "Latency, p95", Unit::Milliseconds),
];

/// One metric, or why there is nothing to draw.
type Drawn = (&'static str, &'static str, Unit, Result<Chart, Missing>);

/// What was asked for when somebody wanted to see the past.
#[derive(Debug, Clone)]
pub(super) struct Past {
    minutes: u32,
    drawn: Vec<Drawn>,
}

impl Past {
    /// All metrics at once; a stretch that nobody offers is the shortest.
    pub(super) async fn of(
        control: &Control,
        place: &EnvironmentId,
        kind: MonitorKind,
        asked: &str,
    ) -> Result<Self, Refusal> {
        let minutes = asked.parse().ok().filter(|minutes| STRETCHES.iter().any(|(known, _)| known == minutes));
        let minutes = minutes.unwrap_or(STRETCHES[0].0);
        let ask = |(metric, title, unit): (&'static str, &'static str, Unit)| async move {
            let past = control.remembered(place, kind, Shown::named(metric), minutes).await?;
            Ok::<Drawn, Refusal>((metric, title, unit, past))
        };
        let [one, two, three] = METRICS;
        let (one, two, three) = tokio::try_join!(ask(one), ask(two), ask(three))?;
        Ok(Self { minutes, drawn: vec![one, two, three] })
    }
}

/// A heading, links to the stretches there are, and the charts once somebody chose one.
pub(super) fn past(page: &str, past: Option<&Past>) -> Markup {
    let markup = Markup::new()
        .html("<div><h2 id=\"past-title\">What it remembers</h2><nav class=\"parts\" aria-label=\"How far back\">");
    let markup = markup.each(STRETCHES, |markup, (minutes, title)| {
        let markup =
            markup.html("<a class=\"button small\" href=\"").text(page).html("?past=").text(minutes).html("#past\"");
        let chosen = past.is_some_and(|past| past.minutes == minutes);
        markup.html(if chosen { " aria-current=\"true\">" } else { ">" }).html(title).html("</a>")
    });
    let markup = markup.html("</nav>");
    let Some(past) = past else { return markup.html("</div>") };
    let markup =
        markup.html("<div class=\"figures\">").each(&past.drawn, |markup, (metric, title, unit, chart)| match chart {
            Err(missing) => markup.html("<p><b>").html(title).html("</b>: ").text(missing).html("</p>"),
            Ok(chart) if chart.lines.is_empty() => {
                markup.html("<p><b>").html(title).html("</b>: Nothing runs there that it could be asked about.</p>")
            }
            Ok(chart) => services(chart)
                .into_iter()
                .fold(markup, |markup, service| figure(markup, &pictured(metric, title, *unit, chart, service))),
        });
    markup.html("</div></div>")
}

fn services(chart: &Chart) -> Vec<&str> {
    let mut services: Vec<&str> = chart.lines.iter().map(|line| line.service.as_str()).collect();
    services.dedup();
    services
}

fn pictured(metric: &str, title: &str, unit: Unit, past: &Chart, service: &str) -> Pictured {
    let lines: Vec<chart::Line> = past
        .lines
        .iter()
        .filter(|line| line.service == service)
        .map(|line| {
            let ink = if line.arm == Arm::Canary { Ink::Canary } else { Ink::Baseline };
            let points: Vec<chart::Point> =
                line.points.iter().map(|point| chart::Point::new(point.at.timestamp(), point.value)).collect();
            let last = points.iter().rev().find_map(|point| point.value);
            let said = last.map_or_else(|| "no data".to_owned(), |value| unit.say(value));
            chart::Line { label: format!("{} {said}", name(ink)), ink, dashed: ink == Ink::Baseline, points }
        })
        .collect();
    let ends: Vec<&str> = lines.iter().map(|line| line.label.as_str()).collect();
    let title = if service.is_empty() { title.to_owned() } else { format!("{title} of {service}") };
    let described = format!("{title}: {}.", ends.join(", "));
    let note = format!("One point for every {} s; asked {}.", past.step_seconds, past.at.format("%H:%M:%S UTC"));
    let id = if service.is_empty() { metric.to_owned() } else { format!("{metric}-{service}") };
    let chart = chart::Chart { title: described, unit, lines, threshold: None, markers: Vec::new() };
    Pictured { id, title, note, chart }
}
