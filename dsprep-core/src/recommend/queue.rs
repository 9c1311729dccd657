//! How long do requests wait? Queues, by formula and by simulation (question 23).
//!
//! The formula is Erlang's for exponential service times (Erlang, 1917); the simulation takes any service
//! times, measured ones too. A request that goes to several shards waits for the slowest: Dean and Barroso,
//! "The tail at scale", 2013.

use crate::checks::{number, room_for};
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// More servers than this are no service, and take a step or a number each.
const MOST_SERVERS: usize = 100_000_000;

/// The probability that a request has to wait, if `servers` serve `load` Erlangs (arrivals per second ×
/// mean seconds of service) first come, first served. O(servers).
///
/// # Errors
/// [`Error::OutOfRange`] unless 0 < `load` < `servers`: with more, the queue grows without end; or with more than
/// 100,000,000 servers.
///
/// # Examples
/// ```
/// use dsprep_core::recommend::erlang_c;
/// // One server: the probability that it is busy.
/// assert!((erlang_c(0.6, 1)? - 0.6).abs() < 1e-12);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn erlang_c(load: f64, servers: usize) -> Result<f64> {
    if !(load > 0.0 && load < servers as f64) {
        return Err(Error::OutOfRange {
            what: "`load`".to_owned(),
            found: format!("{load} for {}", crate::error::count(servers, "server")),
            expected: "positive and less than the number of servers",
        });
    }
    if servers > MOST_SERVERS {
        return Err(Error::OutOfRange {
            what: "`servers`".to_owned(),
            found: servers.to_string(),
            expected: "at most 100000000",
        });
    }
    // Erlang B, by its recursion, which does not overflow.
    let mut blocked = 1.0;
    for server in 1..=servers {
        blocked = load * blocked / (server as f64 + load * blocked);
        if blocked == 0.0 {
            return Ok(0.0);
        }
    }
    let utilisation = load / servers as f64;
    Ok(blocked / (1.0 - utilisation + utilisation * blocked))
}

/// A service with a queue, or several side by side that each request goes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Queue {
    /// Requests per second, at random times (a Poisson process).
    pub arrivals: f64,
    /// How many requests each shard works on at the same time.
    pub servers: usize,
    /// How many shards each request waits for.
    pub shards: usize,
}

impl Queue {
    /// The response times (waiting and service, in seconds) of `requests` requests, each of whose service
    /// times is drawn from `service` (in seconds, for example as measured). The servers don't start idle: requests
    /// that come before, the more the busier the servers are, have filled the queue.
    /// O(requests · shards · log servers).
    ///
    /// # Errors
    /// [`Error::Empty`] without service times, [`Error::OutOfRange`] if one is negative or not finite, a
    /// number of the queue is 0, or there is more work than the servers can do; [`Error::Undefined`] if so few
    /// requests arrive that the time of the last overflows.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::{ndarray::array, random::RandomState, recommend::Queue};
    /// let queue = Queue { arrivals: 1.0, servers: 4, shards: 1 };
    /// let times = queue.simulate(&array![0.01], 1000, &mut RandomState::seed(1))?;
    /// assert!(times.iter().all(|&time| (time - 0.01).abs() < 1e-9)); // hardly any load: nobody waits
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn simulate(
        &self,
        service: &ArrayRef1<f64>,
        requests: usize,
        rng: &mut RandomState,
    ) -> Result<Array1<f64>> {
        let load = self.check(service, requests)?;
        room_for("`requests`", requests, 1)?;
        // When each server is free, the first one on top. Times of 0 or more are in the order of their bits.
        let idle = BinaryHeap::from(vec![Reverse(0.0_f64.to_bits()); self.servers]);
        let mut free = vec![idle; self.shards];
        let mut now = 0.0;
        let mut response = |_| {
            crate::cell::check_interrupt();
            now -= (1.0 - rng.rand(())).ln() / self.arrivals;
            let mut slowest = 0.0_f64;
            for shard in &mut free {
                let time = service[(rng.rand(()) * service.len() as f64) as usize];
                let Some(mut first) = shard.peek_mut() else {
                    continue;
                };
                let begun = f64::from_bits(first.0).max(now);
                *first = Reverse((begun + time).to_bits());
                // Not the end less the arrival: after a long time, that has lost the digits of a short one.
                slowest = slowest.max(begun - now + time);
            }
            slowest
        };
        let warm_up = warm_up(load / self.servers as f64);
        for at in 0..warm_up {
            response(at);
        }
        Ok((0..requests).map(&mut response).collect())
    }

    /// The work that arrives per second, in seconds.
    fn check(&self, service: &ArrayRef1<f64>, requests: usize) -> Result<f64> {
        let wrong = |what: &str, found: String, expected: &'static str| {
            Err(Error::OutOfRange {
                what: what.to_owned(),
                found,
                expected,
            })
        };
        if service.is_empty() {
            return Err(Error::Empty {
                what: "`service`",
                item: "service time",
            });
        }
        if let Some(at) = service
            .iter()
            .position(|time| !(time.is_finite() && *time >= 0.0))
        {
            let what = format!("`service[{at}]`");
            return wrong(&what, service[at].to_string(), "0 or more seconds");
        }
        if self.servers == 0 || self.shards == 0 || requests == 0 {
            let what = "`servers`, `shards` or `requests`";
            return wrong(what, "0".to_owned(), "at least 1");
        }
        if self.servers.saturating_mul(self.shards) > MOST_SERVERS {
            let found = format!("{} for each of {} shards", self.servers, self.shards);
            return wrong("`servers`", found, "at most 100000000 in all");
        }
        if !(self.arrivals > 0.0 && self.arrivals.is_finite()) {
            return wrong(
                "`arrivals`",
                self.arrivals.to_string(),
                "positive, per second",
            );
        }
        // Hardly any gap between two arrivals is 40 times as long as usual.
        let last = 40.0 * (requests as f64 + 1e6) / self.arrivals;
        number("the time of the last arrival", last)?;
        let load = self.arrivals * service.mean().unwrap_or_default();
        if load >= self.servers as f64 {
            let what = "the work that arrives per second";
            return wrong(
                what,
                format!("{load:.3} seconds"),
                "less than there are servers to do it",
            );
        }
        Ok(load)
    }
}

