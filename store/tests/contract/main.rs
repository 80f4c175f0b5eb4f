//! One contract for every journal: the one in memory, SQLite and PostgreSQL.
//!
//! PostgreSQL takes part when `PILOTHOUSE_TEST_POSTGRES` holds the URL of an administrator; every test makes its own
//! database there and drops it again.

mod audit;
mod backup;
mod durable;
mod events;
mod imports;
mod opening;
mod place;
mod private;
mod rollouts;
mod tampering;
mod together;

/// Each named test, an async function of a [`place::Place`], on each of the named kinds of journal.
macro_rules! contract {
    (@memory $($name:ident)*) => {
        mod memory { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() {
            super::$name(&crate::place::Place::memory()).await;
        })* }
    };
    (@databases $($name:ident)*) => {
        mod sqlite { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() {
            super::$name(&crate::place::Place::sqlite()).await;
        })* }
        mod postgres { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $name() {
            let Some(place) = crate::place::Place::postgres().await else { return };
            super::$name(&place).await;
            place.remove().await;
        })* }
    };
    (everywhere: $($every:ident)*) => {
        contract! { @memory $($every)* }
        contract! { @databases $($every)* }
    };
    // Asked for by name, with `--ignored`.
    (long: $($name:ident)*) => {
        mod long_sqlite { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        #[ignore = "takes minutes"]
        async fn $name() {
            super::$name(&crate::place::Place::sqlite()).await;
        })* }
        mod long_postgres { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        #[ignore = "takes minutes"]
        async fn $name() {
            let Some(place) = crate::place::Place::postgres().await else { return };
            super::$name(&place).await;
            place.remove().await;
        })* }
    };
    (databases: $($database:ident)*) => { contract! { @databases $($database)* } };
}
use contract;
