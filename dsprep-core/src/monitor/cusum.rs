//! CUSUM: a small lasting change, found soon (question 25).
//!
//! A test per week forgets the weeks before. CUSUM adds up how far each value lies beyond what is tolerable, never below 0, and
//! gives the alarm when the sum is too high: of all charts with as few false alarms it finds a change of the size it is made
//! for first (Moustakides, "Optimal stopping times for detecting changes in distributions", 1986). After Page, "Continuous
//! inspection schemes", 1954. In units of the standard deviation, slack ½ and limit 5 find a shift by 1 after 10 values on
//! average and give a false alarm every 465 (Montgomery, "Introduction to statistical quality control", section 9.1).

use super::out_of_range;
use crate::Result;
use crate::saved::{checked, unless_consistent};
use serde::{Deserialize, Serialize};

/// A two-sided CUSUM chart of values whose mean and spread are known while all is well.
///
/// # Examples
/// ```
/// use dsprep_core::monitor::Cusum;
/// let mut chart = Cusum::new(0.90, 0.01, 0.5, 5.0)?;            // the AUC of a week, with its usual spread
/// for _ in 0..20 {
///     assert!(!chart.update(0.905)?.is_alarm());                 // half a spread off is tolerated
/// }
/// let weeks = (1..).find(|_| chart.update(0.887).is_ok_and(|state| state.is_alarm()));
/// assert_eq!(weeks, Some(7));                                    // each adds 1.3 − 0.5, and 7 · 0.8 > 5
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Cusum {
    mean: f64,
    spread: f64,
    slack: f64,
    limit: f64,
    state: CusumState,
}

/// The sums after a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CusumState {
    /// How far the values have been too high, in spreads.
    pub high: f64,
    /// How far they have been too low, in spreads.
    pub low: f64,
    /// The sum from which on there is an alarm.
    pub limit: f64,
}

impl CusumState {
    /// Whether one of the sums is above the limit.
    pub fn is_alarm(&self) -> bool {
        self.high > self.limit || self.low > self.limit
    }
}

checked!(Cusum);

impl Cusum {
    /// A chart of values with this `mean` and `spread` (standard deviation) as long as all is well. `slack`, the
    /// allowance k, is half the shift that is to be found, and `limit`, the decision interval h, where the alarm is given, both in
    /// spreads: ½ and 5, or 4 for more alarms.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a number is not finite, `spread` or `limit` is not positive, or `slack`
    /// is negative.
    pub fn new(mean: f64, spread: f64, slack: f64, limit: f64) -> Result<Self> {
        crate::checks::finite_number("`mean`", mean)?;
        crate::checks::positive("`spread`", spread)?;
        crate::checks::not_negative("`slack`", slack)?;
        crate::checks::positive("`limit`", limit)?;
        let state = CusumState {
            high: 0.0,
            low: 0.0,
            limit,
        };
        Ok(Cusum {
            mean,
            spread,
            slack,
            limit,
            state,
        })
    }

    /// Adds a value, and says where the sums stand. O(1).
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if the value is not finite, or so far off that its distance from the mean overflows;
    /// the chart stays as it was.
    pub fn update(&mut self, value: f64) -> Result<CusumState> {
        let z = (value - self.mean) / self.spread;
        let high = (self.state.high + z - self.slack).max(0.0);
        let low = (self.state.low - z - self.slack).max(0.0);
        if !(z.is_finite() && high.is_finite() && low.is_finite()) {
            return Err(out_of_range(
                "`value`",
                value,
                "a finite number whose distance from the mean is finite too",
            ));
        }
        (self.state.high, self.state.low) = (high, low);
        Ok(self.state)
    }

    /// Begins anew, as after a cause was mended.
    pub fn reset(&mut self) {
        (self.state.high, self.state.low) = (0.0, 0.0);
    }

    /// Where the sums stand.
    pub fn state(&self) -> CusumState {
        self.state
    }

    /// Whether what was read can be one.
    fn check_stored(&self) -> Result<()> {
        let numbers = [
            self.mean,
            self.spread,
            self.slack,
            self.limit,
            self.state.high,
            self.state.low,
        ];
        let fits = numbers.iter().all(|number| number.is_finite())
            && self.spread > 0.0
            && numbers[2..].iter().all(|&number| number >= 0.0)
            && self.limit > 0.0
            && self.state.limit == self.limit;
        unless_consistent(
            fits,
            "a positive spread, one positive limit, and sums that are not negative",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    /// Montgomery, 7th edition, table 9.2: the samples of example 9.1 (mean 10, σ = 1, K = ½) and their sums.
    #[test]
    fn the_sums_equal_the_textbooks_table() -> Result<()> {
        let samples = [
            9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51,
            9.4, 10.08, 9.37, 10.62, 10.31, 8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08,
            10.38, 11.62, 11.31, 10.52,
        ];
        let mut chart = Cusum::new(10.0, 1.0, 0.5, 5.0)?;
        let mut first_alarm = None;
        let mut high = Vec::new();
        for (at, sample) in samples.into_iter().enumerate() {
            let state = chart.update(sample)?;
            high.push(state.high);
            if state.is_alarm() && first_alarm.is_none() {
                first_alarm = Some(at + 1);
            }
        }
        assert_eq!(first_alarm, Some(29));
        assert!(
            (high[27] - 4.82).abs() < 0.6 && (high[28] - 5.28).abs() < 1e-9,
            "{high:?}"
        );
        Ok(())
    }

    /// With slack ½ and limit 5: a false alarm every 465 values, and a shift by 1 found after 10.4 (Montgomery, table 9.3).
    #[test]
    fn alarms_come_as_often_as_the_textbook_says() -> Result<()> {
        let mut rng = RandomState::seed(25);
        for (shift, expected, tolerance) in [(0.0, 465.0, 60.0), (1.0, 10.4, 0.6)] {
            let mut lengths = 0;
            for _ in 0..400 {
                let mut chart = Cusum::new(0.0, 1.0, 0.5, 5.0)?;
                lengths += 1;
                while !chart.update(rng.randn(()) + shift)?.is_alarm() {
                    lengths += 1;
                }
            }
            let mean = f64::from(lengths) / 400.0;
            assert!((mean - expected).abs() < tolerance, "{shift}: {mean}");
        }
        Ok(())
    }

    #[test]
    fn what_is_no_number_is_refused_and_changes_nothing() -> Result<()> {
        assert!(
            Cusum::new(f64::NAN, 1.0, 0.5, 5.0).is_err() && Cusum::new(0.0, 0.0, 0.5, 5.0).is_err()
        );
        assert!(
            Cusum::new(0.0, 1.0, -0.5, 5.0).is_err() && Cusum::new(0.0, 1.0, 0.5, 0.0).is_err()
        );
        let mut chart = Cusum::new(0.0, 1e-300, 0.5, 5.0)?;
        chart.update(1e-300)?;
        let before = chart.state();
        assert!(chart.update(f64::NAN).is_err() && chart.update(1e300).is_err());
        assert_eq!(chart.state(), before);
        chart.reset();
        assert_eq!(chart.state().high, 0.0);
        Ok(())
    }

    #[test]
    fn a_stored_chart_with_two_limits_is_refused() -> Result<()> {
        use crate::saved::Saved;
        let json = Cusum::new(0.0, 1.0, 0.5, 5.0)?.to_json()?;
        let changed = json.replace("\"limit\":5.0}", "\"limit\":1e9}");
        assert_ne!(changed, json);
        assert!(Cusum::from_json(&changed).is_err());
        Ok(())
    }
}
