//! Pages in which nothing moves but the state of things: written whole, as one text, from the world as it is now. What
//! routes, signals and forms need is not set up for them. The components of such a page write the very same text.

use crate::{
    asking::Asking,
    components::Markup,
    pages::overview::{self, Overview},
    part,
    shell::Head,
    skeleton::Frame,
    status::{Status, rendered},
    stopped,
    viewer::{Theme, Viewer},
};
use control::{Control, Sight};
use domain::access::Actor;
use http::HeaderMap;

/// Longer than most pages are.
const ROOM: usize = 32 * 1024;

/// What leptos looks for when it takes over a part; parts bring all they need with them.
const NOTHING_TO_TAKE_OVER: [&str; 2] = [
    "__RESOLVED_RESOURCES=[];__SERIALIZED_ERRORS=[];__PENDING_RESOURCES=[];__RESOURCE_RESOLVERS=[];",
    "__INCOMPLETE_CHUNKS=[];",
];

/// What such a page is made of.
#[derive(Debug)]
pub struct Document<'a> {
    pub head: &'a Head,
    /// Of this response alone.
    pub nonce: &'a str,
    pub control: &'a Control,
    pub actor: Actor,
    pub headers: &'a HeaderMap,
    pub demo: bool,
}

impl Document<'_> {
    /// Overview of a person; without one there is nothing to see.
    pub fn overview(&self) -> Option<String> {
        let asking = Asking { control: self.control.clone(), actor: self.actor, person: self.actor.person()? };
        let sight = Sight::of(self.control, self.actor);
        let waiting = sight.waiting();
        let viewer = Viewer::of(&asking, &sight, waiting.len());
        let overview = Overview::of(&sight, waiting, viewer.administers, self.demo);
        let write = |markup| overview::sections(markup, overview);
        Some(self.page("/", overview::TITLE, &viewer, sight.world.seq, write))
    }

    fn page(
        &self,
        path: &str,
        title: &'static str,
        viewer: &Viewer,
        seq: domain::journal::Seq,
        write: impl FnOnce(Markup) -> Markup,
    ) -> String {
        let theme = Theme::chosen(self.headers);
        let frame = Frame { viewer, theme, demo: self.demo, path, last: None };
        let seed = Status { reader: viewer.id, seq, waiting: viewer.waiting };
        let markup = Markup::with_room_for(ROOM)
            .html("<!DOCTYPE html><html lang=\"en-GB\" data-theme=\"")
            .html(theme.name())
            .html("\"><head>")
            .made(&self.head.with(Some(self.nonce)))
            .html("<title>")
            .html(title)
            .html(" · Pilothouse</title></head><body>");
        let markup = part::write(frame.before_status(markup), &seed, rendered(&seed));
        let markup = frame.after_status(markup).html("<main id=\"content\" tabindex=\"-1\">");
        let markup = write(stopped::banner(markup, &viewer.stopped)).html("</main></body></html>");
        let script = |markup: Markup, text| {
            let markup = markup.html("<script nonce=\"").text(self.nonce).html("\">");
            markup.html(text).html("</script>")
        };
        markup.each(NOTHING_TO_TAKE_OVER, script).into_string()
    }
}
