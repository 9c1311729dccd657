//! Drift and forecasts.

use crate::inputs::{COUNTS, NUMBERS, matrices, pairs, samples, vectors};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::evaluate::drift::kolmogorov_survival;
use dsprep_core::prelude::*;

const SIDES: [Alternative; 3] = [
    Alternative::TwoSided,
    Alternative::Less,
    Alternative::Greater,
];

pub fn drift(s: &mut Sweep) {
    for (input, a, b) in samples() {
        s.try_on("ks_statistic", &input, || plain(ks_statistic(&a, &b)));
        s.try_on("wasserstein_distance", &input, || {
            plain(wasserstein_distance(&a, &b))
        });
        s.try_on("jensen_shannon_distance", &input, || {
            plain(jensen_shannon_distance(&a, &a))?;
            plain(jensen_shannon_distance(&a, &b))
        });
        for side in SIDES {
            for method in [KsMethod::Auto, KsMethod::Exact, KsMethod::Asymptotic] {
                s.try_on(
                    "ks_two_sample",
                    format!("{input} {side:?} {method:?}"),
                    || shown(ks_two_sample(&a, &b, side, method)),
                );
            }
        }
        for bins in COUNTS {
            s.try_on(
                "population_stability_index",
                format!("{input} {bins}"),
                || population_stability_index(&a, &b, bins).map(|index| vec![index.value]),
            );
        }
        s.try_on("ModelHealthMonitor::check_data_drift", &input, || {
            shown(ModelHealthMonitor::default().check_data_drift(&a, &b))
        });
        let (one, other) = (
            a.view().insert_axis(Axis(1)).to_owned(),
            b.view().insert_axis(Axis(1)).to_owned(),
        );
        s.try_on("DriftReference::check", &input, || {
            shown(DriftReference::new(&one)?.check(&other, &DriftPolicy::default()))
        });
        s.try_on("feature_skew", &input, || {
            shown(feature_skew(&["x"], &one, &other))
        });
        s.try_on("domain_auc", &input, || plain(domain_auc(&one, &other)));
        s.try_on("shared_rows", &input, || plain(shared_rows(&one, &other)));
    }
    for (input, x) in matrices() {
        s.try_on("DriftReference::new", input, || {
            shown(DriftReference::new(&x)?.check(&x, &DriftPolicy::default()))
        });
        let names = vec!["f"; x.ncols()];
        s.try_on("row_parity", input, || {
            shown(row_parity(&names, &x, &x, 0.1))
        });
        s.try_on("feature_skew", input, || {
            shown(feature_skew(&names, &x, &x))
        });
        s.try_on("domain_auc", input, || plain(domain_auc(&x, &x)));
        for tolerance in NUMBERS {
            s.try_on("row_parity", input, || {
                shown(row_parity(&names, &x, &(&x + 1.0), tolerance))
            });
        }
    }
    for number in NUMBERS {
        for n in [0, 1, 2, 140, 141, 100_001, 1_000_000_000, usize::MAX] {
            s.try_on("kolmogorov_survival", format!("{number} {n}"), || {
                plain(kolmogorov_survival(number, n))
            });
        }
    }
    let counts = [
        Array2::zeros((0, 0)),
        array![[0, 0], [0, 0]],
        array![[5, 0], [0, 5]],
        array![[usize::MAX, 1], [1, usize::MAX]],
        array![[1, 2, 3]],
        array![[1], [2]],
        array![[0, 3], [0, 4]],
        array![[1_000_000_000, 999_999_999], [1, 2]],
    ];
    for counts in counts {
        s.try_on("chi_square_homogeneity", format!("{counts}"), || {
            shown(chi_square_homogeneity(&counts))
        });
    }
    let words: [&[&str]; 5] = [
        &[],
        &["a"],
        &["a", "a", "a"],
        &["ä", "👩‍👩‍👧", ""],
        &["a", "b", "b"],
    ];
    for one in words {
        for other in words {
            s.try_on("category_drift", format!("{one:?} {other:?}"), || {
                shown(category_drift(one, other))
            });
        }
    }
}

