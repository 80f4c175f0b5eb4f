//! How many releases wait for the reader, in the top bar of every page.

use crate::{failure::Failure, icons::Icon, live};
use domain::journal::Fact;
use leptos::{prelude::*, server_fn::codec::GetUrl, task::spawn_local};

#[server(prefix = "/see", endpoint = "inbox", input = GetUrl)]
pub async fn see_inbox() -> Result<usize, Failure> {
    crate::failure::answer(on_server::count())
}

#[component]
pub fn Inbox(waiting: usize) -> impl IntoView {
    let waiting = RwSignal::new(waiting);
    live::follow_gently(
        |news| news.fact().is_none_or(|envelope| matches!(envelope.fact, Fact::Release(_))),
        move || {
            spawn_local(async move {
                if let Ok(count) = see_inbox().await {
                    waiting.try_set(count);
                }
            });
        },
    );
    let words = move || match waiting.get() {
        1 => "1 release waits for you".to_owned(),
        n => format!("{n} releases wait for you"),
    };
    let count = move || match waiting.get() {
        n @ 0..100 => n.to_string(),
        _ => "99+".to_owned(),
    };
    view! {
        <a class="inbox" class:waits=move || { waiting.get() > 0 } href="/#waiting" aria-label=words title=words>
            {Icon::INBOX.view()} <span aria-hidden="true">{count}</span>
        </a>
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use crate::asking::asking;
    use control::Sight;
    use domain::Refusal;

    pub fn count() -> Result<usize, Refusal> {
        let asking = asking()?;
        Ok(Sight::of(&asking.control, asking.actor).waiting().len())
    }
}
