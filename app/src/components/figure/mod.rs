//! One chart as a figure: what it says, the picture for wide and for narrow places, a reader that keyboard and mouse move,
//! and the table behind it.

mod rows;

pub use rows::name;

use super::Markup;
use chart::{Chart, Format, draw, places};
use rows::{Row, rows};

/// A chart with what stands around it.
#[derive(Debug, Clone)]
pub struct Pictured {
    pub id: String,
    pub title: String,
    pub note: String,
    pub chart: Chart,
}

pub fn figure(markup: Markup, picture: &Pictured) -> Markup {
    let id = picture.id.as_str();
    let rows = rows(picture);
    let markup = markup.html("<figure class=\"figure\" id=\"").text(id).html("\"><figcaption><h3>");
    let markup =
        markup.text(&picture.title).html("</h3><p class=\"meta\">").text(&picture.note).html("</p><p data-read>");
    let markup = markup.text(rows.last().map_or("No window yet.", |row| row.says.as_str())).html("</p></figcaption>");
    let markup = drawn(markup, picture, Format::Wide, &rows);
    let markup = drawn(markup, picture, Format::Phone, &rows);
    if rows.is_empty() {
        return markup.html("</figure>");
    }
    let markup = markup.html("<details class=\"fold\" id=\"").text(id).html("-table\"><summary>As a table</summary>");
    table(markup, picture, &rows).html("</details></figure>")
}

fn drawn(markup: Markup, picture: &Pictured, format: Format, rows: &[Row]) -> Markup {
    let (word, markup) = match format {
        Format::Wide => ("wide", markup.html("<div class=\"drawn wide\">")),
        Format::Phone => ("phone", markup.html("<div class=\"drawn phone\">")),
    };
    let markup = markup.made(&draw(&picture.chart, format));
    let (Some(last), true) = (rows.last(), rows.len() > 1) else { return markup.html("</div>") };
    let places: Vec<String> =
        places(&picture.chart, format, rows.iter().map(|row| row.at)).iter().map(ToString::to_string).collect();
    // Its value is a place in thousandths of the width; a script makes it keep to the windows.
    markup
        .html("<input type=\"range\" class=\"reader live-only\" min=\"0\" max=\"1000\" autocomplete=\"off\" id=\"")
        .text(&picture.id)
        .html("-")
        .html(word)
        .html("\" aria-label=\"")
        .text(&picture.title)
        .html(", window by window\" aria-valuetext=\"")
        .text(&last.says)
        .html("\" value=\"")
        .text(places.last().map_or("0", String::as_str))
        .html("\" data-places=\"")
        .text(places.join(" "))
        .html("\"></div>")
}

fn table(markup: Markup, picture: &Pictured, rows: &[Row]) -> Markup {
    let lines = &picture.chart.lines;
    let markup = markup.html("<div class=\"table-frame windows\" tabindex=\"0\" role=\"region\" aria-label=\"");
    let markup = markup.text(&picture.title).html(", as a table\"><table><thead><tr><th scope=\"col\">UTC</th>");
    let markup = markup
        .each(lines.iter().rev(), |markup, line| markup.html("<th scope=\"col\">").html(name(line.ink)).html("</th>"));
    let markup = markup.html("</tr></thead><tbody>").each(rows, |markup, row| {
        let markup = markup.html("<tr data-says=\"").text(&row.says).html("\"><th scope=\"row\">").text(&row.time);
        let markup = markup.html("</th>");
        markup
            .each(row.values.iter().rev(), |markup, value| markup.html("<td>").text(value).html("</td>"))
            .html("</tr>")
    });
    markup.html("</tbody></table></div>")
}
