//! The retention campaign behind the churn story, simulated (question 29).
//!
//! Every customer has two churn risks: without a call, and with one. Nobody ever sees both; a simulation does,
//! so that it can say what each way of choosing and of comparing gets wrong. The difference is the *uplift*. By
//! it, customers fall into the four groups of Radcliffe and Surry, "Real-world uplift modelling with
//! significance-based uplift trees", 2011: the persuadable, the sure things, the lost causes, and the sleeping
//! dogs, whom a call reminds to cancel.

use crate::checks::room_for;
use crate::error::out_of_range;
use crate::experiment::Conversions;
use crate::random::RandomState;
use crate::sigmoid::sigmoid;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use std::collections::HashSet;

/// How steeply risk depends on engagement.
const STEEPNESS: f64 = 1.5;
/// Places the mean risk at about 8 % a month.
const OFFSET: f64 = -3.25;
/// The share of customers who pay without using the service.
const DORMANT: f64 = 0.15;
/// By which factor a call raises a dormant customer's risk.
const REMINDER: f64 = 1.4;
/// The largest share of a persuadable customer's risk that a call takes away.
const PERSUASION: f64 = 0.7;

/// The customers of a subscription business, with both of their churn risks.
///
/// # Examples
/// ```
/// use dsprep_core::interview::retention::Customers;
/// use dsprep_core::random::RandomState;
///
/// let customers = Customers::simulate(10_000, &mut RandomState::seed(29))?;
/// let mean = customers.risk().mean().unwrap_or_default();
/// assert!((mean - 0.08).abs() < 0.01);           // about 8 % leave in a month
/// let top = customers.top(customers.risk(), 0.2)?;
/// assert_eq!(top.len(), 2_000);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Customers {
    risk: Array1<f64>,
    risk_if_called: Array1<f64>,
}

/// The two arms of a trial: those who churned ("converted") of all users of the arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// Those who were not called.
    pub control: Conversions,
    /// Those who were called.
    pub treatment: Conversions,
}

impl Customers {
    /// Draws `number` customers. O(number).
    ///
    /// The risk without a call is logistic in a normal engagement. A call takes away most where the risk is middling
    /// (about a quarter), little where it is near 0 or very high; one customer in seven is dormant, and a call raises
    /// the risk.
    ///
    /// # Errors
    /// [`Error::Empty`] for no customers.
    pub fn simulate(number: usize, rng: &mut RandomState) -> Result<Self> {
        if number == 0 {
            return Err(Error::Empty {
                what: "the customer base",
                item: "customer",
            });
        }
        room_for("the number of customers", number, 4)?;
        let engagement = rng.randn(number)?;
        let dormant = rng.rand(number)?.mapv(|u: f64| u < DORMANT);
        let risk = engagement.mapv(|z| sigmoid(OFFSET - STEEPNESS * z));
        let called = |(&risk, &dormant): (&f64, &bool)| {
            if dormant {
                (risk * REMINDER).min(0.95)
            } else {
                risk * (1.0 - PERSUASION * persuadability(risk))
            }
        };
        let risk_if_called = risk.iter().zip(&dormant).map(called).collect();
        Ok(Customers {
            risk,
            risk_if_called,
        })
    }

    /// P(churn | no call) of each customer.
    pub fn risk(&self) -> &Array1<f64> {
        &self.risk
    }

    /// P(churn | call) of each customer.
    pub fn risk_if_called(&self) -> &Array1<f64> {
        &self.risk_if_called
    }

    /// P(churn | no call) − P(churn | call) of each customer: what a call prevents. Negative for sleeping dogs.
    pub fn uplift(&self) -> Array1<f64> {
        &self.risk - &self.risk_if_called
    }

