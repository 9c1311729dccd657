//! Answers to the exercises of questions 23 to 30 and of the reference card, as learners give them: for each
//! exercise right ones that look different, each of which has to pass, and mutants of the right one (an operator,
//! an edge, a tie, an order, a tolerance, a sign, a missing case), each of which has to be refused with words that
//! fit.

mod card;
mod q23;
mod q24;
mod q25;
mod q26;
mod q26_ratio;
mod q27;
mod q28;
mod q28_encode;
mod q29;
mod q29_uplift;
mod q30;
mod q30_backtest;

use dsprep_core::check::Verdict;

/// Asserts that the check of this name accepts three different right answers at least, each with a name.
fn assert_accepts(check: &str, verdicts: &[(&str, Verdict)]) {
    for (name, verdict) in verdicts {
        assert!(verdict.has_passed(), "{check}, {name}: {verdict}");
    }
    assert!(
        verdicts.len() >= 3,
        "{check}: {} right ones",
        verdicts.len()
    );
    println!("{check}: {} right answers pass", verdicts.len());
}

/// Asserts that the check of this name refuses eight wrong answers at least, each with a name and words that the message
/// has to hold.
fn assert_refuses(check: &str, verdicts: &[(&str, &str, Verdict)]) {
    for (name, words, verdict) in verdicts {
        assert!(!verdict.has_passed(), "{check}, {name} passes: {verdict}");
        assert!(
            verdict.message().contains(words),
            "{check}, {name}: {verdict}"
        );
    }
    assert!(
        verdicts.len() >= 8,
        "{check}: {} wrong ones",
        verdicts.len()
    );
    println!("{check}: {} wrong answers are refused", verdicts.len());
}
