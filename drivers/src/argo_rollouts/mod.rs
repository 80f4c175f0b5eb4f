//! Argo Rollouts.
