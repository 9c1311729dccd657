//! Finding out why a model fails in production: shared rows, skew, leaks, and what was known when.

use crate::inputs::{any_matrix, any_number, cases, close, gap, matrix, matrix_with_a_gap, number};
use dsprep_core::prelude::*;
use dsprep_core::triage::shared_rows_by_pairs;
use proptest::collection::vec;
use proptest::prelude::*;

/// Rows of small integers, so that some are equal.
fn coarse() -> impl Strategy<Value = Array2<f64>> {
    vec((0_u8..3, 0_u8..3), 1..12).prop_map(|rows| {
        Array2::from_shape_fn((rows.len(), 2), |(row, column)| {
            f64::from(if column == 0 {
                rows[row].0
            } else {
                rows[row].1
            })
        })
    })
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn hashing_finds_the_shared_rows_that_all_pairs_find(
        train in coarse(), test in coarse(), any in any_matrix(),
    ) {
        prop_assert_eq!(shared_rows(&train, &test)?, shared_rows_by_pairs(&train, &test)?);
        prop_assert_eq!(shared_rows(&any, &any)?, shared_rows_by_pairs(&any, &any)?);
        prop_assert_eq!(shared_rows(&any, &train).is_ok(), any.ncols() == 2);
    }

    #[test]
    fn a_part_agrees_with_itself_and_a_changed_value_is_found(
        x in matrix(10, 3), at: prop::sample::Index, change in 1.0..9.0,
    ) {
        let names = &["a", "b", "c"][..x.ncols()];
        prop_assert!(row_parity(names, &x, &x, 0.0)?.is_empty());
        let place = at.index(x.len());
        let (row, column) = (place / x.ncols(), place % x.ncols());
        let mut served = x.clone();
        served[[row, column]] += change;
        let faults = row_parity(names, &x, &served, 0.0)?;
        prop_assert_eq!(faults.len(), 1);
        prop_assert_eq!((faults[0].row, faults[0].feature.as_str()), (row, names[column]));
    }

    #[test]
    fn as_of_a_time_nothing_later_is_known(mut times in vec(-9_i64..20, 0..12), at in -12_i64..24) {
        times.sort_unstable();
        let values: Array1<f64> = (0..times.len()).map(|row| row as f64).collect();
        let known = times.iter().rposition(|&time| time <= at).map(|row| row as f64);
        prop_assert_eq!(as_of(&Array1::from(times), &values, at)?, known);
    }

    #[test]
    fn an_encoding_lies_between_0_and_1_and_out_of_fold_never_sees_its_own_label(
        rows in vec((0_usize..4, 0_usize..2, 0_usize..3), 2..25), smoothing in 0.0..20.0,
        at: prop::sample::Index, strange in any_number(),
    ) {
        let column = |of: fn(&(usize, usize, usize)) -> usize| -> Array1<usize> { rows.iter().map(of).collect() };
        let (categories, y, folds) = (column(|row| row.0), column(|row| row.1), column(|row| row.2));
        let encoded = TargetEncoder::fit(&categories, &y, smoothing)?.encode(&categories);
        prop_assert!(encoded.iter().all(|value| (0.0..=1.0).contains(value)));
        if let Ok(encoded) = encode_out_of_fold(&categories, &y, smoothing, &folds) {
            let row = at.index(rows.len());
            let mut other = y.clone();
            other[row] = 1 - y[row];
            prop_assert_eq!(encode_out_of_fold(&categories, &other, smoothing, &folds)?[row], encoded[row]);
        }
        if let Ok(encoder) = TargetEncoder::fit(&categories, &y, strange) {
            prop_assert!(encoder.encode(&categories).iter().all(|value| (0.0..=1.0).contains(value)));
        }
    }

    #[test]
    fn folds_are_of_equal_size_but_for_one_row(rows in 0_usize..40, folds in 1_usize..7, seed: u32) {
        let drawn = shuffled_folds(rows, folds, &mut RandomState::seed(seed))?;
        let sizes: Vec<usize> = (0..folds).map(|fold| drawn.iter().filter(|&&of| of == fold).count()).collect();
        prop_assert_eq!(sizes.iter().sum::<usize>(), rows);
        prop_assert!(sizes.iter().all(|&size| size == rows / folds || size == rows.div_ceil(folds)));
    }

    #[test]
    fn skew_of_a_part_against_itself_is_0_and_gaps_are_refused(
        x in matrix(10, 3), at: prop::sample::Index, gap in gap(), scale in number(),
    ) {
        let names = &["a", "b", "c"][..x.ncols()];
        for skew in feature_skew(names, &x, &x)? {
            prop_assert!(skew.statistic == 0.0 && close(skew.p_value, 1.0), "{skew:?}");
        }
        let broken = matrix_with_a_gap(&x, at, gap);
        prop_assert!(feature_skew(names, &broken, &x).is_err() && feature_skew(names, &x, &broken).is_err());
        prop_assert!(domain_auc(&broken, &x).is_err() && domain_auc(&x, &broken).is_err());
        if let Ok(auc) = domain_auc(&x, &x.mapv(|value| value * scale)) {
            prop_assert!((0.0..=1.0).contains(&auc));
        }
    }
}
