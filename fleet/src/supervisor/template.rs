//! Fills `{{version}}` and its like into a program and its arguments.

use std::path::{Path, PathBuf};

/// What can stand in a template.
const NAMES: [&str; 5] = ["version", "port", "instance", "product", "env"];

/// The values of one instance.
#[derive(Debug)]
pub(super) struct Values<'a> {
    pub(super) version: &'a str,
    pub(super) port: u16,
    pub(super) instance: u32,
    pub(super) product: &'a str,
    pub(super) env: &'a str,
}

impl Values<'_> {
    fn value(&self, name: &str) -> Option<String> {
        match name {
            "version" => Some(self.version.to_owned()),
            "port" => Some(self.port.to_string()),
            "instance" => Some(self.instance.to_string()),
            "product" => Some(self.product.to_owned()),
            "env" => Some(self.env.to_owned()),
            _ => None,
        }
    }

    /// One pass from left to right: what a value says is never filled in again.
    pub(super) fn fill(&self, text: &str) -> String {
        let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            let known = after.split_once("}}").and_then(|(name, end)| Some((self.value(name.trim())?, end)));
            let (value, end) = known.unwrap_or_else(|| ("{{".to_owned(), after));
            filled.push_str(&value);
            rest = end;
        }
        filled + rest
    }
}

/// What is wrong with a template, if anything.
pub fn check(text: &str) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, end)) = after.split_once("}}") else {
            return Err(format!("“{text}” has “{{{{” without “}}}}”"));
        };
        if !NAMES.contains(&name.trim()) {
            return Err(format!("“{{{{{}}}}}” is none of: {}", name.trim(), NAMES.join(", ")));
        }
        rest = end;
    }
    if text.contains('\0') {
        return Err("an argument holds a zero byte".to_owned());
    }
    Ok(())
}

/// Where the program is that a name means, looked for as a shell would; none when there is no such file.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    if name.contains('/') {
        return Some(PathBuf::from(name)).filter(|path| path.is_file());
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(Path::new(name))).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_once() {
        let values = Values { version: "{{port}}", port: 81, instance: 2, product: "shop", env: "prod" };
        assert_eq!(values.fill("--at={{port}} {{ version }} {{unknown}} {{"), "--at=81 {{port}} {{unknown}} {{");
    }

    #[test]
    fn a_misspelt_name_is_found_before_anything_runs() {
        assert_eq!(check("--listen 127.0.0.1:{{port}}"), Ok(()));
        let said = check("{{prot}}").expect_err("no such name");
        assert!(said.contains("{{prot}}") && said.contains("port"), "{said}");
        assert!(check("{{port").is_err());
    }
}
