//! The creator, an editor and the issuer of a token try to wave their own work through: by token, by session, by page.

use crate::{
    client::{Answer, Client, Credential},
    place::Place,
    rest::{self, Person},
    service::Service,
};
use control::vault::Session;
use domain::{digest::sha256_hex, person::PersonId};
use serde_json::json;
use std::{
    io,
    net::SocketAddr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// Engineering leads may author and approve: only the rule keeps them from doing both.
#[derive(Debug, Clone)]
pub struct Authors {
    creator: Person,
    editor: Person,
    /// May administer, and edits too.
    issuer: Person,
    /// Approves with a token that `issuer` made.
    bearer: Person,
    /// Sessions of creator and editor.
    sessions: Vec<(&'static str, String)>,
    /// A session of somebody who may approve: the same form works for them.
    witness: String,
}

/// An attempt, and how it was answered.
#[derive(Debug)]
pub struct Refused {
    pub who: &'static str,
    /// A page answers a refused form with a page or a redirection; there only the record tells.
    pub by_page: bool,
    pub status: u16,
}

impl Authors {
    pub async fn set_up(service: &Service, place: &Place) -> anyhow::Result<Self> {
        let mut admin = service.admin();
        let creator = rest::person(&mut admin, "Creator", "engineering_lead").await?;
        let editor = rest::person(&mut admin, "Editor", "engineering_lead").await?;
        let issuer = rest::person(&mut admin, "Issuer", "administrator").await?;
        let mut bearer = rest::person(&mut admin, "Bearer", "product_manager").await?;
        bearer.token = rest::token(&mut issuer.client(service.address), &bearer.id).await?;
        let mut sessions = Vec::new();
        for (who, person) in [("the creator by session", &creator), ("an editor by session", &editor)] {
            sessions.push((who, session(place, person).await?));
        }
        let witness = rest::person(&mut admin, "Witness", "product_manager").await?;
        let witness = session(place, &witness).await?;
        Ok(Self { creator, editor, issuer, bearer, sessions, witness })
    }

    pub async fn create(&self, address: SocketAddr) -> anyhow::Result<String> {
        rest::release(&mut self.creator.client(address), "As created").await
    }

    /// Editor and issuer make themselves authors of it.
    pub async fn touch(&self, address: SocketAddr, version: &str) -> anyhow::Result<()> {
        for (person, title) in [(&self.issuer, "As the issuer edited it"), (&self.editor, "As the editor edited it")] {
            let body = json!({ "title": title });
            person.client(address).must("PATCH", &rest::address(version), Some(&body)).await?;
        }
        Ok(())
    }

    /// Whose approvals of their own work may not be found anywhere.
    pub fn ids(&self) -> [&str; 4] {
        [&self.creator.id, &self.editor.id, &self.issuer.id, &self.bearer.id]
    }

    pub fn editor(&self, address: SocketAddr) -> Client {
        self.editor.client(address)
    }

    /// What the authors are refused works for somebody else; else their refusal would say nothing.
    pub async fn approve_by_page(&self, address: SocketAddr, version: &str) -> anyhow::Result<()> {
        let mut client = Client::new(address, Credential::Session(self.witness.clone()));
        let digest = rest::text(&client.must("GET", &rest::address(version), None).await?, "digest")?;
        fill_in(&mut client, version, "product_manager", &digest).await?;
        Ok(())
    }

    /// Keeps trying until told to end, then once more.
    pub async fn approve_own(self, address: SocketAddr, version: &str, ended: &AtomicBool) -> Vec<Refused> {
        let mut clients = vec![
            ("the creator by token", "engineering_lead", self.creator.client(address)),
            ("an editor by token", "engineering_lead", self.editor.client(address)),
            ("a bearer of the issuer's token", "product_manager", self.bearer.client(address)),
        ];
        for (who, secret) in self.sessions {
            clients.push((who, "engineering_lead", Client::new(address, Credential::Session(secret))));
        }
        let mut refused = Vec::new();
        loop {
            let last = ended.load(Ordering::Relaxed);
            for (who, role, client) in &mut clients {
                let Ok(seen) = client.get(&rest::address(version)).await else { continue };
                let seen = seen.json()["digest"].as_str().unwrap_or_default().to_owned();
                let path = format!("{}/approvals", rest::address(version));
                let answer = client.post(&path, &rest::decision(role, &seen)).await;
                refused.push(Refused { who, by_page: false, status: answer.map_or(0, |answer| answer.status) });
                if client.is_browser() {
                    let answer = fill_in(client, version, role, &seen).await;
                    refused.push(Refused { who, by_page: true, status: answer.map_or(0, |answer| answer.status) });
                }
            }
            if last {
                return refused;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// The form on the page of a release.
async fn fill_in(client: &mut Client, version: &str, role: &str, digest: &str) -> io::Result<Answer> {
    let release = [("product", rest::PRODUCT), ("version", version), ("digest", digest)];
    client.form("/do/approve", &[&release[..], &[("role", role), ("verdict", "approve")]].concat()).await
}

/// Signs somebody in beside the running server; the secret of the cookie.
async fn session(place: &Place, person: &Person) -> anyhow::Result<String> {
    let secret = format!("session-of-{}", person.id);
    let now = crate::seed::now();
    let hash = sha256_hex(secret.as_bytes());
    let (by, expires_at) = (PersonId(person.id.parse()?), now + chrono::Duration::days(1));
    let journal = store::open(&place.location()).await?;
    journal.put_session(&Session { hash, person: by, created_at: now, expires_at }).await?;
    Ok(secret)
}
