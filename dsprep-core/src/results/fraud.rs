//! Payments, their features and decisions (question 24).

use crate::display::{Shown, Summarise, Summary};
use crate::fraud::{
    AlertBudget, Feature, FeatureTable, Features, FraudModel, LabelledPayment, OriginalTransaction,
    Payment, PaymentDecision, Reasons, ScoredPayment, Scorer, StateHealth,
};

impl Summarise for PaymentDecision {
    fn summary(&self) -> Summary {
        Summary::new("Decision")
            .row("action", format!("{:?}", self.action).to_uppercase(), "")
            .row("probability", self.probability, "of fraud, by the model")
            .row("reasons", self.reasons.to_string(), "")
    }
}

impl Summarise for Reasons {
    fn summary(&self) -> Summary {
        let reasons = if self.is_empty() {
            "none".to_owned()
        } else {
            self.to_string()
        };
        Summary::new("Reasons").row("reasons", reasons, "")
    }
}

impl Summarise for Features {
    fn summary(&self) -> Summary {
        let named = Feature::NAMES.into_iter().zip(self.values());
        named.fold(
            Summary::new("Features of a payment"),
            |summary, (name, value)| summary.row(name, value, ""),
        )
    }
}

impl Summarise for ScoredPayment {
    fn summary(&self) -> Summary {
        self.decision
            .summary()
            .row("repeated", self.repeated, "it had been scored before")
            .column("feature", Feature::NAMES)
            .column("value", self.features.values())
    }
}

impl Summarise for AlertBudget {
    fn summary(&self) -> Summary {
        Summary::new("Alerts")
            .row("alerts", self.alerts, "")
            .row(
                "threshold",
                self.threshold,
                "scores from here on are alerts",
            )
            .row(
                "recall",
                self.recall,
                "of the positives, are among the alerts",
            )
            .row("precision", self.precision, "of the alerts, are positive")
    }
}

impl Summarise for FraudModel {
    fn summary(&self) -> Summary {
        let importance = self.importance();
        Summary::new("Fraud model")
            .row("trees", self.trees().log_odds().trees(), "")
            .column("feature", importance.map(|(name, _)| name))
            .column("importance", importance.map(|(_, share)| share))
    }
}

impl Summarise for FeatureTable {
    fn summary(&self) -> Summary {
        let (payments, frauds) = (self.labels.len(), self.labels.sum());
        Summary::new("Features and labels")
            .row("payments", payments, "")
            .row("features", self.features.ncols(), "")
            .row("fraud", frauds, "payments")
            .row("share of fraud", frauds as f64 / payments.max(1) as f64, "")
    }
}

impl Summarise for Scorer {
    fn summary(&self) -> Summary {
        let summary = Summary::new("Fraud scorer")
            .row("users", self.users(), "that it remembers")
            .row("payments", self.payments(), "that it remembers")
            .row("memory", self.memory(), "bytes");
        match self.health() {
            StateHealth::Good => summary,
            StateHealth::Unreadable(why) => {
                summary.remark(format!("The saved state was lost: {why}"))
            }
        }
    }
}

impl Summarise for Payment {
    fn summary(&self) -> Summary {
        Summary::new("Payment")
            .row("id", Shown::Id(self.id), "")
            .row("user", Shown::Id(self.user), "")
            .row("time", self.time.to_string(), "seconds since 1970")
            .row("arrived", self.arrived.to_string(), "seconds since 1970")
            .row("amount", self.amount, "dollars")
            .row("device", Shown::Id(self.device.into()), "")
            .row("merchant", Shown::Id(self.merchant.into()), "")
            .row("latitude", self.latitude, "degrees north")
            .row("longitude", self.longitude, "degrees east")
    }
}

impl Summarise for LabelledPayment {
    fn summary(&self) -> Summary {
        let fraud = self.fraud.map(|pattern| format!("{pattern:?}"));
        self.payment.summary().row("fraud", fraud, "")
    }
}

impl Summarise for OriginalTransaction {
    fn summary(&self) -> Summary {
        Summary::new("Transaction of the original")
            .row("user", self.user.to_string(), "")
            .row("amount", self.amount, "dollars")
            .row("second", self.second.to_string(), "since the start")
            .row("new device", self.new_device, "")
    }
}

impl Summarise for StateHealth {
    fn summary(&self) -> Summary {
        let (state, why) = match self {
            StateHealth::Good => ("good", ""),
            StateHealth::Unreadable(why) => ("lost", why.as_str()),
        };
        Summary::new("Saved state of a scorer").row("state", state, why)
    }
}

super::shown_as_text!(
    Features,
    ScoredPayment,
    AlertBudget,
    FraudModel,
    FeatureTable,
    Scorer,
    Payment,
    LabelledPayment,
    OriginalTransaction,
    StateHealth
);
