//! Tests of experiments.

use crate::inputs::{COUNTS, NUMBERS, cycled, pairs, samples, vectors};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::ndarray::ArrayView1;
use dsprep_core::prelude::*;

const SIDES: [Alternative; 3] = [
    Alternative::TwoSided,
    Alternative::Less,
    Alternative::Greater,
];
const USERS: [u64; 7] = [0, 1, 2, 30, 1_000, 1_000_000_000, u64::MAX];

fn arms() -> Vec<Conversions> {
    let mut arms = Vec::new();
    for users in USERS {
        for converted in [
            0,
            1,
            users / 2,
            users.saturating_sub(1),
            users,
            users.saturating_add(1),
        ] {
            arms.push(Conversions { converted, users });
        }
    }
    arms
}

pub fn counts(s: &mut Sweep) {
    for a in arms() {
        s.try_on("wilson_interval", format!("{a:?}"), || {
            plain(wilson_interval(a, 0.95))
        });
        for b in arms() {
            let input = format!("{a:?} {b:?}");
            s.try_on("two_proportion_z_test", &input, || {
                shown(two_proportion_z_test(a, b, 0.95))
            });
            if let Ok(test) = two_proportion_z_test(a, b, 0.95) {
                for side in SIDES {
                    s.try_on("ZTest::p_value_for", &input, || {
                        Ok(vec![test.p_value_for(side)])
                    });
                }
            }
            s.try_on("risk_ratio", &input, || shown(risk_ratio(a, b, 0.95)));
            s.try_on("newcombe_interval", &input, || {
                plain(newcombe_interval(a, b, 0.95))
            });
            s.try_on("non_inferiority_proportions", &input, || {
                shown(non_inferiority_proportions(a, b, 0.02))
            });
            for side in SIDES {
                s.try_unbounded(
                    "fisher_exact",
                    "the odds ratio of an empty cell",
                    &input,
                    || shown(fisher_exact(a, b, side)),
                );
            }
            s.try_on("sample_ratio_mismatch", &input, || {
                shown(sample_ratio_mismatch(&[a.users, b.users], &[0.5, 0.5]))
            });
        }
    }
    let (a, b) = (
        Conversions {
            converted: 3,
            users: 20,
        },
        Conversions {
            converted: 8,
            users: 30,
        },
    );
    for number in NUMBERS {
        let input = number.to_string();
        s.try_on("wilson_interval", &input, || {
            plain(wilson_interval(a, number))
        });
        s.try_on("newcombe_interval", &input, || {
            plain(newcombe_interval(a, b, number))
        });
        s.try_on("two_proportion_z_test", &input, || {
            shown(two_proportion_z_test(a, b, number))
        });
        s.try_on("risk_ratio", &input, || shown(risk_ratio(a, b, number)));
        s.try_on("non_inferiority_proportions", &input, || {
            shown(non_inferiority_proportions(a, b, number))
        });
        for other in NUMBERS {
            s.try_on("sample_ratio_mismatch", format!("{number} {other}"), || {
                shown(sample_ratio_mismatch(&[10, 20], &[number, other]))
            });
            for spending in [Spending::ObrienFleming, Spending::Pocock] {
                s.try_on(
                    "group_sequential_boundaries",
                    format!("{number} {other}"),
                    || shown(group_sequential_boundaries(&[number, 1.0], other, spending)),
                );
            }
            s.try_unbounded(
                "MixtureSprt::look",
                "an interval that excludes nothing yet",
                format!("{number} {other}"),
                || shown(MixtureSprt::new(0.1, 0.05)?.look(number, other)),
            );
            s.try_on("MixtureSprt::new", format!("{number} {other}"), || {
                MixtureSprt::new(number, other).map(|_| vec![])
            });
        }
    }
    for users in [&[][..], &[1], &[0, 0], &[u64::MAX, u64::MAX], &[1, 2, 3]] {
        for shares in [&[][..], &[1.0], &[0.5, 0.5], &[0.0, 1.0], &[0.2, 0.3, 0.5]] {
            s.try_on(
                "sample_ratio_mismatch",
                format!("{users:?} {shares:?}"),
                || shown(sample_ratio_mismatch(users, shares)),
            );
        }
    }
    for requests in USERS {
        for errors in USERS {
            for confidence in NUMBERS {
                let guardrails = Guardrails::default().confidence(confidence);
                let seen = Observation {
                    days: 5.0,
                    requests,
                    errors,
                    slow: errors,
                };
                s.try_on("decide", format!("{seen:?} {confidence}"), || {
                    shown(decide(&rollout_plan(), 1, &guardrails, &seen))
                });
            }
        }
    }
    for arms in COUNTS.into_iter().filter(|&arms| arms <= 10_000) {
        s.try_on("ThompsonSampling::new", arms.to_string(), || {
            let bandit = ThompsonSampling::new(arms)?;
            plain(bandit.choose(&mut RandomState::seed(1)))
        });
    }
    for (at, arms) in arms().chunks(5).enumerate() {
        s.try_on("ThompsonSampling::from_arms", at.to_string(), || {
            let mut rng = RandomState::seed(1);
            let mut bandit = ThompsonSampling::from_arms(arms.to_vec())?;
            let best = bandit.probability_best(50, &mut rng)?;
            for arm in 0..7 {
                let _ = bandit.update(arm, true);
            }
            plain(bandit.choose(&mut rng).map(|arm| (arm, best)))
        });
    }
}

