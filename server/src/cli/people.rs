//! `user`: people, for administrators.

use super::{
    client::Client,
    said::{self, Fail, Said, table, text},
};
use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add somebody and print the link by which they set their password
    Add(Add),
    /// Everybody, newest first
    List {
        /// Print the answer as JSON
        #[arg(long)]
        json: bool,
    },
    /// Sign somebody out and stop their tokens until they are enabled again
    Disable {
        /// Id or e-mail address
        user: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Let somebody who was disabled in again
    Enable {
        /// Id or e-mail address
        user: String,
    },
    /// Print a new link to set a password; links made earlier stop working
    Link {
        /// Id or e-mail address
        user: String,
    },
    /// Erase name, address and secrets for ever; decisions stay under the id
    Erase {
        /// Id or e-mail address
        user: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    name: String,
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// May come several times; the product “*” means everywhere
    #[arg(long = "role", value_name = "ROLE@PRODUCT", value_parser = role)]
    roles: Vec<Role>,
    /// A machine account: it has tokens but no password
    #[arg(long)]
    service: bool,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

/// A role and where it counts.
#[derive(Debug, Clone)]
struct Role(String, String);

fn role(text: &str) -> Result<Role, String> {
    let (role, product) = text.split_once('@').filter(|(role, product)| !role.is_empty() && !product.is_empty()).ok_or(
        "allowed is ROLE@PRODUCT such as product_manager@shop, or ROLE@* for a role held everywhere (administrator@*)",
    )?;
    Ok(Role(role.to_owned(), product.to_owned()))
}

impl User {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        match self {
            Self::Add(add) => add.run(&client).await,
            Self::List { json } => {
                let all = client.all(&["users"]).await?;
                Ok(if json { said::json(&Value::from(all)) } else { table(&all.iter().map(row).collect::<Vec<_>>()) })
            }
            Self::Disable { user, reason } => {
                let change = json!({ "disabled": true, "reason": reason });
                changed(&client, Method::PATCH, &user, Some(&change), "disabled").await
            }
            Self::Enable { user } => {
                changed(&client, Method::PATCH, &user, Some(&json!({ "disabled": false })), "enabled").await
            }
            Self::Erase { user } => changed(&client, Method::DELETE, &user, None, "erased").await,
            Self::Link { user } => {
                let id = meant(&client, &user).await?;
                let made = client.send(Method::POST, &["users", &id, "link"], None).await?;
                Ok(format!("{}\n", text(&made, "invite_url")))
            }
        }
    }
}

impl Add {
    async fn run(self, client: &Client) -> Said {
        let roles: Vec<Value> =
            self.roles.into_iter().map(|Role(role, product)| json!({ "role": role, "product": product })).collect();
        let nature = if self.service { "service" } else { "human" };
        let mut body = json!({ "name": self.name, "roles": roles, "nature": nature });
        if let Some(email) = self.email {
            body["email"] = email.into();
        }
        let added = client.send(Method::POST, &["users"], Some(&body)).await?;
        if self.json {
            return Ok(said::json(&added));
        }
        let id = text(&added, "id");
        Ok(match text(&added, "invite_url") {
            "" => format!("Added {} as {id}. A token for it: pilothouse token issue {id}\n", self.name),
            link => format!("Added {} as {id}. Their link, good once within a week: {link}\n", self.name),
        })
    }
}

async fn changed(client: &Client, method: Method, user: &str, body: Option<&Value>, done: &str) -> Said {
    let id = meant(client, user).await?;
    let person = client.send(method, &["users", &id], body).await?;
    let name = text(&person, "name");
    Ok(format!("{} is {done}.\n", if name.is_empty() { &id } else { name }))
}

/// The id of somebody named by id or e-mail address.
pub(super) async fn meant(client: &Client, user: &str) -> Result<String, Fail> {
    if !user.contains('@') {
        return Ok(user.to_owned());
    }
    let all = client.all(&["users"]).await?;
    let found = all.iter().find(|person| text(person, "email").eq_ignore_ascii_case(user));
    found
        .map(|person| text(person, "id").to_owned())
        .ok_or_else(|| Fail::refused(format!("nobody has the address {user}; “pilothouse user list” shows everybody")))
}

fn row(person: &Value) -> Vec<String> {
    let roles = person.get("roles").and_then(Value::as_array).into_iter().flatten();
    let roles: Vec<String> = roles.map(|r| format!("{}@{}", text(r, "role"), text(r, "product"))).collect();
    let is = |field: &str| person.get(field).and_then(Value::as_bool) == Some(true);
    let state = match (is("erased"), is("disabled")) {
        (true, _) => "erased",
        (_, true) => "disabled",
        _ => text(person, "nature"),
    };
    let shown = |field: &str| Some(text(person, field)).filter(|t| !t.is_empty()).unwrap_or("–").to_owned();
    let roles = if roles.is_empty() { "no roles".to_owned() } else { roles.join(" ") };
    vec![shown("id"), shown("name"), shown("email"), state.to_owned(), roles]
}

#[cfg(test)]
mod tests {
    use super::role;

    #[test]
    fn a_role_says_where_it_counts() {
        let role_of = |text| role(text).map(|super::Role(role, product)| (role, product));
        assert_eq!(role_of("on_call@shop"), Ok(("on_call".to_owned(), "shop".to_owned())));
        assert_eq!(role_of("administrator@*"), Ok(("administrator".to_owned(), "*".to_owned())));
        for wrong in ["on_call", "@shop", "on_call@", ""] {
            assert!(role_of(wrong).unwrap_err().contains("ROLE@PRODUCT"), "{wrong}");
        }
    }
}
