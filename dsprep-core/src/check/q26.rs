//! Question 26: how many users a relative lift needs, and reading a result only if the split is right.

mod ratio;
mod reading;

pub use ratio::check_q26_ratio;
pub use reading::check_q26_read;

use super::Verdict;
use crate::experiment::{Design, Lift, sample_size_proportions};

/// The answer to exercise 1: users in each arm, from the control's rate and the relative lift.
type UsersPerArm = fn(f64, f64) -> f64;

/// z₀.₉₇₅, z₀.₉₅ and z₀.₈.
const Z: (f64, f64, f64) = (1.959963984540054, 1.6448536269514722, 0.8416212335729143);

/// Checks `users_per_arm(baseline, relative_lift)`: equal arms, α = 0.05 on two sides, power 0.8, each arm with
/// its own variance. The answer may be rounded up.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q26_users;
/// let verdict = check_q26_users(|_, _| 3532.0);
/// assert!(!verdict.has_passed());
/// ```
pub fn check_q26_users(users_per_arm: UsersPerArm) -> Verdict {
    Verdict::of(|| {
        for (baseline, lift) in [
            (0.10, 0.02),
            (0.02, 0.05),
            (0.40, 0.10),
            (0.10, -0.03),
            (0.05, 1.0),
            (0.30, 1.0),
        ] {
            let design = Design::default();
            let right = match sample_size_proportions(baseline, Lift::Relative(lift), &design) {
                Ok(users) => users.treatment,
                Err(error) => return Verdict::not_yet(error.to_string()),
            };
            let answer = users_per_arm(baseline, lift);
            if !answer.is_finite() || answer <= 0.0 {
                return Verdict::not_yet(format!(
                    "For a rate of {baseline} and a lift of {lift} you get {answer}, and it must be a number of users."
                ));
            }
            // The textbooks' formula for the pooled test is another right way: pooled for α, each arm's own for the power.
            if !is_about(answer, right) && !is_about(answer, of_the_pooled_test(baseline, lift)) {
                return Verdict::not_yet(wrong_users(answer, right, baseline, lift));
            }
        }
        Verdict::passed(
            "The lift enters squared, so its scale decides everything: a relative 2 % of 10 % is a hundred times \
         as expensive as two percentage points. The variance is that of both arms.",
        )
    })
}

/// Equal, but for rounding up to whole users and for z with two decimals: 1.96 + 0.84 gives 0.1 % less.
fn is_about(answer: f64, value: f64) -> bool {
    answer >= value * (1.0 - 3e-3) && answer <= value * (1.0 + 3e-3) + 1.0
}

/// Users per arm for the test with the pooled variance (Fleiss, Levin and Paik, *Statistical Methods for Rates and
/// Proportions*, 2003, chapter 4).
fn of_the_pooled_test(baseline: f64, lift: f64) -> f64 {
    let lifted = baseline * (1.0 + lift);
    let variance = |p: f64| p * (1.0 - p);
    let pooled = 2.0 * variance((baseline + lifted) / 2.0);
    let own = variance(baseline) + variance(lifted);
    let (two, _, power) = Z;
    ((two * pooled.sqrt() + power * own.sqrt()) / (lifted - baseline)).powi(2)
}

