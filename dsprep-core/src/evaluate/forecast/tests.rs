use super::*;
use ndarray::{Array1, array};

fn message<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn the_naive_forecast_of_a_straight_line_has_a_mase_of_one() -> Result<()> {
    let history = array![1.0, 2.0, 3.0, 4.0];
    assert_eq!(
        mase(&array![5.0, 6.0], &array![4.0, 5.0], &history, 1)?,
        1.0
    );
    Ok(())
}

#[test]
fn a_value_that_is_not_finite_is_named_and_never_ignored() {
    let (good, gap) = (array![1.0, 2.0], array![1.0, f64::NAN]);
    assert!(message(mae(&gap, &good)).starts_with("`actual[1]` is NaN"));
    assert!(message(rmse(&good, &gap)).starts_with("`forecast[1]` is NaN"));
    assert!(message(mape(&good, &array![f64::INFINITY, 1.0])).contains("`forecast[0]` is inf"));
    assert!(message(smape(&gap, &good)).starts_with("`actual[1]` is NaN"));
    assert!(message(mase(&good, &good, &gap, 1)).starts_with("`history[1]` is NaN"));
    // A comparison with NaN is false, so that it would count as covered by one and not by the other.
    assert!(message(winkler(&gap, &good, &good, 0.9)).starts_with("`actual[1]` is NaN"));
    assert!(message(coverage(&good, &good, &gap)).starts_with("`upper[1]` is NaN"));
}

#[test]
fn a_season_compares_with_the_value_one_season_ago() -> Result<()> {
    let history = array![10.0, 20.0, 12.0, 24.0];
    assert_eq!(mase(&array![15.0], &array![12.0], &history, 2)?, 1.0);
    Ok(())
}

#[test]
fn wrong_lengths_and_empty_input_are_named() {
    let none = Array1::<f64>::zeros(0);
    let (one, two) = (array![1.0], array![1.0, 2.0]);
    assert_eq!(
        message(mae(&none, &none)),
        "`actual` is empty, but it must hold at least one value."
    );
    assert_eq!(
        message(rmse(&two, &one)),
        "`forecast` has 1 value, but it must have 2 values, one for each of `actual`."
    );
    assert_eq!(
        message(winkler(&one, &one, &two, 0.95)),
        "`upper` has 2 values, but it must have 1 value, one for each of `actual`."
    );
}

#[test]
fn what_is_not_defined_says_why_and_what_to_use() {
    let zero = array![1.0, 0.0];
    assert_eq!(
        message(mape(&zero, &zero)),
        "MAPE is not defined: `actual[1]` is 0, and it divides by the actual value. Use MAE or MASE."
    );
    assert!(message(smape(&zero, &zero)).contains("which is 0 / 0"));
    let constant = array![5.0, 5.0, 5.0];
    assert_eq!(
        message(mase(&zero, &zero, &constant, 1)),
        "MASE is not defined: the history is constant, so that the naive forecast's error is 0. \
         Use MAE, or a longer history."
    );
    assert!(message(mase(&zero, &zero, &constant, 3)).contains("more than one season of 3"));
    assert!(message(mase(&zero, &zero, &constant, 0)).contains("`season` is 0"));
}

#[test]
fn an_interval_must_not_be_upside_down_nor_alpha_out_of_range() {
    let (low, high) = (array![0.0, 0.0], array![1.0, 1.0]);
    assert!(message(winkler(&low, &high, &low, 0.95)).contains("`lower[0]` is 1"));
    assert!(message(winkler(&low, &low, &high, 95.0)).contains("`confidence` is 95"));
}

#[test]
fn a_history_that_is_constant_but_for_rounding_is_no_yardstick_and_an_overflow_is_named() {
    let (actual, forecast) = (array![1.0], array![2.0]);
    let nearly = array![0.3, 0.1 + 0.2, 0.3];
    assert!(message(mase(&actual, &forecast, &nearly, 1)).contains("the history is constant"));
    let (huge, low) = (array![1.7e308, 1.0], array![-1.7e308, 1.0]);
    assert!(message(rmse(&huge, &low)).contains("overflows"));
    let most = array![f64::MAX, -f64::MAX];
    assert!(message(mae(&most, &(-1.0 * &most))).contains("another unit"));
    assert!(message(mase(&actual, &forecast, &most, 1)).contains("another unit"));
    assert!(message(winkler(&most, &low, &low, 1.0 - 1e-15)).contains("another unit"));
}

#[test]
fn the_unit_does_not_matter_to_the_root_of_squares() -> Result<()> {
    let (actual, forecast) = (array![1.0, 2.0], array![0.0, 0.0]);
    for unit in [1e-300, 1e-170, 1e-161, 1.0, 1e200, 1e300] {
        let found = rmse(&(&actual * unit), &forecast)?;
        assert!(
            (found / unit - 2.5_f64.sqrt()).abs() < 1e-12,
            "{unit:e}: {found}"
        );
    }
    Ok(())
}
