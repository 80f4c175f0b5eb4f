//! The form of a driver: what it says of its fields, and how one sees that what runs is well.

use super::{
    CONNECT,
    connection::{ConnectionForm, Own},
    words,
};
use crate::forms::{TextArea, TextField};
use control::driver::{DriverKind, Field};
use domain::environment::{Connection, EnvironmentId};
use leptos::prelude::*;

#[component]
pub(super) fn DriverForm(
    id: EnvironmentId,
    kind: DriverKind,
    fields: &'static [Field],
    set: Option<Connection>,
) -> impl IntoView {
    // The values of another driver mean nothing to this one.
    let own = set.clone().filter(|connection| connection.driver == kind.name());
    let own = own.map(|connection| Own { settings: connection.settings, secrets: connection.secrets });
    let about =
        vec![("product", id.product.to_string()), ("env", id.env.to_string()), ("driver", kind.name().to_owned())];
    let smoke = words::programs_written(set.as_ref().map(|c| c.smoke.as_slice()).unwrap_or_default());
    let health = set.and_then(|connection| connection.health).unwrap_or_default();
    let summary = format!(" {} for {}", kind.name(), id.env);
    view! {
        <ConnectionForm to=CONNECT about id=format!("driver-{}", id.env) summary fields own>
            <TextArea
                name="smoke"
                label="Smoke commands"
                value=smoke
                hint="What shows that the version is well: one word a line, an empty line between commands. No shell is involved."
                optional=true
                mono=true
            />
            <TextField name="health" label="Health address" value=health optional=true hint="Answers with 2xx when all is well, such as https://shop.example/health"/>
        </ConnectionForm>
    }
}
