//! Playbooks as they are: environments, types with their approvals, roles with what they may do.

use crate::{components::answered, failure::Failure};
use domain::playbook::Playbook;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use leptos_meta::Title;

#[component]
pub fn PlaybooksPage() -> impl IntoView {
    view! {
        <Title text="Playbooks"/>
        <h1>"Playbooks"</h1>
        <p class="lead">"A playbook is a team’s release procedure. A release stays on the revision it was created with."</p>
        {answered(see_playbooks(), |all| {
            all.into_iter().map(|(revision, playbook)| view! { <One revision playbook/> }).collect_view().into_any()
        })}
    }
}

#[component]
fn One(revision: u32, playbook: Playbook) -> impl IntoView {
    let Playbook { name, title, summary, environments, roles, types, .. } = playbook;
    let environments: Vec<_> =
        environments.into_iter().map(|e| view! { <li><b>{e.name.to_string()}</b> ": " {e.purpose}</li> }).collect();
    let types: Vec<_> = types
        .into_iter()
        .map(|kind| {
            let approvals: Vec<String> = kind
                .approvals
                .iter()
                .map(|a| if a.count == 1 { a.role.words() } else { format!("{} × {}", a.count, a.role.words()) })
                .collect();
            let approvals = if approvals.is_empty() { "nobody".to_owned() } else { approvals.join(" and ") };
            view! {
                <tr>
                    <td><b>{kind.title}</b></td>
                    <td>{kind.bump.name()}</td>
                    <td>{kind.when}</td>
                    <td>{approvals}</td>
                </tr>
            }
        })
        .collect();
    let roles: Vec<_> = roles
        .into_iter()
        .map(|role| {
            let may: Vec<&str> = role.permissions.iter().map(|p| p.name()).collect();
            let may =
                if may.is_empty() { "view and hold".to_owned() } else { format!("view, hold, {}", may.join(", ")) };
            view! { <tr><td><b>{role.title}</b></td><td>{role.duty}</td><td>{may.replace('_', " ")}</td></tr> }
        })
        .collect();
    let heading = format!("playbook-{name}");
    let labelled = heading.clone();
    view! {
        <section class="card" aria-labelledby=labelled>
            <h2 id=heading>{title}</h2>
            <p class="meta"><code>{name.to_string()}</code> " revision " {revision.to_string()}</p>
            <p>{summary}</p>
            <h3>"Environments"</h3>
            <ul>{environments}</ul>
            <h3>"Release types"</h3>
            <div class="table-frame" tabindex="0" role="region" aria-label=format!("Release types of {name}")>
                <table>
                    <thead><tr>
                        <th scope="col">"Type"</th><th scope="col">"Raises"</th><th scope="col">"When"</th>
                        <th scope="col">"Approved by"</th>
                    </tr></thead>
                    <tbody>{types}</tbody>
                </table>
            </div>
            <details>
                <summary>"Roles"</summary>
                <div class="table-frame" tabindex="0" role="region" aria-label=format!("Roles of {name}")>
                    <table>
                        <thead><tr>
                            <th scope="col">"Role"</th><th scope="col">"Duty"</th><th scope="col">"May"</th>
                        </tr></thead>
                        <tbody>{roles}</tbody>
                    </table>
                </div>
            </details>
        </section>
    }
}

/// The newest revision of each.
#[server(prefix = "/see", endpoint = "playbooks", input = GetUrl)]
pub async fn see_playbooks() -> Result<Vec<(u32, Playbook)>, Failure> {
    crate::failure::answer(on_server::playbooks())
}

#[cfg(not(target_arch = "wasm32"))]
mod on_server {
    use domain::{Refusal, playbook::Playbook};

    pub fn playbooks() -> Result<Vec<(u32, Playbook)>, Refusal> {
        let asking = crate::asking::asking()?;
        let world = asking.control.world();
        let newest = world.playbooks().filter_map(|(_, published)| published.newest().cloned());
        Ok(newest.map(|(revision, playbook)| (revision.0, playbook)).collect())
    }
}
