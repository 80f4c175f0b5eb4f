//! How orders are taken in: each key once, never a smaller number after a greater, written down before anything happens.

use super::{Service, job::Job};
use crate::{
    ledger::Mark,
    protocol::{Action, Answer, Order, Outcome},
    state::Desired,
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Short work is waited for, so that the answer says how it ended.
const WAITED_FOR: Duration = Duration::from_millis(700);

impl Service {
    pub(crate) async fn apply(self: &Arc<Self>, order: Order) -> Answer {
        let (key, ended) = {
            let mut job = self.job.lock().await;
            match self.yard.ledger.outcome(order.key) {
                Outcome::NeverSeen => {}
                Outcome::Running { said } => match job.as_ref().filter(|job| job.key == order.key) {
                    Some(job) => return self.settled(order.key, job.ended.clone()).await,
                    None => return Answer::Outcome(Outcome::Running { said }),
                },
                known => return Answer::Outcome(known),
            }
            // Where nothing can be written, only the way back to safety goes on.
            let anyway = order.action == Action::RollBack;
            let last = self.yard.store.service(&self.name).map_or(0, |desired| desired.last_order);
            if order.order < last {
                let said = format!("order {} came after order {last} of {} and is too late", order.order, self.name);
                let written = self.yard.ledger.write(&order, Mark::Declined, None, &said, false).await;
                return written.map_or_else(|why| not_now(&why), |()| Answer::Declined { said });
            }
            if let Some(before) = job.take() {
                before.superseded.cancel();
                // It goes only when it has ended.
                let _ = before.ended.clone().wait_for(|ended| *ended).await;
            }
            let (name, taken) = (self.name.clone(), order.clone());
            let noted = self.yard.store.change(anyway, move |services| {
                let desired = services.entry(name).or_insert_with(|| Desired {
                    last_order: 0,
                    spec: taken.spec.clone(),
                    arms: Vec::new(),
                    running: None,
                });
                desired.last_order = taken.order;
                desired.spec = taken.spec.clone();
                desired.running = Some(taken);
            });
            if let Err(why) = noted.await {
                return not_now(&why);
            }
            if let Err(why) = self.yard.ledger.write(&order, Mark::Begun, None, "begun", anyway).await {
                self.lay_down(order.key).await;
                return not_now(&why);
            }
            let (key, begun) = (order.key, self.begin(order));
            let ended = begun.ended.clone();
            *job = Some(begun);
            (key, ended)
        };
        self.settled(key, ended).await
    }

    /// The order that was at work when the fleet ended: finished already, or to be done from its beginning.
    pub(super) async fn take_up(self: &Arc<Self>, order: Order) {
        let mut job = self.job.lock().await;
        let mark = match self.yard.ledger.outcome(order.key) {
            Outcome::Done { .. } | Outcome::Failed { .. } => return self.lay_down(order.key).await,
            Outcome::NeverSeen => Mark::Begun,
            Outcome::Running { .. } => Mark::Resumed,
        };
        let said = "taken up again by a fleet that started anew";
        if let Err(error) = self.yard.ledger.write(&order, mark, None, said, true).await {
            tracing::error!(%error, "the ledger cannot be written");
        }
        *job = Some(self.begin(order));
    }

    fn begin(self: &Arc<Self>, order: Order) -> Job {
        let (says, ended) = watch::channel(false);
        let superseded = CancellationToken::new();
        let job = Job { key: order.key, superseded: superseded.clone(), ended };
        let service = self.clone();
        self.yard.tasks.spawn(async move {
            service.work(&order, &superseded).await;
            says.send_replace(true);
        });
        job
    }

    async fn work(&self, order: &Order, superseded: &CancellationToken) {
        let outcome = self.carry_out(order, superseded).await;
        if outcome.is_err() && self.yard.stop.is_cancelled() {
            // Neither done nor failed: the next fleet takes it up again.
            return;
        }
        let (mark, share, said) = match outcome {
            Ok(finished) => (Mark::Done, finished.share, finished.said),
            Err(said) => (Mark::Failed, None, said),
        };
        tracing::info!(service = %self.name, key = %order.key, order = order.order, ?mark, %said, "{}", order.action.name());
        // The effect is there: that it could not be written down does not undo it.
        let _ = self.yard.ledger.write(order, mark, share, &said, true).await;
        self.lay_down(order.key).await;
    }

    async fn lay_down(&self, key: Uuid) {
        let name = self.name.clone();
        let written = self.yard.store.change(true, move |services| {
            if let Some(desired) = services.get_mut(&name) {
                desired.running.take_if(|order| order.key == key);
            }
        });
        // With `anyway` it fails only when the process is ending.
        let _ = written.await;
    }

    async fn settled(&self, key: Uuid, mut ended: watch::Receiver<bool>) -> Answer {
        // Whatever is so by then is the answer.
        let _ = timeout(WAITED_FOR, ended.wait_for(|ended| *ended)).await;
        Answer::Outcome(self.yard.ledger.outcome(key))
    }
}

fn not_now(why: &std::io::Error) -> Answer {
    Answer::NotNow { said: format!("the fleet cannot write down what it is to do, so it does not do it: {why}") }
}
