//! What comes from the operating system: installed where that is ours to do, otherwise said.

use std::path::Path;
use std::process::Command;

use crate::shell::{self, Outcome};

pub fn remedy(package: &str) -> String {
    if is_debian() {
        let sudo = if is_root() { "" } else { "sudo " };
        format!("{sudo}apt-get install -y --no-install-recommends {package}")
    } else {
        format!("install {package} with the package manager of this system")
    }
}

pub fn install(package: &str) -> Outcome {
    if !(is_root() && is_debian()) {
        return Err(format!("this needs the system's package manager; please run: {}", remedy(package)));
    }
    // The lists on the machine may be missing or name files that are gone; only then are they fetched.
    if is_known(package) && apt(&["install", "-y", "--no-install-recommends", package]).is_ok() {
        return Ok(());
    }
    apt(&["update"])?;
    apt(&["install", "-y", "--no-install-recommends", package])
}

pub fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists() && shell::on_path("apt-get").is_some()
}

fn is_known(package: &str) -> bool {
    let policy = shell::output(Command::new("apt-cache").args(["policy", package]).env("LC_ALL", "C"));
    policy.is_ok_and(|text| text.contains("Candidate:") && !text.contains("Candidate: (none)"))
}

fn apt(arguments: &[&str]) -> Outcome {
    shell::run(Command::new("apt-get").arg("-q").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}
