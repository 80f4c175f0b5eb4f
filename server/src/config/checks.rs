//! Every setting checked; all faults are found together.

use super::{LogFormat, Networks, OPTIONS, Secret, Setting, Settings};
use control::rollout::CrashPoint;
use domain::rollout::ActionKind;
use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf};
use url::Url;

/// A value as text and where it stands; none when it was not given.
pub(super) type Given = Option<(String, String)>;

/// What is wrong with one setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub field: String,
    /// The flag, the variable or the file.
    pub place: String,
    pub found: String,
    pub allowed: String,
}

impl Fault {
    pub(super) fn new(field: &str, place: &str, found: &str, allowed: &str) -> Self {
        Self { field: field.to_owned(), place: place.to_owned(), found: found.to_owned(), allowed: allowed.to_owned() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: found {} ({}); allowed is {}", self.field, self.found, self.place, self.allowed)
    }
}

/// Where time begins; it can be set in test builds only.
pub(super) fn clock(environment: &BTreeMap<String, String>, faults: &mut Vec<Fault>) -> Option<domain::Timestamp> {
    let given = environment.get("PILOTHOUSE_NOW")?;
    let allowed = if cfg!(feature = "test-clock") {
        match given.parse() {
            Ok(now) => return Some(now),
            Err(_) => "a time in RFC 3339 such as 2026-01-31T12:00:00Z",
        }
    } else {
        "nothing: only builds with the “test-clock” feature let the clock be set"
    };
    faults.push(Fault::new("PILOTHOUSE_NOW", "environment", &format!("“{given}”"), allowed));
    None
}

/// Where the process ends by itself; it can be set in builds for tests only.
pub(super) fn crash_at(
    environment: &BTreeMap<String, String>,
    faults: &mut Vec<Fault>,
) -> Option<(CrashPoint, String)> {
    let given = environment.get("PILOTHOUSE_CRASH_AT")?;
    let allowed = if cfg!(feature = "failpoints") {
        if let Some(read) = point_and_action(given) {
            return Some(read);
        }
        let points: Vec<&str> = CrashPoint::ALL.into_iter().map(CrashPoint::name).collect();
        let actions = "an action such as deploy, weight, promote, roll_back, or * for any";
        format!("POINT:ACTION with a point of {} and {actions}", points.join(", "))
    } else {
        "nothing: only builds with the “failpoints” feature end by themselves".to_owned()
    };
    faults.push(Fault::new("PILOTHOUSE_CRASH_AT", "environment", &format!("“{given}”"), &allowed));
    None
}

fn point_and_action(text: &str) -> Option<(CrashPoint, String)> {
    let (point, action) = text.split_once(':')?;
    let point = CrashPoint::ALL.into_iter().find(|known| known.name() == point)?;
    let known =
        |name: &str| serde_json::from_value::<ActionKind>(name.into()).is_ok_and(|kind| kind != ActionKind::Watch);
    (action == "*" || known(action)).then(|| (point, action.to_owned()))
}

struct Check<'a, G> {
    given: G,
    faults: &'a mut Vec<Fault>,
    origins: Vec<(&'static str, String, String)>,
}

impl<G: Fn(&Setting) -> Given> Check<'_, G> {
    /// The value by `read`, or a fault that says what is allowed. Without value and default it is none.
    fn take<T>(&mut self, name: &str, allowed: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let setting = OPTIONS.iter().find(|o| o.name == name)?;
        let given = (self.given)(setting).filter(|(value, _)| setting.default.is_some() || !value.is_empty());
        let (value, place) = match (given, setting.default) {
            (Some(given), _) => given,
            (None, Some(default)) => (default.to_owned(), "default".to_owned()),
            (None, None) => {
                self.origins.push((setting.name, String::new(), "not set".to_owned()));
                return None;
            }
        };
        let shown = if setting.secret { "(hidden)".to_owned() } else { value.clone() };
        self.origins.push((setting.name, shown, place.clone()));
        let read = read(&value);
        if read.is_none() {
            let found = match (setting.secret, value.chars().count()) {
                (_, 0) => "nothing".to_owned(),
                (true, n) => format!("a value of {n} characters"),
                (false, _) => format!("“{value}”"),
            };
            self.faults.push(Fault::new(name, &place, &found, allowed));
        }
        read
    }
}

