//! What befalls the control plane in one run.

use super::{
    cell::{Cell, Expected, SETTLES_WITHIN, Stand},
    lease::Thief,
    point::{Column, Point},
};
use crate::{
    client::Client,
    product::{NEW, OLD, Product},
    rest,
    sides::{
        argo::BACK_TO_FULL,
        book::{Line, What},
        cue::{Go, Moment},
    },
};
use anyhow::Context as _;
use serde_json::json;
use std::time::{Duration, Instant};

/// A server that shall end by itself has come there by then.
const ENDS_WITHIN: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub(super) struct Blow<'a> {
    pub cell: Cell,
    pub run: usize,
    pub product: &'a Product,
    /// The way back begins while the way in is under way.
    pub midway: bool,
}

impl Blow<'_> {
    /// Afterwards the server runs again, on the same record.
    pub async fn falls(&self, stand: &mut Stand) -> anyhow::Result<Expected> {
        match self.cell.point {
            point if point.is_failpoint() => self.failpoint(stand).await?,
            Point::CallInFlight | Point::ReplyLost => self.kill_at_the_call(stand).await?,
            Point::LeadershipLost => self.another_leads(stand).await?,
            Point::RollbackDuringPromote => return self.turned_back(stand).await,
            _ => return self.revoked(stand).await,
        }
        Ok(match self.cell.column {
            Column::Promote => Expected::Live,
            Column::Rollback => Expected::Back,
        })
    }

    fn action(&self) -> &'static str {
        self.cell.column.action(self.cell.driver, self.run)
    }

    /// Asks for what the run is about. The server may end before it answers.
    async fn begin(&self, admin: &mut Client) -> anyhow::Result<()> {
        let answer = match self.cell.column {
            Column::Promote => self.product.promote(admin, NEW).await,
            Column::Rollback => {
                if self.midway {
                    self.come_to_the_watch(admin).await?;
                }
                self.product.roll_back(admin).await
            }
        };
        if let Ok(answer) = answer {
            let said = String::from_utf8_lossy(&answer.body);
            anyhow::ensure!(answer.status == 202, "it was answered {}: {said}", answer.status);
        }
        Ok(())
    }

    async fn come_to_the_watch(&self, admin: &mut Client) -> anyhow::Result<()> {
        let answer = self.product.promote(admin, NEW).await?;
        anyhow::ensure!(answer.status == 202, "it cannot start: {}", String::from_utf8_lossy(&answer.body));
        let id = answer.json()["id"].as_str().context("no id")?.to_owned();
        let began = Instant::now();
        loop {
            let seen = self.product.deployment(admin, &id).await?;
            if !matches!(seen["state"].as_str(), Some("pending" | "running")) {
                return Ok(());
            }
            anyhow::ensure!(began.elapsed() < SETTLES_WITHIN, "it never comes to its watch: {seen}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Moves on where only a person would, until the server is gone.
    async fn keep_moving(&self, mut admin: Client) {
        loop {
            if let Ok(list) = self.product.deployments(&mut admin).await
                && let Some(newest) = list.first().filter(|newest| newest["state"] == "judging")
            {
                let id = newest["id"].as_str().unwrap_or_default();
                let _ = admin.post(&self.product.at(&format!("/deployments/{id}/promote")), &json!({})).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Begins, and moves on until `until` is done.
    async fn begin_until<T>(
        &self,
        mut admin: Client,
        until: impl Future<Output = anyhow::Result<T>>,
    ) -> anyhow::Result<T> {
        let second = Client::with_token(admin.address, crate::service::ADMIN);
        let moving = async {
            self.begin(&mut admin).await?;
            match self.cell.column {
                Column::Promote => self.keep_moving(second).await,
                Column::Rollback => std::future::pending().await,
            }
            Ok::<(), anyhow::Error>(())
        };
        let mut until = std::pin::pin!(until);
        tokio::select! {
            done = &mut until => done,
            moved = moving => {
                moved?;
                until.await
            }
        }
    }

    async fn failpoint(&self, stand: &mut Stand) -> anyhow::Result<()> {
        let at = format!("{}:{}", self.cell.point, self.action());
        stand.service.kill().await?;
        stand.service.start_with(&[("PILOTHOUSE_CRASH_AT", &at)]).await?;
        let admin = stand.service.admin();
        self.begin_until(admin, stand.service.ends(ENDS_WITHIN)).await?;
        stand.service.start().await?;
        Ok(())
    }

    /// The other side waits with the call in its hands, or with its answer, while the server is killed.
    async fn kill_at_the_call(&self, stand: &mut Stand) -> anyhow::Result<()> {
        let moment = if self.cell.point == Point::ReplyLost { Moment::Done } else { Moment::Arrived };
        let mut waiting = stand.side.cue().arm(&self.product.slug, self.action(), moment);
        self.begin_until(stand.service.admin(), waiting.reached()).await?;
        stand.service.kill().await?;
        // The call may never have come through, may go on at once, or comes through late, when the server is back.
        match (moment, self.run % 3) {
            (Moment::Arrived, 1) => waiting.go(Go::Lost),
            (Moment::Arrived, 2) => {
                let before = calls(stand, &self.product.slug)?;
                stand.service.start().await?;
                if self.cell.driver.refuses_late_calls() {
                    self.called_again(stand, before).await?;
                } else {
                    tokio::time::sleep(Duration::from_millis(1_500)).await;
                }
                waiting.go(Go::On);
                return Ok(());
            }
            _ => waiting.go(Go::On),
        }
        stand.service.start().await?;
        Ok(())
    }

    async fn called_again(&self, stand: &Stand, before: usize) -> anyhow::Result<()> {
        let began = Instant::now();
        while calls(stand, &self.product.slug)? == before {
            anyhow::ensure!(began.elapsed() < SETTLES_WITHIN, "what never came through is not called again");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Somebody else takes the lease while the call is in flight, and lets go when the reply is long there.
    async fn another_leads(&self, stand: &mut Stand) -> anyhow::Result<()> {
        let mut waiting = stand.side.cue().arm(&self.product.slug, self.action(), Moment::Arrived);
        self.begin_until(stand.service.admin(), waiting.reached()).await?;
        let mut lease = Thief::at(&stand.place).await?;
        lease.take().await?;
        let before = calls(stand, &self.product.slug)?;
        let killed = self.run % 2 == 1;
        if killed {
            stand.service.kill().await?;
        }
        waiting.go(Go::On);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let meanwhile = calls(stand, &self.product.slug)? - before;
        anyhow::ensure!(meanwhile == 0, "{meanwhile} calls were made while another led");
        lease.let_go().await?;
        if killed {
            stand.service.start().await?;
        }
        Ok(())
    }

    /// A rollback is asked for while the call is in flight; in the other column a second one, which must be the same.
    async fn turned_back(&self, stand: &mut Stand) -> anyhow::Result<Expected> {
        let mut waiting = stand.side.cue().arm(&self.product.slug, self.action(), Moment::Arrived);
        self.begin_until(stand.service.admin(), waiting.reached()).await?;
        let mut admin = stand.service.admin();
        let under_way = self.product.deployments(&mut admin).await?;
        let answer = self.product.roll_back(&mut admin).await?;
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        anyhow::ensure!(answer.status == 202, "the rollback was answered {}: {said}", answer.status);
        anyhow::ensure!(under_way[0]["id"] == answer.json()["id"], "the rollback is another rollout: {said}");
        if self.run % 2 == 1 {
            stand.service.kill().await?;
            waiting.go(Go::On);
            stand.service.start().await?;
        } else {
            waiting.go(Go::On);
        }
        Ok(Expected::Back)
    }

    /// Between the order and the first step the approval goes; on the way back that must not matter.
    async fn revoked(&self, stand: &mut Stand) -> anyhow::Result<Expected> {
        let mut admin = stand.service.admin();
        if self.cell.column == Column::Rollback {
            return self.back_without_approval(stand).await;
        }
        // Who does not lead accepts orders and begins nothing.
        let mut lease = Thief::at(&stand.place).await?;
        lease.take().await?;
        self.begin(&mut admin).await?;
        let at = self.product.at(&format!("/releases/{NEW}"));
        if self.run % 4 < 2 {
            let digest = rest::text(&admin.must("GET", &at, None).await?, "digest")?;
            self.product.decide(admin.address, NEW, &digest, "reject").await?;
        } else {
            self.product
                .people
                .engineer
                .client(admin.address)
                .must("PATCH", &at, Some(&json!({ "title": "Something else by now" })))
                .await?;
        }
        if self.run % 2 == 1 {
            stand.service.kill().await?;
            lease.let_go().await?;
            stand.service.start().await?;
        } else {
            lease.let_go().await?;
        }
        Ok(Expected::Untouched)
    }

    /// Whoever approved what runs takes it back and loses the role, and all automation is stopped.
    async fn back_without_approval(&self, stand: &mut Stand) -> anyhow::Result<Expected> {
        let mut admin = stand.service.admin();
        for version in [OLD, NEW] {
            let at = self.product.at(&format!("/releases/{version}"));
            let digest = rest::text(&admin.must("GET", &at, None).await?, "digest")?;
            self.product.decide(admin.address, version, &digest, "reject").await?;
        }
        let role = format!("/api/v1/users/{}/roles", self.product.people.manager.id);
        admin.must("DELETE", &format!("{role}/*/product_manager"), None).await?;
        admin.must("POST", &self.product.at("/automation"), Some(&json!({ "reason": "the trial" }))).await?;
        self.begin(&mut admin).await?;
        if self.run % 2 == 1 {
            stand.service.kill().await?;
            stand.service.start().await?;
        }
        let back = json!({ "product": "*", "role": "product_manager" });
        stand.service.admin().must("POST", &role, Some(&back)).await?;
        Ok(Expected::Back)
    }
}

/// What the other side was told to do. The way back ends what it left, or goes to full, as a part of the same step.
fn calls(stand: &Stand, product: &str) -> anyhow::Result<usize> {
    let part = |line: &Line| {
        line.effect.action == "retire" && line.effect.version == OLD || line.effect.action == BACK_TO_FULL
    };
    Ok(stand.side.book(product)?.iter().filter(|line| line.what == What::Called && !part(line)).count())
}
