//! Tokens, stories and answers of great length.

use crate::told;
use dsprep_core::check::check_q16_revenue;
use dsprep_core::prelude::*;

#[test]
fn merges_that_double_a_token_without_end_are_named() {
    let double = |at: u32| (255 + at, 255 + at);
    let merges: Vec<(u32, u32)> = std::iter::once((97, 97))
        .chain((1..60).map(double))
        .collect();
    let error = told(ByteBpe::from_merges(&merges));
    assert!(error.contains("the length of all tokens"), "{error}");
}

#[test]
fn a_story_of_one_word_is_reviewed_at_once() {
    let story = Story {
        result: format!("{} 5", "from ".repeat(200_000)),
        ..Story::default()
    };
    assert!(!story.review().findings().is_empty());
}

#[test]
fn nobody_is_called_twice() -> DsResult<()> {
    let customers = Customers::simulate(3, &mut RandomState::seed(1))?;
    let error = told(customers.expected_churn(&[0, 1, 0]));
    assert!(error.contains("a customer's index is 0"), "{error}");
    Ok(())
}

#[test]
fn an_answer_of_more_bytes_than_the_memory_holds_is_judged() {
    let rows = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10000)
        SELECT n, zeroblob(1000000) FROM c";
    for answer in [rows, "SELECT zeroblob(900000000)"] {
        assert!(!check_q16_revenue(answer).has_passed());
    }
}
