//! What can be guessed, and what can come out.

use super::number::shown;
use std::fmt;
use std::ops::{Range, RangeFull, RangeInclusive};

/// What a learner expects; see [`super::guess`].
#[derive(Debug, Clone, PartialEq)]
pub enum Guess {
    /// Nothing yet.
    Open,
    /// A number.
    Number(f64),
    /// A number between these, both included.
    Between(f64, f64),
    /// A word or a name.
    Words(String),
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A number.
    Number(f64),
    /// A word or a name.
    Words(String),
}

impl Guess {
    /// The range from one end to the other, whichever is named first.
    fn between(one: f64, other: f64) -> Self {
        Guess::Between(one.min(other), one.max(other))
    }
}

impl From<RangeFull> for Guess {
    fn from(_: RangeFull) -> Self {
        Guess::Open
    }
}

impl From<Range<f64>> for Guess {
    fn from(range: Range<f64>) -> Self {
        Guess::between(range.start, range.end)
    }
}

impl From<RangeInclusive<f64>> for Guess {
    fn from(range: RangeInclusive<f64>) -> Self {
        Guess::between(*range.start(), *range.end())
    }
}

impl From<Range<i32>> for Guess {
    fn from(range: Range<i32>) -> Self {
        Guess::between(range.start.into(), range.end.into())
    }
}

impl From<RangeInclusive<i32>> for Guess {
    fn from(range: RangeInclusive<i32>) -> Self {
        Guess::between((*range.start()).into(), (*range.end()).into())
    }
}

impl From<&str> for Guess {
    fn from(words: &str) -> Self {
        Guess::Words(words.to_owned())
    }
}

impl From<&str> for Outcome {
    fn from(words: &str) -> Self {
        Outcome::Words(words.to_owned())
    }
}

impl From<String> for Outcome {
    fn from(words: String) -> Self {
        Outcome::Words(words)
    }
}

/// Numbers of these types; a count has no more than 53 bits.
macro_rules! from_numbers {
    ($($number:ty),+) => {
        $(
            impl From<$number> for Guess {
                fn from(number: $number) -> Self {
                    Guess::Number(number as f64)
                }
            }

            impl From<$number> for Outcome {
                fn from(number: $number) -> Self {
                    Outcome::Number(number as f64)
                }
            }
        )+
    };
}
from_numbers!(f64, f32, i32, i64, u32, u64, usize);

impl fmt::Display for Guess {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Guess::Open => out.write_str("nothing"),
            Guess::Number(number) => out.write_str(&shown(*number)),
            Guess::Between(low, high) => write!(out, "{} to {}", shown(*low), shown(*high)),
            Guess::Words(words) => write!(out, "\"{words}\""),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Number(number) => out.write_str(&shown(*number)),
            Outcome::Words(words) => write!(out, "\"{words}\""),
        }
    }
}
