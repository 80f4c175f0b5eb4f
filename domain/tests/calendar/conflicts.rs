//! Contradictions are found and told.

use crate::written::{calendar, period};
use domain::calendar::ConflictKind;

fn found(rules: &str) -> Vec<(ConflictKind, String)> {
    let conflicts = calendar(rules).conflicts(&period("2027-01-01 00:00", "2027-02-01 00:00"));
    conflicts.into_iter().map(|c| (c.kind, c.starts.format("%d %H:%M").to_string())).collect()
}

const TRAIN: &str = "[[calendar]]\nid = \"t\"\nkind = \"train\"\ntitle = \"T\"\ntypes = [\"minor\"]\nstarts = \"2027-01-08\"\nat = \"12:00\"\nzone = \"UTC\"\nlasts = \"2h\"\n";

fn window(id: &str, kind: &str, date: &str, at: &str, lasts: &str, more: &str) -> String {
    format!(
        "[[calendar]]\nid = \"{id}\"\nkind = \"{kind}\"\ntitle = \"{id}\"\nstarts = \"{date}\"\nat = \"{at}\"\nzone = \"UTC\"\nlasts = \"{lasts}\"\n{more}\n"
    )
}

#[test]
fn a_train_inside_several_windows_is_blocked_by_all_of_them_together() {
    let rules = TRAIN.to_owned()
        + &window("a", "blackout", "2027-01-08", "11:00", "2h", "")
        + &window("b", "freeze", "2027-01-08", "13:00", "2h", "");
    assert_eq!(found(&rules), [(ConflictKind::TrainBlocked, "08 12:00".into())]);
    let partly = TRAIN.to_owned() + &window("a", "blackout", "2027-01-08", "11:00", "2h", "");
    assert_eq!(found(&partly), [(ConflictKind::TrainShortened, "08 12:00".into())]);
}

#[test]
fn windows_for_others_and_windows_only_shown_do_not_hinder() {
    let others = window("a", "blackout", "2027-01-08", "11:00", "5h", "types = [\"major\"]");
    let excepted = window("b", "blackout", "2027-01-08", "11:00", "5h", "except_types = [\"minor\"]");
    let shown = window("c", "company_event", "2027-01-08", "11:00", "5h", "closes = false");
    assert_eq!(found(&(TRAIN.to_owned() + &others + &excepted + &shown)), []);
}

#[test]
fn a_train_outside_low_traffic_is_told() {
    let quiet = window("quiet", "opening", "2027-01-04", "02:00", "2h", "rrule = \"FREQ=DAILY\"");
    assert_eq!(found(&(TRAIN.to_owned() + &quiet)), [(ConflictKind::TrainOutsideOpening, "08 12:00".into())]);
    assert_eq!(found(&(TRAIN.to_owned() + &quiet.replace("02:00", "13:00"))), []);
}

#[test]
fn overlapping_maintenance_and_colliding_trains_are_told() {
    let night = window("night", "maintenance", "2027-01-10", "02:00", "2h", "rrule = \"FREQ=WEEKLY\"");
    let other = window("other", "maintenance", "2027-01-17", "03:00", "2h", "");
    assert_eq!(found(&(night.clone() + &other)), [(ConflictKind::MaintenanceOverlaps, "17 03:00".into())]);
    let adjacent = window("other", "maintenance", "2027-01-17", "04:00", "2h", "");
    assert_eq!(found(&(night + &adjacent)), []);
    let second = window("second", "train", "2027-01-08", "13:00", "2h", "");
    assert_eq!(found(&(TRAIN.to_owned() + &second)), [(ConflictKind::TrainsTogether, "08 13:00".into())]);
}

#[test]
fn a_freeze_that_no_train_follows_is_told_where_there_are_trains() {
    let idle = window("idle", "freeze", "2027-01-12", "18:00", "10h", "");
    let useful = window("useful", "freeze", "2027-01-07", "18:00", "18h", "");
    assert_eq!(found(&(TRAIN.to_owned() + &idle + &useful)), [(ConflictKind::FreezeWithoutTrain, "12 18:00".into())]);
    assert_eq!(found(&idle), []);
}

#[test]
fn a_start_that_the_clocks_skip_is_told() {
    let rules = "[[calendar]]\nid = \"w\"\nkind = \"maintenance\"\ntitle = \"W\"\nstarts = \"2027-03-07\"\nrrule = \"FREQ=WEEKLY\"\nat = \"02:30\"\nzone = \"Europe/Berlin\"\nlasts = \"1h\"";
    let conflicts = calendar(rules).conflicts(&period("2027-03-01 00:00", "2027-05-01 00:00"));
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].kind, ConflictKind::MovedByClocks);
    assert_eq!(
        conflicts[0].sentence,
        "“W” on 2027-03-28 at 03:30 (Europe/Berlin) was planned for 02:30, which the clocks jump over."
    );
}
