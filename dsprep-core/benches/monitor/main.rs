//! One weekly check of a model with 50 features on 100,000 rows: KS and PSI of each feature, and the AUC
//! with its DeLong interval (question 25).
//!
//! ```text
//! cargo bench --bench monitor
//! DSPREP_PEERS=/path/to/python cargo bench --bench monitor    # with SciPy and scikit-learn beside it
//! ```
//!
//! The peer draws the same data from the same seed, and its results are compared with ours. Times are CPU time.

#[path = "../common/compare.rs"]
mod compare;
#[path = "../common/core_time.rs"]
mod core_time;
#[path = "../common/measurement.rs"]
mod measurement;
#[path = "../common/peers.rs"]
mod peers;

use compare::{Outcome, Peer, Step, criterion};
use dsprep_core::Result;
use dsprep_core::evaluate::roc_auc_interval;
use dsprep_core::monitor::{DriftPolicy, DriftReference};
use dsprep_core::ndarray::{Array1, Array2};
use dsprep_core::random::RandomState;

const ROWS: usize = 100_000;
const FEATURES: usize = 50;
/// The features that have drifted, by 0.3 standard deviations.
const DRIFTED: usize = 5;

fn main() -> Outcome<()> {
    let (reference, week, labels, scores) = data()?;
    let sorted = DriftReference::new(&reference)?;
    let policy = DriftPolicy::default();
    let (mut criterion, mut peer) = (criterion(), Peer::start("monitor.py", &[""; 0])?);
    Step::new("sort the reference, once").compare(
        &mut criterion,
        &mut peer,
        || DriftReference::new(&reference),
        |_| 0.0,
    )?;
    Step::new("KS and PSI of 50 features")
        .beside("SciPy and NumPy", "KS and PSI of 50 features", 1e-9)
        .compare(
            &mut criterion,
            &mut peer,
            || sorted.check(&week, &policy),
            |report| {
                let columns = report.columns.iter();
                columns.map(|column| column.ks + column.psi).sum()
            },
        )?;
    Step::new("AUC with DeLong interval")
        .beside("scikit-learn and NumPy", "AUC with DeLong interval", 1e-9)
        .compare(
            &mut criterion,
            &mut peer,
            || roc_auc_interval(&labels, &scores, 0.95),
            |interval| interval.auc + interval.standard_error,
        )?;
    criterion.final_summary();
    Ok(())
}

/// Reference, week, labels and scores.
type Data = (Array2<f64>, Array2<f64>, Array1<usize>, Array1<f64>);

/// The reference, the week, its labels and the scores; `tests/peers/monitor.py` draws the same.
fn data() -> Result<Data> {
    let mut rng = RandomState::seed(25);
    let reference = rng.randn((ROWS, FEATURES))?;
    let mut week = rng.randn((ROWS, FEATURES))?;
    for feature in 0..DRIFTED {
        week.column_mut(feature).mapv_inplace(|value| value + 0.3);
    }
    let labels = rng.rand(ROWS)?.mapv(|u| usize::from(u < 0.2));
    let noise = rng.randn(ROWS)?;
    let scores = labels.mapv(|label| label as f64) + noise;
    Ok((reference, week, labels, scores))
}
