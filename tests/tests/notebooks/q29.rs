//! Question 29: the story of the original, and what a cell computes about its claims.

use crate::support::{cell_with, executed, result, table_cells};

/// The original prints nothing for this question; its numbers stand in the story.
#[test]
fn the_story_is_the_originals() {
    let notebook = executed("q29_star_story");
    let story = result(&cell_with(&notebook, "Story::churn()"), "text/plain");
    for words in [
        "was losing ~8% of customers per month",
        "reducing churn by 15% within 6 months",
        "PR-AUC 0.72 vs. baseline 0.41",
        "18% reduction in churn in intervention group (exceeded 15% target)",
    ] {
        assert!(story.contains(words), "{words:?} is not in\n{story}");
    }
}

#[test]
fn nobody_who_went_silent_during_the_test_is_labelled_by_its_end() {
    let notebook = executed("q29_star_story");
    let table = result(&cell_with(&notebook, "labelled as churned"), "text/html");
    let cells = table_cells(&table);
    assert_eq!((cells[0].as_str(), cells[2].as_str()), ("14", "0"));
    assert_ne!(cells[1], "0");
}

#[test]
fn calling_by_uplift_keeps_more_customers_than_calling_by_risk() {
    let notebook = executed("q29_star_story");
    let table = result(&cell_with(&notebook, "customers kept"), "text/html");
    let cells = table_cells(&table);
    let kept = |name: &str| -> f64 {
        let at = cells.iter().position(|cell| cell == name).expect("a row");
        cells[at + 1].replace(',', "").parse().expect("a number")
    };
    assert!(kept("by uplift") > kept("by risk"));
    assert!(kept("by risk") > kept("at random"));
}

#[test]
fn an_uplift_is_learned_if_the_features_are_there_and_not_otherwise() {
    let notebook = executed("q29_star_story");
    let cells = table_cells(&result(
        &cell_with(&notebook, "kept, dormancy recorded"),
        "text/html",
    ));
    let number = |text: &String| text.replace(',', "").parse::<f64>().expect("a number");
    let rows: Vec<Vec<f64>> = cells
        .chunks(3)
        .map(|row| row.iter().map(number).collect())
        .collect();
    assert_eq!(rows.len(), 3);
    // 591 are kept by risk, 785 if the uplift were known.
    assert!(
        rows.windows(2).all(|pair| pair[0][1] < pair[1][1]),
        "{rows:?}"
    );
    assert!(
        rows[2][1] > 720.0 && rows.iter().all(|row| row[2] < 640.0),
        "{rows:?}"
    );
}
