//! The one table of settings: each is a flag, an environment variable and a key of the TOML file.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use std::{collections::BTreeMap, path::PathBuf};

#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// As it stands in the file; flag and variable follow from it.
    pub name: &'static str,
    /// What the value looks like, in the help.
    pub value: &'static str,
    pub help: &'static str,
    pub default: Option<&'static str>,
    pub secret: bool,
    /// May stand without a value, meaning yes.
    pub switch: bool,
}

const fn setting(
    name: &'static str,
    value: &'static str,
    default: Option<&'static str>,
    help: &'static str,
) -> Setting {
    Setting { name, value, help, default, secret: false, switch: false }
}

pub const OPTIONS: [Setting; 12] = [
    setting("listen", "ADDR:PORT", Some("127.0.0.1:7070"), "Address and port to listen on"),
    setting("data", "DIR", Some("pilothouse-data"), "Folder for the SQLite file and the secret key"),
    Setting {
        secret: true,
        ..setting("database_url", "URL", None, "PostgreSQL instead of SQLite: postgres://user:password@host/database")
    },
    setting(
        "public_url",
        "URL",
        None,
        "How people reach this installation; links, cookies and origin checks follow it",
    ),
    setting(
        "trusted_proxies",
        "LIST",
        Some(""),
        "Addresses or networks whose X-Forwarded-For is believed, with commas",
    ),
    setting(
        "dist",
        "DIR",
        None,
        "Folder with the browser files; else looked for beside the program and in the checkout",
    ),
    setting("log_format", "FORMAT", Some("pretty"), "json or pretty"),
    setting("log", "FILTER", Some("info"), "What to log, such as info or server=debug,info"),
    Setting {
        secret: true,
        ..setting(
            "admin_token",
            "TOKEN",
            None,
            "Makes an administrator API token with this value, at least 24 characters",
        )
    },
    Setting {
        switch: true,
        ..setting("demo", "BOOL", Some("false"), "Fill an empty data folder with a demonstration, on loopback only")
    },
    setting("demo_speed", "N", Some("1"), "Divide the demonstration's durations by N, 1 to 1000"),
    Setting {
        secret: true,
        ..setting(
            "secret_key",
            "HEX",
            None,
            "64 hexadecimal digits that seal secrets; else kept as secret.key in the data folder",
        )
    },
];

impl Setting {
    pub fn flag(&self) -> String {
        format!("--{}", self.name.replace('_', "-"))
    }

    pub fn variable(&self) -> String {
        format!("PILOTHOUSE_{}", self.name.to_ascii_uppercase())
    }

    fn arg(&self) -> Arg {
        let mut help = format!("{} [{}]", self.help, self.variable());
        if let Some(default) = self.default.filter(|d| !d.is_empty()) {
            help = format!("{help} [default: {default}]");
        }
        let arg = Arg::new(self.name)
            .long(self.name.replace('_', "-"))
            .value_name(self.value)
            .help(help)
            .global(true)
            .action(ArgAction::Set);
        if self.switch { arg.num_args(0..=1).require_equals(true).default_missing_value("true") } else { arg }
    }
}

/// What was given on the command line, unchecked.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    pub values: BTreeMap<&'static str, String>,
    pub file: Option<PathBuf>,
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = OPTIONS
            .iter()
            .filter_map(|s| matches.get_one::<String>(s.name).map(|value| (s.name, value.clone())))
            .collect();
        Ok(Self { values, file: matches.get_one::<String>("config_file").map(PathBuf::from) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let file = Arg::new("config_file")
            .long("config")
            .value_name("FILE")
            .help("A TOML file with any of these settings [PILOTHOUSE_CONFIG]")
            .global(true)
            .action(ArgAction::Set);
        OPTIONS.iter().map(Setting::arg).fold(command.arg(file), Command::arg)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
