//! The one writer of a process: takes the lock, catches up, decides each waiting order, commits them together.

use super::{Command, Order, Outcome, Receipt, decide::decide};
use crate::{
    clock::Clock,
    journal::{Journal, JournalError, Transaction},
    rollout::committed,
    vault::PrivateWrite,
    world::World,
};
use domain::{
    Class, Refusal, Timestamp,
    access::Actor,
    journal::{Envelope, Stream},
    rollout::{self, Rollout},
};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// How many orders share one transaction at most.
const MOST_TOGETHER: usize = 64;
/// How many events are read at once when catching up.
const PAGE: u32 = 2_000;

type Reply = oneshot::Sender<Result<Outcome, Refusal>>;

pub(crate) enum Job {
    Order(Box<Order>, Reply),
    /// Others may have written to the same record: read what is new.
    CatchUp,
}

pub(crate) struct Writer {
    pub journal: Arc<dyn Journal>,
    pub clock: Arc<dyn Clock>,
    pub world: World,
    /// Publishes the new world with what made it.
    pub publish: Box<dyn Fn(World, News) + Send>,
}

/// What a transaction brought.
#[derive(Debug, Default)]
pub(crate) struct News {
    pub envelopes: Vec<Arc<Envelope>>,
    pub private: Vec<PrivateWrite>,
}

/// Accepted orders wait for the commit that makes them true.
enum Settled {
    Recorded(Outcome),
    Refused(Refusal),
}

impl Writer {
    /// Works until the sending side is gone.
    pub async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.recv().await {
            let mut orders = Vec::new();
            let mut next = Some(first);
            while let Some(job) = next.take() {
                if let Job::Order(order, reply) = job {
                    orders.push((order, reply));
                }
                if orders.len() < MOST_TOGETHER {
                    next = jobs.try_recv().ok();
                }
            }
            self.batch(orders).await;
        }
    }

    async fn batch(&mut self, orders: Vec<(Box<Order>, Reply)>) {
        if orders.is_empty() {
            if let Err(error) = self.catch_up().await {
                tracing::warn!(%error, "could not read what others recorded");
            }
            return;
        }
        let (mut asked, mut replies) = (Vec::new(), Vec::new());
        for (order, reply) in orders {
            asked.push(*order);
            replies.push(reply);
        }
        match self.together(asked).await {
            Ok(settled) => {
                for (reply, one) in replies.into_iter().zip(settled) {
                    // The asker may have gone away; what was recorded stays recorded.
                    let _ = reply.send(match one {
                        Settled::Recorded(outcome) => Ok(outcome),
                        Settled::Refused(refusal) => Err(refusal),
                    });
                }
            }
            Err(error) => {
                tracing::error!(%error, "nothing could be recorded");
                let refusal = Refusal::from(error);
                for reply in replies {
                    let _ = reply.send(Err(refusal.clone()));
                }
            }
        }
    }

    async fn together(&mut self, orders: Vec<Order>) -> Result<Vec<Settled>, JournalError> {
        let mut transaction = self.journal.begin().await?;
        let mut world = self.world.clone();
        let mut news = read_up(transaction.as_mut(), &mut world).await?;
        let mut settled = Vec::with_capacity(orders.len());
        for order in orders {
            let now = self.clock.now();
            settled.push(one(transaction.as_mut(), &mut world, &mut news, order, now).await?);
        }
        transaction.commit().await?;
        committed(&world, &news.envelopes);
        self.world = world.clone();
        (self.publish)(world, news);
        Ok(settled)
    }

    async fn catch_up(&mut self) -> Result<(), JournalError> {
        loop {
            let rows = self.journal.read(self.world.seq, PAGE).await?;
            if rows.is_empty() {
                return Ok(());
            }
            let mut news = News::default();
            for row in rows {
                take(&mut self.world, &mut news, row.envelope()?)?;
            }
            (self.publish)(self.world.clone(), news);
        }
    }
}

