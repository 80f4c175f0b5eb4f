//! `doctor`: every needed thing, whether it is there, and the command that fixes it.

use super::{ALL, find, install};
use crate::shell::Outcome;

pub fn doctor() -> Outcome {
    let mut missing = 0;
    for tool in ALL {
        match find::find(*tool) {
            Ok(path) => {
                println!("present  {:<16} {}  ({})", tool.name(), find::version(*tool, &path), path.display());
            }
            Err(why) => {
                missing += 1;
                println!("MISSING  {:<16} {why}", tool.name());
                println!("         {:<16} to fix: {}", "", install::remedy(*tool));
            }
        }
    }
    match missing {
        0 => Ok(()),
        1 => Err("one thing is missing; `cargo xtask setup` installs what it can".into()),
        n => Err(format!("{n} things are missing; `cargo xtask setup` installs what it can")),
    }
}
