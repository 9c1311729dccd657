use crate::display::{RichDisplay, ToFrame};
use crate::evaluate::drift::{ChiSquareTest, population_stability_index};
use crate::evaluate::{BinaryConfusion, classification_report, roc_curve};
use crate::experiment::{Findings, MixtureSprt, rollout_plan, sample_ratio_mismatch};
use crate::forecast::{RollingOrigin, backtest, seasonal_naive};
use crate::frame::ColumnToArray;
use crate::linear::Polynomial;
use crate::monitor::{DriftReference, MonitorPolicy};
use crate::neural::{MultiHead, ResNet};
use crate::random::RandomState;
use crate::recommend::{
    ExactIndex, Market, MarketOptions, Recommender, RecommenderOptions, TowerOptions,
};
use crate::sql::{customers_and_orders, query_plan};
use crate::text::ByteBpe;
use crate::trees::DecisionTree;
use crate::triage::TargetEncoder;
use crate::{Interval, Result};
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
fn experiments_that_found_nothing_have_no_false_discovery_proportion() {
    let nothing = Findings {
        true_positives: 0,
        false_positives: 0,
        false_negatives: 3,
        true_negatives: 4,
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

#[test]
fn models_say_what_they_hold() -> Result<()> {
    let mut rng = RandomState::seed(5);
    let x = array![0.0, 1.0, 2.0, 4.0];
    let square = Polynomial::fit(&x, &(&x * &x), 2)?.to_frame()?;
    // (2 + 2 u)² = 4 + 8 u + 4 u²
    assert_eq!(
        square.column("coefficient")?.to_array()?.mapv(f64::round),
        array![4.0, 8.0, 4.0]
    );
    let mut test = MixtureSprt::new(0.02, 0.05)?;
    assert!(text(&test).contains("p-value  1 "), "{}", text(&test));
    let seen = test.look(0.03, 0.006)?;
    assert_eq!(
        test.to_frame()?.column("p-value")?.to_array()?[0],
        seen.p_value
    );
    let layer = text(&MultiHead::new(8, 2, &mut rng)?);
    assert!(
        layer.contains("width of a head  4\n") && layer.contains("256"),
        "{layer}"
    );
    let encoder = TargetEncoder::fit(&array![9, 2, 2], &array![1, 0, 1], 0.0)?.to_frame()?;
    assert_eq!(encoder.column("category")?.to_array()?, array![2.0, 9.0]);
    assert_eq!(encoder.column("encoding")?.to_array()?, array![0.5, 1.0]);
    let reference = DriftReference::new(&array![[3.0, 0.0], [1.0, 0.0], [2.0, 9.0]])?;
    assert_eq!(
        reference.to_string(),
        "What new weeks are compared with\n  rows  3\ncolumn  smallest  median  largest\n     0       1.0     2.0      3.0\n     \
         1       0.0     0.0      9.0\n2 rows × 4 columns"
    );
    let index = ExactIndex::build(&array![[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])?;
    assert_eq!(
        index.to_string(),
        "Index that scores every item\n  items       3\n  dimensions  2"
    );
    Ok(())
}

#[test]
fn a_recommender_says_what_its_stages_are_made_of() -> Result<()> {
    let mut rng = RandomState::seed(23);
    let market = Market::generate(MarketOptions::default().users(60).items(150), &mut rng)?;
    let towers = TowerOptions::default().dimensions(4).epochs(2);
    let options = RecommenderOptions::default()
        .towers(towers)
        .lists_and_probes((6, 2))
        .trees(5);
    let recommender = Recommender::train(&market, options, &mut rng)?;
    let frame = recommender.to_frame()?;
    let first = |name: &str| -> Result<f64> { Ok(frame.column(name)?.to_array()?[0]) };
    let stages = ["items", "users", "dimensions", "lists", "probes", "trees"].map(first);
    let stages = stages.into_iter().collect::<Result<Vec<f64>>>()?;
    assert_eq!(stages, [150.0, 60.0, 4.0, 6.0, 2.0, 5.0]);
    assert!((frame.column("importance")?.to_array()?.sum() - 1.0).abs() < 1e-9);
    Ok(())
}

#[test]
fn tables_in_a_peers_form_are_data_frames_too() -> Result<()> {
    let report = classification_report(&array![0, 0, 1], &array![0, 1, 1], &["no", "yes"])?;
    let frame = report.to_frame()?;
    assert_eq!(
        frame.get_column_names(),
        ["class", "precision", "recall", "F1", "support"]
    );
    let precision = frame.column("precision")?.to_array()?;
    let expected = array![1.0, 0.5, 0.75, 5.0 / 6.0];
    assert!((precision - expected).iter().all(|d| d.abs() < 1e-12));
    let plan = query_plan(
        &customers_and_orders()?,
        "SELECT name FROM customers ORDER BY name",
    )?;
    assert_eq!(plan.to_frame()?.shape(), (2, 2));
    let interval = Interval {
        lower: 0.25,
        upper: 0.5,
    };
    assert_eq!(interval.to_string(), "0.25 to 0.5");
    assert_eq!([interval; 3].to_frame()?.shape(), (3, 2));
    Ok(())
}

#[test]
fn a_policy_lists_its_settings() {
    let shown = text(&MonitorPolicy::default().patience(5));
    assert!(
        shown.contains("drift.correction") && shown.contains("Holm"),
        "{shown}"
    );
    let patience = shown.lines().find(|line| line.starts_with("patience"));
    assert!(patience.is_some_and(|line| line.ends_with(" 5")), "{shown}");
}
