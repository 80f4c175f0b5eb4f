//! Another replica, as far as the lease shows: takes it beside the server, keeps it, lets go.

use crate::place::Place;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Thief(SqliteConnection);

impl Thief {
    pub async fn at(place: &Place) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::new().filename(place.file()).busy_timeout(Duration::from_secs(30));
        Ok(Self(SqliteConnection::connect_with(&options).await?))
    }

    pub async fn take(&mut self) -> anyhow::Result<()> {
        let sql = "UPDATE leases SET holder = 'another', epoch = epoch + 1, until = '9999-12-31T23:59:59.999999999Z' \
                   WHERE name = 'rollouts'";
        let taken = sqlx::query(sql).execute(&mut self.0).await?.rows_affected();
        anyhow::ensure!(taken == 1, "there is no lease to take");
        Ok(())
    }

    pub async fn let_go(&mut self) -> anyhow::Result<()> {
        sqlx::query("UPDATE leases SET holder = NULL WHERE holder = 'another'").execute(&mut self.0).await?;
        Ok(())
    }
}
