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
