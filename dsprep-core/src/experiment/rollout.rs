//! Rolling a model out: stages, guardrails, and when to go on or back (question 26).
//!
//! Shadow, canary, ramp, full. Guardrails are judged with their uncertainty: one error in ten requests is
//! no proof of an error rate over 1 %, and none in ten no proof of one below; two in ten are one. A p99
//! latency limit is read as what it means: at most 1 % of the requests are slower.

use crate::Result;
use crate::checks::{inner_share, not_negative, positive};
use crate::distribution::binomial::exact_bounds;
use crate::error::out_of_range;
use crate::options::options;
use ndarray::ArrayRef1;

/// The share of requests that a p99 limit allows to be slower.
const SLOW_SHARE: f64 = 0.01;

/// A step of the rollout.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// What the stage is called.
    pub name: &'static str,
    /// The share of users whom the new model answers, 0 to 1. In shadow it is 0: the model gets the
    /// requests, and its answers are only recorded.
    pub share: f64,
    /// How many days the stage lasts at least.
    pub min_days: f64,
}

/// The stages of the original notebook. The half stage lasts two weeks, so that each weekday is seen twice;
/// the experiment is read there.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::rollout_plan;
/// assert_eq!(rollout_plan().map(|stage| stage.share), [0.0, 0.01, 0.10, 0.50, 1.0]);
/// ```
pub fn rollout_plan() -> [Stage; 5] {
    let stage = |name, share, min_days| Stage {
        name,
        share,
        min_days,
    };
    [
        stage("shadow", 0.0, 2.0),
        stage("canary", 0.01, 2.0),
        stage("ramp", 0.10, 3.0),
        stage("half", 0.50, 14.0),
        stage("full", 1.0, 7.0),
    ]
}

options! {
    /// What the new model must not do, whatever it gains.
    ///
    /// Unless told otherwise: a p99 of 300 ms, one error in a thousand, 99 % confidence.
    #[derive(Debug, Clone, Copy, PartialEq)]
    pub struct Guardrails {
        /// At most 1 % of the requests may take longer, in milliseconds.
        pub p99_latency_ms: f64 = 300.0,
        /// At most this share of the requests may fail, 0 to 1.
        pub error_rate: f64 = 0.001,
        /// How sure a decision must be, on one side. Decisions are made again and again: keep it high.
        pub confidence: f64 = 0.99,
    }
}

/// What was seen in a stage so far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Observation {
    /// Days since the stage began.
    pub days: f64,
    /// Requests that the new model got.
    pub requests: u64,
    /// Those of them that failed.
    pub errors: u64,
    /// Those of them that took longer than the guardrail's latency.
    pub slow: u64,
}

impl Observation {
    /// Counts the slow ones among the latencies of all requests, in milliseconds. A latency that is not a number counts as
    /// slow: nobody knows that it was not.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::experiment::{Guardrails, Observation};
    /// use dsprep_core::ndarray::array;
    /// let seen = Observation::from_latencies(&array![20.0, 450.0, 30.0], 0, 1.0, &Guardrails::default());
    /// assert_eq!((seen.requests, seen.slow), (3, 1));
    /// ```
    pub fn from_latencies(
        latencies_ms: &ArrayRef1<f64>,
        errors: u64,
        days: f64,
        guardrails: &Guardrails,
    ) -> Self {
        let slow = latencies_ms
            .iter()
            .filter(|&&ms| ms.is_nan() || ms > guardrails.p99_latency_ms);
        Observation {
            days,
            requests: latencies_ms.len() as u64,
            errors,
            slow: slow.count() as u64,
        }
    }
}

/// What to do, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RolloutDecision {
    /// Go to the next stage.
    Advance {
        /// The next stage's place in the plan.
        next: usize,
        /// Why, in a sentence.
        reason: String,
    },
    /// Stay and collect more.
    Hold {
        /// Why, in a sentence.
        reason: String,
    },
    /// Give all traffic back to the old model.
    Rollback {
        /// Why, in a sentence.
        reason: String,
    },
}

