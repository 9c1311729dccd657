//! Fisher's exact test of two conversion rates, for few conversions (question 26).
//!
//! Given how many users converted in all, the number in the treatment is hypergeometric if the arms do not
//! differ; no approximation is made. After Fisher, "On the interpretation of χ² from contingency tables, and the
//! calculation of P", 1922. The probability of one table is that of three binomial counts: Loader, "Fast and
//! accurate computation of binomial probabilities", 2000.

use super::z_test::{Conversions, rate};
use crate::Result;
use crate::alternative::Alternative;
use crate::checks::check;
use crate::distribution::binomial::probability;

/// The tail of this many users is summed in a tenth of a second: it has about as many terms as the root of their number.
const MOST_USERS: f64 = 1e12;

/// Tables that are equally likely differ in their last digits; they count as equally extreme, as in R.
const ROUNDING: f64 = 1.0 + 1e-7;

/// What [`fisher_exact`] returns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FisherExact {
    /// The odds of conversion in the treatment over those in the control; none if one of them is 0 or infinite.
    pub odds_ratio: Option<f64>,
    /// The p-value against the alternative asked for.
    pub p_value: f64,
}

/// Tests whether two conversion rates differ, exactly at any size. On two sides, all tables count that are not
/// more likely than the observed one. O(√n) for n users.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if an arm has no users or more conversions than users, or both together more
/// than 10¹² users.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{Alternative, Conversions, fisher_exact};
/// // The lady tasting tea: of 4 cups with milk first she names 3, of 4 others 1.
/// let others = Conversions { converted: 1, users: 4 };
/// let milk_first = Conversions { converted: 3, users: 4 };
/// let test = fisher_exact(others, milk_first, Alternative::Greater)?;
/// assert!((test.p_value - 17.0 / 70.0).abs() < 1e-12);
/// assert_eq!(test.odds_ratio, Some(9.0));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn fisher_exact(
    control: Conversions,
    treatment: Conversions,
    alternative: Alternative,
) -> Result<FisherExact> {
    rate("`control`", control)?;
    rate("`treatment`", treatment)?;
    let table = Table::new(control, treatment);
    let users = table.treated + table.untreated;
    let expected = "at most 10^12; for more users take `two_proportion_z_test`";
    check("the number of users", users, users <= MOST_USERS, expected)?;
    let seen = treatment.converted as f64;
    let p_value = match alternative {
        Alternative::Less => table.at_most(seen),
        Alternative::Greater => table.at_least(seen),
        Alternative::TwoSided => table.as_extreme_as(seen),
    };
    Ok(FisherExact {
        odds_ratio: odds(treatment)
            .zip(odds(control))
            .map(|(two, one)| two / one),
        p_value: p_value.min(1.0),
    })
}

fn odds(arm: Conversions) -> Option<f64> {
    let others = arm.users - arm.converted;
    (arm.converted > 0 && others > 0).then(|| arm.converted as f64 / others as f64)
}

/// How many of the treatment's users convert, if its conversions are a random part of all.
struct Table {
    treated: f64,
    untreated: f64,
    converted: f64,
}

impl Table {
    fn new(control: Conversions, treatment: Conversions) -> Self {
        Table {
            treated: treatment.users as f64,
            untreated: control.users as f64,
            converted: control.converted as f64 + treatment.converted as f64,
        }
    }

    fn lowest(&self) -> f64 {
        (self.converted - self.untreated).max(0.0)
    }

    fn highest(&self) -> f64 {
        self.converted.min(self.treated)
    }

    /// The most likely number.
    fn mode(&self) -> f64 {
        let users = self.treated + self.untreated;
        let mode = ((self.converted + 1.0) * ((self.treated + 1.0) / (users + 2.0))).floor();
        mode.clamp(self.lowest(), self.highest())
    }

    fn probability(&self, x: f64) -> f64 {
        let users = self.treated + self.untreated;
        let (p, q) = (self.converted / users, (users - self.converted) / users);
        let of_untreated = self.converted - x;
        probability(x, self.treated - x, p, q)
            * probability(of_untreated, self.untreated - of_untreated, p, q)
            / probability(self.converted, users - self.converted, p, q)
    }

    /// What the probability of `x` + 1 is of that of `x`.
    fn step(&self, x: f64) -> f64 {
        let others = self.untreated - self.converted + x + 1.0;
        (self.treated - x) / (x + 1.0) * ((self.converted - x) / others)
    }

    fn at_least(&self, x: f64) -> f64 {
        if x <= self.lowest() {
            return 1.0;
        }
        if x <= self.mode() {
            return 1.0 - self.lower_tail(x - 1.0);
        }
        self.upper_tail(x)
    }

    fn at_most(&self, x: f64) -> f64 {
        if x >= self.highest() {
            return 1.0;
        }
        if x >= self.mode() {
            return 1.0 - self.upper_tail(x + 1.0);
        }
        self.lower_tail(x)
    }

    /// P(X ≥ x) from the mode on: the terms shrink.
    fn upper_tail(&self, mut x: f64) -> f64 {
        let mut term = self.probability(x);
        let mut sum = term;
        while x < self.highest() && term > 1e-17 * sum {
            term *= self.step(x);
            x += 1.0;
            sum += term;
        }
        sum
    }

