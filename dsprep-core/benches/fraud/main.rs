//! How quick the fraud scorer is on one core, how much it remembers, and how long a restart takes.
//!
//! ```text
//! cargo bench --bench fraud
//! DSPREP_PEERS=/path/to/python cargo bench --bench fraud      # and what Python does with the same payments
//! ```
//!
//! The peers are `tests/peers/fraud.py`: the same features from deques in Python and from pandas, and
//! scikit-learn's histogram gradient boosting for one row at a time. Events per second are those of a
//! second of CPU time, so that what else the machine does counts little; the latencies are by the clock
//! on the wall. Compare within one run only.

#[path = "../common/core_time.rs"]
mod core_time;
mod payments;
#[path = "../common/peers.rs"]
mod peers;

use core_time::core_time;
use dsprep_core::prelude::*;
use std::hint::black_box;
use std::time::{Duration, Instant};

type AnyError = Box<dyn std::error::Error>;

const USERS: usize = 3_000;
const DAYS: usize = 40;

/// One row of the table.
struct Row {
    name: String,
    events: usize,
    /// CPU time.
    seconds: f64,
    /// The time of each event in seconds, where it was taken.
    latencies: Vec<f64>,
}

impl Row {
    fn print(&mut self) {
        self.latencies.sort_by(f64::total_cmp);
        let at = |share: f64| match self.latencies.len() {
            0 => "-".to_owned(),
            n => format!(
                "{:.2} µs",
                1e6 * self.latencies[(share * (n - 1) as f64) as usize]
            ),
        };
        println!(
            "{:<58} {:>9} {:>12.0} {:>11} {:>11} {:>11}",
            self.name,
            self.events,
            self.events as f64 / self.seconds,
            at(0.5),
            at(0.99),
            at(0.999)
        );
    }
}

fn main() -> Result<(), AnyError> {
    let started = Instant::now();
    let training = feature_table(&simulate_payments(1_000, 30, &mut RandomState::seed(1))?)?;
    let model = FraudModel::fit(&training, ModelOptions::default())?;
    println!(
        "{} rows simulated and learned from in {:.1} s",
        training.labels.len(),
        started.elapsed().as_secs_f64()
    );
    let stream: Vec<Payment> = simulate_payments(USERS, DAYS, &mut RandomState::seed(2))?
        .iter()
        .map(|labelled| labelled.payment)
        .collect();
    println!(
        "{} payments of {USERS} users over {DAYS} days\n",
        stream.len()
    );
    println!(
        "{:<58} {:>9} {:>12} {:>11} {:>11} {:>11}",
        "one core", "events", "events/CPU s", "p50", "p99", "p99.9"
    );
    let settings = ScorerOptions::default();
    let features = Scorer::new(settings, None)?;
    run("features and rules", features, &stream)?.print();
    let whole = Scorer::new(settings, Some(model.clone()))?;
    run(
        "features, rules, model and decision",
        whole.clone(),
        &stream,
    )?
    .print();
    model_alone(&model, &training)?.print();
    let (mut one_by_one, scorer) = run_one_by_one(whole, &stream)?;
    one_by_one.print();
    recomputed(&stream)?.print();
    for mut row in payments::peer_rows(&stream, &training)? {
        row.print();
    }
    memory_and_restart(&scorer, model)
}

/// Seconds of CPU time since `start`.
fn seconds_since(start: Duration) -> f64 {
    (core_time() - start).as_secs_f64()
}

/// The better of two passes over the whole stream.
fn run(name: &str, empty: Scorer, stream: &[Payment]) -> Result<Row, AnyError> {
    let mut best = f64::INFINITY;
    for _ in 0..2 {
        let mut scorer = empty.clone();
        let start = core_time();
        for payment in stream {
            black_box(scorer.score(payment)?);
        }
        best = best.min(seconds_since(start));
    }
    Ok(Row {
        name: format!("dsprep: {name}"),
        events: stream.len(),
        seconds: best,
        latencies: vec![],
    })
}

/// The whole, with a clock around each event.
fn run_one_by_one(mut scorer: Scorer, stream: &[Payment]) -> Result<(Row, Scorer), AnyError> {
    let mut latencies = Vec::with_capacity(stream.len());
    let start = core_time();
    for payment in stream {
        let before = Instant::now();
        black_box(scorer.score(payment)?);
        latencies.push(before.elapsed().as_secs_f64());
    }
    let row = Row {
        name: "dsprep: the same, with a clock around each event".to_owned(),
        events: stream.len(),
        seconds: seconds_since(start),
        latencies,
    };
    Ok((row, scorer))
}

fn model_alone(model: &FraudModel, table: &FeatureTable) -> Result<Row, AnyError> {
    let rows: Vec<Vec<f64>> = table
        .features
        .outer_iter()
        .map(|row| row.to_vec())
        .collect();
    let mut latencies = Vec::with_capacity(rows.len());
    let start = core_time();
    for row in &rows {
        let before = Instant::now();
        black_box(model.trees().probability(row)?);
        latencies.push(before.elapsed().as_secs_f64());
    }
    Ok(Row {
        name: "dsprep: model alone, one row at a time".to_owned(),
        events: rows.len(),
        seconds: seconds_since(start),
        latencies,
    })
}

/// The definition of the features, which sorts the history anew for each payment.
fn recomputed(stream: &[Payment]) -> Result<Row, AnyError> {
    let few = &stream[..2_000];
    let start = core_time();
    for (index, payment) in few.iter().enumerate() {
        black_box(recompute(&few[..index], payment));
    }
    Ok(Row {
        name: "dsprep: features by recomputation, first 2,000".to_owned(),
        events: few.len(),
        seconds: seconds_since(start),
        latencies: vec![],
    })
}

fn memory_and_restart(scorer: &Scorer, model: FraudModel) -> Result<(), AnyError> {
    let per_user = scorer.memory() as f64 / scorer.users() as f64;
    println!(
        "\nmemory: {:.1} KiB a user on average, bound 9 KiB; {} payments remembered of {} users",
        per_user / 1024.0,
        scorer.payments(),
        scorer.users()
    );
    let path = std::env::temp_dir().join(format!("dsprep-fraud-{}.db", std::process::id()));
    let con = Connection::open(&path)?;
    let start = core_time();
    scorer.save(&con)?;
    let saved = seconds_since(start);
    let start = core_time();
    let resumed = Scorer::resume(&con, ScorerOptions::default(), Some(model))?;
    let restored = seconds_since(start);
    drop(con);
    let size = std::fs::metadata(&path)?.len() as f64 / 1e6;
    std::fs::remove_file(&path)?;
    assert_eq!(resumed.payments(), scorer.payments());
    println!(
        "restart: saved in {saved:.2} s of CPU time, resumed in {restored:.2} s; {size:.0} MB in SQLite"
    );
    Ok(())
}
