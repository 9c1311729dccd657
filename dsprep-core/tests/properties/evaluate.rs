//! Metrics of classifiers and drift: ties, symmetries, bounds, and errors instead of NaN.

use crate::inputs::{
    any_labels, any_number, any_numbers, cases, close, error_or_finite, gap, labelled, numbers,
    with_a_gap,
};
use dsprep_core::Result;
use dsprep_core::ndarray::ArrayRef1;
use dsprep_core::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

type Metric = fn(&ArrayRef1<usize>, &ArrayRef1<f64>) -> Result<f64>;

/// What takes labels and scores, by name.
const OF_SCORES: [(&str, Metric); 11] = [
    ("roc_auc", roc_auc),
    ("roc_auc_by_pairs", roc_auc_by_pairs),
    ("average_precision", average_precision),
    // An infinite loss is one that is defined: something happened that was given the probability 0.
    ("log_loss", |y, p| {
        log_loss(y, p).map(|loss| 1.0 / (1.0 + loss))
    }),
    ("brier_score", brier_score),
    ("expected_calibration_error", |y, p| {
        expected_calibration_error(y, p, 5, Binning::EqualWidth)
    }),
    ("expected_calibration_error", |y, p| {
        expected_calibration_error(y, p, 3, Binning::Quantile)
    }),
    ("roc_auc_interval", |y, s| {
        roc_auc_interval(y, s, 0.95).map(|interval| interval.standard_error)
    }),
    ("roc_auc_difference", |y, s| {
        roc_auc_difference(y, s, &s.mapv(|s| s * s), 0.95).map(|d| d.p_value)
    }),
    ("cheapest_threshold", |y, s| {
        cheapest_threshold(y, s, Costs::new(1.0, 5.0)?).map(|found| found.cost)
    }),
    ("f_beta", |y, s| {
        BinaryConfusion::at_threshold(y, s, 0.5)?.f_beta(2.0)
    }),
];

type LabelMetric = fn(&ArrayRef1<usize>, &ArrayRef1<usize>) -> Result<f64>;

/// What takes true and predicted labels, by name.
const OF_LABELS: [(&str, LabelMetric); 7] = [
    ("accuracy", accuracy),
    ("balanced_accuracy", balanced_accuracy),
    ("matthews_correlation", matthews_correlation),
    ("precision", precision),
    ("recall", recall),
    ("f1", f1),
    ("f_beta", |y, p| f_beta(y, p, 0.5)),
];

/// Labels and probabilities.
fn probabilities() -> impl Strategy<Value = (Array1<usize>, Array1<f64>)> {
    vec((0_usize..2, 0.0..=1.0), 1..40).prop_map(|rows| {
        let (labels, p): (Vec<usize>, Vec<f64>) = rows.into_iter().unzip();
        (Array1::from(labels), Array1::from(p))
    })
}

