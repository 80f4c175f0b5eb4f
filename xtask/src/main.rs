//! Every development command of the project: `cargo xtask VERB`.

mod budget;
mod build;
mod bundle;
mod charts;
mod checks;
mod dev;
mod paths;
mod postgres;
mod run;
mod shell;
mod stamp;
mod test;
mod tools;
mod trials;

use std::env;
use std::process::ExitCode;

use shell::Outcome;

const USAGE: &str = "\
cargo xtask VERB

  run [--empty] [-- ARGS]   build, then start Pilothouse with the demo on 127.0.0.1:8080; ARGS go to `serve`
  test [FILTER…]            every test: Rust, both databases, the browser (--no-browser, --only-browser)
  dev [-- ARGS]             rebuild and restart on every change
  build                     the release binary and the browser files
  check [STEP…]             format, lints, layers, licences, documentation, tidiness
  tidy                      the tidiness rules alone
  budget                    what a first visit downloads, against its budget
  bench [ARGS]              measurements
  campaign NAME [ARGS]      long trials: `all --short` is the set that CI runs
  doctor                    what is needed, what is missing, how to get it
  setup                     install what is missing
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let Some((verb, rest)) = arguments.split_first() else {
        eprint!("{USAGE}");
        return ExitCode::from(64);
    };
    shell::say_what_is_ignored();
    let Some(outcome) = carry_out(verb, rest) else {
        eprintln!("`{verb}` is no verb of xtask\n\n{USAGE}");
        return ExitCode::from(64);
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("\nxtask {verb}: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(verb: &str, rest: &[String]) -> Option<Outcome> {
    Some(match verb {
        "run" => run::run(rest),
        "test" => test::test(rest),
        "dev" => dev::dev(rest),
        "build" => build::release(),
        "check" => checks::check(rest),
        "tidy" => checks::tidy::check(),
        "budget" => budget::check(),
        "bench" => trials::start("bench", rest),
        "campaign" => trials::start("campaign", rest),
        "doctor" => tools::doctor(),
        "setup" => tools::ensure(tools::ALL),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        _ => return None,
    })
}
