//! Nearest neighbours, naive Bayes, groups, components, calibration and cross-validation.

use super::linear::places;
use crate::calibrate::{Isotonic, Platt};
use crate::classify::{GaussianNaiveBayes, MultinomialNaiveBayes, NearestNeighbours};
use crate::cluster::{KMeans, Pca};
use crate::display::{Shown, Summarise, Summary};
use crate::evaluate::{CrossValidation, DieboldMariano, FeatureImportance};

fn classes(summary: Summary, classes: &[usize]) -> Summary {
    let shown: Vec<String> = classes.iter().take(20).map(usize::to_string).collect();
    let more = if classes.len() > 20 { ", …" } else { "" };
    summary.row("classes", format!("{}{more}", shown.join(", ")), "")
}

impl Summarise for NearestNeighbours {
    fn summary(&self) -> Summary {
        classes(Summary::new("Nearest neighbours"), self.classes()).row(
            "k",
            self.k(),
            "neighbours are asked",
        )
    }
}

impl Summarise for GaussianNaiveBayes {
    fn summary(&self) -> Summary {
        classes(Summary::new("Gaussian naive Bayes"), self.classes())
    }
}

impl Summarise for MultinomialNaiveBayes {
    fn summary(&self) -> Summary {
        classes(Summary::new("Multinomial naive Bayes"), self.classes())
    }
}

impl Summarise for KMeans {
    fn summary(&self) -> Summary {
        let mut summary = Summary::new("k-means")
            .row(
                "inertia",
                self.inertia(),
                "sum of squared distances to the centres",
            )
            .row("iterations", self.iterations(), "")
            .column("group", places(self.centres().nrows()));
        // More would not fit beside each other.
        for (feature, values) in self.centres().columns().into_iter().enumerate().take(9) {
            summary = summary.column(&format!("x{feature}"), values);
        }
        summary.remark_if(
            self.centres().ncols() > 9,
            "Only the first 9 features are shown.",
        )
    }
}

impl Summarise for Pca {
    fn summary(&self) -> Summary {
        Summary::new("Principal components")
            .column("component", places(self.explained_variance().len()))
            .column("variance", self.explained_variance())
            .column("share of all", self.explained_variance_ratio())
    }
}

impl Summarise for Platt {
    fn summary(&self) -> Summary {
        Summary::new("Platt's calibration")
            .row("slope", self.slope(), "log odds for each unit of the score")
            .row("intercept", self.intercept(), "log odds at a score of 0")
    }
}

impl Summarise for Isotonic {
    fn summary(&self) -> Summary {
        let (x, y) = self.points();
        Summary::new("Isotonic calibration")
            .column("score", x)
            .column("value", y)
    }
}

impl Summarise for CrossValidation {
    fn summary(&self) -> Summary {
        Summary::new("Cross-validation")
            .row("mean", self.mean(), "")
            .row(
                "standard deviation",
                self.standard_deviation(),
                "between the folds",
            )
            .column("fold", places(self.scores.len()))
            .column("score", &self.scores)
    }
}

impl Summarise for FeatureImportance {
    fn summary(&self) -> Summary {
        Summary::new("Permutation importance")
            .row("feature", Shown::Id(self.feature as u64), "")
            .row("importance", self.mean, "mean fall of the score")
            .row(
                "standard deviation",
                self.standard_deviation,
                "over the repeats",
            )
    }
}

impl Summarise for DieboldMariano {
    fn summary(&self) -> Summary {
        Summary::new("Diebold-Mariano test")
            .row(
                "difference",
                self.difference,
                "mean loss of the first − of the second",
            )
            .row(
                "statistic",
                self.statistic,
                "the difference in standard errors",
            )
            .row(
                "p-value",
                self.p_value,
                "against the alternative asked for, Student's t",
            )
    }
}

super::shown_as_text!(
    NearestNeighbours,
    GaussianNaiveBayes,
    MultinomialNaiveBayes,
    KMeans,
    Pca,
    Platt,
    Isotonic,
    CrossValidation,
    FeatureImportance,
    DieboldMariano,
);
