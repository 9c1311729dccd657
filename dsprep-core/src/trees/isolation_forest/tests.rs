use super::*;
use crate::Error;
use crate::evaluate::roc_auc;
use ndarray::{Array2, Axis, array, concatenate};

/// `_average_path_length` of scikit-learn 1.9.1: `tests/peers/isolation_forest.py`.
#[test]
fn usual_paths_equal_scikit_learns() {
    let expected = [
        (1, 0.0),
        (2, 1.0),
        (3, 1.207392357589623),
        (10, 3.748880484475505),
        (256, 10.244770920119917),
        (100_000, 22.180282259643523),
    ];
    for (rows, expected) in expected {
        assert!((usual_path(rows) - expected).abs() < 1e-12, "{rows}");
    }
}

#[test]
fn paths_of_a_tree_built_by_hand_are_its_cuts_and_what_is_not_told_apart() -> Result<()> {
    let mut ensemble = Ensemble::new(1, 1);
    let root = ensemble.plant(&[usual_path(4)], 4);
    let first = ensemble.split(root, 0, (0, 1.5, 0.0), [(&[1.0], 1), (&[0.0], 3)]);
    ensemble.split(first + 1, 1, (0, 2.5, 0.0), [(&[2.0], 1), (&[3.0], 2)]);
    let forest = FittedIsolationForest {
        ensemble,
        sample: 4,
    };
    let x = array![[1.0], [2.0], [3.0]];
    assert_eq!(forest.path_lengths(&x)?, array![1.0, 2.0, 3.0]);
    // c(4) = 2 (ln 3 + γ) − 3 / 2 = 1.8516559
    let expected = [0.6877437, 0.4729914, 0.3252968];
    for (score, expected) in forest.scores(&x)?.iter().zip(expected) {
        assert!((score - expected).abs() < 1e-6, "{score} {expected}");
    }
    Ok(())
}

/// 600 usual rows and 30 that are spread three times as wide. In Python:
///
/// ```text
/// r = np.random.RandomState(24); x = np.vstack([r.normal(0, 1, (600, 3)), r.normal(0, 3, (30, 3))])
/// ```
fn some_far() -> Result<(Array2<f64>, Array1<usize>)> {
    let mut rng = RandomState::seed(24);
    let usual = rng.normal(0.0, 1.0, (600, 3))?;
    let far = rng.normal(0.0, 3.0, (30, 3))?;
    let labels = Array1::from_shape_fn(630, |row| usize::from(row >= 600));
    let together = concatenate(Axis(0), &[usual.view(), far.view()]);
    Ok((together.unwrap_or_default(), labels))
}

/// The mean scores of ten forests of 500 trees by scikit-learn, of which none differs by more than 0.03 from the mean; and
/// the range of their AUCs: `tests/peers/isolation_forest.py`.
#[test]
fn scores_and_auc_are_about_those_of_scikit_learn() -> Result<()> {
    let (x, y) = some_far()?;
    let forest = IsolationForest::default().trees(3000);
    let scores = forest.fit(&x, &mut RandomState::seed(1))?.scores(&x)?;
    for (row, expected) in SCORES {
        assert!(
            (scores[row] - expected).abs() < 0.015,
            "{row}: {} {expected}",
            scores[row]
        );
    }
    let auc = roc_auc(&y, &scores)?;
    assert!((0.930..0.943).contains(&auc), "{auc}");
    Ok(())
}

const SCORES: [(usize, f64); 6] = [
    (0, 0.40107556834770675),
    (1, 0.4300204274206247),
    (2, 0.40890995603606184),
    (600, 0.5282273493827864),
    (601, 0.6511240410107235),
    (602, 0.659937437917992),
];

#[test]
fn rows_that_are_alike_are_usual_and_the_two_largest_numbers_are_told_apart() -> Result<()> {
    let rng = &mut RandomState::seed(3);
    let alike = Array2::from_elem((40, 2), 19.99);
    let scores = IsolationForest::default()
        .fit(&alike, rng)?
        .scores(&alike)?;
    assert!(
        scores.iter().all(|&score| (score - 0.5).abs() < 1e-12),
        "{scores}"
    );
    let far = array![[f64::MIN], [f64::MAX], [f64::MAX]];
    let scores = IsolationForest::default().fit(&far, rng)?.scores(&far)?;
    assert!(scores[0] > scores[1] && scores[1] == scores[2], "{scores}");
    let near = array![[1.0], [1.0 + f64::EPSILON]];
    let forest = IsolationForest::default()
        .sample(2)
        .trees(1)
        .fit(&near, rng)?;
    assert_eq!(forest.path_lengths(&near)?, array![1.0, 1.0]);
    Ok(())
}

#[test]
fn the_seed_decides_and_no_tree_is_deeper_than_a_balanced_one() -> Result<()> {
    let x = Array2::from_shape_fn((500, 1), |(row, _)| (row as f64).exp2());
    let fit = |seed| {
        IsolationForest::default()
            .trees(20)
            .fit(&x, &mut RandomState::seed(seed))
    };
    let forest = fit(1)?;
    assert_eq!(forest, fit(1)?);
    assert_ne!(forest, fit(2)?);
    assert!((0..20).all(|tree| forest.ensemble.depth(tree) <= 8));
    Ok(())
}

#[test]
fn wrong_input_is_named() {
    let message = |forest: IsolationForest, x: &Array2<f64>| {
        let error = forest.fit(x, &mut RandomState::seed(0));
        error.map_or_else(|error| error.to_string(), |_| "no error".to_owned())
    };
    let (forest, two) = (IsolationForest::default(), array![[1.0], [2.0]]);
    assert!(message(forest, &Array2::zeros((0, 2))).contains("is empty"));
    assert!(message(forest, &array![[1.0]]).contains("the number of rows is 1"));
    assert!(message(forest.sample(1), &two).contains("`sample` is 1"));
    assert!(message(forest.trees(0), &two).contains("`trees` is 0"));
    assert!(message(forest, &array![[1.0], [f64::NAN]]).contains("NaN"));
    let fitted = forest.trees(1).fit(&two, &mut RandomState::seed(0));
    let other = fitted.and_then(|fitted| fitted.scores(&array![[1.0, 2.0]]));
    assert!(matches!(other, Err(Error::Shape { .. })));
}
