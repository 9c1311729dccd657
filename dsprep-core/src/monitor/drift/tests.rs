use super::*;
use crate::evaluate::drift::{ks_two_sample, population_stability_index};
use crate::random::RandomState;
use ndarray::{Array2, array};

fn week(rng: &mut RandomState, rows: usize) -> Array2<f64> {
    rng.randn((rows, 4)).unwrap()
}

#[test]
fn each_column_has_the_numbers_of_the_single_tests() -> Result<()> {
    let mut rng = RandomState::seed(1);
    let (before, after) = (week(&mut rng, 700), week(&mut rng, 300) * 1.4);
    let policy = DriftPolicy::default();
    let report = DriftReference::new(&before)?.check(&after, &policy)?;
    for (place, found) in report.columns.iter().enumerate() {
        let (r, c) = (before.column(place), after.column(place));
        let test = ks_two_sample(&r, &c, Alternative::TwoSided, KsMethod::Asymptotic)?;
        assert_eq!((found.ks, found.p_value), (test.statistic, test.p_value));
        assert_eq!(found.psi, population_stability_index(&r, &c, 10)?.value);
    }
    let p_values: Vec<f64> = report.columns.iter().map(|column| column.p_value).collect();
    let adjusted: Vec<f64> = report.columns.iter().map(|c| c.adjusted_p).collect();
    assert_eq!(holm(&p_values)?, adjusted);
    Ok(())
}

#[test]
fn the_integer_sort_is_the_order_of_the_numbers() {
    let values = array![3.5, -2.0, 0.0, -0.0, 1e300, -1e-300, -7.25, 1e-12];
    let mut expected = values.to_vec();
    expected.sort_by(f64::total_cmp);
    assert_eq!(sorted(values.view()), expected);
}

#[test]
fn a_tiny_shift_in_many_rows_is_significant_and_no_drift() -> Result<()> {
    let mut rng = RandomState::seed(2);
    let reference = DriftReference::new(&week(&mut rng, 40_000))?;
    let moved = week(&mut rng, 40_000) + 0.05;
    let report = reference.check(&moved, &DriftPolicy::default())?;
    assert!(report.columns.iter().all(|column| column.adjusted_p < 0.01));
    assert!(report.drifted().is_empty());
    Ok(())
}

#[test]
fn a_stuck_and_a_scaled_column_are_faults_and_not_drift() -> Result<()> {
    let mut rng = RandomState::seed(3);
    let reference = DriftReference::new(&week(&mut rng, 2000))?;
    let mut broken = week(&mut rng, 1000);
    broken.column_mut(0).fill(0.0);
    broken.column_mut(3).mapv_inplace(|value| value * 100.0);
    let report = reference.check(&broken, &DriftPolicy::default())?;
    assert_eq!(report.broken(), [0, 3]);
    assert_eq!(report.columns[0].fault, Some(DataFault::Stuck));
    assert_eq!(report.columns[3].fault, Some(DataFault::OutOfRange));
    assert!(report.drifted().is_empty());
    Ok(())
}

#[test]
fn wrong_input_is_named() -> Result<()> {
    let reference = DriftReference::new(&Array2::zeros((3, 2)))?;
    let message =
        |x: Array2<f64>, policy: DriftPolicy| reference.check(&x, &policy).unwrap_err().to_string();
    let policy = DriftPolicy::default();
    assert_eq!(
        message(Array2::zeros((3, 5)), policy),
        "the week has 5 columns, but it must have 2 columns, as the reference."
    );
    assert!(message(Array2::zeros((0, 2)), policy).contains("the week is empty"));
    assert!(message(array![[0.0, f64::NAN]], policy).contains("row 0, column 1, is NaN"));
    let wrong = DriftPolicy {
        alpha: 5.0,
        ..policy
    };
    assert!(message(Array2::zeros((3, 2)), wrong).starts_with("`alpha` is 5"));
    Ok(())
}
