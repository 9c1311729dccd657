//! Payments, alerts, tables of features and saved states that are not what they should be.

use crate::told;
use dsprep_core::fraud::{OriginalScorer, OriginalTransaction};
use dsprep_core::prelude::*;
use dsprep_core::rusqlite::Connection;

#[test]
fn a_share_that_is_rounded_down_in_binary_gives_its_whole_number_of_alerts() -> DsResult<()> {
    let y = Array1::from_shape_fn(100, |row| usize::from(row < 50));
    let scores = Array1::from_shape_fn(100, |row| -(row as f64));
    for percent in 0..=100 {
        let rate = f64::from(percent) / 100.0;
        let alerts = recall_at_alert_rate(&y, &scores, rate)?.alerts;
        assert_eq!(alerts, percent as usize, "{rate}");
    }
    Ok(())
}

#[test]
fn a_table_without_a_row_for_each_payment_is_named() -> DsResult<()> {
    let mut table = feature_table(&simulate_payments(5, 10, &mut RandomState::seed(1))?)?;
    table.features = Array2::zeros((0, 14));
    let error = told(table.between(0, i64::MAX));
    assert!(error.contains("`features` has the shape 0×14"), "{error}");
    Ok(())
}

#[test]
fn seconds_at_both_ends_of_time_are_told_apart() {
    let mut scorer = OriginalScorer::default();
    let mut score = |second| {
        scorer.score(&OriginalTransaction {
            user: 1,
            amount: 1.0,
            second,
            new_device: false,
        })
    };
    for _ in 0..8 {
        score(i64::MIN);
    }
    assert_eq!(score(i64::MAX), Vec::<String>::new());
}

#[test]
fn a_saved_probability_is_one_and_a_foreign_table_stays_as_it_is() -> DsResult<()> {
    let con = Connection::open_in_memory()?;
    let mut scorer = Scorer::new(ScorerOptions::default(), None)?;
    let payment = simulate_payments(1, 7, &mut RandomState::seed(1))?[0].payment;
    scorer.score(&payment)?;
    scorer.save(&con)?;
    con.execute("UPDATE fraud_payment SET probability = 1e300", [])?;
    let resumed = Scorer::resume(&con, ScorerOptions::default(), None)?;
    let health = format!("{:?}", resumed.health());
    assert!(
        health.contains("the saved probability of payment"),
        "{health}"
    );

    let con = Connection::open_in_memory()?;
    con.execute_batch("CREATE TABLE fraud_state (a, b); INSERT INTO fraud_state VALUES (7, 8)")?;
    let error = told(scorer.save(&con));
    assert!(
        error.contains("`fraud_state` is one of the columns a, b"),
        "{error}"
    );
    let kept: i64 = con.query_row("SELECT a FROM fraud_state", [], |row| row.get(0))?;
    assert_eq!(kept, 7);
    Ok(())
}
