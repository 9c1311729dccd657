//! From users to days: how long a test takes at a share of the traffic (question 26).

use super::design::{Design, Lift, SampleSize};
use super::sample_size::sample_size_proportions;
use crate::checks::{inner_share, number, positive};
use crate::error::out_of_range;
use crate::{Error, Result};

/// One line of [`traffic_table`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrafficRow {
    /// The share of traffic that gets the treatment, 0 to 1.
    pub share: f64,
    /// New treatment users a day.
    pub users_per_day: f64,
    /// Days until the test has its power.
    pub days: f64,
    /// The standard error of the difference after the days asked for.
    pub standard_error: f64,
}

/// Days until both arms have their users, if `daily_users` *new* users come each day and `share` of them
/// get the treatment, all others the control.
///
/// Requests are not users: those who come back are counted once, and so later days bring fewer new
/// ones. Run whole weeks, at least one or two, even if fewer days would do.
///
/// # Errors
/// [`Error::OutOfRange`] if `daily_users` or an arm is not positive or `share` not between 0 and 1.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{SampleSize, days_needed};
/// let users = SampleSize { control: 5_000.0, treatment: 1_000.0 };
/// assert_eq!(days_needed(users, 1_000.0, 0.5)?, 10.0);    // control is the slower arm
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn days_needed(users: SampleSize, daily_users: f64, share: f64) -> Result<f64> {
    positive("`control`", users.control)?;
    positive("`treatment`", users.treatment)?;
    positive("`daily_users`", daily_users)?;
    inner_share("`share`", share)?;
    let treatment = users.treatment / (daily_users * share);
    let control = users.control / (daily_users * (1.0 - share));
    number("the number of days", treatment.max(control))
}

/// The standard error of the difference between two rates: √(p₁(1−p₁)/n₁ + p₂(1−p₂)/n₂), where
/// `rates = (control, treatment)`.
///
/// # Errors
/// [`Error::OutOfRange`] if a rate is not between 0 and 1, both included, or an arm has no users.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{SampleSize, standard_error_of_difference};
/// // 14 days of 100,000 users, 1 % of them treated. The original notebook says 0.00359, as if the
/// // control had no more users than the treatment.
/// let users = SampleSize { control: 1_386_000.0, treatment: 14_000.0 };
/// let se = standard_error_of_difference((0.10, 0.10), users)?;
/// assert_eq!((se * 1e5).round() / 1e5, 0.00255);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn standard_error_of_difference(rates: (f64, f64), users: SampleSize) -> Result<f64> {
    for (what, rate) in [
        ("the control's rate", rates.0),
        ("the treatment's rate", rates.1),
    ] {
        if !(0.0..=1.0).contains(&rate) {
            return Err(out_of_range(what, rate, "between 0 and 1"));
        }
    }
    positive("`control`", users.control)?;
    positive("`treatment`", users.treatment)?;
    let of_arm = |rate: f64, users: f64| (rate * (1.0 - rate)).sqrt() / users.sqrt();
    let error = of_arm(rates.0, users.control).hypot(of_arm(rates.1, users.treatment));
    number("the standard error", error)
}

/// For each share of treated traffic the days needed to detect `lift` on `baseline`, and the standard
/// error after `days`. All other users are in control; `design.ratio` is set by the share.
///
/// # Errors
/// [`Error::OutOfRange`] as in [`sample_size_proportions`] and [`days_needed`], or if `days` is not
/// positive; [`Error::Empty`] without shares.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, Lift, traffic_table};
/// let table = traffic_table(0.10, Lift::Relative(0.02), 100_000.0, &[0.01, 0.5], 14.0, &Design::default())?;
/// assert_eq!(table[0].days.round(), 182.0);
/// assert_eq!(table[1].days.round(), 7.0);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn traffic_table(
    baseline: f64,
    lift: Lift,
    daily_users: f64,
    shares: &[f64],
    days: f64,
    design: &Design,
) -> Result<Vec<TrafficRow>> {
    table(daily_users, shares, days, |share| {
        let design = Design {
            ratio: share / (1.0 - share),
            ..*design
        };
        let needed = sample_size_proportions(baseline, lift, &design)?;
        let after = SampleSize {
            control: daily_users * (1.0 - share) * days,
            treatment: daily_users * share * days,
        };
        let rates = (baseline, baseline + lift.difference(baseline));
        Ok((
            days_needed(needed, daily_users, share)?,
            standard_error_of_difference(rates, after)?,
        ))
    })
}

