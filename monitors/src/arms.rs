//! How a source tells arms and services apart: by a label it groups by, or by being asked once for each.

use control::{
    driver::{Field, FieldKind},
    monitor::{Arm, Asking, Missing},
};
use domain::{Refusal, environment::EnvironmentId, text};
use outbound::{
    settings::{Read, wrong},
    template::{Template, Values},
};

pub const SERVICES: Field = Field {
    name: "services",
    title: "Services",
    help: "The services of this environment as the source calls them, one a line; the product when left empty",
    kind: FieldKind::Argv,
    required: false,
};
pub const SERVICE_LABEL: Field = Field {
    name: "service_label",
    title: "Label of the service",
    help: "The label by which queries group services, e.g. service; needed where one query answers for several",
    kind: FieldKind::Text,
    required: false,
};
pub const ARM_LABEL: Field = Field {
    name: "arm_label",
    title: "Label of the arm",
    help: "The label by which the two versions are told apart, e.g. version (which is so when left empty) or track",
    kind: FieldKind::Text,
    required: false,
};
pub const STABLE_VALUE: Field = Field {
    name: "stable_value",
    title: "What runs is called",
    help: "The value of that label for the version that runs, e.g. {{version}} (when left empty), v{{version}} or stable",
    kind: FieldKind::Text,
    required: false,
};
pub const CANARY_VALUE: Field = Field {
    name: "canary_value",
    title: "What comes in is called",
    help: "The value of that label for the version that comes in, e.g. {{version}} (when left empty) or canary",
    kind: FieldKind::Text,
    required: false,
};

/// What every query can fill in.
pub const PLACES: [&str; 5] = ["service", "arm", "env", "product", "window"];

/// The names that an environment has in a source.
#[derive(Debug, Clone)]
pub struct Names {
    place: EnvironmentId,
    pub services: Vec<String>,
    pub service_label: Option<String>,
    pub arm_label: String,
    stable: Template,
    canary: Template,
}

/// An arm under the name that the source has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub arm: Arm,
    pub name: String,
}

impl Names {
    pub fn read(place: &EnvironmentId, read: Read<'_>) -> Result<Self, Refusal> {
        let services = match read.list("services") {
            Some(services) => services.iter().map(|name| name.trim().to_owned()).collect(),
            None => vec![place.product.to_string()],
        };
        if services.len() > 100 {
            return Err(wrong("services", format!("{} services", services.len()), "at most 100"));
        }
        let value = |field| Template::parse(field, read.text(field).unwrap_or("{{version}}"), &["version"]);
        Ok(Self {
            place: place.clone(),
            services,
            service_label: read.text("service_label").map(|text| label("service_label", text)).transpose()?,
            arm_label: label("arm_label", read.text("arm_label").unwrap_or("version"))?,
            stable: value("stable_value")?,
            canary: value("canary_value")?,
        })
    }

    /// The arms as the source calls them. Two that are called alike cannot be told apart.
    pub fn arms(&self, arms: &[Asking]) -> Result<Vec<Named>, Missing> {
        let mut named: Vec<Named> = Vec::new();
        for Asking { arm, version } in arms {
            let template = match arm {
                Arm::Stable => &self.stable,
                Arm::Canary => &self.canary,
            };
            let values = Values::from([("version", version.to_string())]);
            let name = template.fill(&values).map_err(|fault| Missing::failed(fault.said))?;
            if let Some(same) = named.iter().find(|other| other.name == name) {
                let why = format!(
                    "{} and {arm} are both called “{name}” in the source, which cannot tell them apart: set stable_value and \
                     canary_value.",
                    same.arm
                );
                return Err(Missing::failed(why));
            }
            named.push(Named { arm: *arm, name });
        }
        Ok(named)
    }

    /// What can be filled in; the window in seconds is written as sources write it.
    pub fn values(&self, service: Option<&str>, arm: Option<&str>, window: u32) -> Values {
        let mut values = Values::from([
            ("env", self.place.env.to_string()),
            ("product", self.place.product.to_string()),
            ("window", format!("{window}s")),
        ]);
        values.extend(service.map(|service| ("service", service.to_owned())));
        values.extend(arm.map(|arm| ("arm", arm.to_owned())));
        values
    }

    /// Refused when nothing in the text tells arms, or services, apart. `groups` says whether it groups by a label.
    pub fn told_apart(&self, field: &str, template: &Template, groups: impl Fn(&str) -> bool) -> Result<(), Refusal> {
        if !template.has("arm") && !groups(&self.arm_label) {
            let allowed = format!("a query that groups by the label {} or has {{{{arm}}}} in it", self.arm_label);
            return Err(wrong(field, "nothing that tells the two versions apart", allowed));
        }
        let grouped = self.service_label.as_deref().is_some_and(groups);
        if self.services.len() > 1 && !template.has("service") && !grouped {
            let allowed = "a query that has {{service}} in it, or groups by the label that service_label names";
            let found = format!("nothing that tells {} apart", text::list(&self.services));
            return Err(wrong(field, found, allowed));
        }
        Ok(())
    }
}

fn label(field: &str, text: &str) -> Result<String, Refusal> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.is_empty() || !text.chars().all(good) || text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(wrong(field, format!("“{text}”"), "the name of a label such as version: letters, digits and _"));
    }
    Ok(text.to_owned())
}