/// Decides whether the stage `plan[stage]` is over.
///
/// Roll back if a guardrail is breached for sure; hold if it may be, if the stage's days are not over, or if
/// it is the last; else advance. "For sure" is by exact one-sided bounds (Clopper and Pearson, 1934), which
/// hold for the few errors of a canary too. The business metric is not asked: it is what the experiment at
/// one half is for.
///
/// # Errors
/// `Error::OutOfRange` if there is no such stage, its days or a guardrail are out of range, or more requests failed or
/// were slow than there were.
///
/// # Examples
/// ```
/// use dsprep_core::experiment::{RolloutDecision, Guardrails, Observation, decide, rollout_plan};
///
/// let (plan, guardrails) = (rollout_plan(), Guardrails::default());
/// let healthy = Observation { days: 2.0, requests: 50_000, errors: 20, slow: 300 };
/// assert!(matches!(decide(&plan, 1, &guardrails, &healthy)?, RolloutDecision::Advance { next: 2, .. }));
///
/// let broken = Observation { errors: 200, ..healthy };
/// let RolloutDecision::Rollback { reason } = decide(&plan, 1, &guardrails, &broken)? else { panic!() };
/// assert_eq!(
///     reason,
///     "200 of 50000 requests failed (0.400 %, at least 0.337 %), and 0.100 % are allowed."
/// );
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn decide(
    plan: &[Stage],
    stage: usize,
    guardrails: &Guardrails,
    seen: &Observation,
) -> Result<RolloutDecision> {
    let current = plan
        .get(stage)
        .ok_or_else(|| out_of_range("`stage`", stage, "below the number of stages"))?;
    not_negative("`min_days` of the stage", current.min_days)?;
    check(guardrails, seen)?;
    let rail = |what, bad, allowed| Rail {
        what,
        bad,
        requests: seen.requests,
        allowed,
        bounds: exact_bounds(bad, seen.requests, guardrails.confidence),
    };
    let rails = [
        rail("failed", seen.errors, guardrails.error_rate),
        rail("were too slow", seen.slow, SLOW_SHARE),
    ];
    if let Some(reason) = rails.iter().find_map(Rail::breach) {
        return Ok(RolloutDecision::Rollback { reason });
    }
    if let Some(reason) = rails.iter().find_map(Rail::doubt) {
        return Ok(RolloutDecision::Hold { reason });
    }
    if seen.days < current.min_days {
        let reason = format!(
            "Day {} of {} of the stage \"{}\": all guardrails hold so far.",
            seen.days, current.min_days, current.name
        );
        return Ok(RolloutDecision::Hold { reason });
    }
    Ok(match plan.get(stage + 1) {
        Some(next) => RolloutDecision::Advance {
            next: stage + 1,
            reason: format!(
                "All guardrails hold after {} days: go from \"{}\" to \"{}\".",
                seen.days, current.name, next.name
            ),
        },
        None => RolloutDecision::Hold {
            reason: format!(
                "\"{}\" is the last stage: the rollout is complete.",
                current.name
            ),
        },
    })
}

/// A guardrail and what was seen: bad requests, and the bounds of their share.
struct Rail {
    what: &'static str,
    bad: u64,
    requests: u64,
    allowed: f64,
    bounds: (f64, f64),
}

impl Rail {
    fn breach(&self) -> Option<String> {
        let (at_least, _) = self.bounds;
        (at_least > self.allowed).then(|| {
            format!(
                "{} ({}, at least {}), and {} are allowed.",
                self.counts(),
                percent(self.bad as f64 / self.requests as f64),
                percent(at_least),
                percent(self.allowed)
            )
        })
    }

    fn doubt(&self) -> Option<String> {
        let (_, at_most) = self.bounds;
        (at_most > self.allowed).then(|| {
            format!(
                "{}: it may still be {}, and {} are allowed. Wait for more.",
                self.counts(),
                percent(at_most),
                percent(self.allowed)
            )
        })
    }

    fn counts(&self) -> String {
        format!("{} of {} requests {}", self.bad, self.requests, self.what)
    }
}

fn percent(share: f64) -> String {
    format!("{:.3} %", 100.0 * share)
}

fn check(guardrails: &Guardrails, seen: &Observation) -> Result<()> {
    positive("`p99_latency_ms`", guardrails.p99_latency_ms)?;
    inner_share("`error_rate`", guardrails.error_rate)?;
    inner_share("`confidence`", guardrails.confidence)?;
    for (what, bad) in [("`errors`", seen.errors), ("`slow`", seen.slow)] {
        if bad > seen.requests {
            return Err(out_of_range(what, bad, "at most the number of requests"));
        }
    }
    not_negative("`days`", seen.days)
}

#[cfg(test)]
mod tests;
