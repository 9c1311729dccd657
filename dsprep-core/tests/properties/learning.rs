//! Tests for few users, nearest neighbours, groups, components and calibration: on any numbers an error or a number.

use crate::inputs::{
    all_equal, any_labels, any_matrix, any_number, any_numbers, cases, count, labelled,
    mostly_one_value, sparse_labels,
};
use dsprep_core::ndarray::ArrayView1;
use dsprep_core::prelude::*;
use proptest::prelude::*;

const SIDES: [Alternative; 3] = [
    Alternative::TwoSided,
    Alternative::Less,
    Alternative::Greater,
];

fn is_share(p: f64) -> bool {
    (0.0..=1.0).contains(&p)
}

fn difference(a: ArrayView1<'_, f64>, b: ArrayView1<'_, f64>) -> f64 {
    b.sum() / b.len() as f64 - a.sum() / a.len() as f64
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn rates_of_any_size_have_intervals_and_exact_tests(
        users in (count(), count()), shares in (0.0..=1.0, 0.0..=1.0), confidence in 0.01..0.999_999_f64,
    ) {
        let arm = |users: u64, share: f64| Conversions { users, converted: ((users as f64 * share) as u64).min(users) };
        let (a, b) = (arm(users.0, shares.0), arm(users.1, shares.1));
        if let (Ok(one), Ok(both)) = (wilson_interval(a, confidence), newcombe_interval(a, b, confidence)) {
            let rate = |arm: Conversions| arm.converted as f64 / arm.users as f64;
            prop_assert!(is_share(one.lower) && is_share(one.upper) && one.contains(rate(a)), "{one}");
            prop_assert!(both.contains(rate(b) - rate(a)) && both.lower >= -1.0 && both.upper <= 1.0, "{both}");
        }
        for side in SIDES {
            if let Ok(test) = fisher_exact(a, b, side) {
                prop_assert!(is_share(test.p_value), "{side:?} {test:?}");
            }
        }
        if let Ok(test) = non_inferiority_proportions(a, b, 0.01) {
            prop_assert!(is_share(test.p_value) && test.equivalence_p_value >= test.p_value, "{test:?}");
        }
    }

    #[test]
    fn tests_of_any_values_give_a_p_value_or_an_error(a in any_numbers(), b in any_numbers(), seed in any::<u32>()) {
        let mut rng = RandomState::seed(seed);
        for side in SIDES {
            if let Ok(test) = mann_whitney(&a, &b, side) {
                prop_assert!(is_share(test.p_value) && is_share(test.superiority), "{side:?} {test:?}");
            }
            if let Ok(test) = permutation_test(&a, &b, difference, side, 50, &mut rng) {
                prop_assert!(is_share(test.p_value) && test.p_value > 0.0, "{side:?} {test:?}");
            }
            if let Ok(test) = ratio_metric_test((&a, &a), (&b, &b), 0.9) {
                prop_assert!(is_share(test.p_value_for(side)) && !test.interval.lower.is_nan(), "{side:?} {test:?}");
            }
        }
        if let Ok(test) = diebold_mariano(&a, &b, 1, Alternative::Less) {
            prop_assert!(is_share(test.p_value) && test.statistic.is_finite(), "{test:?}");
        }
        for result in [wape(&a, &b), forecast_bias(&a, &b), rmsse(&a, &b, &a, 1)] {
            prop_assert!(!result.is_ok_and(|value| value.is_nan()));
        }
    }

    #[test]
    fn equal_values_are_no_evidence(a in all_equal(), copies in 2_usize..50) {
        let b = Array1::from_elem(copies, a[0]);
        prop_assert!(mann_whitney(&a, &b, Alternative::TwoSided).is_err_and(|e| e.to_string().contains("equal")) || a.len() < 2);
        let test = permutation_test(&a, &b, difference, Alternative::TwoSided, 30, &mut RandomState::seed(1))?;
        prop_assert_eq!(test.p_value, 1.0);
        prop_assert!(non_inferiority_means(&a, &b, 0.1).is_err() || a.len() < 2);
        let ones = |n| Array1::<f64>::ones(n);
        prop_assert!(ratio_metric_test((&a, &ones(a.len())), (&b, &ones(copies)), 0.9).is_err());
    }

    #[test]
    fn models_of_any_matrix_predict_numbers_or_are_errors(x in any_matrix(), y in any_labels(), new in any_matrix(), k in 1_usize..4) {
        if let Ok(model) = NearestNeighbours::fit(&x, &y, k)
            && let Ok(p) = model.predict_proba(&new)
        {
            prop_assert!(p.iter().all(|&p| is_share(p)), "{p}");
        }
        if let Ok(model) = GaussianNaiveBayes::fit(&x, &y)
            && let Ok(p) = model.predict_proba(&new)
        {
            prop_assert!(p.iter().all(|&p| is_share(p)), "{p}");
        }
        if let Ok(model) = MultinomialNaiveBayes::fit(&x, &y, 1.0)
            && let Ok(p) = model.predict_proba(&new)
        {
            prop_assert!(p.iter().all(|&p| is_share(p)), "{p}");
        }
        if let Ok(model) = KMeans::fit(&x, k, &mut RandomState::seed(1)) {
            prop_assert!(model.inertia() >= 0.0 && model.centres().iter().all(|c| c.is_finite()));
            prop_assert!(model.predict(&x)?.iter().all(|&group| group < k));
        }
        if let Ok(model) = Pca::fit(&x, 1) {
            prop_assert!(model.explained_variance_ratio().iter().all(|share| (0.0..1.0 + 1e-9).contains(share)));
            prop_assert!(model.components().iter().all(|c| c.is_finite()));
        }
        if let Ok(new) = smote(&x, 5, k, &mut RandomState::seed(1)) {
            prop_assert!(new.iter().all(|value| value.is_finite()));
        }
        if let Ok(normed) = layer_norm(&x, &Array1::ones(x.ncols()), &Array1::zeros(x.ncols())) {
            prop_assert!(normed.iter().all(|value| value.is_finite()));
        }
    }

    #[test]
    fn calibrated_scores_are_probabilities_in_the_old_order((y, scores) in labelled(), new in any_number()) {
        if let Ok(platt) = Platt::fit(&scores, &y) {
            let p = platt.predict(&scores)?;
            prop_assert!(p.iter().all(|&p| is_share(p)), "{p}");
            prop_assert_eq!(platt.predict(&array![new]).is_ok(), new.is_finite());
        }
        if let Ok(curve) = Isotonic::fit(&scores, &y.mapv(|y| y as f64)) {
            let p = curve.predict(&scores)?;
            let mut pairs: Vec<(f64, f64)> = scores.iter().copied().zip(p.iter().copied()).collect();
            pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
            let falls = pairs.windows(2).any(|pair| pair[0].0 < pair[1].0 && pair[0].1 > pair[1].1);
            prop_assert!(!falls && p.iter().all(|&p| is_share(p)), "{p}");
        }
    }

    #[test]
    fn labels_far_apart_and_values_mostly_one_are_no_trouble((y, _) in sparse_labels(), values in mostly_one_value(), seed in any::<u32>()) {
        let mut rng = RandomState::seed(seed);
        let weights = balanced_class_weights(&y)?;
        prop_assert!((weights.sum() - y.len() as f64).abs() < 1e-6);
        let (more, fewer) = (oversample(&y, &mut rng)?, undersample(&y, &mut rng)?);
        prop_assert!(more.len() >= y.len() && fewer.len() <= y.len());
        prop_assert!(more.iter().chain(&fewer).all(|&row| row < y.len()));
        let x = values.insert_axis(Axis(1));
        if let Ok(model) = GaussianNaiveBayes::fit(&x, &Array1::from_shape_fn(x.nrows(), |i| [7, usize::MAX][i % 2])) {
            prop_assert!(model.predict(&x)?.iter().all(|&class| class == 7 || class == usize::MAX));
        }
    }
}
