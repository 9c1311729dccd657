//! The rules of the review: which words stand for what.
//!
//! Each rule is a list that can be read, and looks at one part of the story. A rule may miss what is said in
//! other words; then the story says it too indirectly for a tired listener as well.

use super::words::{bare, count_of, has_phrase, has_stem, numbers, sentences, words};
use super::{Finding, Part};
use std::ops::Range;

/// Words a minute of an easy speaker.
const WORDS_PER_MINUTE: f64 = 140.0;
/// How long a story may take, in seconds.
const LONGEST: f64 = 120.0;
/// How far a part's share may be off, in percentage points.
const TOLERANCE: f64 = 10.0;
/// From how many decisions on none stands out.
const MANY_DECISIONS: usize = 3;

const DECIDING: &[&str] = &[
    "decided",
    "chose",
    "choose",
    "picked",
    "rejected",
    "insisted",
    "opted",
    "went with",
    "went for",
    "settled on",
    "settled for",
    "convinced",
    "persuaded",
    "preferred",
    "ruled out",
    "argued for",
    "argued against",
];
const ALTERNATIVE: &[&str] = &[
    "instead of",
    "instead",
    "rather than",
    "and not",
    "because",
    "although",
    "even though",
    "since",
    "as opposed to",
    "against",
];
/// What follows "over" where it means an occasion and not an alternative.
const OCCASIONS: &[&str] = &[
    "breakfast",
    "lunch",
    "dinner",
    "coffee",
    "tea",
    "drinks",
    "time",
    "night",
    "christmas",
    "easter",
    "weekend",
    "summer",
    "winter",
    "zoom",
    "email",
    "slack",
];
/// What follows "over the" or "over two" where it means a span of time.
const SPANS: &[&str] = &[
    "day", "days", "week", "weeks", "month", "months", "quarter", "year", "years", "hour", "hours",
    "phone", "course", "next", "last", "holidays", "call", "drink", "meal", "meeting",
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
    "give or take",
    "standard error",
    "standard errors",
    "standard deviation",
    "margin of error",
    "p-value",
    "bootstrap",
    "±",
];
/// What a number counts where it says how many cases the result rests on: "of 2,400 customers".
const CASES: &[&str] = &[
    "accounts",
    "calls",
    "cases",
    "clicks",
    "customers",
    "days",
    "emails",
    "events",
    "experiments",
    "forecasts",
    "households",
    "images",
    "items",
    "labels",
    "mails",
    "observations",
    "orders",
    "pages",
    "patients",
    "payments",
    "people",
    "predictions",
    "products",
    "queries",
    "requests",
    "rows",
    "samples",
    "sessions",
    "shops",
    "stores",
    "subjects",
    "tests",
    "tickets",
    "transactions",
    "trials",
    "trips",
    "users",
    "views",
    "visitors",
    "visits",
];
/// What stands before the number of cases.
const BEFORE_CASES: &[&str] = &[
    "of", "in", "on", "among", "from", "with", "across", "over", "n", "each", "measured", "by",
];
const COUNTERFACTUAL: &[&str] = &[
    "would have",
    "would not have",
    "would otherwise",
    "control",
    "controls",
    "holdout",
    "hold-out",
    "placebo",
    "counterfactual",
    "anyway",
    "had i not",
    "at random",
    "random half",
    "random group",
    "random sample",
    "random tenth",
    "randomly",
    "randomised",
    "randomized",
    "a/b",
    "a/b-test",
    "ab",
    "split test",
    "not called",
    "not treated",
    "not contacted",
    "untreated",
    "difference in differences",
    "difference-in-differences",
    "synthetic control",
    "before it was switched on",
    "on its own",
];
/// What follows "without" where it names what was not done; "without a hitch" says nothing.
const WITHOUT: &[&str] = &[
    "it",
    "me",
    "us",
    "my",
    "our",
    "the",
    "them",
    "this",
    "that",
    "calls",
    "treatment",
    "these",
    "those",
];
/// Words that say a change without a digit.
const SPELT_NUMBERS: &[&str] = &[
    "halved",
    "doubled",
    "tripled",
    "trebled",
    "quadrupled",
    "by half",
    "by a third",
    "by a quarter",
    "by a fifth",
    "two thirds",
    "twice as",
    "half as",
    "tenfold",
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
            && (has_phrase(sentence, ALTERNATIVE) || chosen_over(sentence))
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

/// Whether something was chosen "over" something else, and not "over lunch" or "over two weeks".
fn chosen_over(sentence: &str) -> bool {
    let plain: Vec<String> = words(sentence).map(bare).collect();
    let is_alternative = |at: usize| {
        let next = |by: usize| plain.get(at + by).map_or("", String::as_str);
        let is_time = |word: &str| OCCASIONS.contains(&word) || SPANS.contains(&word);
        !next(1).is_empty() && !is_time(next(1)) && !is_time(next(2))
    };
    (0..plain.len()).any(|at| plain[at] == "over" && is_alternative(at))
}

/// Whether "between" is followed by a number, as in "between 4.4 and 7.7".
fn between_numbers(text: &str) -> bool {
    let plain: Vec<String> = words(text).map(bare).collect();
    let has_digit = |word: &String| word.starts_with(|c: char| c.is_ascii_digit());
    let mut pairs = plain.windows(2);
    pairs.any(|pair| pair[0] == "between" && has_digit(&pair[1]))
}

/// Whether the text says how many cases its numbers rest on: "of 2,400 customers", "n = 500", "900 in each arm".
fn number_of_cases(text: &str) -> bool {
    let plain: Vec<String> = words(text).map(bare).collect();
    let is_count = |word: &str| {
        let digits = word.replace([',', '.', '\u{202f}'], "");
        digits.len() >= 2 && digits.chars().all(|c| c.is_ascii_digit())
    };
    let word = |at: Option<usize>| at.and_then(|at| plain.get(at)).map_or("", String::as_str);
    (0..plain.len())
        .filter(|&at| is_count(&plain[at]))
        .any(|at| {
            let before = BEFORE_CASES.contains(&word(at.checked_sub(1)));
            let noun = (1..=3).any(|by| CASES.contains(&word(Some(at + by))));
            let each = ["each", "per"].contains(&word(Some(at + 1)))
                || (word(Some(at + 1)) == "in" && word(Some(at + 2)) == "each");
            (before && noun) || each || word(at.checked_sub(1)) == "n"
        })
}

/// The number that the change led to ("from 190 to **80**"), or the first one, or a change without digits.
fn main_number(result: &str) -> Option<String> {
    let all = numbers(result);
    let plain: Vec<&str> = result.split_whitespace().collect();
    let position =
        |wanted: &str, mut places: Range<usize>| places.find(|&at| bare(plain[at]) == wanted);
    let digit = |at: usize| {
        plain
            .get(at)
            .is_some_and(|word| word.contains(|c: char| c.is_ascii_digit()))
    };
    let mut start = 0;
    while let Some(from) = position("from", start..plain.len()) {
        let to = position("to", from..plain.len().min(from + 6));
        if let Some(to) = to.filter(|to| digit(from + 1) && digit(to + 1)) {
            return numbers(&plain[to + 1..].join(" ")).into_iter().next();
        }
        start = from + 1;
    }
    let spelt = SPELT_NUMBERS
        .iter()
        .find(|phrase| has_phrase(result, &[phrase]));
    all.into_iter()
        .next()
        .or(spelt.map(|phrase| (*phrase).to_owned()))
}

/// The result needs a number, what it is compared with, and how certain it is.
pub(super) fn evidence(result: &str) -> Vec<Finding> {
    let Some(number) = main_number(result) else {
        return vec![Finding::NoNumber];
    };
    let mut findings = Vec::new();
    if !has_phrase(result, BASELINE) {
        findings.push(Finding::NoBaseline {
            number: number.clone(),
        });
    }
    let is_certain = has_phrase(result, CERTAINTY)
        || result.contains('±')
        || between_numbers(result)
        || number_of_cases(result);
    if !is_certain {
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
    let plain: Vec<String> = words(result).map(bare).collect();
    let without = plain
        .windows(2)
        .any(|pair| pair[0] == "without" && WITHOUT.contains(&pair[1].as_str()));
    (!(without || has_phrase(result, COUNTERFACTUAL))).then_some(Finding::NoCounterfactual)
}
