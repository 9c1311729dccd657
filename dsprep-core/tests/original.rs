//! The numbers of the original notebook, from `tests/reference/golden.json`.

mod golden;

use dsprep_core::prelude::*;
use golden::{lines, numbers};

fn bits(values: impl IntoIterator<Item = f64>) -> Vec<u64> {
    values.into_iter().map(f64::to_bits).collect()
}

fn largest_difference(ours: impl IntoIterator<Item = f64>, theirs: Vec<f64>) -> f64 {
    let ours: Vec<f64> = ours.into_iter().collect();
    assert_eq!(ours.len(), theirs.len());
    ours.iter()
        .zip(theirs)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f64::max)
}

/// The rows that pandas printed below `heading`, as `name order_id`, sorted.
fn printed_rows(heading: &str) -> Vec<String> {
    let lines = lines("q16", "stdout");
    let table = lines.iter().skip_while(|line| *line != heading).skip(2);
    let row = |line: &String| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields.join(" ").replace(".0", "")
    };
    let mut rows: Vec<String> = table.take_while(|line| !line.is_empty()).map(row).collect();
    rows.sort();
    rows
}

/// The rows of a query, written as pandas does, sorted.
fn queried_rows(con: &Connection, sql: &str) -> Result<Vec<String>, dsprep_core::Error> {
    let table = query(con, sql, [])?;
    let (names, ids) = (
        table.column("name")?.str()?,
        table.column("order_id")?.i64()?,
    );
    let id = |id: Option<i64>| id.map_or("NaN".to_owned(), |id| id.to_string());
    let pairs = names.iter().zip(ids.iter());
    let mut rows: Vec<String> = pairs
        .map(|(name, order)| format!("{} {}", name.unwrap_or("NaN"), id(order)))
        .collect();
    rows.sort();
    Ok(rows)
}

#[test]
fn question_16_joins_the_rows_that_the_original_printed() -> Result<(), dsprep_core::Error> {
    let con = customers_and_orders()?;
    let headings = [
        (Join::Inner, "INNER: 5 rows"),
        (Join::Left, "LEFT: 7 rows"),
        (Join::Right, "RIGHT (simulated): 6 rows"),
        (Join::Full, "FULL OUTER (simulated): 8 rows"),
    ];
    for (join, heading) in headings {
        let printed = printed_rows(heading);
        assert!(
            heading.contains(&format!(" {} rows", printed.len())),
            "{heading}: {printed:?}"
        );
        assert_eq!(queried_rows(&con, join.sql())?, printed, "{heading}");
        let simulated = join.simulated_sql().unwrap_or(join.sql());
        assert_eq!(queried_rows(&con, simulated)?, printed, "{heading}");
    }
    Ok(())
}

#[test]
fn questions_18_and_19_draw_from_one_stream() -> Result<(), dsprep_core::Error> {
    let mut rng = RandomState::seed(0);
    rng.choice(60, 120)?;
    let customers = rng.randint(1, 8, 120)?.mapv(|id| id as f64);
    let amounts = rng.uniform(10.0, 500.0, 120)?;
    let orders = numbers("q18", "orders");
    let orders: Vec<&[f64]> = orders.chunks(2).collect();
    assert_eq!(
        customers.to_vec(),
        orders.iter().map(|order| order[0]).collect::<Vec<_>>()
    );
    assert_eq!(
        round(&amounts, 2).to_vec(),
        orders.iter().map(|order| order[1]).collect::<Vec<_>>()
    );

    let (w1, w2) = (rng.randn((2, 4))? * 0.1, rng.randn((4, 1))? * 0.1);
    assert_eq!(bits(w1), bits(numbers("q19", "W1")));
    // The original's gradient check shifted W2 up and down again, and so changed its last bits.
    assert!(largest_difference(w2, numbers("q19", "W2")) < 1e-15);
    Ok(())
}

