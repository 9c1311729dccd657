//! One weekly check of a model with 50 features on 100,000 rows: KS and PSI of each feature, and the AUC
//! with its DeLong interval (question 25). Prints one table of the fastest of several runs.
//!
//!     cargo bench --bench monitor
//!     DSPREP_PEERS=/path/to/python cargo bench --bench monitor    # with SciPy and scikit-learn beside it
//!
//! The peer draws the same data from the same seed, and its results are compared with ours.

#[path = "../common/peers.rs"]
mod peers;

use dsprep_core::evaluate::roc_auc_interval;
use dsprep_core::monitor::{DriftPolicy, DriftReference};
use dsprep_core::ndarray::{Array1, Array2};
use dsprep_core::random::RandomState;
use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant;

const ROWS: usize = 100_000;
const FEATURES: usize = 50;
/// The features that have drifted, by 0.3 standard deviations.
const DRIFTED: usize = 5;
const RUNS: usize = 5;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What a step took, in seconds, and a number that both sides must agree on.
#[derive(Clone, Copy)]
struct Measured {
    seconds: f64,
    check: f64,
}

fn main() -> Outcome<()> {
    let (reference, week, labels, scores) = data();
    let sorted = DriftReference::new(&reference)?;
    let policy = DriftPolicy::default();
    let ours = [
        (
            "sort the reference (once)",
            fastest(|| Ok(DriftReference::new(&reference).map(|_| 0.0)?))?,
        ),
        (
            "KS and PSI of 50 features",
            fastest(|| {
                let report = sorted.check(&week, &policy)?;
                let sum = report
                    .columns
                    .iter()
                    .map(|column| column.ks + column.psi)
                    .sum();
                Ok(sum)
            })?,
        ),
        (
            "AUC with DeLong interval",
            fastest(|| {
                let interval = roc_auc_interval(&labels, &scores, 0.95)?;
                Ok(interval.auc + interval.standard_error)
            })?,
        ),
    ];
    let peer = peers::lines("monitor.py", &[""; 0])?;
    let peer = peer.map(|lines| peer_steps(&lines)).transpose()?;
    print_table(&ours, peer.as_ref())
}

/// The reference, the week, its labels and the scores; `tests/peers/monitor.py` draws the same.
fn data() -> (Array2<f64>, Array2<f64>, Array1<usize>, Array1<f64>) {
    let mut rng = RandomState::seed(25);
    let reference = rng.randn((ROWS, FEATURES));
    let mut week = rng.randn((ROWS, FEATURES));
    for feature in 0..DRIFTED {
        week.column_mut(feature).mapv_inplace(|value| value + 0.3);
    }
    let labels = rng.rand(ROWS).mapv(|u| usize::from(u < 0.2));
    let noise = rng.randn(ROWS);
    let scores = labels.mapv(|label| label as f64) + noise;
    (reference, week, labels, scores)
}

fn fastest(step: impl Fn() -> Outcome<f64>) -> Outcome<Measured> {
    let mut best = Measured {
        seconds: f64::INFINITY,
        check: 0.0,
    };
    for _ in 0..RUNS {
        let start = Instant::now();
        let check = step()?;
        let seconds = start.elapsed().as_secs_f64();
        best = Measured {
            seconds: seconds.min(best.seconds),
            check,
        };
    }
    Ok(best)
}

/// What the peer printed: a line of "name<tab>seconds<tab>check" for each step.
fn peer_steps(lines: &[String]) -> Outcome<BTreeMap<String, Measured>> {
    let mut steps = BTreeMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        if let [name, seconds, check] = fields[..] {
            let measured = Measured {
                seconds: seconds.parse()?,
                check: check.parse()?,
            };
            steps.insert(name.to_owned(), measured);
        }
    }
    Ok(steps)
}

fn print_table(
    ours: &[(&str, Measured)],
    peer: Option<&BTreeMap<String, Measured>>,
) -> Outcome<()> {
    println!("{FEATURES} features x {ROWS} rows, the fastest of {RUNS} runs, one thread\n");
    println!("| step | dsprep | peer | peer / dsprep |");
    println!("|---|---|---|---|");
    let mut totals = [0.0, 0.0];
    for (name, measured) in ours {
        let beside = peer.and_then(|steps| steps.get(*name));
        if let Some(beside) = beside {
            let difference = (beside.check - measured.check).abs();
            if difference > 1e-9 {
                return Err(format!("{name}: the results differ by {difference}").into());
            }
            totals[0] += measured.seconds;
            totals[1] += beside.seconds;
        }
        print_row(name, measured.seconds, beside.map(|beside| beside.seconds));
    }
    if peer.is_some() {
        print_row("one weekly check", totals[0], Some(totals[1]));
    }
    Ok(())
}

fn print_row(name: &str, ours: f64, peer: Option<f64>) {
    let milliseconds = |seconds: f64| format!("{:.1} ms", 1e3 * seconds);
    let ratio = peer.map_or(String::new(), |peer| format!("{:.1}", peer / ours));
    let peer = peer.map_or(String::new(), milliseconds);
    println!("| {name} | {} | {peer} | {ratio} |", milliseconds(ours));
}
