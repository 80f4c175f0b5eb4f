//! One driver, one point, one way: a server of its own on one record, and a product for each run.

use super::{
    blows::Blow,
    point::{Column, Point},
};
use crate::{
    Settings,
    place::{Database, Place},
    product::{self, NEW, OLD, People, Product},
    service::Service,
    sides::{Kind, Side, book},
};
use serde_json::Value;
use std::{fmt, time::Duration};

/// A rollout that is neither over nor parked by then has been lost.
pub const SETTLES_WITHIN: Duration = Duration::from_secs(90);

#[derive(Debug, Clone, Copy)]
pub struct Cell {
    pub driver: Kind,
    pub point: Point,
    pub column: Column,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.driver, self.point, self.column.name())
    }
}

/// What the runs of a cell came to.
#[derive(Debug, Default)]
pub struct Tally {
    pub runs: u64,
    pub settled: u64,
    pub parked: u64,
    pub doubled: u64,
    pub blind: u64,
    /// Whatever else should not be.
    pub wrong: Vec<String>,
}

/// The server goes first: it would start the fleet again.
#[derive(Debug)]
pub(super) struct Stand {
    pub service: Service,
    pub side: Side,
    pub place: Place,
}

impl Cell {
    pub async fn run(self, runs: usize, settings: &Settings) -> Tally {
        let mut tally = Tally::default();
        if let Err(error) = self.all(runs, settings, &mut tally).await {
            tally.wrong.push(format!("run {}: {error:#}", tally.runs));
        }
        tally
    }

    async fn all(self, runs: usize, settings: &Settings, tally: &mut Tally) -> anyhow::Result<()> {
        let place = Place::new(Database::Sqlite, settings).await?;
        let mut service = Service::at(&place, settings)?;
        service.start().await?;
        let side = Side::open(self.driver, place.folder()).await?;
        let people = product::people(&service).await?;
        let mut stand = Stand { service, side, place };
        for run in 0..runs {
            tally.runs += 1;
            self.once(run, &mut stand, &people, tally).await?;
        }
        let Stand { mut service, side, place } = stand;
        service.kill().await?;
        drop(side);
        place.close().await
    }

    async fn once(self, run: usize, stand: &mut Stand, people: &People, tally: &mut Tally) -> anyhow::Result<()> {
        let slug = format!("run-{run}");
        let mut admin = stand.service.admin();
        let connection = stand.side.connection(&slug).await?;
        let product = Product::create(&mut admin, &slug, people, &connection).await?.by(self.driver.strategy());
        stand.side.connected().await?;
        for version in [OLD, NEW] {
            product.release(admin.address, version).await?;
        }
        if self.driver.runs_already() {
            product.adopt(&mut admin, OLD).await?;
        } else {
            product.bring(&mut admin, OLD, SETTLES_WITHIN).await?;
        }
        // The way back begins in every second run from the middle of the way in.
        let midway = self.column == Column::Rollback && self.point != Point::ApprovalRevoked && run % 2 == 1;
        if self.column == Column::Rollback && !midway {
            product.bring(&mut admin, NEW, SETTLES_WITHIN).await?;
        }
        let blow = Blow { cell: self, run, product: &product, midway };
        let expected = blow.falls(stand).await?;

        let mut admin = stand.service.admin();
        let Some(newest) = product.deployments(&mut admin).await?.into_iter().next() else {
            anyhow::bail!("no rollout is there")
        };
        let id = newest["id"].as_str().unwrap_or_default().to_owned();
        let end = product.settles(&mut admin, &id, SETTLES_WITHIN).await?;
        let parked = end["state"] == "parked";
        tally.parked += u64::from(parked);
        tally.settled += u64::from(!parked);
        let lines = stand.side.book(&slug)?;
        tally.doubled += book::doubled(&lines);
        tally.blind += book::blind(&lines);
        let environment = product.production(&mut admin).await?;
        let odd = stand.side.oddities(&slug)?;
        let faults = expected.faults(self.driver, &end, &environment, &book::effects(&lines)).into_iter().chain(odd);
        tally
            .wrong
            .extend(faults.map(|fault| format!("run {run} ({}): {fault}", self.column.action(self.driver, run))));
        stand.side.forget(&slug).await
    }
}

/// How a run must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Live,
    /// Taken back and held.
    Back,
    /// Parked before anything happened.
    Untouched,
}

impl Expected {
    fn faults(
        self,
        driver: Kind,
        end: &Value,
        environment: &Value,
        effects: &std::collections::BTreeMap<book::Effect, u64>,
    ) -> Vec<String> {
        let mut faults = Vec::new();
        let (state, version) = (&end["state"], &environment["version"]);
        let of_new = |action: &str| effects.keys().filter(|e| e.version == NEW && e.action == action).count();
        let back = effects.keys().filter(|e| e.action == "roll_back").count();
        if state == "parked" && self != Self::Untouched {
            // Nobody knew; that is counted, and a person would go on.
            return faults;
        }
        let right = match self {
            Self::Live => state == "live" && version == NEW,
            Self::Back => state == "rolled_back" && version == OLD && !environment["hold"].is_null(),
            Self::Untouched => state == "parked" && !end["parked"]["why"].is_null() && version == OLD,
        };
        if !right {
            faults.push(format!("expected {self:?}, found {end} in {environment}"));
        }
        let whole = match self {
            Self::Live => driver.steps().iter().all(|action| of_new(action) == 1) && back == 0,
            Self::Back if driver.takes_back_what_was_promoted() => back == of_new("promote"),
            Self::Back => back == 1,
            Self::Untouched => effects.keys().all(|effect| effect.version == OLD) && back == 0,
        };
        if !whole {
            faults.push(format!("expected {self:?}, and the ledger says {effects:?}"));
        }
        faults
    }
}
