//! The drivers against fakes of their services: each request is held against the vendor's published description, and what it
//! brought about is counted in the fake's own ledger.

use fakes::{argo, cluster, deployment, github, service, vercel_project};

mod argo_rollouts;
mod github_actions;
mod given;
mod kubernetes;
mod stands;
mod vercel;
