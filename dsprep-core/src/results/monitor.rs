//! Drift, performance and decisions of a live model (question 25).

use super::linear::{linear_model, places};
use crate::display::{Shown, Summarise, Summary};
use crate::evaluate::drift::quantile;
use crate::monitor::{
    ColumnDrift, Cusum, CusumState, DataFault, DriftReference, DriftReport, LinearScorer,
    ModelLifecycle, ModelVersion, MonitorTrigger, OriginalData, OriginalDrift, OriginalDrop,
    OriginalPeriod, Performance, ReviewDecision, ServedScores, Week, WeekMetrics, WeekReport,
};

fn id(number: u32) -> Shown {
    Shown::Id(number.into())
}

fn version(number: u32) -> String {
    format!("version {number}")
}

fn fault(fault: Option<DataFault>) -> &'static str {
    match fault {
        None => "",
        Some(DataFault::Stuck) => "stuck at one value",
        Some(DataFault::OutOfRange) => "out of range",
    }
}

impl Summarise for ColumnDrift {
    fn summary(&self) -> Summary {
        Summary::new("Drift of a column")
            .row("KS", self.ks, "largest gap of the distribution functions")
            .row("p-value", self.p_value, "asymptotic")
            .row("adjusted p", self.adjusted_p, "for the number of columns")
            .row("PSI", self.psi, "population stability index")
            .row("drifted", self.drifted, "significant and large enough")
            .row("fault", fault(self.fault), "")
    }
}

impl Summarise for DriftReport {
    fn summary(&self) -> Summary {
        let columns = || self.columns.iter();
        let (drifted, broken) = (self.drifted(), self.broken());
        Summary::new("Drift, column by column")
            .column("column", places(self.columns.len()))
            .column("KS", columns().map(|column| column.ks))
            .column("adjusted p", columns().map(|column| column.adjusted_p))
            .column("PSI", columns().map(|column| column.psi))
            .column("drifted", columns().map(|column| column.drifted))
            .column("fault", columns().map(|column| fault(column.fault)))
            .remark(match drifted.as_slice() {
                [] => "No column has drifted.".to_owned(),
                places => format!("Drifted: columns {places:?}."),
            })
            .remark_if(
                !broken.is_empty(),
                "A fault is to be fixed in the pipeline, not learned.",
            )
    }
}

impl Summarise for Performance {
    fn summary(&self) -> Summary {
        Summary::new("Performance on known labels")
            .row("rows", self.rows, "")
            .row("AUC", self.auc.auc, "")
            .row("interval", self.auc.interval, "of the AUC, DeLong")
            .row("drop", self.drop, "baseline's AUC − this one")
            .row(
                "drop, at least",
                self.drop_lower,
                "lower end of its interval",
            )
            .row("predicted", self.predicted_rate, "mean probability")
            .row("observed", self.observed_rate, "share of positives")
            .remark(if self.dropped {
                "The AUC has dropped: even the lower end is more than is tolerated."
            } else {
                "No proof of a drop in the AUC."
            })
            .remark(if self.miscalibrated {
                "Miscalibrated: the rates differ significantly and by more than is tolerated."
            } else {
                "No proof of miscalibration."
            })
    }
}

impl Summarise for ReviewDecision {
    fn summary(&self) -> Summary {
        let triggers: Vec<&str> = self
            .triggers
            .iter()
            .map(|t| MonitorTrigger::name(*t))
            .collect();
        Summary::new("Decision of a review")
            .row("week", id(self.week), "")
            .row(
                "champion",
                id(self.champion),
                "version, before the decision",
            )
            .row("action", self.action.name(), "")
            .row("version", id(self.version), "that it is about")
            .row("triggers", triggers.join(", "), "what the review found")
            .row("reason", self.reason.as_str(), "")
    }
}

impl Summarise for WeekMetrics {
    fn summary(&self) -> Summary {
        Summary::new("Numbers of a week")
            .row("week", id(self.week), "")
            .row("mean score", self.mean_score, "of the champion")
            .row(
                "largest KS",
                self.largest_ks,
                "of the features and the score",
            )
            .row(
                "largest PSI",
                self.largest_psi,
                "of the features and the score",
            )
            .row("AUC", self.auc.map(|(auc, _)| auc), "on matured labels")
            .row(
                "interval",
                self.auc.map(|(_, interval)| interval),
                "of the AUC",
            )
            .row(
                "baseline",
                self.baseline,
                "the AUC that it is compared with",
            )
    }
}

impl Summarise for WeekReport {
    fn summary(&self) -> Summary {
        let (decision, metrics) = (&self.decision, &self.metrics);
        let found = match &self.performance {
            Some(found) if found.dropped => "dropped",
            Some(found) if found.miscalibrated => "miscalibrated",
            Some(_) => "as good as the baseline",
            None => "no labels yet",
        };
        Summary::new("Review of a week")
            .row("week", id(decision.week), "")
            .row("drifted columns", self.drift.drifted().len(), "")
            .row("broken columns", self.drift.broken().len(), "")
            .row("AUC", metrics.auc.map(|(auc, _)| auc), "on matured labels")
            .row("performance", found, "")
            .row("action", decision.action.name(), "")
            .row("reason", decision.reason.as_str(), "")
    }
}

