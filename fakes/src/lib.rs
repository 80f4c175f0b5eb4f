//! Other people's services as tests and trials meet them: each request is held against the vendor's published description,
//! and what it brought about is kept in a ledger. A fake that is misused ends the test, so it may panic.

pub mod argo;
pub mod cluster;
pub mod deployment;
pub mod github;
pub mod published;
pub mod service;
pub mod vercel_project;
