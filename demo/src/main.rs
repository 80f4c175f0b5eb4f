//! A small shop with switchable faults, and customers who keep asking it: something real to release and to watch.

mod customers;
mod fault;
mod shop;

use clap::{Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

#[derive(Debug, Parser)]
#[command(about = "A small service with switchable faults, and a load generator")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serves /, /health, /metrics and /fault.
    Serve {
        #[arg(long, default_value = "127.0.0.1:9000")]
        listen: SocketAddr,
        /// What it says it is.
        #[arg(long, default_value = "1.0.0")]
        version: String,
        #[command(flatten)]
        fault: fault::Fault,
        /// Only this version has the faults; without, every one has.
        #[arg(long, value_name = "VERSION")]
        fault_in: Option<String>,
        /// A file of faults by version, read again four times a second.
        #[arg(long, value_name = "FILE", conflicts_with = "fault_in")]
        faults: Option<PathBuf>,
    },
    /// Asks a service over and over and says how it went.
    Load {
        #[arg(long, default_value = "127.0.0.1:9000")]
        target: SocketAddr,
        /// Requests per second.
        #[arg(long, default_value_t = 50)]
        rate: u32,
        /// For so long; 0: until it is ended.
        #[arg(long, default_value_t = 10)]
        seconds: u32,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().verb {
        Verb::Serve { listen, version, fault, fault_in, faults } => {
            let sound = fault_in.is_some_and(|faulty| faulty != version);
            let fault = if sound { fault::Fault::default() } else { fault };
            shop::serve(listen, version, fault, faults).await
        }
        Verb::Load { target, rate, seconds } => customers::ask(target, rate, seconds).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
