//! Metrics of classifiers (question 27) and the parts of an error (card).

use crate::Result;
use crate::display::{Summarise, Summary, ToFrame};
use crate::evaluate::{
    AucDifference, AucInterval, BiasVariance, BinaryConfusion, CalibrationBin, CheapestThreshold,
    ClassRow, ClassificationReport, MostFrequent, PrecisionRecallCurve, RocCurve,
};
use polars::prelude::DataFrame;

impl Summarise for BinaryConfusion {
    fn summary(&self) -> Summary {
        Summary::new("Confusion matrix")
            .row("accuracy", self.accuracy(), "")
            .row(
                "precision",
                self.precision(),
                "of those called positive, are",
            )
            .row("recall", self.recall(), "of the positives, are called")
            .row("F1", self.f1(), "")
            .column("", ["is positive", "is negative"])
            .column(
                "called positive",
                [self.true_positives, self.false_positives],
            )
            .column(
                "called negative",
                [self.false_negatives, self.true_negatives],
            )
    }
}

impl Summarise for ClassRow {
    fn summary(&self) -> Summary {
        Summary::new("Class")
            .row("class", self.name.as_str(), "")
            .row("precision", self.precision, "")
            .row("recall", self.recall, "")
            .row("F1", self.f1, "")
            .row("support", self.support, "rows of the class")
    }
}

impl Summarise for AucInterval {
    fn summary(&self) -> Summary {
        Summary::new("Area under the ROC curve")
            .row("AUC", self.auc, "")
            .row("interval", self.interval, "confidence interval, DeLong")
            .row("standard error", self.standard_error, "")
            .remark_if(
                self.interval.lower <= 0.5,
                "The interval holds 0.5: the scores may be chance.",
            )
    }
}

impl Summarise for AucDifference {
    fn summary(&self) -> Summary {
        Summary::new("Difference of two AUCs on the same rows")
            .row(
                "difference",
                self.difference,
                "the first scores − the second",
            )
            .row("interval", self.interval, "confidence interval, DeLong")
            .row("standard error", self.standard_error, "")
            .row("p-value", self.p_value, "two-sided, if the AUCs are equal")
            .remark_if(
                self.interval.contains(0.0),
                "The interval holds 0: they may be equally good.",
            )
    }
}

impl Summarise for CheapestThreshold {
    fn summary(&self) -> Summary {
        Summary::new("Cheapest threshold")
            .row(
                "threshold",
                self.threshold,
                "scores from here on are called positive",
            )
            .row("cost", self.cost, "mean per row")
            .remark_if(
                self.threshold == f64::INFINITY,
                "It is cheapest to call nothing positive.",
            )
    }
}

impl Summarise for MostFrequent {
    fn summary(&self) -> Summary {
        Summary::new("Most frequent class").row(
            "class",
            self.class().to_string(),
            "always predicted",
        )
    }
}

impl Summarise for RocCurve {
    fn summary(&self) -> Summary {
        Summary::new("ROC curve")
            .column("threshold", &self.thresholds)
            .column("false positive rate", &self.false_positive_rate)
            .column("true positive rate", &self.true_positive_rate)
    }
}

impl Summarise for PrecisionRecallCurve {
    fn summary(&self) -> Summary {
        Summary::new("Precision-recall curve")
            .column("threshold", &self.thresholds)
            .column("precision", &self.precision)
            .column("recall", &self.recall)
    }
}

impl Summarise for CalibrationBin {
    fn summary(&self) -> Summary {
        Summary::new("Calibration")
            .row("probability", (self.lower, self.upper), "")
            .row("rows", self.count, "")
            .row("mean predicted", self.mean_predicted, "")
            .row("observed", self.observed, "share of positives")
    }
}

impl Summarise for BiasVariance {
    fn summary(&self) -> Summary {
        Summary::new("Parts of the expected squared error")
            .row("bias²", self.bias_squared, "what the model can't follow")
            .row("variance", self.variance, "between training sets")
            .row("noise", self.noise, "what no model can foresee")
            .row("sum", self.sum(), "")
            .row("error", self.error, "measured on new values")
    }
}

/// A row for each class, and for each kind of mean: with all digits, where the text is scikit-learn's.
impl ToFrame for ClassificationReport {
    fn to_frame(&self) -> Result<DataFrame> {
        let means = [&self.macro_average, &self.weighted_average];
        let rows: Vec<ClassRow> = self.classes.iter().chain(means).cloned().collect();
        rows.to_frame()
    }
}

super::shown_as_text!(
    BinaryConfusion,
    ClassRow,
    AucInterval,
    AucDifference,
    CheapestThreshold,
    MostFrequent,
    RocCurve,
    PrecisionRecallCurve,
    CalibrationBin,
    BiasVariance
);