impl Summarise for LinearScorer {
    fn summary(&self) -> Summary {
        linear_model(
            "Logistic regression, ready to serve",
            self.intercept(),
            self.weights(),
        )
    }
}

impl Summarise for ModelVersion {
    fn summary(&self) -> Summary {
        Summary::new("Version of a model")
            .row("version", id(self.version), "")
            .row("trained in week", id(self.trained_in), "")
            .row("on rows to week", id(self.trained_to), "")
            .row("status", self.status.name(), "")
            .row("baseline AUC", self.baseline.auc, "")
            .row("interval", self.baseline.interval, "of the baseline")
    }
}

impl Summarise for ModelLifecycle {
    fn summary(&self) -> Summary {
        let versions = || self.versions().iter();
        Summary::new("Life of a model")
            .row("champion", version(self.champion()), "")
            .row("in shadow", self.challenger().map(version), "")
            .row("decisions", self.decisions().len(), "")
            .column("version", versions().map(|version| id(version.version)))
            .column(
                "trained in week",
                versions().map(|version| id(version.trained_in)),
            )
            .column("status", versions().map(|version| version.status.name()))
            .column(
                "baseline AUC",
                versions().map(|version| version.baseline.auc),
            )
    }
}

impl Summarise for ServedScores {
    fn summary(&self) -> Summary {
        Summary::new("Scores of a week")
            .row("champion", version(self.version), "")
            .row("rows", self.scores.len(), "")
            .row("mean score", self.scores.mean(), "")
            .row(
                "in shadow",
                self.shadow.as_ref().map(|(number, _)| version(*number)),
                "",
            )
    }
}

impl Summarise for Week {
    fn summary(&self) -> Summary {
        Summary::new("Week of data")
            .row("week", id(self.week), "")
            .row("rows", self.x.nrows(), "")
            .row("features", self.x.ncols(), "")
            .row("positives", self.y.sum(), "as will be known later")
    }
}

impl Summarise for OriginalDrift {
    fn summary(&self) -> Summary {
        Summary::new("The original's drift check")
            .row("KS", self.test.statistic, "")
            .row("p-value", self.test.p_value, "")
            .row(
                "detected",
                self.detected,
                "the p-value is below the threshold",
            )
    }
}

impl Summarise for OriginalDrop {
    fn summary(&self) -> Summary {
        Summary::new("The original's performance check")
            .row("baseline", self.baseline, "AUC")
            .row("current", self.current, "AUC")
            .row("dropped", self.dropped, "by more than the threshold")
    }
}

impl Summarise for CusumState {
    fn summary(&self) -> Summary {
        Summary::new("CUSUM")
            .row("high", self.high, "spreads too high, added up")
            .row("low", self.low, "spreads too low, added up")
            .row("limit", self.limit, "")
            .row("alarm", self.is_alarm(), "")
    }
}

impl Summarise for Cusum {
    fn summary(&self) -> Summary {
        self.state().summary()
    }
}

impl Summarise for DriftReference {
    fn summary(&self) -> Summary {
        let columns = || self.columns.iter();
        let at = |share: f64| columns().map(move |column| quantile(column, share));
        Summary::new("What new weeks are compared with")
            .row("rows", self.columns.first().map_or(0, Vec::len), "")
            .column("column", places(self.columns.len()))
            .column("smallest", at(0.0))
            .column("median", at(0.5))
            .column("largest", at(1.0))
    }
}

impl Summarise for OriginalPeriod {
    fn summary(&self) -> Summary {
        Summary::new("Period of the original")
            .row("period", self.name, "")
            .row("mean", self.feature.mean(), "of its feature")
            .row(
                "standard deviation",
                self.feature.std(0.0),
                "of its feature",
            )
            .row("mean score", self.scores.mean(), "")
            .row(
                "AUC",
                self.unused_auc,
                "written down by the original, and never used",
            )
    }
}

impl Summarise for OriginalData {
    fn summary(&self) -> Summary {
        let periods = || self.periods.iter();
        Summary::new("Data of the original")
            .row("reference", self.reference.len(), "values")
            .row("labels", self.labels.len(), "the same in all periods")
            .column("period", periods().map(|period| period.name))
            .column("values", periods().map(|period| period.feature.len()))
            .column("mean", periods().map(|period| period.feature.mean()))
            .column("mean score", periods().map(|period| period.scores.mean()))
    }
}

super::shown_as_text!(
    ColumnDrift,
    DriftReport,
    Performance,
    ReviewDecision,
    WeekMetrics,
    WeekReport,
    LinearScorer,
    ModelVersion,
    ModelLifecycle,
    ServedScores,
    Week,
    OriginalDrift,
    OriginalDrop,
    CusumState,
    Cusum,
    DriftReference,
    OriginalPeriod,
    OriginalData
);
