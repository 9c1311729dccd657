//! Where numbers go wrong: huge counts, equal values, point masses, large offsets, hardly any positives, labels that
//! are far apart.

use crate::inputs::{
    all_equal, any_numbers, cases, close, count, inexact_decimal, mostly_one_value, number,
    numbers, offset, sparse_labels, two_positives,
};
use dsprep_core::evaluate::class_labels;
use dsprep_core::evaluate::drift::kolmogorov_survival;
use dsprep_core::prelude::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn a_rollout_of_any_size_is_decided_and_more_errors_never_speak_for_it(
        requests in count(), bad in count(), more in count(), confidence in 0.5..0.999_f64, error_rate in 1e-6..0.5_f64,
    ) {
        let guardrails = Guardrails::default().confidence(confidence).error_rate(error_rate);
        let rank = |errors: u64| -> dsprep_core::Result<u8> {
            let seen = Observation { days: 30.0, requests, errors, slow: 0 };
            Ok(match decide(&rollout_plan(), 1, &guardrails, &seen)? {
                RolloutDecision::Advance { .. } => 0,
                RolloutDecision::Hold { .. } => 1,
                RolloutDecision::Rollback { .. } => 2,
            })
        };
        let (fewer, more) = (bad.min(requests), bad.saturating_add(more).min(requests));
        prop_assert!(rank(fewer)? <= rank(more)?, "{} {} of {}", fewer, more, requests);
    }

    #[test]
    fn tests_of_counts_to_a_billion_have_a_p_value_and_an_interval_in_order(
        users in (count(), count()), converted in (0.0..=1.0, 0.0..=1.0), confidence in 0.01..0.999_999_f64,
    ) {
        let arm = |users: u64, share: f64| Conversions { users, converted: ((users as f64 * share) as u64).min(users) };
        let (a, b) = (arm(users.0, converted.0), arm(users.1, converted.1));
        if let Ok(test) = two_proportion_z_test(a, b, confidence) {
            prop_assert!((0.0..=1.0).contains(&test.p_value) && test.statistic.is_finite(), "{test:?}");
            prop_assert!(test.interval.contains(test.difference), "{test:?}");
        }
        if let Ok(ratio) = risk_ratio(a, b, confidence) {
            prop_assert!(ratio.interval.contains(ratio.ratio), "{ratio:?}");
        }
        if let Ok(split) = sample_ratio_mismatch(&[users.0, users.1], &[0.5, 0.5]) {
            prop_assert!((0.0..=1.0).contains(&split.p_value), "{split:?}");
        }
    }

    #[test]
    fn a_kolmogorov_probability_of_any_size_lies_between_0_and_1_and_falls(
        n in count(), statistic in 0.0..1.0_f64, smaller in 0.0..1.0_f64,
    ) {
        let n = (n as usize).clamp(1, 1_000_000_000);
        let scale = if n > 100 { 4.0 / (n as f64).sqrt() } else { 1.0 };
        let far = kolmogorov_survival(statistic * scale, n)?;
        let near = kolmogorov_survival(statistic * smaller * scale, n)?;
        prop_assert!((0.0..=1.0).contains(&far) && near >= far - 1e-9, "{n}: {near} {far}");
    }

    #[test]
    fn equal_values_have_no_statistic_and_no_spread(a in all_equal(), n in 2_usize..500, other in numbers(3, 12)) {
        let same = Array1::from_elem(n, a[0]);
        prop_assert!(welch_t_test(&a, &same, 0.95).is_err());
        prop_assert!(welch_t_test(&same, &a.mapv(|value| value + 1.0), 0.95).is_err());
        prop_assert!(Cuped::fit(&a, &a).is_err());
        prop_assert!(mase(&other, &other, &a, 1).is_err());
        let column = a.view().insert_axis(Axis(1)).to_owned();
        let scaler = StandardScaler::fit(&column)?;
        prop_assert_eq!((scaler.mean()[0], scaler.scale()[0]), (a[0], 1.0));
        prop_assert!(scaler.transform(&column)?.iter().all(|&z| z == 0.0));
        let y = Array1::from_shape_fn(a.len(), |row| row as f64);
        prop_assert!(LinearRegression::fit(&column, &y).is_err());
        prop_assert_eq!(lasso(&column, &y, 0.1)?.coefficients()[0], 0.0);
        prop_assert_eq!(population_stability_index(&a, &same, 10)?.value, 0.0);
        prop_assert_eq!(crps_sample(a[0], &a)?, 0.0);
    }

    #[test]
    fn what_shares_no_value_with_point_masses_is_as_far_away_as_can_be(
        value in inexact_decimal(), others in prop::collection::vec(1.0..50.0_f64, 1..60), n in 2_usize..200,
        bins in 2_usize..20,
    ) {
        let reference = Array1::from_elem(n, value);
        let far = population_stability_index(&reference, &others.iter().map(|step| value + step).collect::<Array1<f64>>(), bins)?;
        // All of the reference in one bin, nothing of it in the other, with half a row added to each.
        let most = |rows: usize| ((rows as f64 + 0.5) / (rows as f64 + 1.0), 0.5 / (rows as f64 + 1.0));
        let ((r, no_r), (c, no_c)) = (most(n), most(others.len()));
        let largest = (c - no_r) * (c / no_r).ln() + (no_c - r) * (no_c / r).ln();
        prop_assert!(close(far.value, largest), "{} {}", far.value, largest);
    }

    #[test]
    fn a_point_mass_that_shrinks_is_seen_and_one_that_stays_is_not(values in mostly_one_value(), bins in 2_usize..20) {
        let same = population_stability_index(&values, &values, bins)?;
        prop_assert!(same.value.abs() < 1e-12);
        let rows: usize = same.bins.iter().filter(|bin| bin.lower == bin.upper).count();
        prop_assert!(rows >= 1, "{same:?}");
        let without: Array1<f64> = values.iter().copied().filter(|x| *x != values[0]).collect();
        if !without.is_empty() {
            let index = population_stability_index(&values, &without, bins)?;
            prop_assert!(index.value > 0.5, "{index:?}");
        }
    }

    #[test]
    fn an_offset_changes_no_statistic(a in numbers(8, 30), b in numbers(8, 30), offset in offset()) {
        let (far_a, far_b) = (&a + offset, &b + offset);
        // What the offset itself rounds away: the same values near 0.
        let (near_a, near_b) = (&far_a - offset, &far_b - offset);
        match (welch_t_test(&near_a, &near_b, 0.9), welch_t_test(&far_a, &far_b, 0.9)) {
            (Ok(near), Ok(far)) => {
                let error = near.interval.width() * 1e-6 + 4e-4;
                prop_assert!((near.difference - far.difference).abs() < error, "{near:?} {far:?}");
                let widths = (near.interval.width(), far.interval.width());
                prop_assert!((widths.0 / widths.1 - 1.0).abs() < 1e-3, "{near:?} {far:?}");
            }
            (near, far) => prop_assert!(near.is_err() && far.is_err(), "{near:?} {far:?}"),
        }
        prop_assert!(close(crps_sample(offset, &far_a)?, crps_sample(0.0, &near_a)?));
        prop_assert_eq!(ks_statistic(&far_a, &far_b)?, ks_statistic(&near_a, &near_b)?);
        let index = |a: &Array1<f64>, b: &Array1<f64>| population_stability_index(a, b, 4).map(|index| index.bins.len());
        prop_assert!(index(&far_a, &far_b)? > 0);
        let n = far_a.len().min(far_b.len());
        let (metric, covariate) = (far_a.slice(s![..n]).to_owned(), far_b.slice(s![..n]).to_owned());
        if let Ok(cuped) = Cuped::fit(&metric, &covariate) {
            prop_assert!((-1.0..=1.0).contains(&cuped.correlation) && cuped.theta.is_finite(), "{cuped:?}");
        }
    }

    #[test]
    fn a_tree_finds_the_same_splits_at_an_offset(values in prop::collection::vec(-50_i32..50, 6..40), offset in offset()) {
        let x = Array2::from_shape_fn((values.len(), 1), |(row, _)| row as f64);
        let y: Array1<f64> = values.iter().map(|&value| f64::from(value)).collect();
        let tree = DecisionTree::regressor().depth(3);
        let (near, far) = (tree.fit(&x, &y)?.predict(&x)?, tree.fit(&x, &(&y + offset))?.predict(&x)?);
        let error = |told: &Array1<f64>, y: &Array1<f64>| (told - y).mapv(|error| error * error).sum();
        let (near, far) = (error(&near, &y), error(&far, &(&y + offset)));
        prop_assert!((near - far).abs() <= 1e-2 * (1.0 + near), "{near} {far}");
    }

    #[test]
    fn two_positives_have_an_interval_that_stays_in_bounds_and_no_certainty((y, scores) in two_positives(), noise in number()) {
        if let Ok(found) = roc_auc_interval(&y, &scores, 0.95) {
            prop_assert!(found.interval.contains(found.auc) && 0.0 <= found.interval.lower && found.interval.upper <= 1.0, "{found:?}");
        }
        let others = Array1::from_shape_fn(scores.len(), |row| scores[row] * noise + (row % 3) as f64);
        if let Ok(test) = roc_auc_difference(&y, &scores, &others, 0.95) {
            prop_assert!(test.standard_error > 0.0 && (0.0..=1.0).contains(&test.p_value), "{test:?}");
            prop_assert!(test.interval.lower < test.difference && test.difference < test.interval.upper, "{test:?}");
        }
    }

    #[test]
    fn labels_are_names_and_other_names_change_nothing((truth, told) in sparse_labels()) {
        let labels = class_labels(&truth, &told)?;
        let code = |y: &Array1<usize>| y.mapv(|label| labels.partition_point(|&known| known < label));
        let (short_truth, short_told) = (code(&truth), code(&told));
        let matrix = confusion_matrix(&truth, &told)?;
        prop_assert_eq!(matrix.dim(), (labels.len(), labels.len()));
        prop_assert_eq!(matrix.sum(), truth.len());
        prop_assert_eq!(&matrix, &confusion_matrix(&short_truth, &short_told)?);
        prop_assert_eq!(balanced_accuracy(&truth, &told)?, balanced_accuracy(&short_truth, &short_told)?);
        match (matthews_correlation(&truth, &told), matthews_correlation(&short_truth, &short_told)) {
            (Ok(large), Ok(small)) => prop_assert_eq!(large, small),
            (large, small) => prop_assert!(large.is_err() && small.is_err()),
        }
        let y = Array1::from_shape_fn(truth.len(), |row| row % 2);
        let large = TargetEncoder::fit(&truth, &y, 1.0)?.encode(&told);
        let small = TargetEncoder::fit(&short_truth, &y, 1.0)?.encode(&short_told);
        prop_assert_eq!(large, small);
        let x = Array2::from_shape_fn((truth.len(), 1), |(row, _)| row as f64);
        if let Ok(tree) = DecisionTree::classifier().fit(&x, &truth) {
            prop_assert_eq!(tree.predict(&x)?, truth);
        }
    }

    #[test]
    fn softmax_of_any_numbers_sums_to_1_or_is_an_error(x in any_numbers(), hidden in any::<bool>()) {
        let x = if hidden { x.mapv(|value| if value < 0.0 { f64::NEG_INFINITY } else { value }) } else { x };
        match softmax(&x) {
            Ok(weights) => prop_assert!(close(weights.sum(), 1.0) && weights.iter().all(|w| (0.0..=1.0).contains(w)), "{weights}"),
            Err(_) => prop_assert!(x.iter().any(|x| x.is_nan() || *x == f64::INFINITY) || x.iter().all(|x| *x == f64::NEG_INFINITY)),
        }
    }
}