pub(super) fn all(given: impl Fn(&Setting) -> Given, faults: &mut Vec<Fault>) -> Option<Settings> {
    let mut check = Check { given, faults, origins: Vec::new() };
    let address = "an address and a port such as 127.0.0.1:7070 or [::1]:7070";
    let listen = check.take("listen", address, |v| v.parse::<SocketAddr>().ok());
    let data = check.take("data", "a folder", |v| (!v.trim().is_empty()).then(|| PathBuf::from(v)));
    let database = "postgres://user:password@host/database";
    let database_url = check.take("database_url", database, |v| postgres(v).then(|| Secret::new(v)));
    let origin = "an address such as https://releases.example.org, without path, query or user";
    let public_url = check.take("public_url", origin, origin_of);
    let networks = "addresses or networks such as 10.0.0.0/8, with commas between";
    let trusted_proxies = check.take("trusted_proxies", networks, |v| v.parse::<Networks>().ok());
    let files = "a folder with the index.html that “cargo xtask build” makes";
    let dist =
        check.take("dist", files, |v| Some(PathBuf::from(v)).filter(|folder| folder.join("index.html").is_file()));
    let log_format = check.take("log_format", "json or pretty", |v| match v {
        "json" => Some(LogFormat::Json),
        "pretty" => Some(LogFormat::Pretty),
        _ => None,
    });
    let levels = "a level (error, warn, info, debug, trace) or filters such as server=debug,info";
    let log = check.take("log", levels, |v| {
        let sound = v.parse::<tracing_subscriber::filter::Targets>().is_ok() && !v.is_empty();
        sound.then(|| v.to_owned())
    });
    let token = "24 to 200 printable characters without blanks";
    let admin_token = check.take("admin_token", token, |v| {
        ((24..=200).contains(&v.len()) && v.bytes().all(|b| b.is_ascii_graphic())).then(|| Secret::new(v))
    });
    let demo = check.take("demo", "true or false", |v| v.parse::<bool>().ok());
    let demo_speed = check
        .take("demo_speed", "a whole number from 1 to 1000", |v| v.parse().ok().filter(|n| (1..=1000).contains(n)));
    let key = "64 hexadecimal digits";
    let secret_key = check.take("secret_key", key, |v| {
        (v.len() == 64 && v.bytes().all(|b| b.is_ascii_hexdigit())).then(|| Secret::new(v))
    });
    let origins = std::mem::take(&mut check.origins);
    if demo == Some(true) {
        demonstration(listen, database_url.is_some(), faults);
    }
    Some(Settings {
        listen: listen?,
        data: data?,
        database_url,
        public_url,
        trusted_proxies: trusted_proxies?,
        dist,
        log_format: log_format?,
        log: log?,
        admin_token,
        demo: demo?,
        demo_speed: demo_speed?,
        secret_key,
        now: None,
        crash_at: None,
        origins,
    })
}

/// A demonstration has sign-in links without passwords: nobody but this machine may reach it.
fn demonstration(listen: Option<SocketAddr>, database: bool, faults: &mut Vec<Fault>) {
    if let Some(listen) = listen.filter(|l| !l.ip().is_loopback()) {
        let allowed = "a loopback address such as 127.0.0.1:7070 while “demo” is on";
        faults.push(Fault::new("listen", "with demo", &format!("“{listen}”"), allowed));
    }
    if database {
        faults.push(Fault::new(
            "database_url",
            "with demo",
            "a value",
            "nothing: a demonstration lives in its data folder",
        ));
    }
}

fn postgres(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "postgres" | "postgresql"))
}

fn origin_of(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && plain).then_some(url)
}
