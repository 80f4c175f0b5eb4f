//! Background work under supervision: when any of it ends before it was told to, the whole process is told.

use std::{future::Future, sync::Arc};
use tokio::sync::{Mutex, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// All background tasks of a process.
#[derive(Debug, Clone)]
pub struct Tasks {
    stop: CancellationToken,
    tracker: TaskTracker,
    failed: mpsc::UnboundedSender<String>,
    failures: Arc<Mutex<mpsc::UnboundedReceiver<String>>>,
}

impl Default for Tasks {
    fn default() -> Self {
        let (failed, failures) = mpsc::unbounded_channel();
        Self {
            stop: CancellationToken::new(),
            tracker: TaskTracker::new(),
            failed,
            failures: Arc::new(Mutex::new(failures)),
        }
    }
}

impl Tasks {
    /// Cancelled when the process is to stop.
    pub fn stop_signal(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Runs `work` until it ends; its end before the stop signal, or its panic, is a failure of the process.
    pub fn spawn(&self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let (stop, failed) = (self.stop.clone(), self.failed.clone());
        let running = self.tracker.spawn(work);
        self.tracker.spawn(async move {
            let why = match running.await {
                Ok(()) if stop.is_cancelled() => return,
                Ok(()) => format!("the background task “{name}” ended by itself"),
                Err(error) => format!("the background task “{name}” failed: {error}"),
            };
            // Nobody listens any more once the process is stopping.
            let _ = failed.send(why);
        });
    }

    /// Waits until some task ends although nobody asked it to; says which and why.
    pub async fn first_failure(&self) -> String {
        match self.failures.lock().await.recv().await {
            Some(why) => why,
            None => std::future::pending().await,
        }
    }

    /// Tells all to stop and waits for them.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}
