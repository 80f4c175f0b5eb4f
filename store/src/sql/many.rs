//! Many rows with one statement.

use super::{Arg, Connection};
use control::journal::JournalError;
use sqlx::AssertSqlSafe;
use std::fmt::Write as _;

/// So many rows go in with one statement: few enough for every limit on arguments, and few different statements.
const ROWS_AT_ONCE: usize = 32;

/// Inserts into `into`, a table with its columns; `rest` is what follows the values.
pub(super) async fn insert_many<const COLUMNS: usize>(
    connection: &mut impl Connection,
    into: &str,
    rows: &[[Arg<'_>; COLUMNS]],
    rest: &str,
) -> Result<(), JournalError> {
    for some in rows.chunks(ROWS_AT_ONCE) {
        // Only the number of rows varies; every value is an argument.
        let sql = AssertSqlSafe(insert_of(into, COLUMNS, some.len(), rest));
        connection.run(sql, some.as_flattened()).await?;
    }
    Ok(())
}

fn insert_of(into: &str, columns: usize, rows: usize, rest: &str) -> String {
    let mut sql = format!("INSERT INTO {into} VALUES ");
    for place in 1..=rows * columns {
        let first = if place == 1 { "(" } else { ", (" };
        let before = if place % columns == 1 % columns { first } else { ", " };
        let after = if place % columns == 0 { ")" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(sql, "{before}${place}{after}");
    }
    sql + rest
}

#[cfg(test)]
mod tests {
    use super::insert_of;

    #[test]
    fn places_are_numbered_through() {
        assert_eq!(insert_of("t (a, b)", 2, 2, ""), "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)");
        assert_eq!(insert_of("t (a)", 1, 2, " ON CONFLICT"), "INSERT INTO t (a) VALUES ($1), ($2) ON CONFLICT");
    }
}