    /// The customers with the highest scores, highest first, `share` of all (rounded). O(n log n).
    ///
    /// # Errors
    /// [`Error::Shape`] if there is not a score for each customer, [`Error::OutOfRange`] if a score is NaN or the
    /// share is not between 0 and 1.
    pub fn top(&self, scores: &ArrayRef1<f64>, share: f64) -> Result<Vec<usize>> {
        if scores.len() != self.risk.len() {
            return Err(Error::Shape {
                what: "`scores`",
                found: crate::error::count(scores.len(), "value"),
                expected: format!("{}, one for each customer", self.risk.len()),
            });
        }
        if let Some(at) = scores.iter().position(|score| score.is_nan()) {
            return Err(out_of_range(format!("`scores[{at}]`"), "NaN", "a number"));
        }
        check_share(share)?;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        order.truncate((share * scores.len() as f64).round() as usize);
        Ok(order)
    }

    /// The expected number of customers who churn if these are called. O(n).
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a customer that does not exist or is named twice.
    pub fn expected_churn(&self, called: &[usize]) -> Result<f64> {
        self.check(called)?;
        let prevented: f64 = called
            .iter()
            .map(|&customer| self.risk[customer] - self.risk_if_called[customer])
            .sum();
        Ok(self.risk.sum() - prevented)
    }

    /// Calls a random half of `targets`, and counts who churns in each half: a randomised trial.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a customer that does not exist or is named twice, [`Error::Empty`] for fewer than two targets.
    ///
    /// # Examples
    /// ```
    /// # use dsprep_core::interview::retention::Customers;
    /// # use dsprep_core::random::RandomState;
    /// let mut rng = RandomState::seed(29);
    /// let customers = Customers::simulate(10_000, &mut rng)?;
    /// let targets = customers.top(customers.risk(), 0.2)?;
    /// let trial = customers.randomised_trial(&targets, &mut rng)?;
    /// assert_eq!((trial.control.users, trial.treatment.users), (1_000, 1_000));
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn randomised_trial(&self, targets: &[usize], rng: &mut RandomState) -> Result<Trial> {
        if targets.len() < 2 {
            return Err(Error::Empty {
                what: "one arm of the trial",
                item: "customer",
            });
        }
        self.check(targets)?;
        let mut order = targets.to_vec();
        rng.shuffle(&mut order);
        let (control, treatment) = order.split_at(targets.len() / 2);
        Ok(Trial {
            control: self.churned(control, &self.risk, rng)?,
            treatment: self.churned(treatment, &self.risk_if_called, rng)?,
        })
    }

    /// Calls all `targets` and takes everybody else as the "control": what not to do.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a customer that does not exist or is named twice, [`Error::Empty`] if nobody or everybody is called.
    pub fn trial_against_the_rest(
        &self,
        targets: &[usize],
        rng: &mut RandomState,
    ) -> Result<Trial> {
        self.check(targets)?;
        let mut is_target = vec![false; self.risk.len()];
        targets.iter().for_each(|&target| is_target[target] = true);
        let rest: Vec<usize> = (0..self.risk.len()).filter(|&c| !is_target[c]).collect();
        if targets.is_empty() || rest.is_empty() {
            return Err(Error::Empty {
                what: "one arm of the trial",
                item: "customer",
            });
        }
        Ok(Trial {
            control: self.churned(&rest, &self.risk, rng)?,
            treatment: self.churned(targets, &self.risk_if_called, rng)?,
        })
    }

    fn churned(
        &self,
        arm: &[usize],
        risk: &Array1<f64>,
        rng: &mut RandomState,
    ) -> Result<Conversions> {
        let draws = rng.rand(arm.len())?;
        let churned = arm.iter().zip(&draws).filter(|&(&c, &u)| u < risk[c]);
        Ok(Conversions {
            converted: churned.count() as u64,
            users: arm.len() as u64,
        })
    }

    fn check(&self, customers: &[usize]) -> Result<()> {
        let number = self.risk.len();
        let mut seen = HashSet::new();
        if let Some(twice) = customers.iter().find(|&&customer| !seen.insert(customer)) {
            let expected = "one that the list does not hold already: nobody is called twice";
            return Err(out_of_range("a customer's index", twice, expected));
        }
        match customers.iter().find(|&&customer| customer >= number) {
            Some(customer) => Err(out_of_range(
                "a customer's index".to_owned(),
                customer,
                "below the number of customers",
            )),
            None => Ok(()),
        }
    }
}

