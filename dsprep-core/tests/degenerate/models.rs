//! Models of tables.

use crate::inputs::{COUNTS, NUMBERS, classes, cycled, matrices, pairs, targets, vectors};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::linear::{DegreeCurve, RegularisationPath};
use dsprep_core::prelude::*;

pub fn classifiers(s: &mut Sweep) {
    for (input, x, y) in classes() {
        for c in [1.0, 0.0, -1.0, 1e-300, 1e300, f64::NAN, f64::INFINITY] {
            let input = format!("{input}, c = {c}");
            s.try_on("LogisticRegression::fit", &input, || {
                let model = LogisticRegression::fit(&x, &y, c)?;
                plain(
                    model
                        .predict_proba(&x)
                        .map(|p| (p, model.coefficients().clone())),
                )
            });
            s.try_on("ScaledLogistic::fit", &input, || {
                plain(ScaledLogistic::fit(&x, &y, c)?.probabilities(&x))
            });
            s.try_on("LinearScorer::fit", &input, || {
                plain(LinearScorer::fit(&x, &y, c)?.probabilities(&x))
            });
            s.try_on("MultinomialNaiveBayes::fit", &input, || {
                plain(MultinomialNaiveBayes::fit(&x, &y, c)?.predict_proba(&x))
            });
            let weights = Array1::from_elem(y.len(), c);
            s.try_on("LogisticRegression::fit_weighted", &input, || {
                plain(LogisticRegression::fit_weighted(&x, &y, &weights, 1.0)?.probabilities(&x))
            });
        }
        let no_weight = Array1::zeros(y.len());
        s.try_on(
            "LogisticRegression::fit_weighted",
            format!("{input}, weights 0"),
            || plain(LogisticRegression::fit_weighted(&x, &y, &no_weight, 1.0)?.probabilities(&x)),
        );
        let mut one_weight = no_weight.clone();
        if let Some(first) = one_weight.first_mut() {
            *first = 1.0;
        }
        s.try_on(
            "LogisticRegression::fit_weighted",
            format!("{input}, one weight"),
            || plain(LogisticRegression::fit_weighted(&x, &y, &one_weight, 1.0)?.probabilities(&x)),
        );
        s.try_on("GaussianNaiveBayes::fit", &input, || {
            plain(GaussianNaiveBayes::fit(&x, &y)?.predict_proba(&x))
        });
        for k in COUNTS {
            s.try_on(
                "NearestNeighbours::fit",
                format!("{input}, k = {k}"),
                || {
                    let model = NearestNeighbours::fit(&x, &y, k)?;
                    plain(
                        model
                            .predict_proba(&x)
                            .map(|p| (p, model.neighbours(&x.row(0)).unwrap_or_default())),
                    )
                },
            );
        }
        for depth in [0, 1, usize::MAX] {
            for min_leaf in [0, 1, usize::MAX] {
                let input = format!("{input}, depth {depth}, leaves of {min_leaf}");
                let tree = DecisionTree::classifier().depth(depth).min_leaf(min_leaf);
                s.try_on("DecisionTree::fit", &input, || {
                    let tree = tree.fit(&x, &y)?;
                    plain(
                        tree.predict_proba(&x)
                            .map(|p| (p, tree.feature_importance())),
                    )
                });
                let forest = RandomForest::classifier()
                    .trees(3)
                    .depth(depth)
                    .min_leaf(min_leaf);
                s.try_on("RandomForest::fit", &input, || {
                    let forest = forest.fit(&x, &y, &mut RandomState::seed(1))?;
                    plain(
                        forest
                            .predict_proba(&x)
                            .map(|p| (p, (forest.feature_importance(), forest.oob_error()))),
                    )
                });
                let boosting = GradientBoosting::classifier()
                    .trees(3)
                    .depth(depth)
                    .min_leaf(min_leaf);
                for search in [SplitSearch::Exact, SplitSearch::Histogram { bins: 4 }] {
                    s.try_on("GradientBoosting::fit", &input, || {
                        let model = boosting.clone().split_search(search).fit(&x, &y)?;
                        plain(
                            model
                                .predict_proba(&x)
                                .map(|p| (p, model.feature_importance())),
                        )
                    });
                    s.try_on(
                        "GradientBoosting::fit",
                        format!("{input}, with gaps"),
                        || {
                            let model = boosting
                                .clone()
                                .split_search(search)
                                .allow_missing()
                                .fit(&x, &y)?;
                            plain(model.probabilities(&x))
                        },
                    );
                }
            }
        }
        for patience in [0, 1, usize::MAX] {
            s.try_on("GradientBoosting::fit_with_validation", &input, || {
                let boosting = GradientBoosting::classifier().trees(3).min_leaf(1);
                plain(
                    boosting
                        .fit_with_validation(&x, &y, (&x, &y), patience)?
                        .probabilities(&x),
                )
            });
        }
        for number in NUMBERS {
            s.try_on(
                "GradientBoosting::fit",
                format!("{input}, settings of {number}"),
                || {
                    let mut rng = RandomState::seed(1);
                    let boosting = GradientBoosting::classifier()
                        .trees(2)
                        .min_leaf(1)
                        .learning_rate(number);
                    plain(
                        boosting
                            .l2(number)
                            .subsample(number, &mut rng)
                            .fit(&x, &y)?
                            .probabilities(&x),
                    )
                },
            );
        }
        let names = vec!["f"; x.ncols()];
        s.try_on("single_feature_aucs", &input, || {
            plain(single_feature_aucs(&names, &x, &y))
        });
    }
}

