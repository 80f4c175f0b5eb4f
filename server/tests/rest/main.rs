//! REST as its callers meet it: what it answers, what it refuses and how, and what happens when many ask at once.

mod calendar;
mod connected;
mod deployed;
mod feed;
mod figures;
mod held;
#[path = "../house/mod.rs"]
#[expect(dead_code, unused_imports, reason = "each test program needs its part of the house")]
mod house;
mod known_issues;
mod lists;
mod once;
mod order;
mod own_work;
mod people;
mod playbooks;
mod problems;
mod reported;
mod ringing;
#[path = "../../../monitors/tests/monitors/running.rs"]
#[expect(dead_code, reason = "Prometheus is asked elsewhere")]
mod running;
mod shapes;
mod sites;
mod stale;
mod ticked;
mod told;
mod watched;
