//! What tests try on a check: right answers in several forms, and wrong ones, each a change of the right one: an
//! operator, an edge, a tie, a NULL, an order, a tolerance, a sign, a missing case.
//!
//! A test of the workspace, `every_check_is_tried`, asks for both assertions of every check by its name.

use super::Verdict;

/// Asserts that the check of this name accepts three different right answers at least.
pub(in crate::check) fn assert_accepts(check: &str, right: impl IntoIterator<Item = Verdict>) {
    let verdicts: Vec<Verdict> = right.into_iter().collect();
    for (number, verdict) in verdicts.iter().enumerate() {
        assert!(verdict.has_passed(), "{check}, right {number}: {verdict}");
    }
    assert!(
        verdicts.len() >= 3,
        "{check}: {} right ones",
        verdicts.len()
    );
    println!("{check}: {} right answers pass", verdicts.len());
}

/// Asserts that the check of this name refuses eight wrong answers at least, each with a message that holds the words
/// that come with it.
pub(in crate::check) fn assert_refuses<W: AsRef<str>>(
    check: &str,
    wrong: impl IntoIterator<Item = (W, Verdict)>,
) {
    let verdicts: Vec<(W, Verdict)> = wrong.into_iter().collect();
    for (number, (words, verdict)) in verdicts.iter().enumerate() {
        let words = words.as_ref();
        assert!(
            !verdict.has_passed(),
            "{check}, wrong {number} passes, which was to be told: {words}"
        );
        assert!(
            verdict.message().contains(words),
            "{check}, wrong {number}: {words} is not in: {verdict}"
        );
    }
    assert!(
        verdicts.len() >= 8,
        "{check}: {} wrong ones",
        verdicts.len()
    );
    println!("{check}: {} wrong answers are refused", verdicts.len());
}

/// The verdicts on mutants of the right answer, each made by replacing a text in it by another, with the words that are
/// expected.
pub(in crate::check) fn with_replaced<'w>(
    check: fn(&str) -> Verdict,
    right: &str,
    mutants: &[(&str, &str, &'w str)],
) -> Vec<(&'w str, Verdict)> {
    let verdict = |(from, to, words): &(&str, &str, &'w str)| {
        let wrong = right.replacen(from, to, 1);
        assert_ne!(wrong, right, "{from} is in the right answer");
        (*words, check(&wrong))
    };
    mutants.iter().map(verdict).collect()
}
