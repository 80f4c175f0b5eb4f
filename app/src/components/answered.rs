//! A page that is one answer: waited for, and shown; or the refusal in its place.

use super::RefusalPage;
use crate::failure::Failure;
use leptos::{prelude::*, tachys::reactive_graph::OwnedView};

/// Pages are made on the server and stay as they are, so the answer is not sent a second time as data.
pub fn answered<T: 'static>(
    answer: impl Future<Output = Result<T, Failure>> + Send + 'static,
    page: impl FnOnce(T) -> AnyView + Send + 'static,
) -> impl IntoView {
    Suspend::new(async move {
        let page = match answer.await {
            Ok(told) => page(told),
            Err(failure) => view! { <RefusalPage refusal=failure.0/> }.into_any(),
        };
        // Written later and elsewhere than it was waited for: with its own request's signals and contexts all the same.
        OwnedView::new(page)
    })
}
