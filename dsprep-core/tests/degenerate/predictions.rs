//! Fitted models on rows that have nothing to do with what they were fitted to, and the same rows in another order of memory.

use crate::inputs::{matrices, vectors};
use crate::sweep::{Sweep, plain};
use dsprep_core::ndarray::ShapeBuilder;
use dsprep_core::prelude::*;

fn rows() -> Array2<f64> {
    Array2::from_shape_fn((40, 3), |(r, c)| {
        ((r * 7 + c * 3) % 11) as f64 - 4.0 + 0.01 * r as f64
    })
}

fn labels() -> Array1<usize> {
    Array1::from_shape_fn(40, |row| (row / 3) % 2)
}

fn numbers() -> Array1<f64> {
    Array1::from_shape_fn(40, |row| (row as f64 * 0.37).sin() + row as f64 * 0.1)
}

fn foreign() -> Vec<(&'static str, Array2<f64>)> {
    let mut all = matrices();
    let of = |row: [f64; 3]| Array2::from_shape_fn((2, 3), |(_, column)| row[column]);
    all.extend([
        ("the greatest numbers", of([f64::MAX, -f64::MAX, f64::MAX])),
        ("all the greatest", of([f64::MAX; 3])),
        ("the least", of([5e-324, -5e-324, 1e-310])),
        ("far apart", of([1e200, -1e200, 0.0])),
        ("a missing value", of([f64::NAN, 1.0, 1.0])),
        (
            "three wide, offset 1e12",
            of([1e12, 1e12 + 1.0, 1e12 - 1.0]),
        ),
    ]);
    all
}

pub fn of_tables(s: &mut Sweep) {
    let (x, y, z) = (rows(), labels(), numbers());
    let mut rng = RandomState::seed(1);
    let logistic = LogisticRegression::fit(&x, &y, 1.0).unwrap();
    let scaled = ScaledLogistic::fit(&x, &y, 1.0).unwrap();
    let scorer = LinearScorer::fit(&x, &y, 1.0).unwrap();
    let linear = LinearRegression::fit(&x, &z).unwrap();
    let scaler = StandardScaler::fit(&x).unwrap();
    let gauss = GaussianNaiveBayes::fit(&x, &y).unwrap();
    let counts = MultinomialNaiveBayes::fit(&x.mapv(f64::abs), &y, 1.0).unwrap();
    let near = NearestNeighbours::fit(&x, &y, 5).unwrap();
    let tree = DecisionTree::classifier().fit(&x, &y).unwrap();
    let forest = RandomForest::classifier()
        .trees(5)
        .fit(&x, &y, &mut rng)
        .unwrap();
    let boosted = GradientBoosting::classifier()
        .trees(5)
        .min_leaf(2)
        .fit(&x, &y)
        .unwrap();
    let values = GradientBoosting::regressor()
        .trees(5)
        .min_leaf(2)
        .fit(&x, &z)
        .unwrap();
    let groups = KMeans::fit(&x, 3, &mut rng).unwrap();
    let axes = Pca::fit(&x, 2).unwrap();
    let reference = DriftReference::new(&x).unwrap();
    let mlp = Mlp::new(
        &[3, 4, 2],
        Activation::Relu,
        Activation::Softmax,
        Loss::CrossEntropy,
        InitialWeights::He,
        &mut rng,
    )
    .unwrap();
    for (input, new) in foreign() {
        s.try_on("LogisticRegression::predict_proba", input, || {
            plain(logistic.predict_proba(&new))
        });
        s.try_on("LogisticRegression::decision_function", input, || {
            plain(logistic.decision_function(&new))
        });
        s.try_on("LogisticRegression::predict", input, || {
            plain(logistic.predict(&new))
        });
        s.try_on("ScaledLogistic::predict_proba", input, || {
            plain(scaled.predict_proba(&new))
        });
        s.try_on("LinearScorer::probabilities", input, || {
            plain(scorer.probabilities(&new))
        });
        s.try_on("LinearRegression::predict", input, || {
            plain(linear.predict(&new))
        });
        s.try_on("StandardScaler::transform", input, || {
            plain(scaler.transform(&new))
        });
        s.try_on("StandardScaler::inverse_transform", input, || {
            plain(scaler.inverse_transform(&new))
        });
        s.try_on("GaussianNaiveBayes::predict_proba", input, || {
            plain(gauss.predict_proba(&new))
        });
        s.try_on("MultinomialNaiveBayes::predict_proba", input, || {
            plain(counts.predict_proba(&new))
        });
        s.try_on("NearestNeighbours::predict_proba", input, || {
            plain(near.predict_proba(&new))
        });
        s.try_on("FittedTree::predict_proba", input, || {
            plain(tree.predict_proba(&new))
        });
        s.try_on("FittedForest::predict_proba", input, || {
            plain(forest.predict_proba(&new))
        });
        s.try_on("BoostedClassifier::predict_proba", input, || {
            plain(boosted.predict_proba(&new))
        });
        s.try_on("BoostedTrees::predict", input, || {
            plain(values.predict(&new))
        });
        s.try_on("KMeans::predict", input, || plain(groups.predict(&new)));
        s.try_on("Pca::transform", input, || plain(axes.transform(&new)));
        s.try_on("Pca::inverse_transform", input, || {
            plain(axes.inverse_transform(&new))
        });
        s.try_on("DriftReference::check", input, || {
            crate::sweep::shown(reference.check(&new, &DriftPolicy::default()))
        });
        s.try_on("Mlp::predict", input, || plain(mlp.predict(&new)));
        for targets in [
            array![0.0, 1.0],
            array![f64::MAX, -f64::MAX],
            array![f64::NAN, 0.0],
        ] {
            let target = Array2::from_shape_fn((new.nrows(), 2), |(_, unit)| targets[unit]);
            s.try_on("Mlp::loss", input, || plain(mlp.loss(&new, &target)));
        }
        for (row, features) in new.rows().into_iter().enumerate().take(1) {
            let input = format!("{input}, row {row}");
            let row = features.to_vec();
            s.try_on("BoostedClassifier::probability", &input, || {
                plain(boosted.probability(&row))
            });
            s.try_on("BoostedTrees::predict_row", &input, || {
                plain(values.predict_row(&row))
            });
            s.try_on("BoostedTrees::feature_contributions", &input, || {
                values
                    .feature_contributions(&row)
                    .map(|of| of.features.to_vec())
            });
            s.try_on("NearestNeighbours::neighbours", &input, || {
                plain(near.neighbours(&features))
            });
        }
    }
}

