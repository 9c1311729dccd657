//! Samples and scores: Kolmogorov-Smirnov beside SciPy, ROC AUC beside scikit-learn.

use crate::compare::{Outcome, Peer, Step};
use crate::measurement::CoreTime;
use criterion::Criterion;
use dsprep_core::Alternative;
use dsprep_core::evaluate::drift::{KsMethod, ks_two_sample};
use dsprep_core::evaluate::roc_auc;
use dsprep_core::random::RandomState;

pub fn compare(criterion: &mut Criterion<CoreTime>, peer: &mut Option<Peer>) -> Outcome<()> {
    let mut rng = RandomState::seed(25);
    let reference = rng.randn(100_000)?;
    let current = rng.randn(100_000)? + 0.003;
    let half = rng.randn(50_000)?;
    for (name, key, other, method) in [
        (
            "KS, asymptotic, 100,000 and 100,000",
            "KS, asymptotic",
            &current,
            KsMethod::Asymptotic,
        ),
        (
            "KS, exact, 100,000 and 100,000",
            "KS, exact, equal sizes",
            &current,
            KsMethod::Exact,
        ),
        (
            "KS, exact, 100,000 and 50,000",
            "KS, exact, unequal sizes",
            &half,
            KsMethod::Exact,
        ),
    ] {
        Step::new(name).beside("SciPy", key, 1e-9).compare(
            criterion,
            peer,
            || ks_two_sample(&reference, other, Alternative::TwoSided, method),
            |test| test.statistic + test.p_value,
        )?;
    }
    let mut rng = RandomState::seed(27);
    let labels = rng.rand(1_000_000)?.mapv(|u| usize::from(u < 0.2));
    let scores = labels.mapv(|label| label as f64) + rng.randn(1_000_000)?;
    Step::new("ROC AUC, 1,000,000")
        .beside("scikit-learn", "ROC AUC", 1e-12)
        .compare(criterion, peer, || roc_auc(&labels, &scores), |&area| area)
}
