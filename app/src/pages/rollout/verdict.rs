//! One sentence on how a rollout stands, and what comes next.

use super::{
    face::{face, progress, watch_ends},
    model::Deployment,
};
use crate::components::Markup;
use domain::rollout::{Action, Opinion, Purpose, State, is_stuck};

/// The head of the page: what goes where, and how it stands.
pub(super) fn head(told: &Deployment) -> Markup {
    let rollout = &told.rollout;
    let place = &rollout.place;
    let (product, env) = (&place.product, &place.env);
    let markup = Markup::new()
        .html("<p class=\"crumbs\"><a href=\"/")
        .text(product)
        .html("/deployments\">Deployments</a>")
        .icon(crate::icons::Icon::CHEVRON_RIGHT)
        .html("<a href=\"/")
        .text(product)
        .html("/deployments?env=")
        .text(env)
        .html("\">")
        .text(env)
        .html("</a></p><h1><span>")
        .text(&told.product_name)
        .html("</span> ");
    let version = rollout.version.to_string();
    let markup = if told.has_release {
        let link = markup.html("<a href=\"/").text(product).html("/releases/").text(&version).html("\"><code>");
        link.text(&version).html("</code></a>")
    } else {
        markup.html("<code>").text(&version).html("</code>")
    };
    let way = if rollout.purpose == Purpose::Rollback { " back into " } else { " to " };
    super::face::badge(markup.html(" <span>").html(way).text(env).html("</span> "), face(told.state)).html("</h1>")
}

pub(super) fn verdict(told: &Deployment) -> Markup {
    let (icon, class, _) = face(told.state);
    let (done, all) = progress(&told.rollout);
    let markup = Markup::new().html("<div class=\"verdict ").html(class).html("\">").icon(icon);
    let markup = sentence(markup.html("<div class=\"says\"><p class=\"sentence\">"), told);
    let markup = next(markup.html("</p><p class=\"next\">"), told).html("</p></div>");
    let markup = if told.rollout.is_over() {
        markup
    } else {
        // While it is under way, what time alone changes is read anew now and then.
        let often = told.charts.seconds().unwrap_or(20);
        markup
            .html("<p class=\"nowrap\" data-again=\"")
            .text(often)
            .html("\" data-judged=\"")
            .text(told.charts.judged().unwrap_or_default())
            .html("\"><b>")
            .text(done)
            .html("</b> of ")
            .text(all)
            .html(" steps behind it</p>")
    };
    markup.html("</div>")
}

fn sentence(markup: Markup, told: &Deployment) -> Markup {
    let rollout = &told.rollout;
    let (version, env) = (&rollout.version, &rollout.place.env);
    let because = |markup: Markup, why: &str| match why {
        "" => markup.html("."),
        // Whole sentences bring their full stop with them.
        why if why.ends_with('.') => markup.html(": “").text(why).html("”"),
        why => markup.html(": “").text(why).html("”."),
    };
    let back_to = || rollout.destination().map_or_else(|| "nothing: none ran before".to_owned(), ToString::to_string);
    let why_back = || rollout.turned.as_ref().map_or(rollout.reason.as_str(), |turn| turn.reason.as_str());
    match told.state {
        State::Pending => markup.text(version).html(" is about to go to ").text(env).html("."),
        State::Running => match rollout.current() {
            Some((n, step)) => markup.html("Step ").text(n).html(" is at work: ").text(&step.planned.name).html("."),
            None => markup.html("All steps are done."),
        },
        State::Judging => {
            let share = rollout.actual.unwrap_or_else(|| rollout.desired());
            markup.text(version).html(" has ").text(share).html(" of the traffic and is watched.")
        }
        State::Validating => markup.text(version).html(" has all traffic of ").text(env).html(" and is watched."),
        State::Paused => {
            let stop = rollout.paused.as_ref();
            let by = told.name(stop.and_then(|stop| stop.by));
            because(markup.html("Paused by ").text(by), stop.map_or("", |stop| stop.why.as_str()))
        }
        State::Parked => {
            let why = rollout.parked.as_ref().map_or("", |stop| stop.why.as_str());
            markup.html("Parked: ").text(why)
        }
        State::RollingBack => because(markup.html("On the way back to ").text(back_to()), why_back()),
        State::RolledBack => {
            let markup = markup.html("Rolled back to ").text(back_to());
            let markup = match rollout.ended {
                Some((_, at)) => markup.html(" (").time(at).html(")"),
                None => markup,
            };
            because(markup, why_back())
        }
        State::Live => markup.text(version).html(" runs in ").text(env).html("."),
        State::Superseded => markup.html("Something else has taken its place in ").text(env).html("."),
        State::Failed => because(markup.html("Given up; nothing ran before that it could go back to"), why_back()),
    }
}

fn next(markup: Markup, told: &Deployment) -> Markup {
    let rollout = &told.rollout;
    if let Some(stopped) = told.stopped.as_ref().filter(|_| !rollout.is_over() && !rollout.goes_back()) {
        return markup
            .html("All automation is stopped: “")
            .text(&stopped.reason)
            .html("” It goes on once that is lifted.");
    }
    if is_stuck(rollout, told.now) {
        return markup
            .html("Nothing has moved since ")
            .time(rollout.last_progress())
            .html(": look at the advice below.");
    }
    match told.state {
        State::Paused => markup.html("Resume it, or roll back."),
        State::Parked => markup.html("Find out what became of the step, and say so below."),
        State::RollingBack => markup.html("A way back is never taken back by itself."),
        State::RolledBack | State::Failed => match &told.hold {
            Some(hold) if hold.rollout == rollout.id => {
                markup.text(&rollout.place.env).html(" is held: nothing comes in until somebody resumes it.")
            }
            _ => markup,
        },
        State::Live | State::Superseded => markup,
        State::Judging | State::Validating => {
            let markup = match &rollout.judged {
                Some(judged) if judged.opinion == Opinion::Hold => {
                    markup.html("The judge holds: ").text(&judged.said).html(" ")
                }
                Some(judged) => markup.html("The judge: ").text(&judged.said).html(" "),
                None => markup,
            };
            match watch_ends(rollout) {
                Some(at) if at > told.now => markup.html("The watch ends ").time(at).html("."),
                Some(_) => markup.html("Time is up; it goes on once what is measured is good."),
                None => markup.html("It goes on when it is judged good, or when somebody promotes it."),
            }
        }
        State::Pending | State::Running => {
            let planned = rollout.steps.iter().filter(|step| rollout.turned.is_none() || step.back);
            let mut planned = planned.filter(|step| step.state == domain::rollout::StepState::Planned);
            let then =
                if told.state == State::Pending { planned.next() } else { planned.find(|step| !same(rollout, step)) };
            match then {
                Some(step) => markup.html("Next: ").text(&step.planned.name).html("."),
                None => markup.html("It is the last one."),
            }
        }
    }
}

fn same(rollout: &domain::rollout::Rollout, step: &domain::rollout::Step) -> bool {
    rollout.current().is_some_and(|(_, current)| std::ptr::eq(current, step))
}

/// For a step: what it does with time, as words.
pub(super) fn lasts(action: Action) -> Option<String> {
    match action {
        Action::Watch { seconds: Some(seconds) } => Some(super::face::length(seconds.into())),
        Action::Watch { seconds: None } => Some("until it is judged".to_owned()),
        _ => None,
    }
}