pub fn regressions(s: &mut Sweep) {
    for (input, x, y) in targets() {
        s.try_on("LinearRegression::fit", &input, || {
            let model = LinearRegression::fit(&x, &y)?;
            plain(
                model
                    .predict(&x)
                    .map(|fitted| (fitted, model.coefficients().clone())),
            )
        });
        for alpha in [1.0, 0.0, -1.0, 1e-300, 1e300, f64::NAN, f64::INFINITY] {
            let input = format!("{input}, alpha = {alpha}");
            s.try_on("ridge", &input, || plain(ridge(&x, &y, alpha)?.predict(&x)));
            s.try_on("lasso", &input, || plain(lasso(&x, &y, alpha)?.predict(&x)));
            s.try_on("ridge_path", &input, || {
                path(ridge_path(&x, &y, &array![1.0, alpha]))
            });
            s.try_on("lasso_path", &input, || {
                path(lasso_path(&x, &y, &array![1.0, alpha]))
            });
        }
        s.try_on("largest_alpha", &input, || plain(largest_alpha(&x, &y)));
        s.try_on("DecisionTree::fit", &input, || {
            plain(DecisionTree::regressor().fit(&x, &y)?.predict(&x))
        });
        s.try_on("RandomForest::fit", &input, || {
            let forest =
                RandomForest::regressor()
                    .trees(3)
                    .fit(&x, &y, &mut RandomState::seed(1))?;
            plain(forest.predict(&x).map(|p| (p, forest.oob_error())))
        });
        for search in [SplitSearch::Exact, SplitSearch::Histogram { bins: 4 }] {
            let boosting = GradientBoosting::regressor()
                .trees(3)
                .min_leaf(1)
                .split_search(search);
            s.try_on("GradientBoosting::fit", &input, || {
                let model = boosting.fit(&x, &y)?;
                plain(model.predict(&x).map(|p| (p, model.feature_importance())))
            });
            s.try_on("GradientBoosting::fit_gradients", &input, || {
                plain(
                    boosting
                        .fit_gradients(&x, |scores| (scores - 1.0, scores.mapv(|_| 1.0)))?
                        .predict(&x),
                )
            });
        }
        s.try_on("permutation_importance", &input, || {
            let score = |x: &Array2<f64>| Ok(x.sum());
            shown(permutation_importance(
                &x,
                score,
                3,
                &mut RandomState::seed(1),
            ))
        });
    }
    for (input, x, y) in pairs() {
        for degree in [0, 1, 3, 25, 10_000] {
            s.try_on(
                "Polynomial::fit",
                format!("{input}, degree {degree}"),
                || plain(Polynomial::fit(&x, &y, degree)?.predict(&x)),
            );
        }
        s.try_on("degree_curve", &input, || {
            curve(degree_curve((&x, &y), (&x, &y), 3))
        });
        s.try_on("Isotonic::fit", &input, || {
            plain(Isotonic::fit(&x, &y)?.predict(&x))
        });
        for number in NUMBERS {
            s.try_on(
                "corrected_for_base_rate",
                format!("{input} {number}"),
                || plain(corrected_for_base_rate(&x, number, 0.1)),
            );
            s.try_on(
                "corrected_for_base_rate",
                format!("{input} {number}"),
                || plain(corrected_for_base_rate(&x, 0.5, number)),
            );
        }
    }
}

