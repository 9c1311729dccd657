//! A value as it was known on a day.

use crate::check::Verdict;
use crate::random::RandomState;

/// Changes as (day of the change, day of its booking, new value), and the day of the prediction.
type Known = fn(&[Change], i64) -> Option<f64>;
type Change = (i64, i64, f64);

fn latest<K: Ord>(
    changes: &[Change],
    known: impl Fn(&Change) -> bool,
    order: impl Fn(&Change) -> K,
) -> Option<f64> {
    let known = changes.iter().filter(|change| known(change));
    known
        .max_by_key(|change| order(change))
        .map(|(_, _, value)| *value)
}

fn known_on(changes: &[Change], day: i64) -> Option<f64> {
    latest(changes, |c| c.1 <= day, |c| (c.0, c.1))
}

const HAPPENED: &str = "You use what had happened by that day, and part of it was booked later: nobody knew. That is the leak of the \
    printed line. Compare the day of the booking.";

const WRONG_KNOWN: [(Known, &str); 9] = [
    (
        |changes, day| latest(changes, |c| c.0 <= day, |c| c.0),
        HAPPENED,
    ),
    (
        |changes, day| latest(changes, |c| c.1 <= day, |c| c.0),
        "Of several bookings for one day of change you take whichever stands last in the table, which has no order: take \
         the one that was booked last.",
    ),
    (
        |changes, day| latest(changes, |c| c.0 <= day, |c| (c.0, c.1)),
        HAPPENED,
    ),
    (
        |changes, _| latest(changes, |_| true, |c| (c.0, c.1)),
        "You take the newest value, whatever the day: the model would be trained on the future.",
    ),
    (
        |changes, _| changes.last().map(|c| c.2),
        "You take the last row of the table, whatever the day: the model would be trained on the future.",
    ),
    (
        |changes, day| latest(changes, |c| c.1 <= day, |c| (c.1, c.0)),
        "You take what was booked last. An old change that is booked late does not undo a newer one: of what was known, \
         take the latest day of change, and of several bookings of one day the latest.",
    ),
    (
        |changes, day| changes.iter().rfind(|c| c.1 <= day).map(|c| c.2),
        "You take the last known row in the order of the table, and a table has no order: look for the latest change.",
    ),
    (
        |changes, day| latest(changes, |c| c.1 < day, |c| (c.0, c.1)),
        "What is booked on the day itself is known on that day, as in `as_of`: `<=`, not `<`. The exercise counts whole \
         days; in production, compare timestamps.",
    ),
    (
        |changes, day| known_on(changes, day).or(Some(0.0)),
        "Where nothing is known yet you return 0, which the model takes for an empty account. Return `None`, and let the \
         pipeline say what a missing value becomes.",
    ),
];

/// Exercise 3 of the reference card: the value that was known on a day, from changes as (day of the change,
/// day of its booking, value) in any order; `None` before the first booking.
///
/// # Examples
/// ```
/// use dsprep_core::check::check_card_known;
///
/// let leaks = check_card_known(|changes, day| {
///     let happened = changes.iter().filter(|change| change.0 <= day);
///     happened.max_by_key(|change| (change.0, change.1)).map(|change| change.2)
/// });
/// assert!(leaks.message().contains("nobody knew"));
/// ```
pub fn check_card_known(answer: impl Fn(&[(i64, i64, f64)], i64) -> Option<f64>) -> Verdict {
    Verdict::of(|| {
        let cases = histories();
        let wrong =
            |(changes, day): &&(Vec<Change>, i64)| answer(changes, *day) != known_on(changes, *day);
        let Some((changes, day)) = cases.iter().find(wrong) else {
            return Verdict::passed(
                "This is an as-of join on the day of the booking. The same function has to make the training table and serve \
             the model; a source that overwrites its rows makes it impossible, since what was known is lost.",
            );
        };
        let is_always = |wrong: Known| {
            let mut cases = cases.iter();
            cases.all(|(changes, day)| answer(changes, *day) == wrong(changes, *day))
        };
        if let Some((_, message)) = WRONG_KNOWN.iter().find(|(wrong, _)| is_always(*wrong)) {
            return Verdict::not_yet(*message);
        }
        let shown = |value: Option<f64>| value.map_or("None".to_owned(), |value| value.to_string());
        Verdict::not_yet(format!(
            "On day {day} you return {}, not {}. The changes are {changes:?}: day, day of booking, value. Keep what was booked \
         by that day, then take the latest change.",
            shown(answer(changes, *day)),
            shown(known_on(changes, *day)),
        ))
    })
}

/// The history of the exercise on several days, one with a correction and a late booking, and random ones.
fn histories() -> Vec<(Vec<Change>, i64)> {
    let account = vec![(0, 0, 100.0), (3, 3, 250.0), (8, 12, 20.0)];
    let corrected = vec![
        (9, 10, 70.0),
        (2, 2, 40.0),
        (2, 6, 45.0),
        (5, 14, 60.0),
        (11, 11, 90.0),
    ];
    let mut cases: Vec<_> = [2, 5, 9, 10, 12, 13]
        .map(|day| (account.clone(), day))
        .into();
    let days = [1, 2, 5, 6, 10, 13, 14, 20];
    cases.extend(days.map(|day| (corrected.clone(), day)));
    let reversed: Vec<Change> = corrected.into_iter().rev().collect();
    cases.extend(days.map(|day| (reversed.clone(), day)));
    let mut rng = RandomState::seed(3);
    for _ in 0..40 {
        let (order, uniform) = (rng.order_of(9), [(); 10].map(|()| rng.random_sample(())));
        let change = |(row, place): (usize, &usize)| {
            let changed = 4 * *place as i64; // no two on one day
            let booked = changed + (16.0 * uniform[row].powi(2)) as i64;
            (changed, booked, 10.0 + row as f64)
        };
        let changes = order.iter().enumerate().map(change);
        cases.push((changes.collect(), (50.0 * uniform[9]) as i64));
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_value_passes_and_each_leak_has_its_message() {
        assert!(check_card_known(known_on).has_passed());
        for (wrong, message) in WRONG_KNOWN {
            assert_eq!(check_card_known(wrong).told(), message);
        }
    }

    #[test]
    fn a_known_value_that_is_nonsense_is_told() {
        assert!(check_card_known(|_, _| None).told().contains("not 100"));
        assert!(
            check_card_known(|_, _| Some(f64::NAN))
                .told()
                .contains("you return NaN")
        );
        let copied = |changes: &[Change], day: i64| match changes.len() {
            3 => known_on(changes, day),
            _ => Some(250.0),
        };
        assert!(check_card_known(copied).told().contains("On day 1 "));
    }
}