/// Brings `world` to the head of the record under the lock.
async fn read_up(transaction: &mut dyn Transaction, world: &mut World) -> Result<News, JournalError> {
    let mut news = News::default();
    let head = transaction.head().await?;
    while world.seq < head.seq {
        let rows = transaction.read(world.seq, PAGE).await?;
        if rows.is_empty() {
            return Err(JournalError::Damaged { seq: world.seq + 1, why: "it is missing".to_owned() });
        }
        for row in rows {
            take(world, &mut news, row.envelope()?)?;
        }
    }
    Ok(news)
}

fn take(world: &mut World, news: &mut News, envelope: Envelope) -> Result<(), JournalError> {
    world.apply(&envelope).map_err(|refusal| JournalError::Damaged { seq: envelope.seq, why: refusal.detail })?;
    news.envelopes.push(Arc::new(envelope));
    Ok(())
}

/// Decides one order. A refusal leaves no trace; only a failing record spoils the whole transaction.
async fn one(
    transaction: &mut dyn Transaction,
    world: &mut World,
    news: &mut News,
    order: Order,
    now: Timestamp,
) -> Result<Settled, JournalError> {
    let asker = asker(order.actor);
    if let Some(asked) = &order.idempotency
        && let Some((request, answer)) = transaction.answer(&asker, &asked.key).await?
    {
        return Ok(if request == asked.request {
            Settled::Recorded(Outcome::Repeated(answer))
        } else {
            Settled::Refused(Refusal {
                field: Some("Idempotency-Key".to_owned()),
                ..Refusal::new(Class::Invalid, "This idempotency key was used for another request; use a new one.")
            })
        });
    }
    let decided = match decide(world, &order, now) {
        Ok(decided) => decided,
        Err(refusal) => return Ok(Settled::Refused(refusal)),
    };
    for write in &order.private {
        if let Err(refusal) = transaction.check(write, now).await? {
            return Ok(Settled::Refused(refusal));
        }
    }
    let before = news.envelopes.len();
    if !decided.facts.is_empty() {
        let expected = world.version(&decided.stream);
        let rows = transaction.append(&decided.stream, expected, &decided.facts, order.actor, now).await?;
        for row in rows {
            take(world, news, row.envelope()?)?;
        }
    }
    for write in order.private {
        transaction.write(&write, now).await?;
        news.private.push(write);
    }
    let release = match &decided.stream {
        Stream::Release(id) => world.release(id).cloned().map(Box::new),
        _ => None,
    };
    let environment = match &decided.stream {
        Stream::Environment(id) => world.shared_environment(id),
        _ => None,
    };
    let known_issue = match &decided.stream {
        Stream::KnownIssue(product, id) => world.known_issue(product, *id).cloned(),
        _ => None,
    };
    let rollout = rollout_of(world, &order.command);
    let (stream, envelopes) = (decided.stream, news.envelopes[before..].to_vec());
    let receipt = Receipt { stream, seq: world.seq, envelopes, release, environment, rollout, known_issue };
    if let Some(asked) = order.idempotency {
        let answer = (asked.answer)(&receipt);
        transaction.keep_answer(&asker, &asked.key, &asked.request, &answer, now).await?;
    }
    Ok(Settled::Recorded(Outcome::Done(receipt)))
}

/// The rollout that an order of people led to or was about.
fn rollout_of(world: &World, command: &Command) -> Option<(Arc<Rollout>, rollout::State)> {
    use rollout::Command::{Resolve, RollBack, Steer};
    let id = match command {
        Command::StartRollout(wish) => wish.id,
        Command::Rollout(_, Steer { id, .. } | Resolve { id, .. }) => *id,
        Command::Rollout(place, RollBack { .. }) => world.leading_back(place)?,
        _ => return None,
    };
    let rollout = world.shared_rollout(id)?;
    let state = world.rollout_state(&rollout);
    Some((rollout, state))
}

/// Keys belong to the person, whichever token or session carries them.
fn asker(actor: Actor) -> String {
    actor.person().map_or_else(|| "system".to_owned(), |id| id.to_string())
}
