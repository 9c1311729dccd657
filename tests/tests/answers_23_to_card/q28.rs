//! Naming five faults, and serving what was trained.

use super::{assert_accepts, assert_refuses};
use dsprep_core::check::{check_q28_faults, check_q28_serve};
use dsprep_core::ndarray::{Array1, array};
use dsprep_core::triage::PipelineFault::{
    ConceptShift, CovariateShift, SharedRows, Skew, TargetLeak,
};
use dsprep_core::triage::{PipelineFault, Symptoms};

/// The list of the lesson, with its limits.
fn diagnose(s: &Symptoms, gap: f64, domain: f64, z: f64) -> Option<PipelineFault> {
    if s.parity_faults > 0 {
        Some(Skew)
    } else if s.shared_rows > 0 {
        Some(SharedRows)
    } else if s.offline_auc - s.fresh_auc > gap {
        Some(TargetLeak)
    } else if s.domain_auc > domain {
        Some(CovariateShift)
    } else {
        (s.calibration_z.abs() > z).then_some(ConceptShift)
    }
}

#[test]
fn faults() {
    let check = |answer: fn(&Symptoms) -> Option<PipelineFault>| check_q28_faults(answer);
    assert_accepts(
        "check_q28_faults",
        &[
            ("the list", check(|s| diagnose(s, 0.05, 0.65, 6.0))),
            (
                "shared rows first",
                check(|s| {
                    if s.shared_rows > 0 {
                        Some(SharedRows)
                    } else {
                        diagnose(s, 0.05, 0.65, 6.0)
                    }
                }),
            ),
            ("other limits", check(|s| diagnose(s, 0.06, 0.7, 8.0))),
            (
                "a match",
                check(|s| match (s.parity_faults, s.shared_rows) {
                    (1.., _) => Some(Skew),
                    (_, 1..) => Some(SharedRows),
                    _ if s.fresh_auc < s.offline_auc - 0.05 => Some(TargetLeak),
                    _ if (s.domain_auc - 0.5).abs() > 0.15 => Some(CovariateShift),
                    _ => (s.calibration_z.powi(2) > 36.0).then_some(ConceptShift),
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q28_faults",
        &[
            (
                "domain first",
                "before you blame the world",
                check(|s| {
                    if s.domain_auc > 0.65 {
                        Some(CovariateShift)
                    } else {
                        diagnose(s, 0.05, 0.65, 6.0)
                    }
                }),
            ),
            (
                "calibration before domain",
                "after reweighting",
                check(|s| {
                    let by_z = (s.calibration_z.abs() > 6.0).then_some(ConceptShift);
                    match diagnose(s, 0.05, 0.65, 6.0) {
                        Some(CovariateShift) => by_z.or(Some(CovariateShift)),
                        other => other,
                    }
                }),
            ),
            (
                "shared rows overlooked",
                "can be counted",
                check(|s| {
                    diagnose(
                        &Symptoms {
                            shared_rows: 0,
                            ..*s
                        },
                        0.05,
                        0.65,
                        6.0,
                    )
                }),
            ),
            (
                "leak overlooked",
                "fresh_auc",
                check(|s| diagnose(s, 9.0, 0.65, 6.0)),
            ),
            (
                "leak by production",
                "fresh_auc",
                check(|s| {
                    let leak = s.offline_auc - s.production_auc > 0.05;
                    match diagnose(s, 9.0, 0.65, 6.0) {
                        None if leak && s.domain_auc > 0.65 => Some(TargetLeak),
                        other => other,
                    }
                }),
            ),
            (
                "domain overlooked",
                "other rows come",
                check(|s| diagnose(s, 0.05, 2.0, 6.0)),
            ),
            (
                "one side of z",
                "standard errors",
                check(|s| {
                    diagnose(
                        &Symptoms {
                            calibration_z: s.calibration_z.min(0.0),
                            ..*s
                        },
                        0.05,
                        0.65,
                        6.0,
                    )
                }),
            ),
            (
                "always something",
                "nothing is wrong with it",
                check(|s| diagnose(s, 0.05, 0.65, 6.0).or(Some(ConceptShift))),
            ),
            ("always healthy", "nothing is not it", check(|_| None)),
            (
                "every drop of the AUC is a leak",
                "is not it",
                check(|s| {
                    if s.offline_auc - s.production_auc > 0.02 {
                        Some(TargetLeak)
                    } else {
                        diagnose(s, 0.05, 0.65, 6.0)
                    }
                }),
            ),
        ],
    );
}

#[test]
fn serving() {
    type Serve = fn(i64, Option<f64>, f64) -> Array1<f64>;
    let check = |answer: Serve| check_q28_serve(answer);
    assert_accepts(
        "check_q28_serve",
        &[
            (
                "ln_1p",
                check(|c, a, m| array![(c as f64 / 100.0).ln_1p(), a.unwrap_or(m)]),
            ),
            (
                "ln of one more",
                check(|c, a, m| array![(1.0 + 0.01 * c as f64).ln(), a.unwrap_or(m)]),
            ),
            (
                "a match",
                check(|c, a, m| {
                    let age = match a {
                        Some(age) => age,
                        None => m,
                    };
                    Array1::from(vec![((100 + c) as f64 / 100.0).ln(), age])
                }),
            ),
        ],
    );
    assert_refuses(
        "check_q28_serve",
        &[
            (
                "cents",
                "cents",
                check(|c, a, m| array![(c as f64).ln_1p(), a.unwrap_or(m)]),
            ),
            (
                "ln of cents",
                "ln(cents)",
                check(|c, a, m| array![(c as f64).ln(), a.unwrap_or(m)]),
            ),
            (
                "ln of euros",
                "ln(1 + euros)",
                check(|c, a, m| array![(c as f64 / 100.0).ln(), a.unwrap_or(m)]),
            ),
            (
                "no logarithm",
                "logarithm is missing",
                check(|c, a, m| array![c as f64 / 100.0, a.unwrap_or(m)]),
            ),
            (
                "cut off",
                "cut off",
                check(|c, a, m| array![((c / 100) as f64).ln_1p(), a.unwrap_or(m)]),
            ),
            (
                "newborn",
                "newborn",
                check(|c, a, _| array![(c as f64 / 100.0).ln_1p(), a.unwrap_or(0.0)]),
            ),
            (
                "own median",
                "of your own",
                check(|c, a, _| array![(c as f64 / 100.0).ln_1p(), a.unwrap_or(38.0)]),
            ),
            (
                "NaN age",
                "not NaN",
                check(|c, a, _| array![(c as f64 / 100.0).ln_1p(), a.unwrap_or(f64::NAN)]),
            ),
            (
                "median for all",
                "unchanged",
                check(|c, _, m| array![(c as f64 / 100.0).ln_1p(), m]),
            ),
            (
                "one feature",
                "yours are 1",
                check(|c, _, _| array![(c as f64 / 100.0).ln_1p()]),
            ),
            (
                "swapped",
                "when serving",
                check(|c, a, m| array![a.unwrap_or(m), (c as f64 / 100.0).ln_1p()]),
            ),
        ],
    );
}
