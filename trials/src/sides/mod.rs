//! The other sides of drivers, each with a ledger of its own: what was asked of it, and what it really did.

pub mod argo;
pub mod between;
pub mod book;
pub mod command;
pub mod cue;
pub mod github;
pub mod haproxy;
pub mod instance;
pub mod kubernetes;
pub mod local;
pub mod vercel;
pub mod webhook;

use argo::Argo;
use book::Line;
use command::Command;
use cue::Cue;
use github::Github;
use haproxy::Haproxy;
use kubernetes::Kubernetes;
use local::Local;
use serde_json::Value;
use std::{fmt, path::Path, str::FromStr, sync::Arc};
use vercel::Vercel;
use webhook::Webhook;

/// The drivers whose other side stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Local,
    Command,
    Webhook,
    Haproxy,
    GithubActions,
    Kubernetes,
    ArgoRollouts,
    Vercel,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Local,
        Self::Command,
        Self::Webhook,
        Self::Haproxy,
        Self::GithubActions,
        Self::Kubernetes,
        Self::ArgoRollouts,
        Self::Vercel,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Command => "command",
            Self::Webhook => "webhook",
            Self::Haproxy => "haproxy",
            Self::GithubActions => "github-actions",
            Self::Kubernetes => "kubernetes",
            Self::ArgoRollouts => "argo-rollouts",
            Self::Vercel => "vercel",
        }
    }

    /// What ran before is there already and is adopted, not brought.
    pub fn runs_already(self) -> bool {
        self == Self::Haproxy
    }

    /// How often each cell is run.
    pub fn runs(self) -> usize {
        if matches!(self, Self::Local | Self::Command | Self::Webhook) { 20 } else { 5 }
    }

    /// Each call names what it was decided by, so that a call that comes after the one that replaced it is refused.
    pub fn refuses_late_calls(self) -> bool {
        matches!(self, Self::Kubernetes | Self::ArgoRollouts)
    }

    /// What never got traffic is not taken back: there is nothing to do.
    pub fn takes_back_what_was_promoted(self) -> bool {
        self == Self::Vercel
    }

    /// Which of the playbook's strategies the driver can carry out.
    pub fn strategy(self) -> &'static str {
        match self {
            Self::Kubernetes => "rolling",
            Self::Vercel => "blue_green",
            _ => "canary",
        }
    }

    /// The steps of the way in that the other side is told of, in the order in which runs are about them: where there are few,
    /// they come again in another order, as a kill in every second run is to meet each.
    pub fn steps(self) -> &'static [&'static str] {
        match self {
            Self::Kubernetes | Self::Vercel => &["promote", "deploy", "deploy", "promote"],
            Self::ArgoRollouts => &["promote", "deploy", "weight", "weight", "promote"],
            _ => &["promote", "weight", "deploy", "retire"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = Self::ALL.map(Self::name).join(", ");
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or(format!("the drivers here are {known}"))
    }
}

/// One of them at work for one server.
#[derive(Debug)]
pub enum Side {
    Local(Local),
    Command(Command),
    Webhook(Webhook),
    Haproxy(Haproxy),
    Github(Github),
    Kubernetes(Kubernetes),
    Argo(Argo),
    Vercel(Vercel),
}

impl Side {
    /// `data` is the server's data folder.
    pub async fn open(kind: Kind, data: &Path) -> anyhow::Result<Self> {
        Ok(match kind {
            Kind::Local => Self::Local(Local::open(data)),
            Kind::Command => Self::Command(Command::open(data).await?),
            Kind::Webhook => Self::Webhook(Webhook::open().await?),
            Kind::Haproxy => Self::Haproxy(Haproxy::open(data).await?),
            Kind::GithubActions => Self::Github(Github::default()),
            Kind::Kubernetes => Self::Kubernetes(Kubernetes::default()),
            Kind::ArgoRollouts => Self::Argo(Argo::default()),
            Kind::Vercel => Self::Vercel(Vercel::default()),
        })
    }

    /// What the server is told of it, for one product.
    pub async fn connection(&mut self, product: &str) -> anyhow::Result<Value> {
        match self {
            Self::Local(local) => local.connection(product),
            Self::Command(command) => command.connection(),
            Self::Webhook(webhook) => Ok(webhook.connection()),
            Self::Haproxy(haproxy) => haproxy.connection(product).await,
            Self::Github(github) => github.connection(product).await,
            Self::Kubernetes(cluster) => cluster.connection(product).await,
            Self::Argo(cluster) => cluster.connection(product).await,
            Self::Vercel(vercel) => vercel.connection(product).await,
        }
    }

    /// To be called once the server has been told.
    pub async fn connected(&mut self) -> anyhow::Result<()> {
        match self {
            Self::Local(local) => local.connected().await,
            _ => Ok(()),
        }
    }

    pub fn cue(&self) -> &Arc<Cue> {
        match self {
            Self::Local(local) => &local.cue,
            Self::Command(command) => &command.cue,
            Self::Webhook(webhook) => &webhook.cue,
            Self::Haproxy(haproxy) => &haproxy.cue,
            Self::Github(github) => &github.cue,
            Self::Kubernetes(cluster) => &cluster.cue,
            Self::Argo(cluster) => &cluster.cue,
            Self::Vercel(vercel) => &vercel.cue,
        }
    }

    /// Everything about a product, in the order in which it happened.
    pub fn book(&self, product: &str) -> anyhow::Result<Vec<Line>> {
        let all = match self {
            Self::Local(local) => local.lines()?,
            Self::Command(command) => command.lines()?,
            Self::Webhook(webhook) => webhook.lines(),
            Self::Haproxy(haproxy) => haproxy.lines()?,
            Self::Github(github) => github.lines(),
            Self::Kubernetes(cluster) => cluster.lines(),
            Self::Argo(cluster) => cluster.lines(),
            Self::Vercel(vercel) => vercel.lines(),
        };
        Ok(book::of(&all, product))
    }

    /// What beside the ledger speaks against it having happened once.
    pub fn oddities(&self, product: &str) -> anyhow::Result<Vec<String>> {
        match self {
            Self::Local(local) => local.oddities(product),
            _ => Ok(Vec::new()),
        }
    }

    /// Nothing more will be asked about this product.
    pub async fn forget(&mut self, product: &str) -> anyhow::Result<()> {
        match self {
            Self::Local(local) => local.forget(product).await,
            Self::Haproxy(haproxy) => haproxy.forget(product).await,
            Self::Github(github) => {
                github.forget(product);
                Ok(())
            }
            Self::Kubernetes(cluster) => {
                cluster.forget(product);
                Ok(())
            }
            Self::Argo(cluster) => {
                cluster.forget(product);
                Ok(())
            }
            Self::Vercel(vercel) => {
                vercel.forget(product);
                Ok(())
            }
            Self::Command(_) | Self::Webhook(_) => Ok(()),
        }
    }
}
