//! The rules of the review: which words stand for what.
//!
//! Each rule is a list that can be read, and looks at one part of the story. A rule may miss what is said in
//! other words; then the story says it too indirectly for a tired listener as well.

use super::words::{count_of, has_phrase, has_stem, numbers, sentences};
use super::{Finding, Part};

/// Words a minute of an easy speaker.
const WORDS_PER_MINUTE: f64 = 140.0;
/// How long a story may take, in seconds.
const LONGEST: f64 = 120.0;
/// How far a part's share may be off, in percentage points.
const TOLERANCE: f64 = 10.0;
/// From how many decisions on none stands out.
const MANY_DECISIONS: usize = 3;

const DECIDING: &[&str] = &[
    "decided", "chose", "choose", "picked", "rejected", "insisted",
];
const ALTERNATIVE: &[&str] = &[
    "instead of",
    "rather than",
    "over",
    "and not",
    "because",
    "although",
];
const BASELINE: &[&str] = &[
    "from",
    "against",
    "compared with",
    "compared to",
    "than",
    "versus",
    "vs",
];
const CERTAINTY: &[&str] = &[
    "interval",
    "ci",
    "plus or minus",
    "standard error",
    "between",
    "±",
];
const COUNTERFACTUAL: &[&str] = &[
    "without",
    "would have",
    "control",
    "controls",
    "holdout",
    "otherwise",
    "anyway",
    "had i not",
];
const CHANGE: &[&str] = &[
    "reduc", "increas", "decreas", "lower", "fell", "drop", "lift", "improv", "cut", "grew",
    "rose", "rais",
];
const KIND_OF_CHANGE: &[&str] = &["relative", "relatively", "point", "points", "from"];

/// How long `words` words take, in seconds.
pub(super) fn seconds(words: usize) -> f64 {
    60.0 * words as f64 / WORDS_PER_MINUTE
}

/// A part that takes much more or less than its share.
pub(super) fn budget(part: Part, words: usize, share: f64) -> Option<Finding> {
    if words == 0 {
        return Some(Finding::Missing(part));
    }
    let off = (share - part.planned()).abs() > TOLERANCE;
    off.then_some(Finding::OffBudget { part, share })
}

/// A story of more than two minutes.
pub(super) fn length(words: usize) -> Option<Finding> {
    let seconds = seconds(words);
    (seconds > LONGEST).then_some(Finding::TooLong { seconds })
}

/// "I" has to be there, and at least as often as "we".
pub(super) fn pronouns(action: &str) -> Option<Finding> {
    let i = count_of(action, &["i", "my", "me", "myself"]);
    let we = count_of(action, &["we", "our", "us", "ourselves"]);
    (i == 0 || we > i).then_some(Finding::TooLittleI { i, we })
}

/// A decision is a sentence in which I decide, with an alternative or a reason.
pub(super) fn decisions(action: &str) -> Option<Finding> {
    let is_decision = |sentence: &&str| {
        count_of(sentence, &["i"]) > 0
            && has_phrase(sentence, DECIDING)
            && has_phrase(sentence, ALTERNATIVE)
    };
    let sentences = sentences(action);
    match sentences
        .iter()
        .filter(|sentence| is_decision(sentence))
        .count()
    {
        0 => Some(Finding::NoDecision),
        number if number >= MANY_DECISIONS => Some(Finding::ManyDecisions { number }),
        _ => None,
    }
}

/// The result needs a number, what it is compared with, and how certain it is.
pub(super) fn evidence(result: &str) -> Vec<Finding> {
    let Some(number) = numbers(result).into_iter().next() else {
        return vec![Finding::NoNumber];
    };
    let mut findings = Vec::new();
    if !has_phrase(result, BASELINE) {
        findings.push(Finding::NoBaseline {
            number: number.clone(),
        });
    }
    if !(has_phrase(result, CERTAINTY) || result.contains('±')) {
        findings.push(Finding::NoInterval { number });
    }
    findings
}

/// A change in per cent has to say whether it is relative.
pub(super) fn percent(part: Part, text: &str) -> Option<Finding> {
    let unclear =
        |sentence: &&str| has_stem(sentence, CHANGE) && !has_phrase(sentence, KIND_OF_CHANGE);
    let sentences = sentences(text);
    let unclear = sentences.into_iter().filter(unclear);
    let number = unclear
        .flat_map(numbers)
        .find(|number| number.ends_with('%'))?;
    Some(Finding::AmbiguousPercent { part, number })
}

/// The result has to say what would have happened otherwise.
pub(super) fn counterfactual(result: &str) -> Option<Finding> {
    (!has_phrase(result, COUNTERFACTUAL)).then_some(Finding::NoCounterfactual)
}
