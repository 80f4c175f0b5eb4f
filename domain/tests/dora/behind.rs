//! Following a figure to the events behind it and adding those up again gives the same figure.

use crate::{
    random::{Chance, MEASURED, book, histories, query},
    reference::{count, median, seconds},
};
use chrono::{Datelike, Duration, Timelike};
use domain::{
    calendar::ZoneName,
    dora::{Behind, FigureName, Query, Row, Unit},
};

/// The rule that the page states under a figure, applied to exported rows.
fn recomputed(behind: &Behind, query: &Query) -> Option<f64> {
    let values: Vec<f64> = behind.rows.iter().filter_map(|row| row.value).collect();
    let sum: f64 = values.iter().sum();
    let n = count(values.len() as u64);
    match behind.unit {
        Unit::Seconds => median(values).value,
        Unit::PerDay => {
            let days = seconds(query.window.ends - query.window.starts) / 86_400.0;
            (days > 0.0).then(|| sum / days)
        }
        Unit::Ratio | Unit::PerRelease => (n > 0.0).then(|| sum / n),
    }
}

#[test]
fn the_rows_behind_a_figure_add_up_to_it() {
    for seed in 2_000..2_200 {
        let chance = &mut Chance::new(seed);
        let book = book(&histories(chance));
        let (query, ..) = query(chance);
        let report = book.report(&query);
        for name in MEASURED {
            let what = format!("seed {seed}, {name:?}");
            let figure = report.figure(name).expect("a figure");
            let all = book.behind(&query, name, 0, usize::MAX);
            assert_eq!(all.total, all.rows.len() as u64, "{what}");
            assert!(all.rows.is_sorted_by(|a, b| a.at >= b.at), "{what}: newest first");
            assert!(all.rows.iter().all(|row| query.window.contains(row.at)), "{what}");
            assert!(all.rows.iter().all(|row| row.value.is_some() != row.left_out.is_some()), "{what}");
            let (again, value) = (recomputed(&all, &query), figure.point.value);
            let close = again.zip(value).is_some_and(|(a, b)| (a - b).abs() <= 1e-9 * b.abs().max(1.0));
            assert!(close || again == value, "{what}: {again:?} is not {value:?}");
            for excluded in &figure.excluded {
                let rows = all.rows.iter().filter(|row| row.left_out == Some(excluded.reason)).count();
                assert_eq!(rows as u64, excluded.n, "{what}: {:?}", excluded.reason);
            }
            let paged: Vec<Row> =
                (0..all.total.div_ceil(3)).flat_map(|page| book.behind(&query, name, page * 3, 3).rows).collect();
            assert_eq!(paged, all.rows, "{what}: page by page");
        }
    }
}

#[test]
fn a_failed_deployment_names_its_incidents_and_repairs() {
    for seed in 3_000..3_050 {
        let chance = &mut Chance::new(seed);
        let book = book(&histories(chance));
        let (query, ..) = query(chance);
        for row in book.behind(&query, FigureName::ChangeFailRate, 0, usize::MAX).rows {
            let failed = row.value == Some(1.0);
            assert_eq!(failed, !(row.incidents.is_empty() && row.repairs.is_empty()), "seed {seed}: {row:?}");
        }
    }
}

#[test]
fn the_heat_map_counts_each_deployment_where_the_wall_shows_it() {
    for seed in 4_000..4_050 {
        let chance = &mut Chance::new(seed);
        let book = book(&histories(chance));
        let (query, _, zone) = query(chance);
        let heat = book.heat(&query, &zone).expect("a zone");
        let (mut deployments, mut failed) = ([[0; 24]; 7], [[0; 24]; 7]);
        for row in book.behind(&query, FigureName::ChangeFailRate, 0, usize::MAX).rows {
            let Some(value) = row.value else { continue };
            let local = zone.wall(row.at).expect("a zone").0;
            let (day, hour) = (local.weekday().num_days_from_monday() as usize, local.hour() as usize);
            deployments[day][hour] += 1;
            failed[day][hour] += u64::from(value > 0.5);
        }
        assert_eq!((heat.deployments, heat.failed), (deployments, failed), "seed {seed}");
    }
    let (query, ..) = query(&mut Chance::new(1));
    let nowhere: ZoneName = "Europe/Nowhere".parse().expect("well-formed");
    assert!(book(&histories(&mut Chance::new(1))).heat(&query, &nowhere).is_err());
}

#[test]
fn suspects_are_the_deployments_that_ended_last_before_the_trouble() {
    for seed in 5_000..5_050 {
        let chance = &mut Chance::new(seed);
        let book = book(&histories(chance));
        let (mut query, ..) = query(chance);
        query = query.of(["product-0".parse().expect("a name")]);
        let rows = book.behind(&query, FigureName::DeploymentReworkRate, 0, usize::MAX).rows;
        let counted: Vec<&Row> = rows.iter().filter(|row| row.value.is_some()).collect();
        let (trouble, day) = (query.window.ends - Duration::microseconds(1), Duration::hours(24));
        let product = "product-0".parse().expect("a name");
        let suspects = book.suspects(&product, &query.env, trouble, day, 3);
        let near = counted.iter().filter(|row| trouble - row.at <= day).take(3).map(|row| row.id.as_str());
        if query.window.starts + day <= trouble {
            assert_eq!(
                suspects.iter().map(|s| s.deployment.as_str()).collect::<Vec<_>>(),
                near.collect::<Vec<_>>(),
                "seed {seed}"
            );
        }
        assert!(suspects.iter().all(|s| (0..=86_400).contains(&s.seconds_before)), "seed {seed}");
    }
}
