//! Leakage, skew and shift (question 28).

use crate::display::{Shown, Summarise, Summary};
use crate::triage::{
    CalibrationTest, EncodingLeak, FeatureSkew, ParityFault, Period, Symptoms, TargetEncoder,
};

impl Summarise for Symptoms {
    fn summary(&self) -> Summary {
        Summary::new("Symptoms")
            .row(
                "offline AUC",
                self.offline_auc,
                "on the test data, before the launch",
            )
            .row(
                "fresh AUC",
                self.fresh_auc,
                "on new rows, through the training pipeline",
            )
            .row("production AUC", self.production_auc, "")
            .row(
                "parity faults",
                self.parity_faults,
                "served rows that training would compute otherwise",
            )
            .row(
                "shared rows",
                self.shared_rows,
                "of the test, in the training data too",
            )
            .row(
                "domain AUC",
                self.domain_auc,
                "0.5: served rows look like training rows",
            )
            .row(
                "calibration z",
                self.calibration_z,
                "more positives than predicted, in standard errors",
            )
    }
}

impl Summarise for ParityFault {
    fn summary(&self) -> Summary {
        Summary::new("Parity fault")
            .row("row", Shown::Id(self.row as u64), "")
            .row("feature", self.feature.as_str(), "")
            .row(
                "training",
                self.training,
                "what the training pipeline makes of it",
            )
            .row(
                "serving",
                self.serving,
                "what the serving pipeline makes of it",
            )
    }
}

impl Summarise for FeatureSkew {
    fn summary(&self) -> Summary {
        let unit = |(factor, name): (f64, &str)| format!("× {factor}: {name}");
        Summary::new("Skew of a feature")
            .row("feature", self.feature.as_str(), "")
            .row("KS", self.statistic, "effect size, 0 to 1")
            .row(
                "p-value",
                self.p_value,
                "times the number of features (Bonferroni)",
            )
            .row("training mean", self.training_mean, "")
            .row("serving mean", self.serving_mean, "")
            .row("suspected unit", self.unit.map(unit), "")
    }
}

impl Summarise for EncodingLeak {
    fn summary(&self) -> Summary {
        Summary::new("AUC of a target-encoded feature")
            .row(
                "in sample",
                self.in_sample,
                "training rows, encoded with their own labels",
            )
            .row(
                "out of fold",
                self.out_of_fold,
                "training rows, encoded by the other folds",
            )
            .row("new rows", self.new_rows, "what production will see")
    }
}

impl Summarise for CalibrationTest {
    fn summary(&self) -> Summary {
        Summary::new("Calibration in the large")
            .row("predicted", self.predicted, "mean probability")
            .row("observed", self.observed, "share of positives")
            .row("z", self.z, "the difference in standard errors")
            .row("p-value", self.p_value, "if the probabilities are right")
    }
}

impl Summarise for TargetEncoder {
    fn summary(&self) -> Summary {
        let encodings = self.encodings();
        let category = |&(category, _): &(usize, f64)| Shown::Id(category as u64);
        Summary::new("Target encoder")
            .row("categories", encodings.len(), "")
            .row("mean", self.mean(), "of all labels, for unknown categories")
            .column("category", encodings.iter().map(category))
            .column("encoding", encodings.iter().map(|&(_, value)| value))
    }
}

impl Summarise for Period {
    fn summary(&self) -> Summary {
        Summary::new("Rows of a period")
            .row("rows", self.x.nrows(), "")
            .row("features", self.x.ncols(), "")
            .row("positives", self.y.sum(), "")
    }
}

super::shown_as_text!(
    Symptoms,
    FeatureSkew,
    EncodingLeak,
    CalibrationTest,
    TargetEncoder,
    Period
);
