//! Samples and scores: Kolmogorov-Smirnov beside SciPy, ROC AUC beside scikit-learn.

use crate::Outcome;
use crate::table::{Step, fastest};
use dsprep_core::Alternative;
use dsprep_core::evaluate::drift::{KsMethod, ks_two_sample};
use dsprep_core::evaluate::roc_auc;
use dsprep_core::random::RandomState;

pub fn steps() -> Outcome<[Step; 4]> {
    let mut rng = RandomState::seed(25);
    let reference = rng.randn(100_000);
    let current = rng.randn(100_000) + 0.003;
    let half = rng.randn(50_000);
    let ks = |what, size, current, method| {
        let (test, time) = fastest(3, || {
            ks_two_sample(&reference, current, Alternative::TwoSided, method)
        })?;
        Outcome::Ok(Step {
            what,
            size,
            peer: "SciPy",
            time,
            check: test.statistic + test.p_value,
            tolerance: 1e-9,
        })
    };
    Ok([
        ks(
            "KS, asymptotic",
            "100,000 and 100,000",
            &current,
            KsMethod::Asymptotic,
        )?,
        ks(
            "KS, exact, equal sizes",
            "100,000 and 100,000",
            &current,
            KsMethod::Exact,
        )?,
        ks(
            "KS, exact, unequal sizes",
            "100,000 and 50,000",
            &half,
            KsMethod::Exact,
        )?,
        auc()?,
    ])
}

fn auc() -> Outcome<Step> {
    let mut rng = RandomState::seed(27);
    let labels = rng.rand(1_000_000).mapv(|u| usize::from(u < 0.2));
    let scores = labels.mapv(|label| label as f64) + rng.randn(1_000_000);
    let (area, time) = fastest(3, || roc_auc(&labels, &scores))?;
    Ok(Step {
        what: "ROC AUC",
        size: "1,000,000",
        peer: "scikit-learn",
        time,
        check: area,
        tolerance: 1e-12,
    })
}
