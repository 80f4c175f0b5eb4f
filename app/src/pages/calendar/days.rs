//! The days of a month, a week or an agenda, written as lists; style makes a grid of them where there is room.

use super::{
    dates::View,
    model::{Day, Entry},
};
use crate::{components::Markup, icons::Icon};
use chrono::{Datelike as _, NaiveDate};
use domain::calendar::{Kind, Part};

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

pub fn days(view: View, from: NaiveDate, today: NaiveDate, days: &[Day]) -> Markup {
    let mut out = Markup::new().html("<div class=\"calendar ").html(view.name()).html("\">");
    if view != View::Agenda {
        out = out.html("<div class=\"weekdays\" aria-hidden=\"true\">");
        for name in WEEKDAYS {
            out = out.html("<span>").html(name).html("</span>");
        }
        out = out.html("</div>");
    }
    out = out.html("<ol class=\"days\">");
    for shown in days {
        if view == View::Agenda && shown.entries.is_empty() {
            continue;
        }
        let elsewhere = view == View::Month && shown.date.month() != from.month();
        out = day(out, shown, shown.date == today, elsewhere);
    }
    out.html("</ol></div>")
}

fn day(out: Markup, day: &Day, today: bool, elsewhere: bool) -> Markup {
    let out = out.html("<li class=\"day");
    let out = if today { out.html(" today") } else { out };
    let out = if elsewhere { out.html(" elsewhere") } else { out };
    let out = if day.entries.is_empty() { out.html(" free") } else { out };
    let mut out = out
        .html("\"><p class=\"date\"><time datetime=\"")
        .text(day.date)
        .html("\"><span class=\"weekday\">")
        .text(day.date.format("%a "))
        .html("</span>")
        .text(day.date.format("%-d"))
        .html("<span class=\"month-name\">")
        .text(day.date.format(" %B"))
        .html("</span></time>");
    if today {
        out = out.html("<span class=\"meta\"> today</span>");
    }
    out = out.html("</p><ul class=\"entries\">");
    for one in &day.entries {
        out = entry(out, one);
    }
    out.html("</ul></li>")
}

fn entry(out: Markup, entry: &Entry) -> Markup {
    let Entry { kind, part, title, concerns, local, zone, utc, closes, moved, conflict } = entry;
    let (class, icon, word) = look(*kind, *part);
    let out = out.html("<li class=\"entry ").html(class);
    let out = if *closes { out.html(" closed") } else { out };
    let out = out
        .html("\"><span class=\"what\">")
        .icon(icon)
        .text(title)
        .html("</span><span class=\"kind\">")
        .html(word)
        .html("</span><span class=\"time\">")
        .text(local)
        .html("<span class=\"zone\"> ")
        .text(zone)
        .html("</span></span>");
    let out = match utc {
        Some(utc) => out.html("<span class=\"utc\">").text(utc).html(" UTC</span>"),
        None => out,
    };
    let out = if *moved { out.html("<span class=\"flag\">moved: the clocks go forward</span>") } else { out };
    let out = if *conflict {
        out.html("<span class=\"flag\">").icon(Icon::TRIANGLE_ALERT).html("<span>conflict</span></span>")
    } else {
        out
    };
    out.html("<span class=\"concerns\">").text(concerns).html("</span></li>")
}

/// Class, picture and word of a kind.
pub fn look(kind: Kind, part: Part) -> (&'static str, Icon, &'static str) {
    if part == Part::CodeFreeze {
        return ("code-freeze", Icon::SNOWFLAKE, "code freeze");
    }
    match kind {
        Kind::Train => ("train", Icon::TRAIN_FRONT, "train"),
        Kind::Freeze => ("freeze", Icon::SNOWFLAKE, "freeze"),
        Kind::Blackout => ("blackout", Icon::BAN, "blackout"),
        Kind::Maintenance => ("maintenance", Icon::WRENCH, "maintenance"),
        Kind::CompanyEvent => ("company-event", Icon::USERS, "company event"),
        Kind::Holiday => ("holiday", Icon::SUN, "holiday"),
        Kind::Opening => ("opening", Icon::CIRCLE_CHECK, "low-traffic window"),
        Kind::Notice => ("notice-rule", Icon::CLOCK, "notice"),
    }
}
