//! What stands in an address. What cannot be a name or number names nothing that exists.

use domain::{
    Refusal,
    dora::import::ImportId,
    known_issue::KnownIssueId,
    person::{PersonId, Reach, TokenId},
    playbook::{ChecklistId, GateId, PartId, Revision},
    release::ReleaseId,
    slug::{EnvName, PlaybookName, ProductSlug, RoleId},
};

fn part<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, Refusal> {
    let short: String = text.chars().take(60).collect();
    text.parse().map_err(|_| Refusal::not_found(format!("{what} “{short}”")))
}

pub fn product(text: &str) -> Result<ProductSlug, Refusal> {
    part("product", text)
}

pub fn env(text: &str) -> Result<EnvName, Refusal> {
    part("environment", text)
}

pub fn playbook(text: &str) -> Result<PlaybookName, Refusal> {
    part("playbook", text)
}

pub fn checklist(text: &str) -> Result<ChecklistId, Refusal> {
    part("checklist", text)
}

pub fn item(text: &str) -> Result<PartId, Refusal> {
    part("item", text)
}

pub fn gate(text: &str) -> Result<GateId, Refusal> {
    part("gate", text)
}

pub fn revision(text: &str) -> Result<Revision, Refusal> {
    part("revision", text).map(Revision)
}

pub fn known_issue(text: &str) -> Result<KnownIssueId, Refusal> {
    part("known issue", text)
}

pub fn person(text: &str) -> Result<PersonId, Refusal> {
    part("person", text)
}

pub fn token(text: &str) -> Result<TokenId, Refusal> {
    part("token", text)
}

pub fn role(text: &str) -> Result<RoleId, Refusal> {
    part("role", text)
}

pub fn reach(text: &str) -> Result<Reach, Refusal> {
    Reach::try_from(text.to_owned()).map_err(|_| Refusal::not_found(format!("product “{text}”")))
}

pub fn import(text: &str) -> Result<ImportId, Refusal> {
    part("import", text)
}

pub fn release(product_text: &str, version: &str) -> Result<ReleaseId, Refusal> {
    Ok(ReleaseId { product: product(product_text)?, version: part("release", version)? })
}