proptest! {
    #![proptest_config(cases(128))]

    #[test]
    fn any_input_gives_a_finite_metric_or_an_error(
        y in any_labels(), other in any_labels(), scores in any_numbers(),
    ) {
        for (name, metric) in OF_SCORES {
            error_or_finite(name, metric(&y, &scores))?;
        }
        for (name, metric) in OF_LABELS {
            error_or_finite(name, metric(&y, &other))?;
        }
        let _ = confusion_matrix(&y, &other);
        let _ = classification_report(&y, &other, &["no", "yes"]);
        let _ = roc_curve(&y, &scores);
        let _ = precision_recall_curve(&y, &scores);
    }

    #[test]
    fn a_score_that_is_not_finite_is_refused_by_every_metric(
        (y, scores) in labelled(), at: prop::sample::Index, gap in gap(),
    ) {
        let scores = scores.mapv(|score| 1.0 / (1.0 + (-score).exp()));
        let broken = with_a_gap(&scores, at, gap);
        for (name, metric) in OF_SCORES {
            prop_assert!(metric(&y, &broken).is_err(), "{} accepts {}", name, gap);
        }
        prop_assert!(ks_statistic(&scores, &broken).is_err());
        prop_assert!(population_stability_index(&broken, &scores, 3).is_err());
        prop_assert!(population_stability_index(&scores, &broken, 3).is_err());
        prop_assert!(calibration_in_the_large(&y, &broken).is_err());
    }

    #[test]
    fn two_samples_of_any_numbers_give_a_finite_drift_or_an_error(
        a in any_numbers(), b in any_numbers(), bins in 0_usize..8,
    ) {
        for method in [KsMethod::Auto, KsMethod::Exact, KsMethod::Asymptotic] {
            if let Ok(test) = ks_two_sample(&a, &b, Alternative::TwoSided, method) {
                prop_assert!((0.0..=1.0).contains(&test.statistic) && (0.0..=1.0).contains(&test.p_value), "{test:?}");
            }
        }
        error_or_finite("ks_statistic", ks_statistic(&a, &b))?;
        if let Ok(index) = population_stability_index(&a, &b, bins) {
            prop_assert!(index.value >= 0.0, "{index:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn the_auc_is_the_share_of_pairs_in_the_right_order((y, scores) in labelled()) {
        let auc = roc_auc(&y, &scores)?;
        prop_assert!(close(auc, roc_auc_by_pairs(&y, &scores)?));
        let (mut won, mut pairs) = (0.0, 0.0);
        for (i, &positive) in scores.iter().enumerate().filter(|&(i, _)| y[i] == 1) {
            for (_, &negative) in scores.iter().enumerate().filter(|&(j, _)| y[j] == 0) {
                won += if positive > negative { 1.0 } else if positive == negative { 0.5 } else { 0.0 };
                pairs += 1.0;
            }
            prop_assert!(y[i] == 1);
        }
        prop_assert!(close(auc, won / pairs));
    }

    #[test]
    fn the_auc_ignores_the_scale_and_mirrors_with_the_labels(
        (y, scores) in labelled(), scale in 0.1_f64..9.0, shift in -9.0_f64..9.0,
    ) {
        let auc = roc_auc(&y, &scores)?;
        // Multiples of a power of two keep every tie.
        let coarse = scores.mapv(|score| (score * 8.0).round());
        let transformed = coarse.mapv(|score| (scale * score + shift).powi(3));
        prop_assert!(close(roc_auc(&y, &coarse)?, roc_auc(&y, &transformed)?));
        prop_assert!(close(roc_auc(&y.mapv(|label| 1 - label), &scores)?, 1.0 - auc));
        prop_assert!(close(roc_auc(&y, &scores.mapv(|score| -score))?, 1.0 - auc));
    }

    #[test]
    fn an_auc_lies_in_its_interval_and_a_model_does_not_beat_itself((y, scores) in labelled()) {
        let area = roc_auc_interval(&y, &scores, 0.95)?;
        prop_assert!(close(area.auc, roc_auc(&y, &scores)?));
        prop_assert!(0.0 <= area.interval.lower && area.interval.upper <= 1.0);
        prop_assert!(area.interval.contains(area.auc));
        prop_assert!(roc_auc_difference(&y, &scores, &scores, 0.95).is_err());
    }

    #[test]
    fn curves_are_monotone_and_begin_and_end_where_they_must((y, scores) in labelled()) {
        let roc = roc_curve(&y, &scores)?;
        for rate in [&roc.false_positive_rate, &roc.true_positive_rate] {
            prop_assert!(rate.windows(2).into_iter().all(|pair| pair[0] <= pair[1]));
            prop_assert_eq!((rate[0], rate[rate.len() - 1]), (0.0, 1.0));
        }
        let pr = precision_recall_curve(&y, &scores)?;
        prop_assert!(pr.precision.iter().chain(&pr.recall).all(|value| (0.0..=1.0).contains(value)));
        prop_assert!(pr.recall.windows(2).into_iter().all(|pair| pair[0] <= pair[1]));
        let prevalence = y.sum() as f64 / y.len() as f64;
        let least = average_precision(&y, &scores.mapv(|_| 0.0))?;
        prop_assert!(close(least, prevalence));
        prop_assert!((0.0..=1.0).contains(&average_precision(&y, &scores)?));
    }

    #[test]
    fn the_counts_of_a_confusion_matrix_sum_to_the_rows(
        rows in vec((0_usize..4, 0_usize..4), 1..40), threshold in any_number(),
    ) {
        let (truth, predicted): (Vec<usize>, Vec<usize>) = rows.into_iter().unzip();
        let (truth, predicted) = (Array1::from(truth), Array1::from(predicted));
        let matrix = confusion_matrix(&truth, &predicted)?;
        prop_assert_eq!(matrix.sum(), truth.len());
        prop_assert!(close(accuracy(&truth, &predicted)?, matrix.diag().sum() as f64 / truth.len() as f64));
        prop_assert_eq!(confusion_matrix(&predicted, &truth)?, matrix.t());
        let binary = truth.mapv(|label| label % 2);
        let scores = predicted.mapv(|label| label as f64);
        if let Ok(counts) = BinaryConfusion::at_threshold(&binary, &scores, threshold) {
            prop_assert_eq!(counts.positives() + counts.negatives(), truth.len());
        }
    }

    #[test]
    fn the_cheapest_threshold_is_not_dearer_than_any_other(
        (y, scores) in labelled(), a in 0.1..20.0, b in 0.1..20.0, other in -3.0..3.0,
    ) {
        let costs = Costs::new(a, b)?;
        let cheapest = cheapest_threshold(&y, &scores, costs)?;
        prop_assert!(cheapest.cost <= expected_cost(&y, &scores, other, costs)? + 1e-9);
        for &threshold in &scores {
            prop_assert!(cheapest.cost <= expected_cost(&y, &scores, threshold, costs)? + 1e-9);
        }
    }

    #[test]
    fn the_loss_of_a_constant_is_least_at_the_observed_rate((y, _) in labelled(), other in 0.001..0.999) {
        let rate = y.sum() as f64 / y.len() as f64;
        let constant = |p: f64| Array1::from_elem(y.len(), p);
        prop_assert!(log_loss(&y, &constant(rate))? <= log_loss(&y, &constant(other))? + 1e-12);
        prop_assert!(brier_score(&y, &constant(rate))? <= brier_score(&y, &constant(other))? + 1e-12);
        let truth = y.mapv(|label| label as f64);
        prop_assert_eq!(brier_score(&y, &truth)?, 0.0);
        prop_assert!(log_loss(&y, &truth)? < 1e-9);
    }

    #[test]
    fn bins_of_a_calibration_curve_hold_all_rows((y, p) in probabilities(), bins in 1_usize..12) {
        for binning in [Binning::EqualWidth, Binning::Quantile] {
            let curve = calibration_curve(&y, &p, bins, binning)?;
            prop_assert_eq!(curve.iter().map(|bin| bin.count).sum::<usize>(), y.len());
            prop_assert!(curve.iter().all(|bin| bin.count == 0 || bin.lower <= bin.mean_predicted + 1e-12 && bin.mean_predicted <= bin.upper + 1e-12));
            prop_assert!((0.0..=1.0).contains(&expected_calibration_error(&y, &p, bins, binning)?));
        }
    }

    #[test]
    fn the_gap_of_two_samples_is_symmetric_and_ignores_the_scale(a in numbers(1, 25), b in numbers(1, 25)) {
        for method in [KsMethod::Exact, KsMethod::Asymptotic] {
            let (one, other) = (ks_two_sample(&a, &b, Alternative::TwoSided, method)?, ks_two_sample(&b, &a, Alternative::TwoSided, method)?);
            prop_assert_eq!(one.statistic, other.statistic);
            prop_assert!((one.p_value - other.p_value).abs() < 1e-9);
        }
        let below = |sample: &Array1<f64>, x: f64| sample.iter().filter(|&&y| y <= x).count() as f64 / sample.len() as f64;
        let gap = a.iter().chain(&b).map(|&x| (below(&a, x) - below(&b, x)).abs()).fold(0.0, f64::max);
        prop_assert!(close(ks_statistic(&a, &b)?, gap));
        prop_assert!(close(ks_statistic(&a.mapv(|x| 4.0 * x), &b.mapv(|x| 4.0 * x))?, gap));
        prop_assert_eq!(ks_statistic(&a, &a)?, 0.0);
    }

    #[test]
    fn a_stability_index_is_0_for_the_same_sample_and_never_negative(
        a in numbers(1, 40), b in numbers(1, 40), bins in 2_usize..12,
    ) {
        prop_assert!(population_stability_index(&a, &a, bins)?.value.abs() < 1e-12);
        let index = population_stability_index(&a, &b, bins)?;
        prop_assert!(index.value >= 0.0);
        prop_assert!(index.bins.iter().all(|bin| bin.contribution >= 0.0));
        prop_assert!(close(index.bins.iter().map(|bin| bin.contribution).sum(), index.value));
    }

    #[test]
    fn a_chi_square_test_ignores_the_order_of_rows_and_columns(counts in vec(0_usize..30, 6)) {
        let table = Array2::from_shape_fn((2, 3), |(r, c)| counts[3 * r + c]);
        let swapped = Array2::from_shape_fn((2, 3), |(r, c)| counts[3 * (1 - r) + 2 - c]);
        match (chi_square_homogeneity(&table), chi_square_homogeneity(&swapped)) {
            (Ok(one), Ok(other)) => {
                prop_assert!(close(one.statistic, other.statistic) && close(one.p_value, other.p_value));
                prop_assert!((0.0..=1.0).contains(&one.p_value) && (0.0..=1.0 + 1e-12).contains(&one.cramers_v));
                let transposed = chi_square_homogeneity(&table.t().to_owned())?;
                prop_assert!(close(one.statistic, transposed.statistic));
            }
            (one, other) => prop_assert!(one.is_err() && other.is_err()),
        }
    }
}