pub fn of_vectors(s: &mut Sweep) {
    let (x, y) = (numbers(), labels());
    let platt = Platt::fit(&x, &y).unwrap();
    let isotonic = Isotonic::fit(&x, &y.mapv(|y| y as f64)).unwrap();
    let line = Polynomial::fit(&x, &numbers(), 3).unwrap();
    let cuped = Cuped::fit(&x, &(&x * 0.5 + numbers().mapv(f64::sin))).unwrap();
    let encoder = TargetEncoder::fit(&y, &labels(), 1.0).unwrap();
    for (input, new) in vectors() {
        s.try_on("Platt::predict", input, || plain(platt.predict(&new)));
        s.try_on("Isotonic::predict", input, || plain(isotonic.predict(&new)));
        s.try_on("Polynomial::predict", input, || plain(line.predict(&new)));
        s.try_on("Cuped::adjust", input, || plain(cuped.adjust(&new, &new)));
        s.try_on("TargetEncoder::encode", input, || {
            Ok(encoder.encode(&new.mapv(|x| x as usize)).to_vec())
        });
        for horizon in [0, 1, 1000] {
            s.try_on("ExponentialSmoothing::forecast", input, || {
                let model = ExponentialSmoothing::new(&new, 0.3)?;
                Ok([model.forecast(horizon)?, model.standard_errors(horizon)?].concat_numbers())
            });
        }
    }
}

trait Concat {
    fn concat_numbers(self) -> Vec<f64>;
}

impl Concat for [Array1<f64>; 2] {
    fn concat_numbers(self) -> Vec<f64> {
        self.into_iter().flatten().collect()
    }
}

/// `x` column by column, backwards, and as every second row of a larger matrix: equal, in another order of memory.
fn other_layouts(x: &Array2<f64>) -> Vec<(&'static str, Array2<f64>)> {
    let mut by_columns = Array2::zeros(x.dim().f());
    by_columns.assign(x);
    let backwards = x.slice(s![..;-1, ..;-1]).to_owned();
    let mut turned = backwards;
    turned.invert_axis(Axis(0));
    turned.invert_axis(Axis(1));
    vec![("by columns", by_columns), ("backwards", turned)]
}

