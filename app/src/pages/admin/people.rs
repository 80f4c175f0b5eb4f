//! Everybody: the list, and the form to invite somebody.

use crate::{
    components::answered,
    failure::Failure,
    forms::{CheckBoxes, Choice, Form, Notice, Submit, TextField},
    icons::Icon,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleView {
    pub people: Vec<PersonLine>,
    pub choices: RoleChoices,
}

/// Where roles can be granted, and which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoices {
    /// `*` and the products, with words.
    pub reaches: Vec<(String, String)>,
    /// Role ids with words.
    pub roles: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonLine {
    pub id: String,
    pub name: String,
    pub email: Option<String>,
    pub roles: String,
    /// Empty while nothing is the matter.
    pub status: String,
}

#[component]
pub fn PeoplePage() -> impl IntoView {
    view! {
        <Title text="People and roles"/>
        <h1>"People and roles"</h1>
        {answered(see_people(), move |view| view! { <People view/> }.into_any())}
    }
}

#[component]
fn People(view: PeopleView) -> impl IntoView {
    let rows: Vec<_> = view
        .people
        .into_iter()
        .map(|person| {
            let PersonLine { id, name, email, roles, status } = person;
            view! {
                <tr>
                    <td><a href=format!("/admin/people/{id}")>{name}</a></td>
                    <td>{email}</td>
                    <td>{roles}</td>
                    <td>{status}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-frame" tabindex="0" role="region" aria-label="People">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Email address"</th>
                        <th scope="col">"Roles"</th>
                        <th scope="col">"Account"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <section class="card" aria-labelledby="invite">
            <h2 id="invite">"Invite somebody"</h2>
            <Form to="/do/invite">
                <TextField name="name" label="Name"/>
                <TextField name="email" label="Email address" kind="email" optional=true hint="To sign in with."/>
                <Choice name="product" label="Roles count in" options=view.choices.reaches/>
                <CheckBoxes name="roles[]" label="Roles" options=view.choices.roles/>
                <Submit label="Make the invitation" icon=Icon::USER_PLUS/>
            </Form>
        </section>
    }
}

#[server(prefix = "/see", endpoint = "people", input = GetUrl)]
pub async fn see_people() -> Result<PeopleView, Failure> {
    crate::failure::answer(on_server::people())
}

#[server(prefix = "/do", endpoint = "invite")]
pub async fn invite(
    name: String,
    #[server(default)] email: String,
    product: String,
    #[server(default)] roles: Vec<String>,
) -> Result<Notice, Failure> {
    crate::failure::answer(on_server::invite(name, email, &product, &roles).await)
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) use on_server::choices;

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use super::{PeopleView, PersonLine, RoleChoices};
    use crate::{
        asking::{Asking, asking},
        forms::Notice,
        pages::admin::person::grant,
        session::noticed,
    };
    use control::people::AddPerson;
    use domain::{
        Refusal,
        person::{Nature, Person},
    };
    use std::collections::BTreeMap;

    pub fn people() -> Result<PeopleView, Refusal> {
        let asking = asking()?;
        asking.administers("see everybody")?;
        let world = asking.control.world();
        let mut people: Vec<PersonLine> = world.people().map(|person| line(&asking, person)).collect();
        people.sort_by_key(|p| p.name.to_lowercase());
        Ok(PeopleView { people, choices: choices(&asking) })
    }

    fn line(asking: &Asking, person: &Person) -> PersonLine {
        let account = asking.control.account(person.id);
        let roles: Vec<String> = person.grants.iter().map(|g| format!("{} in {}", g.role.words(), g.reach)).collect();
        let status = match (person.erased, person.disabled, person.nature) {
            (true, ..) => "erased",
            (_, true, _) => "disabled",
            (.., Nature::Service) => "service",
            _ => "",
        };
        PersonLine {
            id: person.id.to_string(),
            name: asking.control.name(person.id),
            email: account.and_then(|a| a.email),
            roles: roles.join(", ").replace(" in *", " everywhere"),
            status: status.to_owned(),
        }
    }

    pub fn choices(asking: &Asking) -> RoleChoices {
        let world = asking.control.world();
        let mut reaches = vec![("*".to_owned(), "Every product".to_owned())];
        reaches.extend(world.products().map(|p| (p.slug.to_string(), p.name.clone())));
        let mut roles: BTreeMap<String, String> = world
            .playbooks()
            .filter_map(|(_, published)| published.newest())
            .flat_map(|newest| newest.playbook.roles.iter())
            .map(|role| (role.id.to_string(), role.title.clone()))
            .collect();
        roles.insert("administrator".to_owned(), "Administrator (every product)".to_owned());
        RoleChoices { reaches, roles: roles.into_iter().collect() }
    }

    pub async fn invite(name: String, email: String, product: &str, roles: &[String]) -> Result<Notice, Refusal> {
        let asking = asking()?;
        asking.administers("invite people")?;
        let grants = roles.iter().map(|role| grant(product, role)).collect::<Result<_, _>>()?;
        let ask = AddPerson { name, email: Some(email), nature: Nature::Human, grants };
        let invited = asking.control.add_person(asking.actor, ask).await?;
        let name = asking.control.name(invited.person);
        Ok(noticed(Notice {
            title: format!("{name} is invited"),
            text: format!(
                "Give {name} this link. It sets their password, works once, for 7 days, and is shown only now."
            ),
            secret: invited.link.map(|secret| format!("/welcome/{secret}")),
            keeps: false,
        }))
    }
}
