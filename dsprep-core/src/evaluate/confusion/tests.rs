use super::*;
use ndarray::{Array1, array};

#[test]
fn predicting_the_majority_is_99_percent_accurate_and_finds_nothing() -> Result<()> {
    let y_true = Array1::from_shape_fn(10_000, |i| usize::from(i < 100));
    let counts = BinaryConfusion::new(&y_true, &Array1::zeros(10_000))?;
    assert_eq!(counts.accuracy()?, 0.99);
    assert_eq!(counts.recall()?, 0.0);
    assert_eq!(counts.f1()?, 0.0);
    assert_eq!(counts.balanced_accuracy()?, 0.5);
    assert_eq!(
        counts.precision().unwrap_err().to_string(),
        "precision is not defined: nothing was predicted positive. \
         Lower the threshold, or use recall or F1, which are 0 here."
    );
    assert!(counts.matthews_correlation().is_err());
    Ok(())
}

#[test]
fn calling_everything_positive_gives_full_recall_and_the_prevalence_as_precision() -> Result<()> {
    let y_true = Array1::from_shape_fn(1000, |i| usize::from(i < 10));
    let counts = BinaryConfusion::new(&y_true, &Array1::ones(1000))?;
    assert_eq!((counts.recall()?, counts.precision()?), (1.0, 0.01));
    Ok(())
}

#[test]
fn a_label_that_is_neither_0_nor_1_is_named() {
    let error = BinaryConfusion::new(&array![0, 2], &array![0, 1]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`y_true[1]` is 2, but it must be 0 (negative) or 1 (positive)."
    );
}

#[test]
fn a_label_is_a_name_and_its_size_costs_nothing() -> Result<()> {
    let y_true = array![0, 1_000_000, usize::MAX, 1_000_000];
    let y_pred = array![0, 1_000_000, 0, usize::MAX];
    // sklearn.metrics.confusion_matrix of the same labels, as 64-bit integers.
    assert_eq!(
        confusion_matrix(&y_true, &y_pred)?,
        array![[1, 0, 0], [0, 1, 1], [1, 0, 0]]
    );
    let many = Array1::from_shape_fn(20_000, |i| i);
    assert!(
        confusion_matrix(&many, &many)
            .unwrap_err()
            .to_string()
            .contains("20000 classes")
    );
    Ok(())
}

#[test]
fn lengths_that_differ_are_named() {
    let error = confusion_matrix(&array![0, 1], &array![0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`y_pred` has 1 value, but it must have 2 values, one for each of `y_true`."
    );
}

#[test]
fn an_undefined_ratio_never_becomes_a_number() {
    let none = BinaryConfusion {
        true_positives: 0,
        false_positives: 0,
        false_negatives: 0,
        true_negatives: 0,
    };
    assert!(none.accuracy().is_err() && none.recall().is_err() && none.f1().is_err());
    assert!(
        none.f_beta(-1.0)
            .unwrap_err()
            .to_string()
            .contains("`beta` is -1")
    );
}

#[test]
fn the_largest_counts_do_not_overflow() {
    let most = usize::MAX;
    let counts = BinaryConfusion {
        true_positives: most,
        false_positives: most,
        false_negatives: most,
        true_negatives: most,
    };
    assert_eq!(counts.accuracy().unwrap(), 0.5);
    assert_eq!(counts.precision().unwrap(), 0.5);
    assert_eq!(counts.recall().unwrap(), 0.5);
    assert_eq!(counts.specificity().unwrap(), 0.5);
    assert_eq!(counts.f1().unwrap(), 0.5);
    assert_eq!(counts.matthews_correlation().unwrap(), 0.0);
    assert_eq!(counts.positives(), most);
}

/// Computed with 60 digits by mpmath.
#[test]
fn a_small_correlation_of_large_counts_keeps_its_digits() {
    let counts = BinaryConfusion {
        true_positives: 1_000_000_007,
        false_positives: 1_000_000_011,
        false_negatives: 3_000_000_019,
        true_negatives: 3_000_000_077,
    };
    let found = counts.matthews_correlation().unwrap();
    assert!(
        (found / 3.3197639828523597e-9 - 1.0).abs() < 1e-12,
        "{found}"
    );
}

#[test]
fn a_threshold_that_is_no_number_is_refused() {
    let (y, scores) = (array![0, 1], array![0.1, 0.9]);
    let error = BinaryConfusion::at_threshold(&y, &scores, f64::NAN).unwrap_err();
    assert!(error.to_string().contains("`threshold`"), "{error}");
    assert!(BinaryConfusion::at_threshold(&y, &scores, f64::INFINITY).is_ok());
}
