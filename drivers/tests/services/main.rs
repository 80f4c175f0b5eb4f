//! The drivers against fakes of their services: each request is held against the vendor's published description, and what it
//! brought about is counted in the fake's own ledger.

mod argo;
mod argo_rollouts;
mod cluster;
mod github;
mod github_actions;
mod given;
mod kubernetes;
mod published;
mod service;
mod stands;
mod vercel;
mod vercel_project;
