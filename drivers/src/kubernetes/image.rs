//! The image of a version, and the version of an image.

use crate::{
    settings::wrong,
    template::{self, Template, Values},
};
use control::driver::{Fault, Task};
use domain::{Refusal, environment::EnvironmentId, release::Version};

const PLACES: [&str; 4] = ["version", "env", "product", "artifact"];
/// Stands in for the version where the text around it is looked for. No image holds it.
const GAP: &str = "\u{0}";

/// How a version's image is called.
#[derive(Debug)]
pub(crate) struct Image {
    template: Template,
    place: EnvironmentId,
}

impl Image {
    pub(super) fn parse(text: &str, place: &EnvironmentId) -> Result<Self, Refusal> {
        if !text.contains("version") && !text.contains("artifact") {
            return Err(wrong("image", format!("“{text}”"), "a name with {{version}} or {{artifact}} in it"));
        }
        Ok(Self { template: Template::parse("image", text, &PLACES)?, place: place.clone() })
    }

    pub(crate) fn of(&self, task: &Task) -> Result<String, Fault> {
        let image = self.template.fill(&template::values(task))?;
        // What a tag cannot hold, such as the + of build metadata, would be taken in and never be found.
        let letter = |c: char| c.is_ascii_alphanumeric() || ".-_/:@".contains(c);
        if image.is_empty() || !image.chars().all(letter) {
            return Err(Fault::declined(format!("“{image}” cannot be the name of an image. See the setting “image”.")));
        }
        Ok(image)
    }

    /// The version that the image is called after; none where the name does not tell.
    pub(crate) fn version(&self, image: &str) -> Option<Version> {
        let mut values: Values = template::of_place(&self.place);
        values.insert("version", GAP.to_owned());
        let around = self.template.fill(&values).ok()?;
        let (before, after) = around.split_once(GAP)?;
        image.strip_prefix(before)?.strip_suffix(after)?.parse().ok()
    }
}