    /// P(X ≤ x) up to the mode: the terms shrink.
    fn lower_tail(&self, mut x: f64) -> f64 {
        let mut term = self.probability(x);
        let mut sum = term;
        while x > self.lowest() && term > 1e-17 * sum {
            x -= 1.0;
            term /= self.step(x);
            sum += term;
        }
        sum
    }

    /// The probability of all numbers that are no more likely than `seen`.
    fn as_extreme_as(&self, seen: f64) -> f64 {
        let limit = self.probability(seen) * ROUNDING;
        let mode = self.mode();
        if self.probability(mode) <= limit {
            return 1.0;
        }
        // On either side the probabilities fall away from the mode: the first small enough, by halving.
        let below = first(mode - self.lowest(), |steps| {
            self.probability(mode - steps) <= limit
        });
        let above = first(self.highest() - mode, |steps| {
            self.probability(mode + steps) <= limit
        });
        let lower = below.map_or(0.0, |steps| self.lower_tail(mode - steps));
        let upper = above.map_or(0.0, |steps| self.upper_tail(mode + steps));
        lower + upper
    }
}

/// The first whole number from 0 to `most` for which `holds`, which holds for all greater ones too.
fn first(most: f64, holds: impl Fn(f64) -> bool) -> Option<f64> {
    if !holds(most) {
        return None;
    }
    let (mut low, mut high) = (-1.0, most);
    while high - low > 1.0 {
        let middle = ((low + high) / 2.0).floor();
        match holds(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    Some(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDES: [Alternative; 3] = [
        Alternative::TwoSided,
        Alternative::Less,
        Alternative::Greater,
    ];

    fn arm((converted, users): (u64, u64)) -> Conversions {
        Conversions { converted, users }
    }

    /// `scipy.stats.fisher_exact([[x2, n2 - x2], [x1, n1 - x1]], alternative)`, SciPy 1.17.1:
    /// `tests/peers/experiment.py`.
    #[test]
    fn p_values_equal_scipys() -> Result<()> {
        for ((control, treatment), expected) in FISHER {
            for (side, expected) in SIDES.into_iter().zip(expected) {
                let found = fisher_exact(arm(control), arm(treatment), side)?.p_value;
                assert!(
                    (found - expected).abs() < 1e-9 * expected,
                    "{control:?} {treatment:?} {side:?}: {found} {expected}"
                );
            }
        }
        Ok(())
    }

    /// With many users Fisher's test is the chi-square test with continuity correction.
    #[test]
    fn a_billion_users_are_tested_and_agree_with_the_normal_approximation() -> Result<()> {
        let n = 1_000_000_000.0_f64;
        let (control, treatment) = (
            arm((100_000_000, 1_000_000_000)),
            arm((100_020_000, 1_000_000_000)),
        );
        let p = 100_010_000.0 / n;
        let z = (20_000.0 - 1.0) / (2.0 * n * p * (1.0 - p)).sqrt();
        let expected = crate::distribution::normal::two_sided_p(z);
        let found = fisher_exact(control, treatment, Alternative::TwoSided)?.p_value;
        assert!((found / expected - 1.0).abs() < 1e-3, "{found} {expected}");
        let far = fisher_exact(
            arm((0, 1_000_000_000)),
            arm((500_000_000, 1_000_000_000)),
            Alternative::Greater,
        )?;
        assert!(far.p_value == 0.0 && far.odds_ratio.is_none());
        let none = fisher_exact(arm((0, 7)), arm((0, 9)), Alternative::TwoSided)?;
        assert_eq!(none.p_value, 1.0);
        Ok(())
    }

    #[test]
    fn the_sides_add_up_to_1_and_the_observed_table() -> Result<()> {
        for x in 0..=6 {
            let [less, greater] = [Alternative::Less, Alternative::Greater].map(|side| {
                fisher_exact(arm((6 - x, 8)), arm((x, 9)), side).map(|test| test.p_value)
            });
            let table = Table::new(arm((6 - x, 8)), arm((x, 9)));
            assert!((less? + greater? - 1.0 - table.probability(x as f64)).abs() < 1e-12);
        }
        Ok(())
    }

    #[test]
    fn impossible_arms_are_refused() {
        assert!(fisher_exact(arm((1, 0)), arm((1, 2)), Alternative::Less).is_err());
        assert!(fisher_exact(arm((1, 2)), arm((3, 2)), Alternative::Less).is_err());
    }

    /// Conversions and users of both arms, and the three p-values.
    type Case = (((u64, u64), (u64, u64)), [f64; 3]);

    #[rustfmt::skip]
    const FISHER: [Case; 6] = [
        (((8, 10), (1, 6)), [0.034965034965034975, 0.02447552447552448, 0.9991258741258742]),
        (((1, 10), (9, 12)), [0.0036913550845439386, 0.999897934882455, 0.003504235702378118]),
        (((0, 5), (0, 7)), [1.0, 1.0, 1.0]),
        (((3, 10), (3, 10)), [1.0, 0.6857585139318886, 0.6857585139318885]),
        (((100, 1200), (130, 1000)), [0.0004490320189113843, 0.9998552958436169, 0.000246234433786188]),
        (((500, 100_000), (600, 100_000)), [0.0027444921195057125, 0.9988768875246271, 0.0013722460597528562]),
    ];
}
