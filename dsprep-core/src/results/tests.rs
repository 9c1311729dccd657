use crate::Result;
use crate::display::RichDisplay;
use crate::evaluate::drift::{ChiSquareTest, population_stability_index};
use crate::evaluate::{BinaryConfusion, roc_curve};
use crate::experiment::{Findings, rollout_plan, sample_ratio_mismatch};
use crate::forecast::{RollingOrigin, backtest, seasonal_naive};
use crate::neural::ResNet;
use crate::text::ByteBpe;
use crate::trees::DecisionTree;
use ndarray::{Array1, array};

fn text(value: &(impl RichDisplay + ?Sized)) -> String {
    let bundle = value.mime_bundle();
    assert!(bundle.get("text/html").is_some());
    bundle.get("text/plain").unwrap().to_owned()
}

#[test]
fn a_suspect_split_is_said_to_be_one() -> Result<()> {
    let good = text(&sample_ratio_mismatch(&[500, 520], &[0.5, 0.5])?);
    assert!(good.ends_with("No sign of a mismatch."), "{good}");
    let bad = text(&sample_ratio_mismatch(&[50_000, 51_200], &[0.5, 0.5])?);
    assert!(bad.contains("Mismatch (p < 0.001)"), "{bad}");
    Ok(())
}

#[test]
fn a_confusion_matrix_is_a_matrix_and_says_what_is_not_defined() {
    let nothing_called = BinaryConfusion {
        true_positives: 0,
        false_positives: 0,
        false_negatives: 100,
        true_negatives: 9_900,
    };
    let text = text(&nothing_called);
    assert!(text.contains("  accuracy   0.99\n"), "{text}");
    assert!(text.contains("  precision  not defined: "), "{text}");
    assert!(
        text.contains("\n             called positive  called negative\nis positive "),
        "{text}"
    );
}

#[test]
fn experiments_that_found_nothing_have_no_false_share() {
    let nothing = Findings {
        true_findings: 0,
        false_findings: 0,
        missed: 3,
        rightly_nothing: 4,
    };
    assert!(text(&nothing).ends_with("no findings"));
}

#[test]
fn a_plan_is_a_table_with_a_row_for_each_stage() {
    assert_eq!(
        text(&rollout_plan()),
        "stage   share  at least\nshadow  0 %    2 days\ncanary  1 %    2 days\n\
         ramp    10 %   3 days\nhalf    50 %   14 days\nfull    100 %  7 days\n5 rows × 3 columns"
    );
}

#[test]
fn curves_are_tables_and_long_ones_are_cut() -> Result<()> {
    let curve = text(&roc_curve(&array![0, 1], &array![0.25, 0.75])?);
    assert_eq!(
        curve,
        "ROC curve\nthreshold  false positive rate  true positive rate\n      inf                  0.0                 0.0\n     \
         0.75                  0.0                 1.0\n     0.25                  1.0                 1.0\n3 rows × 3 columns"
    );
    let network = text(&ResNet::new(18, 10)?);
    assert!(network.contains("11,181,642"), "{network}");
    assert!(network.contains("in the middle not shown"), "{network}");
    Ok(())
}

#[test]
fn a_small_tree_is_drawn() -> Result<()> {
    let (x, y) = (array![[1.0], [2.0], [8.0], [9.0]], array![0, 0, 1, 1]);
    let tree = DecisionTree::classifier().depth(1).fit(&x, &y)?;
    let text = text(&tree);
    assert!(text.contains("x0") && text.contains("class 1"), "{text}");
    Ok(())
}

#[test]
fn a_backtest_says_its_errors_step_by_step() -> Result<()> {
    let series: Array1<f64> = (0..20).map(f64::from).collect();
    let origins = RollingOrigin {
        first: 10,
        horizon: 2,
        step: 4,
    };
    let test = backtest(&series, origins, |past, n| seasonal_naive(past, 1, n))?;
    let text = text(&test);
    assert!(
        text.contains("MAE      1.5      in the unit of the data"),
        "{text}"
    );
    assert!(
        text.contains("steps ahead  MAE\n          1  1.0\n          2  2.0"),
        "{text}"
    );
    Ok(())
}

#[test]
fn warnings_stand_at_the_end() -> Result<()> {
    let sparse = ChiSquareTest {
        statistic: 3.0,
        degrees_of_freedom: 2,
        p_value: 0.2,
        cramers_v: 0.1,
        smallest_expected: 0.5,
    };
    assert!(text(&sparse).ends_with("pool rare categories."));
    let same: Array1<f64> = Array1::linspace(0.0, 1.0, 200);
    let index = text(&population_stability_index(&same, &same, 4)?);
    assert!(index.contains("counts as stable"), "{index}");
    assert!(index.contains("-inf to"), "{index}");
    Ok(())
}

#[test]
fn merges_of_bytes_are_shown_as_text() -> Result<()> {
    let text = text(&ByteBpe::train(&["low low"], 257)?);
    assert!(text.contains("merge  left  right\n    1  "), "{text}");
    Ok(())
}

#[test]
fn a_result_is_printed_as_a_notebook_shows_it() -> Result<()> {
    let index = population_stability_index(&Array1::linspace(0.0, 1.0, 50), &Array1::ones(20), 4)?;
    assert_eq!(index.to_string(), text(&index));
    Ok(())
}

/// A lift of 10⁻¹¹ needs more users than 64 bits can count.
#[test]
fn samples_larger_than_any_count_are_added_up_without_beginning_anew() {
    let huge = crate::experiment::SampleSize {
        control: 1.8e19,
        treatment: 1.8e19,
    };
    assert_eq!(huge.rounded_up().0, 18_000_000_000_000_000_000);
    let shown = text(&huge).replace(',', "");
    assert!(shown.contains(&u64::MAX.to_string()), "{shown}");
}
