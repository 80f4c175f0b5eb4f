//! What is set for a workload in a cluster.

use super::{
    cluster::{Access, Cluster},
    image::Image,
    kubeconfig,
};
use crate::{
    settings::{self, wrong},
    veil::Veil,
};
use control::driver::{Connection, Field, FieldKind};
use domain::{Refusal, environment::EnvironmentId};

/// The fields of the form, in its order.
pub const FIELDS: &[Field] = &[
    KUBECONFIG,
    IN_CLUSTER,
    NAMESPACE,
    Field {
        name: "deployment",
        title: "Deployment",
        help: "The name of the Deployment, such as shop.",
        kind: FieldKind::Text,
        required: true,
    },
    CONTAINER,
    IMAGE,
    ALLOW_HOSTS,
];

pub(crate) const KUBECONFIG: Field = Field {
    name: "kubeconfig",
    title: "Kubeconfig",
    help: "The way to the cluster, with the token of a service account. Certificates stand in the text; programs and files are refused.",
    kind: FieldKind::Secret,
    required: false,
};
pub(crate) const IN_CLUSTER: Field = Field {
    name: "in_cluster",
    title: "This cluster",
    help: "Instead of a kubeconfig: the cluster that Pilothouse itself runs in, by the service account of its pod.",
    kind: FieldKind::Switch,
    required: false,
};
pub(crate) const NAMESPACE: Field = Field {
    name: "namespace",
    title: "Namespace",
    help: "Where it runs, such as production.",
    kind: FieldKind::Text,
    required: true,
};
pub(crate) const CONTAINER: Field = Field {
    name: "container",
    title: "Container",
    help: "The container whose image changes with the version, such as app.",
    kind: FieldKind::Text,
    required: true,
};
pub(crate) const IMAGE: Field = Field {
    name: "image",
    title: "Image",
    help: "The image of a version, such as registry.example/shop:{{version}}, or {{artifact}} for the release's first artifact by its digest.",
    kind: FieldKind::Text,
    required: true,
};
pub(crate) const ALLOW_HOSTS: Field = Field {
    name: "allow_hosts",
    title: "Hosts without TLS",
    help: "Hosts of clusters that may be asked without TLS, one a line. Empty: none.",
    kind: FieldKind::Argv,
    required: false,
};

pub(crate) struct Set {
    pub cluster: Cluster,
    pub name: String,
    pub container: String,
    pub image: Image,
}

/// `workload` is the field that names the object.
pub(crate) fn read(
    place: &EnvironmentId,
    connection: &Connection,
    fields: &[Field],
    workload: &str,
) -> Result<Set, Refusal> {
    let read = settings::read(connection, fields)?;
    let label = |field: &str| {
        let name = read.needed(field)?;
        let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        if name.len() <= 253 && name.chars().all(letter) && !name.starts_with(['-', '.']) && !name.ends_with(['-', '.'])
        {
            Ok(name.to_owned())
        } else {
            Err(wrong(field, format!("“{name}”"), "a name of small letters, digits, “-” and “.”, such as shop"))
        }
    };
    let (access, veil) = match (read.secret("kubeconfig"), read.switch("in_cluster")) {
        (Some(text), false) => {
            let file = kubeconfig::read(text, &read.list("allow_hosts").unwrap_or_default())?;
            (Access::Kubeconfig(Box::new(file)), kubeconfig::veil(text))
        }
        (None, true) => (Access::InCluster, Veil::default()),
        (Some(_), true) => return Err(wrong("in_cluster", "yes, and a kubeconfig as well", "one of the two")),
        (None, false) => return Err(wrong("kubeconfig", "nothing", "a kubeconfig, unless in_cluster is yes")),
    };
    Ok(Set {
        cluster: Cluster::new(access, label("namespace")?, veil),
        name: label(workload)?,
        container: label("container")?,
        image: Image::parse(read.needed("image")?, place)?,
    })
}
