//! When deployments end: weekday by hour. Each cell says its number; the tint only helps the eye.

use crate::components::Markup;
use domain::{calendar::ZoneName, dora::Heat};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const TINTS: [&str; 5] = ["", " class=\"h1\"", " class=\"h2\"", " class=\"h3\"", " class=\"h4\""];

pub fn heat(markup: Markup, heat: &Heat, zone: &ZoneName) -> Markup {
    let cells = || (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let most = cells().map(|(day, hour)| heat.deployments[day][hour]).max().unwrap_or(0);
    let markup =
        markup.html("<section class=\"card\" aria-labelledby=\"heat\"><h2 id=\"heat\">When deployments end</h2>");
    if most == 0 {
        return markup.html("<p>No deployment ended in this period.</p></section>");
    }
    let busiest = cells().max_by_key(|(day, hour)| heat.deployments[*day][*hour]).unwrap_or((0, 0));
    let markup = markup
        .html("<p>Most often on ")
        .html(DAYS[busiest.0])
        .html(" between ")
        .text(format_args!("{:02}:00 and {:02}:00", busiest.1, busiest.1 + 1))
        .html(" (")
        .text(most)
        .html("), in ")
        .text(zone)
        .html(". Cells with a mark hold deployments that failed.</p>")
        .html("<div class=\"table-frame\" tabindex=\"0\" role=\"region\" aria-label=\"Hours of the week\"><table class=\"heat\"><thead><tr><th scope=\"col\">Hour</th>")
        .each(0..24, |markup, hour| markup.html("<th scope=\"col\">").text(hour).html("</th>"))
        .html("</tr></thead><tbody>");
    let markup = markup.each(0..7_usize, |markup, day| {
        let markup = markup.html("<tr><th scope=\"row\">").html(DAYS[day]).html("</th>");
        markup
            .each(0..24_usize, |markup, hour| {
                let (n, failed) = (heat.deployments[day][hour], heat.failed[day][hour]);
                let tint = usize::try_from((n * 4).div_ceil(most)).unwrap_or(4).min(4);
                let markup = markup.html("<td").html(TINTS[tint]).html(">").text(n);
                let markup = if failed > 0 {
                    markup
                        .html("<span aria-hidden=\"true\">*</span><span class=\"sr\">, ")
                        .text(failed)
                        .html(" failed</span>")
                } else {
                    markup
                };
                markup.html("</td>")
            })
            .html("</tr>")
    });
    markup.html("</tbody></table></div></section>")
}
