//! The weekly review: what is found, what is decided, what is done (question 25).
//!
//! In this order: harm comes first (roll back), then faults (repair, and nothing is learnt from the week), then
//! the challenger whose time has come, then retraining, then drift that nobody can explain yet. The
//! challenger is judged once, by the paired test of DeLong, DeLong and Clarke-Pearson, 1988, after a number
//! of weeks that was fixed beforehand: looking every week and stopping at the first success would promote
//! models that are no better. Harm is looked for every week, since waiting costs more than a false alarm.

use super::decision::{MonitorAction, MonitorTrigger, ReviewDecision, WeekMetrics, WeekReport};
use super::drift::DriftReport;
use super::evidence::{Harm, faults};
use super::lifecycle::{Guard, ModelLifecycle};
use super::model::{ModelVersion, Status};
use super::performance::Performance;
use super::training::append_column;
use crate::Result;
use crate::error::count;
use crate::error::out_of_range;
use crate::evaluate::FEWEST_FOR_DELONG;

/// What is done after a decision.
enum Step {
    Nothing,
    Shadow(Box<ModelVersion>),
    Promote(u32),
    Reject(u32),
    RollBack(u32),
}

/// A decision before it is written down.
struct Verdict {
    action: MonitorAction,
    version: u32,
    reason: String,
    step: Step,
}

impl ModelLifecycle {
    /// Reviews `week`, the last one served: measures drift and performance, decides and acts.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if it is not the last week served or was reviewed before; nothing changes then.
    pub fn review(&mut self, week: u32) -> Result<WeekReport> {
        let reviewed = self.metrics.last().is_some_and(|last| last.week >= week);
        let Some(record) = self.weeks.get(&week).filter(|record| {
            week == self.last_week && !reviewed && record.scores.contains_key(&self.champion)
        }) else {
            let expected = "the last week served, not reviewed yet";
            return Err(out_of_range("`week`", week, expected));
        };
        let scores = &record.scores[&self.champion];
        let champion = self.version(self.champion)?;
        let with_scores = append_column(&record.x, scores);
        let mut drift = champion.reference.check(&with_scores, &self.policy.drift)?;
        if let Some(score) = drift.columns.last_mut() {
            score.fault = None; // it follows from the features: only they can be broken
        }
        let faults = faults(&drift);
        let mean_score = scores.mean().unwrap_or(0.0);

        let skipped = (!faults.is_empty()).then_some(week);
        let performance = self.performance(skipped)?;
        let triggers = self.triggers(week, &drift, performance.as_ref());
        let harm = self.harm(mean_score, skipped)?;
        let guard_ends = matches!(harm, Harm::Over);
        let verdict = self.decide(week, &drift, performance.as_ref(), &triggers, harm)?;

        let metrics = WeekMetrics {
            week,
            mean_score,
            largest_ks: drift.largest_ks(),
            largest_psi: drift.largest_psi(),
            auc: performance.map(|found| (found.auc.auc, found.auc.interval)),
            baseline: champion.baseline.auc,
        };
        let decision = ReviewDecision {
            week,
            policy: self.policies.len() as u32,
            champion: self.champion,
            action: verdict.action,
            version: verdict.version,
            triggers,
            reason: verdict.reason,
        };
        if guard_ends {
            self.guard = None;
        }
        if let Some(record) = self.weeks.get_mut(&week) {
            record.faulty = skipped.is_some();
        }
        self.apply(week, verdict.step);
        self.metrics.push(metrics);
        self.decisions.push(decision.clone());
        Ok(WeekReport {
            drift,
            performance,
            metrics,
            decision,
        })
    }

    fn decide(
        &self,
        week: u32,
        drift: &DriftReport,
        performance: Option<&Performance>,
        triggers: &[MonitorTrigger],
        harm: Harm,
    ) -> Result<Verdict> {
        if let (Harm::Found(reason), Some(guard)) = (harm, self.guard) {
            return Ok(Verdict {
                action: MonitorAction::RollBack,
                version: guard.predecessor,
                reason: format!("version {} does harm: {reason}", self.champion),
                step: Step::RollBack(guard.predecessor),
            });
        }
        let faults = faults(drift);
        if !faults.is_empty() {
            let reason = format!(
                "{}: fix the pipeline, do not train on it",
                faults.join(", ")
            );
            return Ok(self.only(MonitorAction::Repair, reason));
        }
        if let Some(challenger) = self.challenger() {
            return self.judge(challenger, drift);
        }
        if let Some(reason) = performance.and_then(worse) {
            let seen = 1 + self.reviews_with_harm();
            if seen >= self.policy.patience {
                return self.retrain(week, reason);
            }
            let needs = self.policy.patience;
            let reason = format!("{reason}, in {seen} of {needs} reviews needed");
            return Ok(self.only(MonitorAction::Investigate, reason));
        }
        if triggers.contains(&MonitorTrigger::Schedule) {
            return self.retrain(week, "on schedule".to_owned());
        }
        if triggers.contains(&MonitorTrigger::Drift) {
            let found = self.named(drift);
            let known = match performance {
                Some(p) => format!("AUC {:.3} against {:.3}", p.auc.auc, p.auc.auc + p.drop),
                None => "no labels yet".to_owned(),
            };
            let reason = format!("{found} drifted, but nothing says the model is worse ({known})");
            return Ok(self.only(MonitorAction::Investigate, reason));
        }
        Ok(self.only(MonitorAction::Keep, "nothing to do".to_owned()))
    }

