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

/// Right answers, each with a name.
fn all_pass(verdicts: &[(&str, Verdict)]) {
    assert!(verdicts.len() >= 3, "three right ways at least");
    for (name, verdict) in verdicts {
        assert!(verdict.has_passed(), "{name}: {verdict}");
    }
}

/// Wrong answers, each with a name and words that the message has to hold.
fn all_are_told(verdicts: &[(&str, &str, Verdict)]) {
    assert!(verdicts.len() >= 8, "eight mutants at least");
    for (name, words, verdict) in verdicts {
        assert!(!verdict.has_passed(), "{name} passes: {verdict}");
        let message = verdict.message();
        assert!(message.contains(words), "{name}: {message}");
    }
}
