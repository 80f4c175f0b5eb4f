//! `run`: build, then become the server, so that Ctrl-C and signals reach it directly.

use std::io::ErrorKind;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;

use crate::shell::{self, Outcome};
use crate::{build, paths};

pub fn run(arguments: &[String]) -> Outcome {
    let words = serve_arguments(arguments)?;
    refuse_port_in_use(&words)?;
    build::release()?;
    announce(&words);
    let error = shell::command(paths::server()).args(&words).exec();
    Err(format!("cannot start {}: {error}", paths::server().display()))
}

/// `serve` with what a first visitor wants, unless the person says otherwise.
pub fn serve_arguments(arguments: &[String]) -> Outcome<Vec<String>> {
    let (own, given) = match arguments.iter().position(|word| word == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[][..]),
    };
    let empty = own == ["--empty"];
    if !own.is_empty() && !empty {
        return Err(format!("`{}` is not known here; arguments for the server come after `--`", own.join(" ")));
    }
    let has = |name: &str| given.iter().any(|word| word == name || word.starts_with(&format!("{name}=")));
    let mut words = vec!["serve".to_owned()];
    if !empty && !has("--demo") {
        words.push("--demo".into());
    }
    if !has("--data") && !has("--database-url") {
        let name = if empty { "data" } else { "demo-data" };
        words.extend(["--data".into(), paths::target().join(name).display().to_string()]);
    }
    if !has("--listen") {
        words.extend(["--listen".into(), "127.0.0.1:8080".into()]);
    }
    words.extend(given.iter().cloned());
    Ok(words)
}

/// Says before the long build that something else listens there; whatever else is wrong with the address, the server
/// says better.
pub fn refuse_port_in_use(words: &[String]) -> Outcome {
    let Some(address) = value(words, "--listen") else { return Ok(()) };
    match TcpListener::bind(&address) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => Err(format!(
            "{address} is in use. Stop what listens there, or choose another: cargo xtask run -- --listen 127.0.0.1:8081"
        )),
        _ => Ok(()),
    }
}

pub fn announce(words: &[String]) {
    if let Some(address) = value(words, "--listen") {
        eprintln!("==> Pilothouse on http://{address} (Ctrl-C stops it)");
    }
}

fn value(words: &[String], name: &str) -> Option<String> {
    let at = words.iter().position(|word| word == name || word.starts_with(&format!("{name}=")))?;
    words[at].split_once('=').map(|(_, value)| value.to_owned()).or_else(|| words.get(at + 1).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_person_overrides_what_they_name() -> Outcome {
        let usual = serve_arguments(&[])?.join(" ");
        assert!(usual.starts_with("serve --demo --data ") && usual.ends_with(" --listen 127.0.0.1:8080"));
        let other = serve_arguments(&words("-- --listen=127.0.0.1:9 --database-url postgres://x"))?.join(" ");
        assert_eq!(other, "serve --demo --listen=127.0.0.1:9 --database-url postgres://x");
        let empty = serve_arguments(&words("--empty"))?;
        assert!(!empty.contains(&"--demo".to_owned()));
        assert!(serve_arguments(&words("--listen 1")).is_err());
        Ok(())
    }

    #[test]
    fn a_port_in_use_is_said_before_the_start() -> std::io::Result<()> {
        let other = TcpListener::bind("127.0.0.1:0")?;
        let address = other.local_addr()?.to_string();
        let refusal = refuse_port_in_use(&words(&format!("serve --listen {address}"))).err().unwrap_or_default();
        assert!(refusal.contains("is in use"), "{refusal}");
        Ok(())
    }
}
