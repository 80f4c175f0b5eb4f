//! Given a release and what is known of it, when a gate is asked, then it says whether it is met, why, and what opens it.

mod always;
mod conditions;
mod lists;
mod own_work;
mod people;
mod reported;
mod sarif;
mod stage;
mod time;
mod watched;
