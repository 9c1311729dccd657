//! How quick the fraud scorer is on one core, how much it remembers, and how long a restart takes.
//!
//! ```text
//! cargo bench --bench fraud
//! DSPREP_PEERS=/path/to/python cargo bench --bench fraud      # and what Python does with the same payments
//! ```
//!
//! The peers are `tests/peers/fraud.py`: the same features from deques in Python and from pandas, and
//! scikit-learn's histogram gradient boosting for one row at a time, which gets fewer payments: it is slow. Times are CPU time.

#[path = "../common/compare.rs"]
mod compare;
#[path = "../common/core_time.rs"]
mod core_time;
#[path = "../common/folder.rs"]
mod folder;
#[path = "../common/measurement.rs"]
mod measurement;
mod payments;
#[path = "../common/peers.rs"]
mod peers;

use compare::{Outcome, Peer, Step, criterion};
use criterion::Criterion;
use dsprep_core::Result;
use dsprep_core::prelude::*;
use folder::with_folder;
use measurement::CoreTime;
use std::hint::black_box;
use std::path::Path;

const USERS: usize = 3_000;
const DAYS: usize = 40;
/// How many payments the definition of the features gets, which sorts the history anew for each.
const RECOMPUTED: usize = 2_000;

fn main() -> Outcome<()> {
    with_folder("fraud", run)
}

fn run(folder: &Path) -> Outcome<()> {
    let training = feature_table(&simulate_payments(1_000, 30, &mut RandomState::seed(1))?)?;
    let stream: Vec<Payment> = simulate_payments(USERS, DAYS, &mut RandomState::seed(2))?
        .iter()
        .map(|labelled| labelled.payment)
        .collect();
    let model = FraudModel::fit(&training, ModelOptions::default())?;
    payments::write(folder, &stream, &training)?;
    let (mut criterion, mut peer) = (criterion(), Peer::start("fraud.py", &[folder])?);
    let users = |scorer: &Scorer| scorer.users() as f64;
    let scorer = Scorer::new(ScorerOptions::default(), None)?;
    let sent = &stream[..payments::SENT];
    let name = format!("features and rules, the first {} payments", sent.len());
    Step::new(&name)
        .beside("Python, deques", "deques", 0.0)
        .beside("pandas, rolling counts and sums only", "rolling", 0.0)
        .compare(&mut criterion, &mut peer, || scored(&scorer, sent), users)?;
    let name = format!("features and rules, all {} payments", stream.len());
    Step::new(&name).compare(
        &mut criterion,
        &mut peer,
        || scored(&scorer, &stream),
        users,
    )?;
    let scorer = Scorer::new(ScorerOptions::default(), Some(model.clone()))?;
    let name = format!(
        "features, rules, model and decision, all {} payments",
        stream.len()
    );
    Step::new(&name).compare(
        &mut criterion,
        &mut peer,
        || scored(&scorer, &stream),
        users,
    )?;
    // The first by arrival are not quite the first by time, which is the order in Python.
    let few = &stream[..payments::FEW];
    let name = format!(
        "features, rules, model and decision, the first {} payments",
        few.len()
    );
    Step::new(&name)
        .beside("Python, deques and scikit-learn", "deques and model", 0.05)
        .compare(&mut criterion, &mut peer, || scored(&scorer, few), users)?;
    // Two models, learned from the same rows with the same settings.
    let name = format!("the model alone, {} rows one by one", training.labels.len());
    Step::new(&name)
        .beside("scikit-learn, all rows at once", "model", 0.05)
        .compare(
            &mut criterion,
            &mut peer,
            || one_by_one(&model, &training),
            |&sum| sum,
        )?;
    let name = format!("features by recomputation, the first {RECOMPUTED} payments");
    Step::new(&name).compare(&mut criterion, &mut peer, || recomputed(&stream), |()| 0.0)?;
    let scorer = scored(&scorer, &stream)?;
    restart(
        &mut criterion,
        &mut peer,
        &scorer,
        &model,
        &folder.join("state.db"),
    )?;
    criterion.final_summary();
    let per_user = scorer.memory() as f64 / scorer.users() as f64;
    println!(
        "memory: {:.1} KiB a user on average, bound 9 KiB; {} payments remembered of {} users",
        per_user / 1024.0,
        scorer.payments(),
        scorer.users()
    );
    Ok(())
}

/// The scorer after all payments.
fn scored(empty: &Scorer, stream: &[Payment]) -> Result<Scorer> {
    let mut scorer = empty.clone();
    for payment in stream {
        black_box(scorer.score(payment)?);
    }
    Ok(scorer)
}

/// The sum of the probabilities of fraud.
fn one_by_one(model: &FraudModel, table: &FeatureTable) -> Result<f64> {
    let mut sum = 0.0;
    for row in table.features.outer_iter() {
        sum += model
            .trees()
            .probability(row.as_slice().unwrap_or_default())?;
    }
    Ok(sum)
}

fn recomputed(stream: &[Payment]) -> Result<()> {
    for (index, payment) in stream[..RECOMPUTED].iter().enumerate() {
        black_box(recompute(&stream[..index], payment)?);
    }
    Ok(())
}

fn restart(
    criterion: &mut Criterion<CoreTime>,
    peer: &mut Option<Peer>,
    scorer: &Scorer,
    model: &FraudModel,
    path: &Path,
) -> Outcome<()> {
    let con = Connection::open(path)?;
    Step::new("save the scorer").compare(criterion, peer, || scorer.save(&con), |()| 0.0)?;
    let resume = || Scorer::resume(&con, ScorerOptions::default(), Some(model.clone()));
    Step::new("resume the scorer").compare(criterion, peer, resume, |_| 0.0)?;
    assert_eq!(resume()?.payments(), scorer.payments());
    let size = std::fs::metadata(path)?.len() as f64 / 1e6;
    println!("{size:.0} MB in SQLite");
    Ok(())
}
