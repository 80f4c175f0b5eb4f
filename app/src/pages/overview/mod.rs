//! Overview: what waits for me, what changed last, and the products with their newest version.

mod model;
mod rows;
mod start;

pub use model::{ChangeRow, FirstSteps, LiveRow, Overview, ProductRow, SeeOverview, WaitingRow, see_overview};

use crate::components::{Markup, answered};
use leptos::prelude::*;
use leptos_meta::Title;

pub(crate) use rows::sections;

pub(crate) const TITLE: &str = "Overview";

#[component]
pub fn OverviewPage() -> impl IntoView {
    view! {
        <Title text=TITLE/>
        {answered(see_overview(), move |overview| sections(Markup::new(), overview).view().into_any())}
    }
}
