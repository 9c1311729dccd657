//! Methods of what was simulated, and weeks of a model's life: unknown rows and customers, weeks at the ends of their type.

use crate::inputs::{NUMBERS, matrices, vectors};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::fraud::Feature;
use dsprep_core::monitor::Performance;
use dsprep_core::prelude::*;

/// Weeks, and how many of them.
const WEEKS: [u32; 6] = [0, 1, 5, 1 << 20, u32::MAX - 1, u32::MAX];

pub fn of_simulations(s: &mut Sweep) {
    let rng = &mut RandomState::seed(1);
    let customers = Customers::simulate(30, rng).unwrap();
    for rows in [
        vec![],
        vec![0, 0],
        vec![29],
        vec![30],
        vec![usize::MAX],
        (0..30).collect(),
    ] {
        let input = format!("{rows:?}");
        s.try_on("Customers::expected_churn", &input, || {
            plain(customers.expected_churn(&rows))
        });
        s.try_on("Customers::randomised_trial", &input, || {
            shown(customers.randomised_trial(&rows, rng))
        });
        s.try_on("Customers::trial_against_the_rest", &input, || {
            shown(customers.trial_against_the_rest(&rows, rng))
        });
    }
    for (input, scores) in vectors() {
        for share in NUMBERS {
            s.try_on("Customers::top", format!("{input} {share}"), || {
                plain(customers.top(&scores, share))
            });
        }
    }
    let payments = simulate_payments(20, 10, rng).unwrap();
    let table = feature_table(&payments).unwrap();
    let edges = [i64::MIN, 0, payments[3].payment.arrived, i64::MAX];
    for from in edges {
        for to in edges {
            s.try_on("FeatureTable::between", format!("{from} {to}"), || {
                shown(table.between(from, to))
            });
        }
        let mut scorer = Scorer::new(ScorerOptions::default(), None).unwrap();
        for payment in &payments {
            scorer.score(&payment.payment).unwrap();
        }
        s.try_on("Scorer::forget_before", from.to_string(), || {
            Ok(vec![scorer.forget_before(from) as f64])
        });
    }
    for name in ["", "amount_z", "\0"] {
        s.try_on("Feature::named", name, || {
            Feature::named(name).map(|feature| vec![feature.column as f64])
        });
    }
    for n in [0, 1, 5, 1_000] {
        s.try_on("Digits::only", n.to_string(), || {
            let few = digits().only(&[n]);
            assert!(few.drawn(&[0, n, usize::MAX]).len() < 10_000);
            plain(few.targets(n))
        });
    }
}

pub fn of_weeks(s: &mut Sweep) {
    for from in WEEKS {
        for over in WEEKS {
            let change = Change::gradual(from, over).until(over);
            for week in WEEKS {
                s.try_on("Change::share", format!("{from} {over} {week}"), || {
                    let share = Change::gradual(from, over).share(week);
                    assert!((0.0..=1.0).contains(&share), "{share}");
                    assert!(week < from || share > 0.0);
                    Ok(vec![
                        share,
                        change.share(week),
                        Change::abrupt(from).share(week),
                    ])
                });
            }
            for fault in [
                Fault::Stuck(f64::NAN),
                Fault::Scaled(f64::MAX),
                Fault::Scaled(0.0),
            ] {
                s.try_on(
                    "WeekStream::week",
                    format!("{from} {over} {fault:?}"),
                    || {
                        let stream = WeekStream::stable(20, &mut RandomState::seed(1))
                            .with_broken_feature(1, fault, change)
                            .with_concept_drift(change)
                            .with_seasonality(over, 1.0)
                            .with_label_delay(over);
                        plain(stream.week(from).map(|week| week.x))
                    },
                );
            }
        }
    }
    let stream = WeekStream::stable(150, &mut RandomState::seed(1));
    let lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default()).unwrap();
    for week in WEEKS {
        let input = week.to_string();
        let mut after = lifecycle.clone();
        s.try_on("ModelLifecycle::advance", &input, || {
            shown(after.advance(&stream, week))
        });
        let mut after = lifecycle.clone();
        s.try_on("ModelLifecycle::serve", &input, || {
            let x = stream.week(3)?.x;
            let served = after.serve(week, &x)?;
            after.label(week, &Array1::from_shape_fn(x.nrows(), |row| row % 2))?;
            after.review(week)?;
            after.serve(week, &x).map(|_| ()).unwrap_err();
            Ok(served.scores.to_vec())
        });
        let mut after = lifecycle.clone();
        s.try_on("ModelLifecycle::roll_back_to", &input, || {
            after.roll_back_to(week, "").map(|()| vec![])
        });
        s.try_on("ModelLifecycle::version", &input, || {
            lifecycle
                .version(week)
                .map(|version| vec![version.expected_score()])
        });
        for (name, policy) in [
            (
                "evaluate",
                MonitorPolicy::default().evaluate_weeks(week as usize),
            ),
            (
                "training",
                MonitorPolicy::default().training_weeks(week as usize),
            ),
            ("history", MonitorPolicy::default().history_weeks(week)),
            (
                "all",
                MonitorPolicy::default()
                    .history_weeks(u32::MAX)
                    .training_weeks(week as usize),
            ),
            ("patience", MonitorPolicy::default().patience(week as usize)),
            (
                "shadow",
                MonitorPolicy::default().shadow_weeks(week as usize),
            ),
            ("guard", MonitorPolicy::default().guard_weeks(week as usize)),
        ] {
            let rows = if week > 5 { 1_000_000 } else { 150 };
            s.try_on("ModelLifecycle::start_on", format!("{name} {week}"), || {
                let stream = WeekStream::stable(rows, &mut RandomState::seed(1));
                if name == "all" || rows == 150 {
                    ModelLifecycle::start_on(&stream, policy)?;
                }
                Ok(vec![])
            });
            let mut after = lifecycle.clone();
            s.try_on(
                "ModelLifecycle::change_policy",
                format!("{name} {week}"),
                || {
                    after
                        .change_policy(policy, "")
                        .map(|version| vec![f64::from(version)])
                },
            );
        }
    }
    for (input, x) in matrices() {
        let mut after = lifecycle.clone();
        s.try_on("ModelLifecycle::serve", input, || {
            Ok(after.serve(9, &x)?.scores.to_vec())
        });
    }
    for number in NUMBERS {
        s.try_on("check_performance", number.to_string(), || {
            let interval = Interval {
                lower: number,
                upper: number,
            };
            let baseline = dsprep_core::evaluate::AucInterval {
                auc: number,
                standard_error: number.abs(),
                interval,
            };
            let y = Array1::from_shape_fn(60, |row| row % 2);
            let scores = Array1::from_shape_fn(60, |row| (row as f64 + 0.5) / 60.0);
            let found: Performance =
                check_performance(&y, &scores, &baseline, &PerformancePolicy::default())?;
            shown(Ok(found))
        });
    }
}
