//! What the tests run as real processes: a fleet on its own, and a service with a few faults.

mod shop;

use std::{path::PathBuf, process::ExitCode};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let outcome = match arguments.first().map(String::as_str) {
        Some("fleet") => {
            let options = fleet::Options {
                folder: value("--folder").map(PathBuf::from).unwrap_or_default(),
                detached: arguments.iter().any(|argument| argument == "--detached"),
                version: "trial".to_owned(),
            };
            fleet::serve(options, told_to_end()).await.map_err(|error| error.to_string())
        }
        // A control room as far as the fleet is concerned: it sees to it that one runs, and would go on for ever.
        Some("room") => room(value("--folder").map(PathBuf::from).unwrap_or_default()).await,
        Some("shop") => shop::serve(&value).await,
        Some("crash") => Err(format!("this version cannot work: {}", value("--why").unwrap_or_default())),
        _ => Err("fleet, room, shop or crash?".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

async fn told_to_end() {
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

async fn room(folder: PathBuf) -> Result<(), String> {
    let exe = std::env::current_exe().map_err(|error| error.to_string())?;
    let fleet = fleet::ensure_running(&exe, &folder).await.map_err(|error| error.to_string())?;
    println!("{}", fleet.hello().await.map_err(|error| error.to_string())?.nonce);
    std::future::pending().await
}