fn wrong_users(answer: f64, right: f64, baseline: f64, lift: f64) -> String {
    let users = |z: f64, variance: f64, difference: f64| (z / difference).powi(2) * variance;
    let lifted = baseline * (1.0 + lift);
    let variance = |p: f64| p * (1.0 - p);
    let own = variance(baseline) + variance(lifted);
    let control = 2.0 * variance(baseline);
    let absolute = baseline + lift;
    let absolute_own = variance(baseline) + variance(absolute);
    let pooled = 2.0 * variance((baseline + lifted) / 2.0);
    let (two, one, power) = Z;
    let difference = baseline * lift;
    let mistakes = [
        (
            users(two + power, control, lift),
            "The lift is relative, and you took it as percentage points: the difference is baseline × lift.",
        ),
        (
            users(two + power, absolute_own, lift),
            "The lift is relative, and you took it as percentage points: the difference is baseline × lift.",
        ),
        (
            users(two + power, control, difference),
            "The treatment has the control's variance in yours: take p (1 − p) of each arm's own rate.",
        ),
        (
            users(two + power, pooled, difference),
            "You take the variance of the pooled rate for both arms. Here each arm has the variance of its own rate, which \
             differs where the lift is large.",
        ),
        (
            users(two + power, own / 2.0, difference),
            "Half of the users: the variances of both arms add up, because both means are estimated.",
        ),
        (
            16.0 * variance(baseline) / difference.powi(2),
            "That is the rule of thumb, 16 p (1 − p) / δ². It is right for a whiteboard, and up to some per cent \
             off: 16 stands for 2 · 2.8², and both arms have the control's variance. Give the number itself.",
        ),
        (
            2.0 * right,
            "These are the users of both arms together; the question is about one arm.",
        ),
        (
            users(one + power, own, difference),
            "You tested on one side: with α = 0.05 on two sides, each has 0.025, and z is 1.96.",
        ),
        (
            users(two, own, difference),
            "z of the power is missing: with z of α alone, the test has a power of 50 %.",
        ),
        (
            users(two + power, own, difference.sqrt()),
            "The difference has to be squared.",
        ),
    ];
    let known = mistakes.iter().find(|(wrong, _)| is_about(answer, *wrong));
    known.map_or_else(
        || {
            format!(
                "For a rate of {baseline} and a relative lift of {lift} about {right:.0} users are needed in \
                 each arm, and you get {answer:.0}."
            )
        },
        |(_, message)| (*message).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users(baseline: f64, lift: f64, z: f64) -> f64 {
        let (p1, p2) = (baseline, baseline * (1.0 + lift));
        (z / (p2 - p1)).powi(2) * (p1 * (1.0 - p1) + p2 * (1.0 - p2))
    }

    fn told(answer: UsersPerArm) -> String {
        check_q26_users(answer).told()
    }

    #[test]
    fn the_right_number_of_users_passes_rounded_or_not() {
        assert!(check_q26_users(|p, lift| users(p, lift, Z.0 + Z.2)).has_passed());
        assert!(check_q26_users(|p, lift| users(p, lift, Z.0 + Z.2).ceil()).has_passed());
        // z with two decimals, as many have it in their head.
        assert!(check_q26_users(|p, lift| users(p, lift, 1.96 + 0.84)).has_passed());
    }

    #[test]
    fn each_typical_mistake_about_users_is_named() {
        let original: UsersPerArm = |p, lift| 2.0 * ((Z.0 + Z.2) / lift).powi(2) * p * (1.0 - p);
        assert!(told(original).contains("percentage points"));
        let control: UsersPerArm =
            |p, lift| 2.0 * ((Z.0 + Z.2) / (p * lift)).powi(2) * p * (1.0 - p);
        assert!(told(control).contains("control's variance"));
        assert!(told(|p, lift| users(p, lift, Z.0 + Z.2) / 2.0).contains("add up"));
        assert!(told(|p, lift| users(p, lift, Z.0 + Z.2) * 2.0).contains("both arms together"));
        assert!(told(|p, lift| users(p, lift, Z.1 + Z.2)).contains("one side"));
        assert!(told(|p, lift| users(p, lift, Z.0)).contains("50 %"));
        let told = told(|_, _| 123_456.0);
        assert!(
            told.contains("users are needed") && told.contains("you get 123456"),
            "{told}"
        );
    }

    #[test]
    fn nonsense_about_users_is_told() {
        assert!(told(|_, _| f64::NAN).contains("number of users"));
        assert!(told(|_, _| -1.0).contains("number of users"));
        assert!(told(|_, _| f64::INFINITY).contains("number of users"));
    }
}
