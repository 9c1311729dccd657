//! The exercises of question 24.

use super::Verdict;
use crate::random::RandomState;

/// Times of payments and a moment, and what is wrong with an answer that counts others.
const PAYMENTS: [(&[i64], i64, &str); 6] = [
    (&[], 5_000, "Without earlier payments the count is 0."),
    (
        &[4_000, 4_500, 4_900],
        5_000,
        "Three payments of the last 1,000 seconds should all count.",
    ),
    (
        &[4_000, 8_000],
        5_000,
        "You count a payment of the future: at second 5,000 nobody knows of second 8,000. The \
         original does the same, as `now - t` is negative there and so below 3,600.",
    ),
    (
        &[1_400, 1_401],
        5_000,
        "The edge is wrong: what is exactly 3,600 s old has left the window, what is 3,599 s old \
         has not. Without one fixed rule, training and serving count differently.",
    ),
    (
        &[5_000],
        5_000,
        "A payment of the same second counts: card tests make several in one second.",
    ),
    (
        &[4_900, 100, 4_800],
        5_000,
        "Payments arrive out of order: after one that is too old there may be one that is not.",
    ),
];

/// Checks a count of the payments in the hour before `now`: an answer takes the times of earlier
/// arrivals in seconds, in any order, and `now`.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q24_velocity;
///
/// // The original's: what comes later counts as well.
/// let verdict = check_q24_velocity(|times, now| times.iter().filter(|t| now - **t < 3600).count());
/// assert!(verdict.message().contains("future"));
/// ```
pub fn check_q24_velocity(answer: impl Fn(&[i64], i64) -> usize) -> Verdict {
    Verdict::of(|| {
        for (times, now, message) in PAYMENTS {
            let expected = velocity(times, now);
            let found = answer(times, now);
            if found != expected {
                return Verdict::not_yet(format!(
                    "{message}\nFor the times {times:?} at {now} you give {found}; it is {expected}."
                ));
            }
        }
        let mut rng = RandomState::seed(24);
        let times: Vec<i64> = (0..400)
            .map(|_| (rng.random_sample(()) * 20_000.0) as i64)
            .collect();
        for (index, now) in times.iter().enumerate() {
            let expected = velocity(&times[..index], *now);
            let found = answer(&times[..index], *now);
            if found != expected {
                return Verdict::not_yet(format!(
                    "It holds for the examples, but not for random times: with {index} earlier arrivals you \
                 give {found}, and it is {expected}."
                ));
            }
        }
        Verdict::passed(
            "The window is [now − 3,599 s, now]: closed to the future, and with one rule for its edge. It takes \
         O(n) for each payment; in time order, a pointer to the oldest payment inside makes it O(1).",
        )
    })
}

fn velocity(times: &[i64], now: i64) -> usize {
    times
        .iter()
        .filter(|time| (0..3_600).contains(&(now - **time)))
        .count()
}

/// Checks the probability from which a payment should be stopped: an answer takes the cost of a false
/// alarm and the loss of a fraud that passes.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q24_threshold;
///
/// assert!(!check_q24_threshold(|_, _| 0.5).has_passed());
/// assert!(check_q24_threshold(|alarm, loss| alarm / (alarm + loss)).has_passed());
/// ```
pub fn check_q24_threshold(answer: impl Fn(f64, f64) -> f64) -> Verdict {
    Verdict::of(|| {
        let near = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let always = |wrong: &dyn Fn(f64, f64) -> f64| {
            let cases = [(5.0, 95.0), (2.0, 38.0), (30.0, 10.0), (1.0, 3.0)];
            cases
                .iter()
                .all(|(alarm, loss)| near(answer(*alarm, *loss), wrong(*alarm, *loss)))
        };
        let first = answer(5.0, 95.0);
        if !first.is_finite() {
            return Verdict::not_yet(format!(
                "For 5 and 95 dollars you give {first}, which is not a number."
            ));
        }
        if always(&|_, _| 0.5) {
            return Verdict::not_yet(
                "0.5 is right only if a false alarm costs as much as a fraud. At 5 dollars against 95, stopping \
             pays long before.",
            );
        }
        if always(&|alarm, loss| loss / (alarm + loss)) {
            return Verdict::not_yet(
                "Upside down: the more a missed fraud costs, the lower the threshold. Compare the two expected \
             costs at probability p: stopping costs (1 − p) · alarm, letting pass costs p · loss.",
            );
        }
        if always(&|alarm, loss| alarm / loss) {
            return Verdict::not_yet(
                "Those are the odds, not the probability: p / (1 − p) = alarm / loss. For 30 dollars and 10 you give \
             a probability of 3.",
            );
        }
        if always(&|_, _| first) {
            return Verdict::not_yet(format!("You give {first} whatever the costs are."));
        }
        let mut rng = RandomState::seed(24);
        for _ in 0..200 {
            let (alarm, loss) = (0.1 + 50.0 * rng.rand(()), 0.1 + 500.0 * rng.rand(()));
            let (found, expected) = (answer(alarm, loss), alarm / (alarm + loss));
            if !near(found, expected) {
                return Verdict::not_yet(format!(
                    "For an alarm of {alarm:.2} dollars and a loss of {loss:.2} you give {found:.4}. At the \
                 threshold both choices cost the same: (1 − p) · alarm = p · loss."
                ));
            }
        }
        Verdict::passed(
            "p · loss = (1 − p) · alarm gives p = alarm / (alarm + loss): 5 dollars against 95 give 0.05. It holds \
         for calibrated probabilities only, so look at the calibration first.",
        )
    })
}