    /// The challenger's turn: one look, when enough weeks in shadow have their labels.
    fn judge(&self, challenger: u32, drift: &DriftReport) -> Result<Verdict> {
        let both = [challenger, self.champion];
        let since = self.version(challenger)?.trained_in;
        let weeks = self.matured(&both, since, None);
        let (has, needs) = (weeks.len(), self.policy.shadow_weeks);
        if has < needs {
            let drifted = !drift.drifted().is_empty();
            let action = match drifted {
                true => MonitorAction::Investigate,
                false => MonitorAction::Keep,
            };
            let mut reason =
                format!("version {challenger} in shadow: labels of {has} of {needs} weeks");
            if drifted {
                reason = format!("{} drifted; {reason}", self.named(drift));
            }
            return Ok(self.only(action, reason));
        }
        if let Some((has, class)) = self.too_few(&weeks) {
            let reason = format!(
                "version {challenger} in shadow: labels of {has} of {FEWEST_FOR_DELONG} {class}, too few to compare two AUCs"
            );
            return Ok(self.only(MonitorAction::Keep, reason));
        }
        let test = self.compare(&weeks, both)?;
        let (better, evidence) = match test {
            None => (false, "it ranks all rows as the champion does".to_owned()),
            Some(test) => (
                test.interval.lower > 0.0,
                format!(
                    "AUC {:+.3} against version {} ({:+.3} to {:+.3}) in {}",
                    test.difference,
                    self.champion,
                    test.interval.lower,
                    test.interval.upper,
                    count(has, "week")
                ),
            ),
        };
        let step = match better {
            false => Step::Reject(challenger),
            true => Step::Promote(challenger),
        };
        Ok(Verdict {
            action: match better {
                true => MonitorAction::Promote,
                false => MonitorAction::Reject,
            },
            version: challenger,
            reason: format!("version {challenger}: {evidence}"),
            step,
        })
    }

    /// In how many reviews just before this one the present champion was worse.
    fn reviews_with_harm(&self) -> usize {
        let harm = [MonitorTrigger::AucDrop, MonitorTrigger::Calibration];
        let before = self.decisions.iter().rev();
        before
            .take_while(|decision| decision.champion == self.champion)
            .take_while(|decision| harm.iter().any(|it| decision.triggers.contains(it)))
            .count()
    }

    fn retrain(&self, week: u32, reason: String) -> Result<Verdict> {
        let sound = self
            .weeks
            .iter()
            .filter(|(_, it)| it.y.is_some() && !it.faulty);
        let sound: Vec<u32> = sound.map(|(&week, _)| week).collect();
        if sound.is_empty() {
            let reason = format!("{reason}; but no sound week with labels is kept");
            return Ok(self.only(MonitorAction::Investigate, reason));
        }
        let first = sound.len().saturating_sub(self.policy.training_weeks);
        let challenger = self.train(&sound[first..], week)?;
        Ok(Verdict {
            action: MonitorAction::Retrain,
            version: challenger.version,
            reason: format!(
                "{reason}; version {} learns weeks {} to {}",
                challenger.version, sound[first], challenger.trained_to
            ),
            step: Step::Shadow(Box::new(challenger)),
        })
    }

    /// A decision after which nothing is done to the versions.
    fn only(&self, action: MonitorAction, reason: String) -> Verdict {
        Verdict {
            action,
            version: self.champion,
            reason,
            step: Step::Nothing,
        }
    }

    fn apply(&mut self, week: u32, step: Step) {
        match step {
            Step::Nothing => {}
            Step::Shadow(challenger) => self.versions.push(*challenger),
            Step::Reject(version) => self.set_status(version, Status::Rejected),
            Step::RollBack(version) => self.come_back(version),
            // Its baseline stays that of the rows held out of its training: the AUC of the very weeks for which it
            // was promoted is too good (the winner's curse).
            Step::Promote(version) => {
                self.guard = Some(Guard {
                    predecessor: self.champion,
                    promoted_in: week,
                });
                self.set_status(self.champion, Status::Retired);
                self.set_status(version, Status::Champion);
                self.champion = version;
            }
        }
    }

    /// The columns that have drifted, in words.
    fn named(&self, drift: &DriftReport) -> String {
        let score = drift.columns.len() - 1;
        let name = |place: &usize| match *place == score {
            true => "the score".to_owned(),
            false => format!("feature {place}"),
        };
        let names: Vec<String> = drift.drifted().iter().map(name).collect();
        names.join(", ")
    }
}

/// In which way the champion is worse, in words; none if it is not.
fn worse(found: &Performance) -> Option<String> {
    if found.dropped {
        let baseline = found.auc.auc + found.drop;
        let (auc, least) = (found.auc.auc, found.drop_lower);
        Some(format!(
            "AUC {auc:.3} after {baseline:.3} (at least {least:.3} less)"
        ))
    } else if found.miscalibrated {
        let (observed, predicted) = (found.observed_rate, found.predicted_rate);
        Some(format!(
            "{observed:.3} of the rows are positive, {predicted:.3} predicted"
        ))
    } else {
        None
    }
}