pub fn two_samples(s: &mut Sweep) {
    let difference = |a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>| {
        b.mean().unwrap_or(f64::NAN) - a.mean().unwrap_or(f64::NAN)
    };
    for (input, a, b) in samples() {
        for confidence in [0.95, 1.0 - f64::EPSILON, 0.0, f64::NAN] {
            s.try_on("welch_t_test", format!("{input} {confidence}"), || {
                shown(welch_t_test(&a, &b, confidence))
            });
        }
        if let Ok(test) = welch_t_test(&a, &b, 0.95) {
            for side in SIDES {
                s.try_on("WelchTest::p_value_for", &input, || {
                    Ok(vec![test.p_value_for(side)])
                });
            }
        }
        for side in SIDES {
            s.try_on("mann_whitney", &input, || shown(mann_whitney(&a, &b, side)));
            s.try_on("permutation_test", &input, || {
                shown(permutation_test(
                    &a,
                    &b,
                    difference,
                    side,
                    20,
                    &mut RandomState::seed(1),
                ))
            });
        }
        s.try_on("permutation_test", &input, || {
            let nothing = |_: ArrayView1<'_, f64>, _: ArrayView1<'_, f64>| f64::NAN;
            shown(permutation_test(
                &a,
                &b,
                nothing,
                Alternative::Less,
                20,
                &mut RandomState::seed(1),
            ))
        });
        for margin in NUMBERS {
            s.try_on("non_inferiority_means", format!("{input} {margin}"), || {
                shown(non_inferiority_means(&a, &b, margin))
            });
        }
    }
    for (input, a, b) in pairs() {
        s.try_on("Cuped::fit", &input, || {
            let cuped = Cuped::fit(&a, &b)?;
            plain(
                cuped
                    .adjust(&a, &b)
                    .map(|adjusted| (adjusted, cuped.variance_ratio())),
            )
        });
        s.try_on("ratio_metric", &input, || shown(ratio_metric(&a, &b)));
        s.try_on("ratio_metric_test", &input, || {
            shown(ratio_metric_test((&a, &b), (&b, &a), 0.95))
        });
        if let Ok(test) = ratio_metric_test((&a, &b), (&b, &a), 0.95) {
            for side in SIDES {
                s.try_on("RatioMetricTest::p_value_for", &input, || {
                    Ok(vec![test.p_value_for(side)])
                });
            }
        }
        let p_values = cycled(&a, a.len().min(40)).to_vec();
        s.try_on("bonferroni", &input, || plain(bonferroni(&p_values)));
        s.try_on("holm", &input, || plain(holm(&p_values)));
        s.try_on("benjamini_hochberg", &input, || {
            plain(benjamini_hochberg(&p_values))
        });
    }
    for (input, x) in vectors() {
        for method in [BootstrapMethod::Percentile, BootstrapMethod::Bca] {
            for confidence in [0.5, 0.95, 0.0, 1.0, f64::NAN] {
                for resamples in [0, 1, 2, 100] {
                    let input = format!("{input} {method:?} {confidence} {resamples}");
                    let mut rng = RandomState::seed(1);
                    s.try_on("bootstrap_interval", &input, || {
                        let mean =
                            |x: &dsprep_core::ndarray::ArrayRef1<f64>| x.mean().unwrap_or(0.0);
                        plain(bootstrap_interval(
                            &x, mean, method, confidence, resamples, &mut rng,
                        ))
                    });
                    s.try_on("bootstrap_interval", &input, || {
                        let ratio = |x: &dsprep_core::ndarray::ArrayRef1<f64>| 1.0 / x[0];
                        plain(bootstrap_interval(
                            &x, ratio, method, confidence, resamples, &mut rng,
                        ))
                    });
                }
            }
        }
        s.try_on("Observation::from_latencies", input, || {
            let seen = Observation::from_latencies(&x, u64::MAX, f64::NAN, &Guardrails::default());
            Ok(vec![seen.slow as f64])
        });
    }
}