#[test]
fn question_23_goes_on_where_question_20_stopped() {
    let mut rng = RandomState::seed(7);
    rng.randn((12, 8)).unwrap();
    let items = rng.randn((1_000_000, 32)).unwrap();
    assert_eq!(
        bits(items.iter().take(20).copied()),
        bits(numbers("q23", "first20"))
    );
    assert_eq!(bits(rng.randn(32).unwrap()), bits(numbers("q23", "user")));
}

#[test]
fn question_25_goes_on_where_question_24_stopped() -> Result<(), dsprep_core::Error> {
    let mut rng = RandomState::seed(1);
    for _ in 0..1000 {
        rng.randint(1, 50, ())?;
        rng.lognormal(4.0, 1.0, ())?;
        rng.randint(0, 7200, ())?;
        rng.rand(());
    }
    assert_eq!(
        bits(rng.normal(0.0, 1.0, 1000)?),
        bits(numbers("q25", "ref"))
    );
    assert_eq!(
        bits(rng.normal(0.0, 1.0, 500)?),
        bits(numbers("q25", "current"))
    );
    assert_eq!(bits(rng.rand(200)?), bits(numbers("q25", "preds")));
    Ok(())
}

#[test]
fn question_27_shuffles_as_the_original_does() {
    let mut labels = vec![0; 10_000];
    labels[..100].fill(1);
    RandomState::seed(0).shuffle(&mut labels);
    let positive = (0..10_000)
        .filter(|&at| labels[at] == 1)
        .map(|at| at as f64);
    assert_eq!(
        positive.collect::<Vec<_>>(),
        numbers("q27", "positive_indices")
    );
}

#[test]
fn question_28_draws_its_training_set_from_seed_42() {
    let x = RandomState::seed(42).randn((800, 5)).unwrap();
    assert_eq!(bits(x), bits(numbers("q28", "X_train")));
}

#[test]
fn question_20_draws_queries_keys_and_values_from_seed_7_to_the_last_bit() {
    let mut rng = RandomState::seed(7);
    for key in ["Q", "K", "V"] {
        assert_eq!(
            bits(rng.randn((4, 8)).unwrap()),
            bits(numbers("q20", key)),
            "{key}"
        );
    }
}

#[test]
fn question_20_attends_as_the_original_does() -> Result<(), dsprep_core::Error> {
    let mut rng = RandomState::seed(7);
    let (q, k, v) = (rng.randn((4, 8))?, rng.randn((4, 8))?, rng.randn((4, 8))?);
    let result = attention(&q, &k, &v)?;
    assert!(largest_difference(result.weights, numbers("q20", "weights")) < 1e-12);
    assert!(largest_difference(result.output, numbers("q20", "out")) < 1e-12);
    Ok(())
}

#[test]
fn question_30_has_the_metrics_that_the_original_printed() -> Result<(), dsprep_core::Error> {
    let week = Array1::from_iter((0..52).map(f64::from));
    let season = week.mapv(|t| (2.0 * std::f64::consts::PI * t / 52.0).sin());
    let noise = RandomState::seed(3).randn(52)? * 8.0;
    let actual = 100.0 + 5.0 * &week + 20.0 * &season + noise;
    let forecast = 102.0 + 4.8 * &week + 18.0 * &season;
    assert!(largest_difference(actual.clone(), numbers("q30", "y_true")) < 1e-12);
    assert!(largest_difference(forecast.clone(), numbers("q30", "y_pred")) < 1e-12);

    let half = 1.96 * 12.0;
    let ours = [
        mae(&actual, &forecast)?,
        rmse(&actual, &forecast)?,
        mape(&actual, &forecast)?,
        smape(&actual, &forecast)?,
        mase(&actual, &forecast, &actual, 1)?,
        winkler(&actual, &(&forecast - half), &(&forecast + half), 0.95)?,
    ];
    assert!(largest_difference(ours, numbers("q30", "metrics")) < 1e-12);
    assert_eq!(
        coverage(&actual, &(&forecast - half), &(&forecast + half))?,
        1.0
    );
    Ok(())
}