/// The original notebook's table: the control is taken to be as large as the treatment, however small
/// the treatment's share, and the rate to be `baseline` in both.
///
/// Use [`traffic_table`]; this is here to compare.
///
/// # Errors
/// As [`traffic_table`].
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Design, Lift, Variance, traffic_table_as_published};
/// let design = Design::default().variance(Variance::Baseline);
/// let table = traffic_table_as_published(0.10, Lift::Absolute(0.02), 1e5, &[0.01], 14.0, &design)?;
/// assert_eq!((table[0].days * 10.0).round() / 10.0, 3.5);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn traffic_table_as_published(
    baseline: f64,
    lift: Lift,
    daily_users: f64,
    shares: &[f64],
    days: f64,
    design: &Design,
) -> Result<Vec<TrafficRow>> {
    let equal_arms = Design {
        ratio: 1.0,
        ..*design
    };
    let needed = sample_size_proportions(baseline, lift, &equal_arms)?;
    table(daily_users, shares, days, |share| {
        let arm = daily_users * share * days;
        let after = SampleSize {
            control: arm,
            treatment: arm,
        };
        Ok((
            needed.treatment / (daily_users * share),
            standard_error_of_difference((baseline, baseline), after)?,
        ))
    })
}

/// Checks the arguments and makes a row of each share; `row` gives its days and standard error.
fn table(
    daily_users: f64,
    shares: &[f64],
    days: f64,
    row: impl Fn(f64) -> Result<(f64, f64)>,
) -> Result<Vec<TrafficRow>> {
    positive("`daily_users`", daily_users)?;
    positive("`days`", days)?;
    if shares.is_empty() {
        return Err(Error::Empty {
            what: "`shares`",
            item: "share",
        });
    }
    let checked_row = |(at, &share): (usize, &f64)| {
        inner_share(&format!("`shares[{at}]`"), share)?;
        let (days, standard_error) = row(share)?;
        number("the number of days", days)?;
        Ok(TrafficRow {
            share,
            users_per_day: daily_users * share,
            days,
            standard_error,
        })
    };
    shares.iter().enumerate().map(checked_row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::design::Variance;
    use super::*;

    /// The original notebook's table: share, days rounded to 1 digit, standard error to 5.
    const PUBLISHED: [(f64, f64, f64); 5] = [
        (0.01, 3.5, 0.00359),
        (0.05, 0.7, 0.0016),
        (0.10, 0.4, 0.00113),
        (0.25, 0.1, 0.00072),
        (0.50, 0.1, 0.00051),
    ];

    fn rounded(value: f64, digits: i32) -> f64 {
        (value * 10f64.powi(digits)).round() / 10f64.powi(digits)
    }

    #[test]
    fn the_originals_table_is_reproduced() {
        let design = Design {
            variance: Variance::Baseline,
            ..Design::default()
        };
        let shares = PUBLISHED.map(|(share, _, _)| share);
        let table =
            traffic_table_as_published(0.10, Lift::Absolute(0.02), 1e5, &shares, 14.0, &design)
                .unwrap();
        for (row, (share, days, se)) in table.iter().zip(PUBLISHED) {
            assert_eq!(row.share, share);
            assert_eq!(row.users_per_day, 1e5 * share);
            assert_eq!(rounded(row.days, 1), days);
            assert_eq!(rounded(row.standard_error, 5), se);
        }
    }

    #[test]
    fn at_one_half_both_tables_agree() {
        let design = Design {
            variance: Variance::Baseline,
            ..Design::default()
        };
        let lift = Lift::Absolute(0.02);
        let published = traffic_table_as_published(0.1, lift, 1e5, &[0.5], 14.0, &design).unwrap();
        let correct = traffic_table(0.1, lift, 1e5, &[0.5], 14.0, &design).unwrap();
        assert!((published[0].days - correct[0].days).abs() < 1e-12);
    }

    #[test]
    fn a_share_out_of_range_is_named() {
        let error = traffic_table(
            0.1,
            Lift::Absolute(0.02),
            1e5,
            &[0.5, 1.0],
            14.0,
            &Design::default(),
        );
        assert_eq!(
            error.unwrap_err().to_string(),
            "`shares[1]` is 1, but it must be between 0 and 1, both excluded."
        );
    }

    #[test]
    fn a_tiny_standard_error_is_not_0() -> Result<()> {
        let users = SampleSize {
            control: 1e300,
            treatment: 1e300,
        };
        let error = standard_error_of_difference((1e-300, 1e-300), users)?;
        assert!((error / (2.0_f64.sqrt() * 1e-300) - 1.0).abs() < 1e-12);
        Ok(())
    }
}
