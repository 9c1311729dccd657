//! A change of the settings, with a week and a reason (question 25).

use super::decision::MonitorPolicy;
use super::lifecycle::ModelLifecycle;
use super::policy::{PolicyVersion, first_difference};
use crate::Result;
use crate::error::out_of_range;

impl ModelLifecycle {
    /// Decides by `policy` from now on, and notes the `reason`; returns the number of the policy's version.
    ///
    /// Models, weeks and decisions stay as they are.
    ///
    /// # Errors
    /// [`Error::OutOfRange`](crate::Error::OutOfRange) if a setting makes no sense, or all of them are as before.
    ///
    /// # Examples
    /// ```
    /// use dsprep_core::monitor::{ModelLifecycle, MonitorPolicy, WeekStream};
    /// use dsprep_core::random::RandomState;
    /// let stream = WeekStream::stable(200, &mut RandomState::seed(1));
    /// let mut lifecycle = ModelLifecycle::start_on(&stream, MonitorPolicy::default())?;
    /// let policy = MonitorPolicy::default().schedule(Some(13));
    /// assert_eq!(lifecycle.change_policy(policy, "a new model every quarter")?, 2);
    /// assert_eq!(lifecycle.advance(&stream, 4)?.decision.policy, 2);
    /// # Ok::<(), dsprep_core::Error>(())
    /// ```
    pub fn change_policy(&mut self, policy: MonitorPolicy, reason: &str) -> Result<u32> {
        policy.check()?;
        if first_difference(&self.policy, &policy).is_none() {
            let expected = "one that differs from the present one in some setting";
            return Err(out_of_range("`policy`", "the same as before", expected));
        }
        let version = self.policies.len() as u32 + 1;
        self.policies.push(PolicyVersion {
            version,
            since: self.last_week,
            reason: reason.to_owned(),
            policy,
        });
        self.policy = policy;
        Ok(version)
    }

    /// All policies, the first one first; the last one is in force.
    pub fn policies(&self) -> &[PolicyVersion] {
        &self.policies
    }
}
