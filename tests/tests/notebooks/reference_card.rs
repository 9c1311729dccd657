//! The quick reference card: its lines as printed, and what their cells compute.

use crate::support::{cell_with, executed, numbers, result, table_cells};
use dsprep_tests::text_of;

/// The original prints nothing for its card; these are its lines, from `seed.txt`, with the K of a
/// mathematical font that the page had lost put right.
const LINES: [&str; 15] = [
    "p-value: P(data this extreme | H0 true) — NOT P(H0 is true)",
    "Type I error: False positive (alpha = significance level)",
    "Type II error: False negative (beta = 1 - power)",
    "Bias-variance: Error = Bias² + Variance + Noise",
    "L1 vs L2: L1 = sparse (zeros), L2 = smooth (small)",
    "Overfitting: low train error + high test error → regularize / more data",
    "Random Forest: bootstrap + feature sampling → decorrelated trees → avg",
    "Gradient Boosting: sequential residual fitting → additive model",
    "Precision: TP/(TP+FP) — of flagged positives, how many were right?",
    "Recall: TP/(TP+FN) — of actual positives, how many did we catch?",
    "ROC-AUC: P(positive ranked above negative) — threshold-independent",
    "Attention: softmax(QKᵀ/√d)V — weighted sum over value vectors",
    "Transfer learning: freeze early layers (universal), fine-tune late layers",
    "Training-serving skew: model sees different distribution at serve time",
    "Point-in-time feature: feature value as it was at prediction time (no future data)",
];

#[test]
fn the_lines_are_those_of_the_original_in_their_order() {
    let notebook = executed("reference_card");
    let printed = text_of(&cell_with(&notebook, "printed.line"));
    assert_eq!(printed.lines().collect::<Vec<_>>(), LINES);
}

#[test]
fn the_parts_of_the_error_add_up_to_the_error() {
    let notebook = executed("reference_card");
    let printed = text_of(&cell_with(&notebook, "degree 1: sum"));
    for line in printed.lines() {
        let values = numbers(line);
        let [_, sum, error] = values[..] else {
            panic!("{line}");
        };
        assert!((sum / error - 1.0).abs() < 0.02, "{line}");
    }
}

#[test]
fn ties_count_half() {
    let notebook = executed("reference_card");
    let table = result(
        &cell_with(&notebook, "P(positive above negative)"),
        "text/html",
    );
    let cells = table_cells(&table);
    assert_eq!(cells[0..3][1], cells[0..3][2]);
    let numbers: Vec<f64> = cells[7..9]
        .iter()
        .filter_map(|cell| cell.parse().ok())
        .collect();
    assert_eq!(numbers, [0.5, 0.0]);
}

#[test]
fn a_balance_is_used_from_the_day_on_which_it_was_booked() {
    let notebook = executed("reference_card");
    let table = result(&cell_with(&notebook, "as of booking"), "text/html");
    let cells = table_cells(&table);
    let day_10 = cells.chunks(4).find(|row| row[0] == "10").expect("day 10");
    let numbers: Vec<f64> = day_10[1..]
        .iter()
        .filter_map(|cell| cell.parse().ok())
        .collect();
    assert_eq!(numbers, [250.0, 20.0, 20.0]);
}

#[test]
fn the_corrected_card_has_its_fifteen_lines_and_one_for_each_question() {
    let notebook = crate::support::json("notebooks/reference_card.ipynb");
    let cells = notebook["cells"].as_array().expect("cells");
    let rows = |id: &str| {
        let cell = cells
            .iter()
            .find(|cell| cell["id"] == id)
            .expect("the cell");
        let source = dsprep_tests::joined(&cell["source"]);
        source
            .lines()
            .filter(|line| line.starts_with("| **"))
            .count()
    };
    assert_eq!((rows("mended"), rows("mended-questions")), (15, 15));
}

#[test]
fn drawing_features_at_each_split_lowers_the_correlation_of_trees() {
    let notebook = executed("reference_card");
    let table = result(&cell_with(&notebook, "ρ of two trees"), "text/html");
    let cells = table_cells(&table);
    let values: Vec<f64> = cells.iter().filter_map(|cell| cell.parse().ok()).collect();
    let (all, four) = values.split_at(5);
    assert!(four[1] < all[1] && four[3] < all[3], "{values:?}");
}
