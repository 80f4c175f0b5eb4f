//! `token`: API tokens, one's own and, for administrators, everybody's.

use super::{
    client::Client,
    people,
    said::{self, Said, table, text},
};
use clap::{Args, Subcommand};
use http::Method;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Issue a token and print it, this once
    Issue(Issue),
    /// Your tokens, newest first; everybody's for administrators
    List {
        /// Print the answer as JSON
        #[arg(long)]
        json: bool,
    },
    /// Stop a token for ever
    Revoke {
        /// The token's id, as “token list” shows it; not the token itself
        id: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Issue {
    /// Id or e-mail address of whom it speaks for; yourself, when left out
    user: Option<String>,
    /// May come several times: a permission, or “*” for all that the person may
    #[arg(long = "scope", value_name = "PERMISSION", default_value = "*")]
    scopes: Vec<String>,
    /// When it ends, in RFC 3339; never, when left out
    #[arg(long, value_name = "TIME")]
    expires_at: Option<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

impl Token {
    pub async fn run(self) -> Said {
        let client = Client::of_environment()?;
        match self {
            Self::Issue(issue) => issue.run(&client).await,
            Self::List { json } => {
                let all = client.all(&["tokens"]).await?;
                Ok(if json { said::json(&Value::from(all)) } else { table(&all.iter().map(row).collect::<Vec<_>>()) })
            }
            Self::Revoke { id } => {
                client.send(Method::DELETE, &["tokens", &id], None).await?;
                Ok(format!("Token {id} is revoked.\n"))
            }
        }
    }
}

impl Issue {
    async fn run(self, client: &Client) -> Said {
        let user = match &self.user {
            Some(user) => people::meant(client, user).await?,
            None => text(&client.get(&["me"]).await?, "id").to_owned(),
        };
        let mut body = json!({ "user": user, "scopes": self.scopes });
        if let Some(end) = self.expires_at {
            body["expires_at"] = end.into();
        }
        let issued = client.send(Method::POST, &["tokens"], Some(&body)).await?;
        // The token alone on standard output, so that it can go straight into a secret store.
        Ok(if self.json { said::json(&issued) } else { format!("{}\n", text(&issued, "token")) })
    }
}

fn row(token: &Value) -> Vec<String> {
    let scopes = token.get("scopes").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let state = match (token.get("revoked").and_then(Value::as_bool), text(token, "expires_at")) {
        (Some(true), _) => "revoked".to_owned(),
        (_, "") => "without end".to_owned(),
        (_, end) => format!("until {end}"),
    };
    let [id, user, issued] = ["id", "user", "issued_at"].map(|name| text(token, name).to_owned());
    vec![id, format!("for {user}"), format!("issued {issued}"), state, scopes.collect::<Vec<_>>().join(" ")]
}