/// How open to persuasion a customer of this risk is, from 0 to 1: most at a risk of a quarter.
fn persuadability(risk: f64) -> f64 {
    (-((risk - 0.25) / 0.12).powi(2)).exp()
}

fn check_share(share: f64) -> Result<()> {
    if (0.0..=1.0).contains(&share) {
        Ok(())
    } else {
        Err(out_of_range("`share`".to_owned(), share, "between 0 and 1"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customers(number: usize) -> (Customers, RandomState) {
        let mut rng = RandomState::seed(29);
        let customers = Customers::simulate(number, &mut rng).unwrap();
        (customers, rng)
    }

    #[test]
    fn risks_are_probabilities_and_some_uplifts_are_negative() {
        let (customers, _) = customers(5000);
        let all = customers.risk().iter().chain(customers.risk_if_called());
        assert!(all.into_iter().all(|risk| (0.0..=1.0).contains(risk)));
        let sleeping = customers.uplift().iter().filter(|&&u| u < 0.0).count();
        assert!((600..900).contains(&sleeping), "{sleeping}");
    }

    #[test]
    fn calling_by_uplift_prevents_most_of_all_ways_to_call_as_many() {
        let (customers, mut rng) = customers(20_000);
        let best = customers.top(&customers.uplift(), 0.2).unwrap();
        let best = customers.expected_churn(&best).unwrap();
        let random = rng.rand(20_000).unwrap();
        for scores in [customers.risk(), &random] {
            let called = customers.top(scores, 0.2).unwrap();
            assert!(best < customers.expected_churn(&called).unwrap());
        }
        assert_eq!(
            customers.expected_churn(&[]).unwrap(),
            customers.risk().sum()
        );
    }

    #[test]
    fn a_randomised_trial_estimates_the_mean_uplift_of_its_targets() {
        let (customers, mut rng) = customers(20_000);
        let targets = customers.top(customers.risk(), 0.2).unwrap();
        let uplift = customers.uplift();
        let truth = targets.iter().map(|&c| uplift[c]).sum::<f64>() / targets.len() as f64;
        let rate = |arm: Conversions| arm.converted as f64 / arm.users as f64;
        let estimates: Vec<f64> = (0..200)
            .map(|_| {
                let trial = customers.randomised_trial(&targets, &mut rng).unwrap();
                rate(trial.control) - rate(trial.treatment)
            })
            .collect();
        let mean = estimates.iter().sum::<f64>() / 200.0;
        assert!((mean - truth).abs() < 0.003, "{mean} {truth}");
    }

    #[test]
    fn comparing_with_the_rest_makes_a_helpful_call_look_harmful() {
        let (customers, mut rng) = customers(20_000);
        let targets = customers.top(customers.risk(), 0.2).unwrap();
        let trial = customers
            .trial_against_the_rest(&targets, &mut rng)
            .unwrap();
        assert_eq!(trial.control.users, 16_000);
        assert!(trial.treatment.converted * 4 > trial.control.converted);
    }

    #[test]
    fn wrong_input_is_refused() {
        let (customers, mut rng) = customers(10);
        assert!(Customers::simulate(0, &mut rng).is_err());
        assert!(customers.top(&Array1::zeros(9), 0.2).is_err());
        assert!(
            customers
                .top(&Array1::from_elem(10, f64::NAN), 0.2)
                .is_err()
        );
        assert!(customers.top(customers.risk(), f64::NAN).is_err());
        assert!(customers.expected_churn(&[10]).is_err());
        assert!(customers.randomised_trial(&[1], &mut rng).is_err());
        assert!(customers.randomised_trial(&[1, 99], &mut rng).is_err());
        assert!(customers.trial_against_the_rest(&[], &mut rng).is_err());
    }
}
