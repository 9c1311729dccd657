//! What the two arms of a test say, which is nothing if the split is broken.

use super::super::Verdict;
use crate::Result;
use crate::experiment::Conversions;

/// The answer: what the two arms say.
type Reading = fn(Conversions, Conversions) -> Result<&'static str>;

const fn arm(converted: u64, users: u64) -> Conversions {
    Conversions { converted, users }
}

/// Control and treatment, what they say, and why.
const TESTS: [(Conversions, Conversions, &str, &str); 14] = [
    (
        arm(1000, 10_000),
        arm(1150, 10_000),
        "better",
        "10 % became 11.5 % of 10,000 each, and the interval lies above 0.",
    ),
    (
        arm(1000, 10_000),
        arm(1020, 10_000),
        "unclear",
        "10 % against 10.2 % of 10,000 each is well within chance: use the interval, not the sign.",
    ),
    (
        arm(1150, 10_000),
        arm(1000, 10_000),
        "worse",
        "A significant difference can be one for the worse: ask on which side of 0 the interval lies.",
    ),
    (
        arm(5000, 50_000),
        arm(5632, 51_200),
        "mismatch",
        "11 % against 10 %, but 50,000 and 51,200 users do not come from half and half: the assignment or the \
         logging is broken, and the rates can't be compared. Test the split first.",
    ),
    (
        arm(5000, 50_000),
        arm(5050, 50_700),
        "unclear",
        "50,000 and 50,700 users: a fair split is at least as uneven in 3 tests of 100, and with 0.05 as the \
         limit, one good test in twenty is thrown away. Take 0.001.",
    ),
    (
        arm(5000, 50_000),
        arm(5100, 51_000),
        "unclear",
        "50,000 and 51,000 users: a fair split is at least as uneven in 17 tests of 10,000. That is more than \
         0.001, the limit of this exercise.",
    ),
    (
        arm(5000, 50_000),
        arm(5620, 51_060),
        "mismatch",
        "50,000 and 51,060 users: a fair split is as uneven as that in fewer than 1 test of 1,000.",
    ),
    (
        arm(1000, 10_000),
        arm(1080, 10_000),
        "unclear",
        "10 % against 10.8 % of 10,000 each is 1.85 standard errors: the 95 % interval still holds 0. Is yours a \
         90 % one, or one-sided?",
    ),
    (
        arm(1000, 10_000),
        arm(1089, 10_000),
        "better",
        "10 % against 10.89 % of 10,000 each is 2.06 standard errors: the 95 % interval lies above 0. Is yours \
         wider than 95 %?",
    ),
    (
        arm(1089, 10_000),
        arm(1000, 10_000),
        "worse",
        "10.89 % against 10 % of 10,000 each: the 95 % interval lies below 0, and the rule must treat both \
         sides alike.",
    ),
    (
        arm(100, 1000),
        arm(140, 1000),
        "better",
        "10 % against 14 % of 1,000 each: the interval lies above 0, however few the users.",
    ),
    (
        arm(100, 1000),
        arm(151, 1080),
        "better",
        "1,000 and 1,080 users: a fair split is at least as uneven in 8 tests of 100. How large a share may differ \
         depends on the number of users: test it.",
    ),
    (
        arm(500_000, 5_000_000),
        arm(503_000, 5_015_000),
        "mismatch",
        "5,000,000 and 5,015,000 users: only 50.07 % in the treatment, but of so many users a fair split is as uneven \
         as that in fewer than 1 test of 100,000. Test the split, don't judge its share.",
    ),
    (
        arm(6000, 51_200),
        arm(5000, 50_000),
        "mismatch",
        "Here the treatment has too few users. A mismatch counts on either side.",
    ),
];

/// Checks `read(control, treatment)` of a test that was planned half and half: `"mismatch"` if the numbers of
/// users are so uneven that a fair split gives one at least as
/// uneven with a probability below 0.001, else `"better"`, `"worse"` or `"unclear"` by the 95 % interval of the
/// difference.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q26_read;
/// let verdict = check_q26_read(|_, _| Ok("better"));
/// assert!(!verdict.has_passed());
/// ```
pub fn check_q26_read(read: Reading) -> Verdict {
    Verdict::of(|| {
        for (control, treatment, expected, why) in TESTS {
            match read(control, treatment) {
                Err(error) => {
                    return Verdict::not_yet(format!("Your function returns an error: {error}"));
                }
                Ok(word) if !["mismatch", "better", "worse", "unclear"].contains(&word) => {
                    return Verdict::not_yet(format!(
                        "{word:?} is none of \"mismatch\", \"better\", \"worse\" and \"unclear\"."
                    ));
                }
                Ok(word) if word != expected => {
                    return Verdict::not_yet(format!(
                        "You say {word:?} where {expected:?} is right. {why}"
                    ));
                }
                Ok(_) => {}
            }
        }
        Verdict::passed(
            "First the split, with a strict limit because it is tested in every experiment; then the interval, \
         which says the direction and how large the effect may be.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{sample_ratio_mismatch, two_proportion_z_test};

    fn read(control: Conversions, treatment: Conversions, limit: f64) -> Result<&'static str> {
        let split = sample_ratio_mismatch(&[control.users, treatment.users], &[0.5, 0.5])?;
        if split.is_mismatch(limit) {
            return Ok("mismatch");
        }
        let crate::Interval {
            lower: low,
            upper: high,
        } = two_proportion_z_test(control, treatment, 0.95)?.interval;
        Ok(match (low > 0.0, high < 0.0) {
            (true, _) => "better",
            (_, true) => "worse",
            _ => "unclear",
        })
    }

    fn told_of(answer: Reading) -> String {
        check_q26_read(answer).told()
    }

    #[test]
    fn the_right_reading_passes() {
        let verdict = check_q26_read(|control, treatment| read(control, treatment, 0.001));
        assert!(verdict.has_passed(), "{verdict}");
    }

    #[test]
    fn each_typical_misreading_is_named() {
        let sign: Reading = |control, treatment| {
            let rate = |arm: Conversions| arm.converted as f64 / arm.users as f64;
            Ok(if rate(treatment) > rate(control) {
                "better"
            } else {
                "worse"
            })
        };
        assert!(told_of(sign).contains("not the sign"));
        assert!(
            told_of(|control, treatment| read(control, treatment, 0.0)).contains("split first")
        );
        assert!(told_of(|control, treatment| read(control, treatment, 0.05)).contains("0.001"));
        let two_sided: Reading = |control, treatment| {
            let p = two_proportion_z_test(control, treatment, 0.95)?.p_value;
            Ok(if p < 0.05 { "better" } else { "unclear" })
        };
        assert!(told_of(two_sided).contains("for the worse"));
        let one_side: Reading = |control, treatment| {
            let fewer = control.users > treatment.users;
            read(control, treatment, if fewer { 0.0 } else { 0.001 })
        };
        assert!(told_of(one_side).contains("either side"));
    }

    #[test]
    fn nonsense_for_a_reading_is_told() {
        assert!(told_of(|_, _| Ok("")).contains("none of"));
        let fails: Reading = |control, _| {
            two_proportion_z_test(control, control, 2.0)?;
            Ok("better")
        };
        assert!(told_of(fails).contains("returns an error"));
    }
}
