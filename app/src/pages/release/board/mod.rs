//! Why can't this ship? The gates before each environment, the checklists, the messages, and what each reader can do
//! about them. Made on the server; read anew when something happens to the release.

mod controls;
mod functions;
mod gates;
mod lists;
mod messages;
mod model;
mod strategy;

pub use functions::{
    BreakGlass, ChooseStrategy, Declare, Hold, LiftHold, MarkItem, PlanDeployment, RecordDeployment, SentMessage,
    SetAside, Sign, Vouch,
};
pub use model::Board;

use controls::Controls;
use gates::Gates;
use leptos::prelude::*;
use lists::Lists;
use messages::Messages;
use std::sync::Arc;

/// Everything between the approval card and the timeline.
#[component]
pub fn BoardSections(board: Board) -> impl IntoView {
    let board = Arc::new(board);
    view! {
        <Gates board=board.clone()/>
        <Controls board=board.clone()/>
        <Lists board=board.clone()/>
        <Messages board/>
    }
}
