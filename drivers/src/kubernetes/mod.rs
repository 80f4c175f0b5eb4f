//! Kubernetes deployments.
