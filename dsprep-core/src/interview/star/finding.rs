//! What can be wrong with a story.

use super::Part;
use std::fmt;

/// What an interviewer would ask about. As text, it says what to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// A part has no words.
    Missing(Part),
    /// A part takes much more or less of the time than it should.
    OffBudget {
        /// The part.
        part: Part,
        /// The share of the words that it has, in per cent.
        share: f64,
    },
    /// The whole takes longer than two minutes.
    TooLong {
        /// How long it takes to say, in seconds.
        seconds: f64,
    },
    /// The action does not say what *you* did.
    TooLittleI {
        /// How often it says "I".
        i: usize,
        /// How often it says "we".
        we: usize,
    },
    /// The action names no decision with its alternative.
    NoDecision,
    /// The action names so many decisions that none stands out.
    ManyDecisions {
        /// How many.
        number: usize,
    },
    /// The result has no number.
    NoNumber,
    /// The result compares its number with nothing.
    NoBaseline {
        /// The first number.
        number: String,
    },
    /// The result does not say how certain its number is.
    NoInterval {
        /// The first number.
        number: String,
    },
    /// A change in per cent that may be relative or in percentage points.
    AmbiguousPercent {
        /// Where it stands.
        part: Part,
        /// The number.
        number: String,
    },
    /// Nothing says what would have happened without you.
    NoCounterfactual,
}

impl Finding {
    /// The part of the story that it is about; nothing if it is about the whole.
    pub fn part(&self) -> Option<Part> {
        match self {
            Finding::Missing(part)
            | Finding::OffBudget { part, .. }
            | Finding::AmbiguousPercent { part, .. } => Some(*part),
            Finding::TooLong { .. } => None,
            Finding::TooLittleI { .. } | Finding::NoDecision | Finding::ManyDecisions { .. } => {
                Some(Part::Action)
            }
            Finding::NoNumber
            | Finding::NoBaseline { .. }
            | Finding::NoInterval { .. }
            | Finding::NoCounterfactual => Some(Part::Result),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Missing(part) => write!(out, "The {} is missing.", lower(*part)),
            Finding::OffBudget { part, share } => {
                let advice = if *share > part.planned() { "Cut it" } else { "Say more" };
                write!(
                    out,
                    "The {} takes {share:.0} % of the time instead of about {} %. {advice}.",
                    lower(*part),
                    part.planned()
                )
            }
            Finding::TooLong { seconds } => write!(
                out,
                "It takes {seconds:.0} seconds. Come down to two minutes; the rest is for follow-ups."
            ),
            Finding::TooLittleI { i, we } => write!(
                out,
                "The action says \"I\" {} and \"we\" {}. Say what you did yourself.",
                times(*i),
                times(*we)
            ),
            Finding::NoDecision => out.write_str(
                "The action names no decision. Say: I chose ... instead of ..., because ...",
            ),
            Finding::ManyDecisions { number } => write!(
                out,
                "The action names {number} decisions. Keep the one that was hardest."
            ),
            Finding::NoNumber => {
                out.write_str("The result has no number. What changed, and by how much?")
            }
            Finding::NoBaseline { number } => write!(
                out,
                "{number} compared with what? Name the baseline: from ... to ..., or against ..."
            ),
            Finding::NoInterval { number } => write!(
                out,
                "{number} plus or minus what? Give the interval, or the number of cases."
            ),
            Finding::AmbiguousPercent { part, number } => write!(
                out,
                "{number} in the {}: relative, or percentage points, and of what?",
                lower(*part)
            ),
            Finding::NoCounterfactual => out.write_str(
                "What would have happened without you? Name the control group, or say what was on its way anyway.",
            ),
        }
    }
}

fn lower(part: Part) -> String {
    part.name().to_lowercase()
}

fn times(number: usize) -> String {
    match number {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        number => format!("{number} times"),
    }
}