/// How many requests it takes until a queue that starts empty is as long as it usually is: three relaxation times,
/// each of ρ / (1 − √ρ)² arrivals at the utilisation ρ (Cohen, "The single server queue", 1982), at most a million.
fn warm_up(utilisation: f64) -> usize {
    let relaxation = utilisation / (1.0 - utilisation.sqrt()).powi(2);
    (3.0 * relaxation).min(1e6) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of requests that waited at all, and the mean wait.
    fn waits(queue: &Queue, mean: f64, seed: u32) -> (f64, f64) {
        let mut rng = RandomState::seed(seed);
        let service = rng.exponential(mean, 20_000).unwrap();
        let times = queue.simulate(&service, 200_000, &mut rng).unwrap();
        let mean_service = service.mean().unwrap();
        (times.mean().unwrap() - mean_service, mean_service)
    }

    #[test]
    fn the_simulation_agrees_with_erlangs_formula() {
        for (servers, utilisation) in [(1, 0.5), (4, 0.8), (16, 0.9)] {
            let queue = Queue {
                arrivals: servers as f64 * utilisation,
                servers,
                shards: 1,
            };
            let (wait, mean) = waits(&queue, 1.0, 12);
            let load = queue.arrivals * mean;
            let formula = erlang_c(load, servers).unwrap() * mean / (servers as f64 - load);
            assert!(
                (wait / formula - 1.0).abs() < 0.1,
                "{servers}: {wait} {formula}"
            );
        }
    }

    /// Short runs that start with idle servers wait half as long as the formula says.
    #[test]
    fn short_runs_near_saturation_wait_as_long_as_long_ones() {
        let queue = Queue {
            arrivals: 0.95,
            servers: 1,
            shards: 1,
        };
        let mut sum = 0.0;
        for seed in 0..300 {
            let mut rng = RandomState::seed(seed);
            let service = rng.exponential(1.0, 4000).unwrap();
            let service = &service / service.mean().unwrap();
            sum += queue
                .simulate(&service, 100, &mut rng)
                .unwrap()
                .mean()
                .unwrap();
        }
        // M/M/1: the mean response is 1 / (1 − ρ) = 20; the empirical distribution varies a little less.
        let mean = sum / 300.0;
        assert!((mean - 20.0).abs() < 4.0, "{mean}");
    }

    #[test]
    fn erlang_c_has_the_values_of_the_tables() {
        // For example Gross and Harris, Fundamentals of queueing theory: c = 2, a = 1: 1/3.
        assert!((erlang_c(1.0, 2).unwrap() - 1.0 / 3.0).abs() < 1e-12);
        assert!(erlang_c(2.0, 2).is_err());
        assert!(erlang_c(f64::NAN, 2).is_err());
        assert!(erlang_c(90.0, 100).unwrap() < 1.0);
        assert_eq!(erlang_c(1.0, 100_000_000).unwrap(), 0.0);
        assert!(erlang_c(1.0, usize::MAX).is_err());
    }

    #[test]
    fn a_request_waits_for_the_slowest_shard() {
        let p99 = |shards| {
            let queue = Queue {
                arrivals: 0.01,
                servers: 1,
                shards,
            };
            let mut rng = RandomState::seed(5);
            let service = rng.exponential(1.0, 50_000).unwrap();
            let mut times = queue.simulate(&service, 50_000, &mut rng).unwrap().to_vec();
            times.sort_by(f64::total_cmp);
            times[49_500]
        };
        // Without queueing: the 0.99^(1/10) quantile of one exponential, −ln(1 − 0.99^0.1) = 6.9.
        let expected = -(1.0 - 0.99_f64.powf(0.1)).ln();
        assert!((p99(10) / expected - 1.0).abs() < 0.1, "{}", p99(10));
        assert!(p99(10) > 1.3 * p99(1));
    }

    #[test]
    fn too_much_work_and_wrong_times_are_named() {
        let queue = Queue {
            arrivals: 10.0,
            servers: 1,
            shards: 1,
        };
        let message = |queue: Queue, service: f64| {
            let service = Array1::from_elem(1, service);
            let result = queue.simulate(&service, 10, &mut RandomState::seed(0));
            result.unwrap_err().to_string()
        };
        assert!(message(queue, 0.2).contains("2.000 seconds"));
        assert!(message(queue, f64::NAN).starts_with("`service[0]` is NaN"));
        assert!(message(Queue { shards: 0, ..queue }, 0.01).contains("at least 1"));
        let none = queue.simulate(&Array1::zeros(0), 10, &mut RandomState::seed(0));
        assert!(matches!(none, Err(Error::Empty { .. })));
    }
}
