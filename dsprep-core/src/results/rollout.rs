//! A rollout: its plan, what was seen, and what to do (question 26).

use crate::display::{Summarise, Summary};
use crate::experiment::{Guardrails, Observation, RolloutDecision, Stage};

impl Summarise for Stage {
    fn summary(&self) -> Summary {
        Summary::new("Stage of a rollout")
            .row("stage", self.name, "")
            .row(
                "share",
                format!("{} %", 100.0 * self.share),
                "of users whom the new model answers",
            )
            .row("at least", format!("{} days", self.min_days), "")
    }
}

impl Summarise for Guardrails {
    fn summary(&self) -> Summary {
        Summary::new("Guardrails")
            .row(
                "p99 latency",
                self.p99_latency_ms,
                "ms: at most 1 % of requests take longer",
            )
            .row("error rate", self.error_rate, "at most")
            .row("confidence", self.confidence, "of each decision, one-sided")
    }
}

impl Summarise for Observation {
    fn summary(&self) -> Summary {
        Summary::new("Seen in a stage")
            .row("days", self.days, "since the stage began")
            .row("requests", self.requests, "")
            .row("errors", self.errors, "requests that failed")
            .row("slow", self.slow, "requests beyond the latency limit")
    }
}

impl Summarise for RolloutDecision {
    fn summary(&self) -> Summary {
        let (word, reason) = match self {
            RolloutDecision::Advance { reason, .. } => ("ADVANCE", reason),
            RolloutDecision::Hold { reason } => ("HOLD", reason),
            RolloutDecision::Rollback { reason } => ("ROLL BACK", reason),
        };
        Summary::new("Decision")
            .row("decision", word, "")
            .row("reason", reason.as_str(), "")
    }
}

super::shown_as_text!(Stage, Guardrails, Observation, RolloutDecision);
