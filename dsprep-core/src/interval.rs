//! A range that an estimate lies in.

use std::fmt;

/// A confidence or prediction interval, both ends included.
///
/// # Examples
/// ```
/// use dsprep_core::Interval;
///
/// let interval = Interval { lower: 0.25, upper: 0.5 };
/// assert!(interval.contains(0.3) && !interval.contains(0.0));
/// assert_eq!(interval.width(), 0.25);
/// assert_eq!(interval.to_string(), "0.25 to 0.5");
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The smallest value in it.
    pub lower: f64,
    /// The largest value in it.
    pub upper: f64,
}

impl Interval {
    /// `middle` − `margin` to `middle` + `margin`.
    pub(crate) fn around(middle: f64, margin: f64) -> Self {
        Interval {
            lower: middle - margin,
            upper: middle + margin,
        }
    }

    /// Whether `value` lies in it.
    pub fn contains(&self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }

    /// The largest value minus the smallest.
    pub fn width(&self) -> f64 {
        self.upper - self.lower
    }
}

/// The lower end first.
impl From<(f64, f64)> for Interval {
    fn from((lower, upper): (f64, f64)) -> Self {
        Interval { lower, upper }
    }
}

/// "0.25 to 0.5": as many digits as tell the ends, or as many decimals as are asked for (`{:.2}`).
impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.precision() {
            Some(decimals) => write!(f, "{:.decimals$} to {:.decimals$}", self.lower, self.upper),
            None => write!(f, "{} to {}", self.lower, self.upper),
        }
    }
}
