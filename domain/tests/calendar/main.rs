//! The calendar, held against the playbooks, against brute force and against nonsense.

mod brute_force;
mod clock_changes;
mod conflicts;
mod feed;
mod nonsense;
mod playbooks;
mod properties;
mod random_rules;
mod repetition;
mod rotation;
mod speed;
mod written;