pub fn forecasts(s: &mut Sweep) {
    for (input, a, b) in pairs() {
        s.try_on("mae", &input, || plain(mae(&a, &b)));
        s.try_on("rmse", &input, || plain(rmse(&a, &b)));
        s.try_on("mape", &input, || plain(mape(&a, &b)));
        s.try_on("smape", &input, || plain(smape(&a, &b)));
        s.try_on("wape", &input, || plain(wape(&a, &b)));
        s.try_on("forecast_bias", &input, || plain(forecast_bias(&a, &b)));
        for season in COUNTS {
            s.try_on("mase", &input, || plain(mase(&a, &b, &a, season)));
            s.try_on("rmsse", &input, || plain(rmsse(&a, &b, &b, season)));
        }
        for side in SIDES {
            for horizon in COUNTS {
                s.try_on("diebold_mariano", format!("{input} {horizon}"), || {
                    shown(diebold_mariano(&a, &b, horizon, side))
                });
            }
        }
        s.try_on("coverage", &input, || plain(coverage(&a, &a, &b)));
        for number in NUMBERS {
            s.try_on("winkler", format!("{input} {number}"), || {
                plain(winkler(&a, &a, &b, number))
            });
            s.try_on("pinball_loss", &input, || {
                plain(pinball_loss(&a, &b, number))
            });
        }
        for confidence in [0.5, 0.95, f64::NAN, 95.0] {
            s.try_on("normal_interval", &input, || {
                shown(normal_interval(&a, &b, confidence))
            });
            s.try_on("empirical_interval", &input, || {
                shown(empirical_interval(&a, &b, confidence))
            });
            s.try_on("conformal_interval", &input, || {
                shown(conformal_interval(&a, &b, confidence))
            });
        }
    }
    for (input, series) in vectors() {
        for number in NUMBERS {
            s.try_on("crps_sample", format!("{input} {number}"), || {
                plain(crps_sample(number, &series))
            });
            s.try_on("crps_by_pairs", format!("{input} {number}"), || {
                plain(crps_by_pairs(number, &series))
            });
            s.try_on(
                "ExponentialSmoothing::new",
                format!("{input} {number}"),
                || smoothed(ExponentialSmoothing::new(&series, number)),
            );
            for season in COUNTS {
                s.try_on(
                    "HoltWinters::new",
                    format!("{input} {season} {number}"),
                    || seasonal(HoltWinters::new(&series, season, number, 0.1, 0.1)),
                );
            }
        }
        s.try_on("ExponentialSmoothing::fit", input, || {
            smoothed(ExponentialSmoothing::fit(&series))
        });
        for season in COUNTS {
            s.try_on("HoltWinters::fit", format!("{input} {season}"), || {
                seasonal(HoltWinters::fit(&series, season))
            });
            s.try_on("seasonal_naive", format!("{input} {season}"), || {
                plain(seasonal_naive(&series, season, 5))
            });
            for step in COUNTS {
                let origins = RollingOrigin {
                    first: season,
                    horizon: 2,
                    step,
                };
                s.try_on("backtest", format!("{input} {season} {step}"), || {
                    let test = backtest(&series, origins, dsprep_core::forecast::drift)?;
                    plain(test.residuals(step).map(|errors| errors.to_vec()))
                });
                s.try_on("backtest", format!("{input} {season} {step}"), || {
                    let test = backtest(&series, origins, |past, n| seasonal_naive(past, 1, n))?;
                    plain(
                        test.mase(season)
                            .map(|error| (error, test.mae().unwrap_or(0.0))),
                    )
                });
            }
        }
        s.try_on("drift", input, || {
            plain(dsprep_core::forecast::drift(&series, 5))
        });
        s.try_on("drift", input, || {
            plain(dsprep_core::forecast::drift(&series, 0))
        });
    }
    for a in NUMBERS {
        for b in NUMBERS {
            for c in NUMBERS {
                s.try_on("crps_normal", format!("{a} {b} {c}"), || {
                    plain(crps_normal(a, b, c))
                });
            }
            s.try_on("Cusum::new", format!("{a} {b}"), || {
                let mut chart = Cusum::new(a, b, 0.5, 5.0)?;
                shown(
                    NUMBERS
                        .iter()
                        .filter(|x| x.is_finite())
                        .map(|&x| chart.update(x))
                        .collect::<DsResult<Vec<_>>>(),
                )
            });
        }
    }
}

fn smoothed(model: DsResult<ExponentialSmoothing>) -> DsResult<Vec<f64>> {
    let model = model?;
    let mut numbers = model.forecast(3)?.to_vec();
    if let Ok(errors) = model.standard_errors(3) {
        numbers.extend(errors);
    }
    numbers.extend([model.alpha(), model.squared_error()]);
    numbers.extend(model.residuals());
    Ok(numbers)
}

fn seasonal(model: DsResult<HoltWinters>) -> DsResult<Vec<f64>> {
    let model = model?;
    let mut numbers = model.forecast(3)?.to_vec();
    if let Ok(errors) = model.standard_errors(3) {
        numbers.extend(errors);
    }
    numbers.extend([
        model.alpha(),
        model.beta(),
        model.gamma(),
        model.squared_error(),
    ]);
    Ok(numbers)
}
