//! What a caller gives and asks for by hand.

use super::{run, stable};
use crate::Result;
use crate::monitor::{Change, ModelLifecycle, MonitorPolicy, ServedScores, WeekStream};
use crate::random::RandomState;
use ndarray::{Array1, Array2};

#[test]
fn wrong_input_is_named_and_changes_nothing() -> Result<()> {
    let stream = WeekStream::stable(200, &mut RandomState::seed(4)).with_label_delay(2);
    let mut lifecycle = run(&stream, MonitorPolicy::default(), 9)?;
    let before = lifecycle.clone();
    let (good, ones) = (stream.week(9)?, Array1::ones(200));
    let mut missing = good.x.clone();
    missing[[3, 1]] = f64::NAN;

    let message = |result: Result<ServedScores>| result.unwrap_err().to_string();
    assert_eq!(
        message(lifecycle.serve(9, &Array2::zeros((5, 2)))),
        "`x` has 2 columns, but it must have 6 columns, as in `fit`."
    );
    assert!(message(lifecycle.serve(9, &missing)).starts_with("`x`, row 3, column 1, is NaN"));
    assert!(message(lifecycle.serve(9, &Array2::zeros((0, 6)))).starts_with("`x` is empty"));
    assert!(message(lifecycle.serve(8, &good.x)).starts_with("`week` is 8, but"));

    let message = |result: Result<()>| result.unwrap_err().to_string();
    assert_eq!(
        message(lifecycle.label(8, &ones)),
        "the AUC of a week is not defined: week 8 has 200 positives and 0 negatives. Wait for more labels, or review longer periods."
    );
    assert!(message(lifecycle.label(8, &Array1::ones(3))).contains("one for each row of week 8"));
    assert!(message(lifecycle.label(8, &(&ones * 2))).contains("0 (negative) or 1 (positive)"));
    assert!(message(lifecycle.label(77, &ones)).contains("a week that was served"));
    assert!(message(lifecycle.label(5, &ones)).contains("a week without labels"));
    assert_eq!(
        message(lifecycle.roll_back_to(7, "it was better")),
        "`version` is 7, but it must be the number of a version; `versions()` lists them."
    );
    assert!(message(lifecycle.roll_back_to(0, "")).starts_with("`version` is 0"));
    assert!(message(lifecycle.roll_back_to(1, "")).contains("neither the champion"));
    assert!(lifecycle.review(8).is_err(), "it was reviewed before");
    assert!(lifecycle.review(9).is_err(), "it was not served");
    assert_eq!(lifecycle, before);

    let error = ModelLifecycle::start(&[], MonitorPolicy::default());
    assert!(
        error
            .unwrap_err()
            .to_string()
            .contains("the training is empty")
    );
    let twice = [stream.week(0)?, stream.week(0)?];
    assert!(ModelLifecycle::start(&twice, MonitorPolicy::default()).is_err());
    Ok(())
}

#[test]
fn a_person_can_bring_a_version_back_and_it_is_noted() -> Result<()> {
    let stream = stable().with_concept_drift(Change::abrupt(14));
    let mut lifecycle = run(&stream, MonitorPolicy::default(), 30)?;
    assert_eq!(lifecycle.champion(), 2);
    lifecycle.roll_back_to(1, "complaints")?;
    assert_eq!(lifecycle.champion(), 1);
    let last = lifecycle
        .decisions()
        .last()
        .map(|decision| decision.reason.as_str());
    assert_eq!(last, Some("by hand: complaints"));
    let served = lifecycle.serve(30, &stream.week(30)?.x)?;
    assert_eq!(served.version, 1);
    lifecycle.review(30)?;
    Ok(())
}
