//! Payments whose fraud is known, since we commit it.
//!
//! Customers pay around their home, at their own hours, amounts of their own size. Some of them do odd
//! things that are no fraud: sprees, large purchases, trips, some of them overseas, a new phone. Some become victims of one of
//! four [patterns](FraudPattern). Payments arrive as they do in life: some late, and so out of order,
//! some twice.

mod customer;

use super::labelled_payment::{FraudPattern, LabelledPayment};
use crate::Result;
use crate::checks::{at_least_one, check, room_for};
use crate::random::RandomState;
use customer::Customer;

/// How many of the customers become victims within 30 days.
const VICTIMS: f64 = 0.12;

/// Payments of `users` customers over `days` days, in the order of arrival.
///
/// About 2.5 payments per customer and day, of which about 1 to 2 % are fraudulent. About 4 % arrive more than
/// a second late, some by hours; 0.5 % arrive twice.
///
/// # Errors
/// [`Error::OutOfRange`](crate::Error::OutOfRange) if there are no users, fewer than 7 days or more than 100,000, or more payments than
/// memory can hold.
///
/// # Examples
/// ```
/// use dsprep_core::{fraud::simulate_payments, random::RandomState};
///
/// let stream = simulate_payments(50, 14, &mut RandomState::seed(1))?;
/// assert!(stream.is_sorted_by_key(|labelled| labelled.payment.arrived));
/// assert!(!stream.is_sorted_by_key(|labelled| labelled.payment.time));
/// assert!(stream.iter().any(|labelled| labelled.fraud.is_some()));
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn simulate_payments(
    users: usize,
    days: usize,
    rng: &mut RandomState,
) -> Result<Vec<LabelledPayment>> {
    at_least_one("`users`", users)?;
    let expected = "between 7 and 100,000: fraud starts when there is a history";
    check("`days`", days, (7..=100_000).contains(&days), expected)?;
    room_for("the number of users and days", users, 40 * days)?;
    let mut payments = Vec::new();
    for user in 0..users {
        let mut customer = Customer::new(user as u64, rng)?;
        customer.live(days as i64, rng, &mut payments)?;
        let share = 1.0 - (1.0 - VICTIMS).powf(days as f64 / 30.0);
        if rng.rand(()) < share {
            let pattern = FraudPattern::ALL[rng.choice(4, ())?];
            customer.suffer(pattern, days as i64, rng, &mut payments)?;
        }
    }
    payments.sort_by_key(|labelled| (labelled.payment.time, labelled.payment.user));
    for (id, labelled) in payments.iter_mut().enumerate() {
        labelled.payment.id = id as u64;
    }
    deliver(&mut payments, rng)?;
    Ok(payments)
}

/// Lets each payment arrive: most at once, some late, some twice.
fn deliver(payments: &mut Vec<LabelledPayment>, rng: &mut RandomState) -> Result<()> {
    let mut again = Vec::new();
    for labelled in payments.iter_mut() {
        let kind = rng.rand(());
        let delay = match kind {
            ..0.005 => rng.exponential(4.0 * 3_600.0, ())?,
            ..0.04 => rng.exponential(900.0, ())?,
            _ => 0.0,
        };
        labelled.payment.arrived = labelled.payment.time + 1 + delay as i64;
        if rng.rand(()) < 0.005 {
            let mut repeated = *labelled;
            repeated.payment.arrived += 5 + rng.exponential(30.0, ())? as i64;
            again.push(repeated);
        }
    }
    payments.extend(again);
    payments.sort_by_key(|labelled| (labelled.payment.arrived, labelled.payment.id));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn payments_are_valid_and_of_all_kinds() -> Result<()> {
        let stream = simulate_payments(400, 30, &mut RandomState::seed(24))?;
        for labelled in &stream {
            labelled.payment.check()?;
        }
        let n = stream.len() as f64;
        let share = |test: &dyn Fn(&LabelledPayment) -> bool| {
            stream.iter().filter(|labelled| test(labelled)).count() as f64 / n
        };
        let fraud = share(&|l| l.fraud.is_some());
        assert!((0.005..0.02).contains(&fraud), "{fraud}");
        for pattern in FraudPattern::ALL {
            assert!(share(&|l| l.fraud == Some(pattern)) > 0.0003, "{pattern:?}");
        }
        let late = share(&|l| l.payment.arrived > l.payment.time + 60);
        assert!((0.02..0.06).contains(&late), "{late}");
        let ids: HashSet<u64> = stream.iter().map(|l| l.payment.id).collect();
        let repeated = 1.0 - ids.len() as f64 / n;
        assert!((0.003..0.008).contains(&repeated), "{repeated}");
        Ok(())
    }

    #[test]
    fn a_seed_gives_the_same_payments() -> Result<()> {
        assert_eq!(
            simulate_payments(10, 10, &mut RandomState::seed(1))?,
            simulate_payments(10, 10, &mut RandomState::seed(1))?
        );
        assert_ne!(
            simulate_payments(10, 10, &mut RandomState::seed(1))?,
            simulate_payments(10, 10, &mut RandomState::seed(2))?
        );
        assert!(simulate_payments(0, 10, &mut RandomState::seed(1)).is_err());
        assert!(simulate_payments(10, 6, &mut RandomState::seed(1)).is_err());
        Ok(())
    }
}
