//! A value of a summary, and how it is written.

use crate::Interval;
use crate::display::html::grouped;
use crate::display::number::{NumberFormat, single};

/// The most decimals of the numbers of a column.
const MOST_DECIMALS: usize = 6;

/// A value as a summary shows it. `From` makes one of numbers, pairs of numbers, booleans and texts.
///
/// # Examples
/// ```
/// use dsprep_core::display::Shown;
///
/// assert_eq!(Shown::from((0.25, 0.5)), Shown::Interval(0.25, 0.5)); // "0.25 to 0.5"
/// assert_eq!(Shown::from(None::<f64>), Shown::Missing("none".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// A number, rounded to six significant digits.
    Number(f64),
    /// A number of things, with commas between groups of three digits.
    Count(u64),
    /// A number that names something: a week, a user, an item.
    Id(u64),
    /// Two numbers, low and high.
    Interval(f64, f64),
    /// Yes or no.
    Flag(bool),
    /// Words.
    Text(String),
    /// There is no value; words say so, and perhaps why.
    Missing(String),
}

impl Shown {
    /// The value as text, by itself.
    pub(super) fn alone(&self) -> String {
        match self {
            Shown::Number(number) => single(*number),
            Shown::Count(count) => grouped(*count as usize),
            Shown::Id(id) => id.to_string(),
            Shown::Interval(low, high) => format!("{} to {}", single(*low), single(*high)),
            Shown::Flag(flag) => (if *flag { "yes" } else { "no" }).to_owned(),
            Shown::Text(text) | Shown::Missing(text) => text.clone(),
        }
    }

    fn numbers(&self) -> Vec<f64> {
        match self {
            Shown::Number(number) => vec![*number],
            Shown::Interval(low, high) => vec![*low, *high],
            _ => Vec::new(),
        }
    }

    /// Whether the value is to stand at the right of its column, where its digits can be compared.
    pub(super) fn is_numeric(&self) -> bool {
        !matches!(self, Shown::Flag(_) | Shown::Text(_) | Shown::Missing(_))
    }
}

/// The values of a column as texts, the numbers with equally many decimals. If they differ so much in size
/// that some would need an exponent, each is written by itself.
pub(super) fn column(values: &[Option<&Shown>]) -> Vec<String> {
    let numbers: Vec<f64> = values.iter().flatten().flat_map(|v| v.numbers()).collect();
    let format = NumberFormat::for_values(numbers.into_iter(), MOST_DECIMALS);
    let write = |number: &f64| match format.has_exponent() {
        true => single(*number),
        false => format.write(*number),
    };
    let text = |value: &Option<&Shown>| match value {
        None => String::new(),
        Some(Shown::Number(number)) => write(number),
        Some(Shown::Interval(low, high)) => format!("{} to {}", write(low), write(high)),
        Some(other) => other.alone(),
    };
    values.iter().map(text).collect()
}

impl From<f64> for Shown {
    fn from(number: f64) -> Self {
        Shown::Number(number)
    }
}

impl From<&f64> for Shown {
    fn from(number: &f64) -> Self {
        Shown::Number(*number)
    }
}

impl From<f32> for Shown {
    fn from(number: f32) -> Self {
        Shown::Number(number.into())
    }
}

impl From<usize> for Shown {
    fn from(count: usize) -> Self {
        Shown::Count(count as u64)
    }
}

impl From<&usize> for Shown {
    fn from(count: &usize) -> Self {
        Shown::from(*count)
    }
}

impl From<u64> for Shown {
    fn from(count: u64) -> Self {
        Shown::Count(count)
    }
}

impl From<(f64, f64)> for Shown {
    fn from((low, high): (f64, f64)) -> Self {
        Shown::Interval(low, high)
    }
}

impl From<Interval> for Shown {
    fn from(Interval { lower, upper }: Interval) -> Self {
        Shown::Interval(lower, upper)
    }
}

impl From<bool> for Shown {
    fn from(flag: bool) -> Self {
        Shown::Flag(flag)
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Shown::Text(text.to_owned())
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Shown::Text(text)
    }
}

/// What is not there is "none"; a quantity that is not defined has its own error's words.
impl<V: Into<Shown>> From<Option<V>> for Shown {
    fn from(value: Option<V>) -> Self {
        value.map_or_else(|| Shown::Missing("none".to_owned()), V::into)
    }
}

/// A quantity that is not defined is said to be so; the error's words say why.
impl<V: Into<Shown>> From<crate::Result<V>> for Shown {
    fn from(value: crate::Result<V>) -> Self {
        match value {
            Ok(value) => value.into(),
            Err(crate::Error::Undefined { reason, .. }) => {
                Shown::Missing(format!("not defined: {reason}"))
            }
            Err(error) => Shown::Missing(error.to_string()),
        }
    }
}
