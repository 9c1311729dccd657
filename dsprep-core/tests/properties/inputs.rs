//! What properties are tried on.

use dsprep_core::Result;
use dsprep_core::prelude::*;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// `cases` inputs a property, the same in every run, and no file that remembers a failure: the smallest input
/// is printed. The variable PROPTEST_RNG_SEED=N gives other inputs.
pub fn cases(cases: u32) -> ProptestConfig {
    let of_environment = ProptestConfig::default();
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: match of_environment.rng_seed {
            RngSeed::Random => RngSeed::Fixed(30),
            fixed => fixed,
        },
        ..of_environment
    }
}

/// A number that data may hold: of moderate size, often a small integer, so that ties occur.
pub fn number() -> impl Strategy<Value = f64> {
    prop_oneof![(-5_i32..=5).prop_map(f64::from), -1e3..1e3]
}

/// Any number that a careless caller may pass: also NaN, infinities, very large and very small ones.
pub fn any_number() -> impl Strategy<Value = f64> {
    let of_any_size = (any::<bool>(), -100_i32..100).prop_map(|(negative, exponent)| {
        if negative {
            -(10_f64.powi(exponent))
        } else {
            10_f64.powi(exponent)
        }
    });
    let strange = prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0]);
    prop_oneof![4 => number(), 2 => of_any_size, 1 => strange]
}

/// Between `least` and `most` numbers.
pub fn numbers(least: usize, most: usize) -> impl Strategy<Value = Array1<f64>> {
    prop::collection::vec(number(), least..=most).prop_map(Array1::from)
}

/// No, one or more of any numbers.
pub fn any_numbers() -> impl Strategy<Value = Array1<f64>> {
    prop::collection::vec(any_number(), 0..12).prop_map(Array1::from)
}

/// Up to `rows` × `columns` numbers, at least one.
pub fn matrix(rows: usize, columns: usize) -> impl Strategy<Value = Array2<f64>> {
    (1..=rows, 1..=columns).prop_flat_map(|(rows, columns)| sized_matrix(rows, columns))
}

/// `rows` × `columns` numbers.
pub fn sized_matrix(rows: usize, columns: usize) -> impl Strategy<Value = Array2<f64>> {
    let values = prop::collection::vec(number(), rows * columns);
    values.prop_map(move |values| {
        Array2::from_shape_fn((rows, columns), |(r, c)| values[r * columns + c])
    })
}

/// No, one or more rows and columns of any numbers.
pub fn any_matrix() -> impl Strategy<Value = Array2<f64>> {
    (
        0_usize..6,
        0_usize..4,
        prop::collection::vec(any_number(), 24),
    )
        .prop_map(|(rows, columns, values)| {
            Array2::from_shape_fn((rows, columns), |(r, c)| values[r * 4 + c])
        })
}

/// Labels 0 and 1, at least two of each, and a score for each row.
pub fn labelled() -> impl Strategy<Value = (Array1<usize>, Array1<f64>)> {
    prop::collection::vec((0_usize..2, number()), 0..40).prop_map(|mut rows| {
        rows.extend([(0, 0.5), (1, -0.5), (1, 1.0), (0, -2.0)]);
        let (labels, scores): (Vec<usize>, Vec<f64>) = rows.into_iter().unzip();
        (Array1::from(labels), Array1::from(scores))
    })
}

/// Labels of which some make no sense, as many as you like.
pub fn any_labels() -> impl Strategy<Value = Array1<usize>> {
    prop::collection::vec(prop_oneof![9 => 0_usize..2, 1 => any::<usize>()], 0..12)
        .prop_map(Array1::from)
}

/// A count from 0 to a billion, as often below a hundred as above a hundred million.
pub fn count() -> impl Strategy<Value = u64> {
    (0.0..9.0_f64, any::<bool>()).prop_map(|(exponent, none)| {
        if none && exponent < 1.0 {
            0
        } else {
            10_f64.powf(exponent) as u64
        }
    })
}

/// A decimal that no binary number equals, such as a price.
pub fn inexact_decimal() -> impl Strategy<Value = f64> {
    (1_i32..100_000, any::<bool>()).prop_map(|(cents, negative)| {
        let value = f64::from(cents) / 100.0 + 0.001;
        if negative { -value } else { value }
    })
}

/// One inexact decimal, two to a few thousand times.
pub fn all_equal() -> impl Strategy<Value = Array1<f64>> {
    let sizes = prop_oneof![2_usize..60, 60_usize..3000];
    (inexact_decimal(), sizes).prop_map(|(value, n)| Array1::from_elem(n, value))
}

/// 20 to 200 values, nine in ten of which are the same.
pub fn mostly_one_value() -> impl Strategy<Value = Array1<f64>> {
    (inexact_decimal(), prop::collection::vec(number(), 2..20)).prop_map(|(value, others)| {
        let n = 10 * others.len();
        Array1::from_shape_fn(n, |i| if i % 10 == 3 { others[i / 10] } else { value })
    })
}

/// An offset of about a million million, such as a time in milliseconds.
pub fn offset() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![1e12, -1e12, 1.7e12])
}

/// Labels with exactly two positives among up to 200 rows, and a score for each row.
pub fn two_positives() -> impl Strategy<Value = (Array1<usize>, Array1<f64>)> {
    prop::collection::vec(number(), 4..200).prop_map(|scores| {
        let labels = (0..scores.len()).map(|row| usize::from(row == 1 || row == scores.len() - 1));
        (labels.collect(), Array1::from(scores))
    })
}

/// Two columns of labels, few and far between: some are as large as a number can be.
pub fn sparse_labels() -> impl Strategy<Value = (Array1<usize>, Array1<usize>)> {
    let label = || {
        prop_oneof![
            3 => 0_usize..3,
            2 => prop::sample::select(vec![1_000_000, 4_000_000_000, usize::MAX - 1, usize::MAX]),
            1 => any::<usize>(),
        ]
    };
    prop::collection::vec((label(), label()), 1..40).prop_map(|rows| {
        let (first, second): (Vec<usize>, Vec<usize>) = rows.into_iter().unzip();
        (Array1::from(first), Array1::from(second))
    })
}

/// Whether `result` is an error or a finite number: what `name` promises for any input.
pub fn error_or_finite(name: &str, result: Result<f64>) -> Result<(), TestCaseError> {
    if let Ok(value) = result {
        prop_assert!(value.is_finite(), "{name} gave {value} without an error");
    }
    Ok(())
}

/// Whether `a` and `b` are equal but for rounding.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

/// `values` with one that is not finite, at any place.
pub fn with_a_gap(values: &Array1<f64>, at: prop::sample::Index, gap: f64) -> Array1<f64> {
    let mut values = values.clone();
    let place = at.index(values.len());
    values[place] = gap;
    values
}

/// `values` with one that is not finite, at any place.
pub fn matrix_with_a_gap(values: &Array2<f64>, at: prop::sample::Index, gap: f64) -> Array2<f64> {
    let mut values = values.clone();
    let place = at.index(values.len());
    let (row, column) = (place / values.ncols(), place % values.ncols());
    values[[row, column]] = gap;
    values
}

/// NaN or an infinity.
pub fn gap() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY])
}