fn path(result: DsResult<RegularisationPath>) -> DsResult<Vec<f64>> {
    plain(result.map(|path| path.coefficients))
}

fn curve(result: DsResult<DegreeCurve>) -> DsResult<Vec<f64>> {
    shown(result)
}

pub fn without_labels(s: &mut Sweep) {
    for (input, x) in matrices() {
        s.try_on("StandardScaler::fit", input, || {
            let scaler = StandardScaler::fit(&x)?;
            let z = scaler.transform(&x)?;
            plain(scaler.inverse_transform(&z).map(|back| (back, z)))
        });
        s.try_on("IsolationForest::fit", input, || {
            let forest = IsolationForest::default().trees(5);
            let forest = forest.fit(&x, &mut RandomState::seed(1))?;
            plain(
                forest
                    .scores(&x)
                    .map(|scores| (scores, forest.usual_path())),
            )
        });
        for k in COUNTS {
            let input = format!("{input}, {k}");
            s.try_on("KMeans::fit", &input, || {
                let model = KMeans::fit(&x, k, &mut RandomState::seed(1))?;
                plain(
                    model
                        .predict(&x)
                        .map(|of| (of, (model.centres().clone(), model.inertia()))),
                )
            });
            s.try_on("Pca::fit", &input, || {
                let pca = Pca::fit(&x, k)?;
                let z = pca.transform(&x)?;
                plain(pca.inverse_transform(&z).map(|back| {
                    (
                        back,
                        (pca.explained_variance_ratio(), pca.components().clone()),
                    )
                }))
            });
            for number in [0, 1, 20] {
                s.try_on("smote", &input, || {
                    plain(smote(&x, number, k, &mut RandomState::seed(1)))
                });
            }
            s.try_on("permutation_importance", &input, || {
                let repeats = k.min(10);
                shown(permutation_importance(
                    &x,
                    |x| Ok(x[[0, 0]]),
                    repeats,
                    &mut RandomState::seed(1),
                ))
            });
        }
        for (other, centres) in matrices() {
            s.try_on("KMeans::fit_from", format!("{input} | {other}"), || {
                KMeans::fit_from(&x, &centres).map(|model| vec![model.inertia()])
            });
            s.try_on("shared_rows", format!("{input} | {other}"), || {
                plain(shared_rows(&x, &centres))
            });
        }
    }
    for (input, x) in vectors() {
        let data = NoisyFunction {
            truth: |x| 1.0 / x,
            noise: x.first().copied().unwrap_or(0.0),
            rows: x.len(),
        };
        s.try_on("bias_variance", input, || {
            let learn = |x: &Array1<f64>, y: &Array1<f64>, points: &Array1<f64>| {
                Polynomial::fit(x, y, 1)?.predict(points)
            };
            shown(bias_variance(&data, learn, 3, &mut RandomState::seed(1)))
        });
        s.try_on("bias_variance", input, || {
            let given = |_: &Array1<f64>, _: &Array1<f64>, points: &Array1<f64>| {
                Ok(cycled(&x, points.len()))
            };
            shown(bias_variance(
                &NoisyFunction {
                    rows: 5,
                    noise: 0.1,
                    truth: |x| x,
                },
                given,
                3,
                &mut RandomState::seed(1),
            ))
        });
    }
}