/// What a function says does not depend on how its argument lies in memory.
pub fn of_layouts(s: &mut Sweep) {
    type Told = fn(&Array2<f64>) -> DsResult<Vec<f64>>;
    let x = rows();
    let tried: [(&'static str, Told); 25] = [
        ("LogisticRegression::fit", |x| {
            plain(LogisticRegression::fit(x, &labels(), 1.0)?.predict_proba(x))
        }),
        ("LogisticRegression::fit_weighted", |x| {
            plain(
                LogisticRegression::fit_weighted(x, &labels(), &Array1::ones(40), 1.0)?
                    .predict_proba(x),
            )
        }),
        ("LinearRegression::fit", |x| {
            plain(LinearRegression::fit(x, &numbers())?.predict(x))
        }),
        ("ridge", |x| plain(ridge(x, &numbers(), 1.0)?.predict(x))),
        ("lasso", |x| plain(lasso(x, &numbers(), 0.1)?.predict(x))),
        ("StandardScaler::fit", |x| {
            plain(StandardScaler::fit(x)?.transform(x))
        }),
        ("DecisionTree::fit", |x| {
            plain(
                DecisionTree::classifier()
                    .fit(x, &labels())?
                    .predict_proba(x),
            )
        }),
        ("RandomForest::fit", |x| {
            let forest =
                RandomForest::regressor()
                    .trees(4)
                    .fit(x, &numbers(), &mut RandomState::seed(1))?;
            plain(forest.predict(x).map(|found| (found, forest.oob_error())))
        }),
        ("IsolationForest::fit", |x| {
            let forest = IsolationForest::default().trees(4);
            plain(forest.fit(x, &mut RandomState::seed(1))?.scores(x))
        }),
        ("GradientBoosting::fit", |x| {
            let boosting = GradientBoosting::classifier().trees(6).min_leaf(2);
            let boosting = boosting.subsample(0.5, &mut RandomState::seed(1));
            plain(boosting.fit(x, &labels())?.predict_proba(x))
        }),
        ("GradientBoosting::fit, exact", |x| {
            let boosting = GradientBoosting::regressor()
                .trees(6)
                .min_leaf(2)
                .split_search(SplitSearch::Exact);
            plain(boosting.fit(x, &numbers())?.predict(x))
        }),
        ("GradientBoosting::fit_with_validation", |x| {
            let boosting = GradientBoosting::classifier().trees(30).min_leaf(2);
            let model = boosting.fit_with_validation(x, &labels(), (x, &labels()), 3)?;
            plain(
                model
                    .predict_proba(x)
                    .map(|p| (p, model.log_odds().trees() as f64)),
            )
        }),
        ("GaussianNaiveBayes::fit", |x| {
            plain(GaussianNaiveBayes::fit(x, &labels())?.predict_proba(x))
        }),
        ("NearestNeighbours::fit", |x| {
            plain(NearestNeighbours::fit(x, &labels(), 3)?.predict_proba(x))
        }),
        ("KMeans::fit", |x| {
            plain(KMeans::fit(x, 3, &mut RandomState::seed(1))?.predict(x))
        }),
        ("Pca::fit", |x| plain(Pca::fit(x, 2)?.transform(x))),
        ("smote", |x| {
            plain(smote(x, 9, 3, &mut RandomState::seed(1)))
        }),
        ("softmax_rows", |x| plain(softmax_rows(x))),
        ("attention", |x| crate::sweep::shown(attention(x, x, x))),
        ("masked_attention", |x| {
            plain(masked_attention(x, x, x, &causal_mask(40)?).map(|found| found.output))
        }),
        ("streaming_attention", |x| {
            plain(streaming_attention(x, x, x))
        }),
        ("layer_norm", |x| {
            plain(layer_norm(x, &Array1::ones(3), &Array1::zeros(3)))
        }),
        ("TransformerBlock::forward", |x| {
            plain(TransformerBlock::new(3, 1, &mut RandomState::seed(1))?.forward(x))
        }),
        ("ExactIndex::build", |x| {
            let items = x.mapv(|x| x as f32);
            let query = items.row(3).to_owned();
            Ok(ExactIndex::build(&items)?
                .search(&query, 9)?
                .iter()
                .map(|hit| hit.item as f64)
                .collect())
        }),
        ("IvfIndex::build", |x| {
            let items = x.mapv(|x| x as f32);
            let query = items.row(3).to_owned();
            let index = IvfIndex::build(&items, 4, &mut RandomState::seed(1))?;
            Ok(index
                .search(&query, 9, 4)?
                .iter()
                .map(|hit| hit.item as f64)
                .collect())
        }),
    ];
    for (function, told) in tried {
        let plainly = told(&x);
        for (layout, other) in other_layouts(&x) {
            s.try_on(function, layout, || {
                let (plainly, other) = (plainly.as_ref().unwrap(), told(&other)?);
                assert_eq!(plainly.len(), other.len());
                let same = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9 * (1.0 + a.abs());
                assert!(plainly.iter().zip(&other).all(same), "{function}, {layout}");
                Ok(other)
            });
        }
    }
    s.try_on("softmax_rows", "nothing", || {
        plain(softmax_rows(&Array2::zeros((0, 0))))
    });
    s.try_on("layer_norm", "nothing", || {
        plain(layer_norm(
            &Array2::zeros((0, 0)),
            &Array1::zeros(0),
            &Array1::zeros(0),
        ))
    });
}
