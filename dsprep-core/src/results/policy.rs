//! The settings of a monitor, and how they changed (question 25).

use crate::display::{Shown, Summarise, Summary};
use crate::monitor::{MonitorPolicy, PolicyVersion, settings_in_words};

/// A line for each setting below the rows.
fn settings(summary: Summary, policy: &MonitorPolicy) -> Summary {
    let (names, values): (Vec<&str>, Vec<String>) = settings_in_words(policy).into_iter().unzip();
    summary.column("setting", names).column("value", values)
}

impl Summarise for MonitorPolicy {
    fn summary(&self) -> Summary {
        settings(Summary::new("Policy of a monitor"), self)
    }
}

impl Summarise for PolicyVersion {
    fn summary(&self) -> Summary {
        let summary = Summary::new("Version of a policy")
            .row("version", Shown::Id(self.version.into()), "")
            .row(
                "since week",
                Shown::Id(self.since.into()),
                "the last that was served before it",
            )
            .row("reason", self.reason.as_str(), "");
        settings(summary, &self.policy)
    }
}

super::shown_as_text!(MonitorPolicy, PolicyVersion);