/// Times of payments in order, and what is wrong with other counts than ours.
const WINDOWS: [(&[i64], &str); 6] = [
    (
        &[0, 100, 200],
        "Three payments within minutes see 0, 1 and 2 earlier ones: a payment does not count itself.",
    ),
    (
        &[0, 5_000],
        "Nothing leaves the window, or not in time: at second 5,000 the first payment is too old. Remove from the \
         front before you count.",
    ),
    (
        &[0, 10, 20, 30, 3_700, 3_710],
        "Only one leaves at a time: after a pause several are too old at once. Use `while`, not `if`.",
    ),
    (
        &[0, 3_599, 3_600],
        "The edge is wrong: what is exactly 3,600 s old has left the window, what is 3,599 s old has not.",
    ),
    (
        &[50, 50, 50],
        "Payments of the same second: the earlier in the list count, the later don't.",
    ),
    (&[], "Without payments there are no counts."),
];

/// Checks a window that slides: from the times of payments in order, how many earlier ones of each are less than
/// 3,600 s old.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_q24_window;
///
/// // By definition, in O(n²).
/// let verdict = check_q24_window(|times| {
///     let earlier = |i: usize| times[..i].iter().filter(|t| times[i] - **t < 3600).count();
///     (0..times.len()).map(earlier).collect()
/// });
/// assert!(verdict.has_passed());
/// ```
pub fn check_q24_window(answer: impl Fn(&[i64]) -> Vec<usize>) -> Verdict {
    Verdict::of(|| {
        let right = |times: &[i64]| -> Vec<usize> {
            let earlier = |now: usize| {
                times[..now]
                    .iter()
                    .filter(|t| times[now] - **t < 3_600)
                    .count()
            };
            (0..times.len()).map(earlier).collect()
        };
        for (times, message) in WINDOWS {
            let (found, expected) = (answer(times), right(times));
            if found.len() != expected.len() {
                return Verdict::not_yet(format!(
                    "For {} payments you return {} counts: one for each is wanted.",
                    times.len(),
                    found.len()
                ));
            }
            if found != expected {
                return Verdict::not_yet(format!(
                    "{message}\nFor the times {times:?} you return {found:?}; it is {expected:?}."
                ));
            }
        }
        let mut rng = RandomState::seed(2400);
        let mut times: Vec<i64> = (0..600).map(|_| (rng.rand(()) * 40_000.0) as i64).collect();
        times.sort_unstable();
        let (found, expected) = (answer(&times), right(&times));
        if let Some(at) = (0..times.len()).find(|&at| found.get(at) != expected.get(at)) {
            return Verdict::not_yet(format!(
                "It holds for the examples, but not for 600 random times: payment {at} has {} earlier ones within the hour.",
                expected[at]
            ));
        }
        Verdict::passed(
            "Each payment is pushed once and popped at most once, so that n of them cost O(n): constant time on average, \
         however wide the window is. A single one may cost more, after a long pause.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_velocity_passes_and_each_wrong_one_is_told_why() {
        assert!(check_q24_velocity(velocity).has_passed());
        let count =
            |times: &[i64], test: &dyn Fn(i64) -> bool| times.iter().filter(|t| test(**t)).count();
        let told = |answer: &dyn Fn(&[i64], i64) -> usize| check_q24_velocity(answer).told();
        assert!(told(&|t, now| count(t, &|t| now - t < 3_600)).contains("future"));
        assert!(told(&|t, now| count(t, &|t| (0..=3_600).contains(&(now - t)))).contains("edge"));
        assert!(
            told(&|t, now| count(t, &|t| (1..3_600).contains(&(now - t)))).contains("same second")
        );
        let until_old = |times: &[i64], now: i64| {
            let newest_first = times.iter().rev();
            newest_first
                .take_while(|t| now - **t < 3_600)
                .filter(|t| **t <= now)
                .count()
        };
        assert!(told(&until_old).contains("out of order"));
        assert!(told(&|_, _| 0).contains("Three payments"));
        assert!(told(&|times, _| times.len()).contains("future"));
        assert!(told(&|_, _| usize::MAX).contains("Without earlier payments"));
        let copied = |times: &[i64], now: i64| {
            if times.len() > 10 {
                1
            } else {
                velocity(times, now)
            }
        };
        assert!(told(&copied).contains("random times"));
    }

    #[test]
    fn the_right_threshold_passes_and_each_wrong_one_is_told_why() {
        assert!(check_q24_threshold(|alarm, loss| 1.0 / (1.0 + loss / alarm)).has_passed());
        let told = |answer: &dyn Fn(f64, f64) -> f64| check_q24_threshold(answer).told();
        assert!(told(&|_, _| 0.5).contains("costs as much"));
        assert!(told(&|alarm, loss| loss / (alarm + loss)).contains("Upside down"));
        assert!(told(&|alarm, loss| alarm / loss).contains("odds"));
        assert!(told(&|_, _| 0.05).contains("whatever the costs"));
        assert!(told(&|_, _| f64::NAN).contains("not a number"));
        assert!(
            told(&|alarm, _| if alarm == 5.0 { 0.05 } else { f64::NAN }).contains("cost the same")
        );
        assert!(told(&|alarm, loss| alarm / (alarm + loss) + 0.01).contains("cost the same"));
    }
}
