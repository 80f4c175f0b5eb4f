//! The way to a cluster's API: bounded in time, one try for each request, no programs and no files of this machine.

use super::fault::{Touch, Unwritten, unwritten};
use crate::veil::Veil;
use control::driver::Fault;
use kube::{
    Api, Client, Config,
    api::{DynamicObject, ListParams, Patch, PatchParams},
    config::{KubeConfigOptions, Kubeconfig},
    core::ApiResource,
};
use serde_json::Value;
use std::{fmt, future::Future, time::Duration};
use tokio::{sync::OnceCell, time::timeout};

/// Who wrote a field, as the cluster keeps it.
const MANAGER: &str = "pilothouse";
const CONNECT: Duration = Duration::from_secs(10);
const TOTAL: Duration = Duration::from_secs(30);

/// Where the way to the cluster is written down.
pub(crate) enum Access {
    /// In the settings.
    Kubeconfig(Box<Kubeconfig>),
    /// In the pod that Pilothouse runs in.
    InCluster,
}

/// One namespace of a cluster.
pub(crate) struct Cluster {
    access: Access,
    pub(crate) namespace: String,
    veil: Veil,
    /// Made with the first request: making it needs the runtime.
    client: OnceCell<Client>,
}

impl Cluster {
    pub(crate) fn new(access: Access, namespace: String, veil: Veil) -> Self {
        Self { access, namespace, veil, client: OnceCell::new() }
    }

    pub(crate) async fn get(&self, kind: &ApiResource, name: &str) -> Result<DynamicObject, Fault> {
        let api = self.api(kind).await?;
        Ok(self.bounded(Touch::Read, api.get(name)).await?)
    }

    pub(crate) async fn list(&self, kind: &ApiResource, selector: &str) -> Result<Vec<DynamicObject>, Fault> {
        let api = self.api(kind).await?;
        let listed = self.bounded(Touch::Read, api.list(&ListParams::default().labels(selector).limit(500))).await?;
        Ok(listed.items)
    }

    /// Changes an object if it is still the one that was read: the patch names its `resourceVersion`.
    pub(crate) async fn patch(
        &self,
        kind: &ApiResource,
        name: &str,
        patch: &Patch<Value>,
    ) -> Result<DynamicObject, Unwritten> {
        let api = self.api(kind).await?;
        self.bounded(Touch::Write, api.patch(name, &parameters(), patch)).await
    }

    /// The same for the status, which is an object of its own.
    pub(crate) async fn patch_status(
        &self,
        kind: &ApiResource,
        name: &str,
        patch: Value,
    ) -> Result<DynamicObject, Unwritten> {
        let api = self.api(kind).await?;
        self.bounded(Touch::Write, api.patch_status(name, &parameters(), &Patch::Merge(patch))).await
    }

    /// Whether a patch would be allowed. Nothing is changed.
    pub(crate) async fn rehearse(&self, kind: &ApiResource, name: &str, patch: &Patch<Value>) -> Result<(), Fault> {
        let api = self.api(kind).await?;
        let parameters = PatchParams { dry_run: true, ..parameters() };
        self.bounded(Touch::Read, api.patch(name, &parameters, patch)).await?;
        Ok(())
    }

    async fn api(&self, kind: &ApiResource) -> Result<Api<DynamicObject>, Fault> {
        let client = self.client.get_or_try_init(|| self.connect()).await?;
        Ok(Api::namespaced_with(client.clone(), &self.namespace, kind))
    }

    async fn connect(&self) -> Result<Client, Fault> {
        // Fails only when somebody was faster, with the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let asked_nothing = |why: &dyn fmt::Display| {
            Fault::not_done(format!("The cluster was not asked: {}.", self.veil.tail(&why.to_string(), 200)))
        };
        let mut config = match &self.access {
            Access::InCluster => Config::incluster().map_err(|why| asked_nothing(&why))?,
            Access::Kubeconfig(file) => {
                let file = Kubeconfig::clone(file);
                Config::from_custom_kubeconfig(file, &KubeConfigOptions::default())
                    .await
                    .map_err(|why| asked_nothing(&why))?
            }
        };
        // kube tries again by itself after 429, 503 and 504, whatever the first try did.
        config.default_retry = false;
        config.connect_timeout = Some(CONNECT);
        config.read_timeout = Some(TOTAL);
        config.write_timeout = Some(TOTAL);
        config.reset_reader_on_write = true;
        config.proxy_url = None;
        Client::try_from(config).map_err(|why| asked_nothing(&why))
    }

    async fn bounded<T>(
        &self,
        touch: Touch,
        asked: impl Future<Output = Result<T, kube::Error>>,
    ) -> Result<T, Unwritten> {
        match timeout(TOTAL, asked).await {
            Ok(answer) => answer.map_err(|error| unwritten(touch, &error, &self.veil)),
            Err(_) if touch == Touch::Read => Err(Fault::not_done("The cluster did not answer in time.").into()),
            Err(_) => {
                Err(Fault::unknown("The cluster was asked, but did not answer in time. It may have acted.").into())
            }
        }
    }
}

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cluster(namespace {})", self.namespace)
    }
}

fn parameters() -> PatchParams {
    // A field that the cluster does not know is refused, not dropped.
    PatchParams::apply(MANAGER).validation_strict()
}
