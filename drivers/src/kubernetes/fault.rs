//! What an error on the way to a cluster means for a second try.

use crate::veil::Veil;
use control::driver::Fault;
use hyper_util::client::legacy;
use kube::core::Status;
use std::error::Error;

const QUOTED: usize = 300;

/// Whether the request could change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    Read,
    Write,
}

/// A request that was not answered well.
#[derive(Debug)]
pub(crate) struct Unwritten {
    fault: Fault,
    /// Nothing was written, because the object is no longer the one that was read.
    pub conflict: bool,
}

impl From<Unwritten> for Fault {
    fn from(unwritten: Unwritten) -> Self {
        unwritten.fault
    }
}

impl From<Fault> for Unwritten {
    fn from(fault: Fault) -> Self {
        Self { fault, conflict: false }
    }
}

pub(super) fn unwritten(touch: Touch, error: &kube::Error, veil: &Veil) -> Unwritten {
    let conflict = matches!(error, kube::Error::Api(status) if status.code == 409);
    Unwritten { fault: fault(touch, error, veil), conflict }
}

fn fault(touch: Touch, error: &kube::Error, veil: &Veil) -> Fault {
    let why = veil.tail(&cause(error), QUOTED);
    match error {
        kube::Error::Api(status) => answered(touch, status, veil),
        kube::Error::Service(inner)
            if found::<legacy::Error>(inner.as_ref()).is_some_and(legacy::Error::is_connect) =>
        {
            Fault::not_done(format!("The cluster cannot be reached: {why}. Nothing was sent."))
        }
        kube::Error::Service(_)
        | kube::Error::HyperError(_)
        | kube::Error::SerdeError(_)
        | kube::Error::FromUtf8(_)
            if touch == Touch::Write =>
        {
            Fault::unknown(format!("The cluster was asked, but its reply was lost: {why}. It may have acted."))
        }
        _ => Fault::not_done(format!("The cluster could not be asked: {why}.")),
    }
}

fn answered(touch: Touch, status: &Status, veil: &Veil) -> Fault {
    let code = status.code;
    let quote = veil.tail(&status.message, QUOTED);
    let later = status.details.as_ref().is_some_and(|details| details.retry_after_seconds > 0);
    match code {
        409 => Fault::not_done(format!("Somebody else changed it at the same moment; nothing was done ({quote}).")),
        429 => Fault::not_done(format!("The cluster answered 429, not now: {quote}")),
        503 if later => Fault::not_done(format!("The cluster answered 503, not now: {quote}")),
        401 => Fault::declined(format!("The cluster does not accept the credentials (401): {quote}")),
        403 => Fault::declined(format!(
            "The cluster does not allow it (403): {quote}. Who runs the cluster can give the role that the driver's page lists."
        )),
        404 => Fault::declined(format!("The cluster has no such object (404): {quote}")),
        400..=499 => Fault::declined(format!("The cluster declined with {code}: {quote}")),
        _ if touch == Touch::Read => Fault::not_done(format!("The cluster answered {code}: {quote}")),
        _ => Fault::unknown(format!("The cluster answered {code}; whether it acted is not known: {quote}")),
    }
}

/// The last cause says most.
fn cause(error: &(dyn Error + 'static)) -> String {
    match error.source() {
        Some(inner) => cause(inner),
        None => error.to_string(),
    }
}

fn found<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    error.downcast_ref().or_else(|| error.source().and_then(found))
}
