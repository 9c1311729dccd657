//! Trees, forests and boosting (card, questions 23 and 24).

use super::linear::places;
use crate::display::{Summarise, Summary};
use crate::trees::{
    BoostedClassifier, BoostedTrees, Classification, Contributions, FittedForest,
    FittedIsolationForest, FittedTree, Regression,
};
use ndarray::Array1;

/// More leaves than this do not fit on a screen.
const MOST_LEAVES: usize = 16;

/// A tree, drawn as text by `rules` if it is small; features are named x0, x1, ...
fn tree<Task>(
    tree: &FittedTree<Task>,
    rules: impl Fn(&[&str]) -> crate::Result<String>,
) -> Summary {
    let names: Vec<String> = (0..tree.feature_importance().len())
        .map(|at| format!("x{at}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let summary = Summary::new("Decision tree")
        .row("depth", tree.depth(), "")
        .row("leaves", tree.leaves(), "");
    match rules(&names) {
        Ok(text) if tree.leaves() <= MOST_LEAVES => summary.block(text),
        _ => importance(summary, &tree.feature_importance()),
    }
}

/// Adds the share of each feature in what the splits gain.
fn importance(summary: Summary, shares: &Array1<f64>) -> Summary {
    summary
        .column("feature", places(shares.len()))
        .column("importance", shares)
}

impl Summarise for FittedTree<Classification> {
    fn summary(&self) -> Summary {
        tree(self, |names| self.rules(names))
    }
}

impl Summarise for FittedTree<Regression> {
    fn summary(&self) -> Summary {
        tree(self, |names| self.rules(names))
    }
}

impl<Task> Summarise for FittedForest<Task> {
    fn summary(&self) -> Summary {
        let summary = Summary::new("Random forest")
            .row("trees", self.trees(), "")
            .row(
                "out-of-bag error",
                self.oob_error(),
                "on rows that a tree has not seen",
            );
        importance(summary, &self.feature_importance())
    }
}

impl Summarise for FittedIsolationForest {
    fn summary(&self) -> Summary {
        Summary::new("Isolation forest")
            .row("trees", self.trees(), "")
            .row("sample", self.sample(), "rows that each tree has seen")
            .row("features", self.features(), "")
            .row(
                "usual path",
                self.usual_path(),
                "cuts, which give a score of 0.5",
            )
    }
}

impl Summarise for BoostedTrees {
    fn summary(&self) -> Summary {
        let summary = Summary::new("Boosted trees").row("trees", self.trees(), "");
        importance(summary, &self.feature_importance())
    }
}

impl Summarise for BoostedClassifier {
    fn summary(&self) -> Summary {
        let summary = Summary::new("Boosted trees, a classifier");
        let summary = summary.row("trees", self.log_odds().trees(), "");
        importance(summary, &self.feature_importance())
    }
}

impl Summarise for Contributions {
    fn summary(&self) -> Summary {
        Summary::new("A prediction, taken apart")
            .row("bias", self.bias, "before any feature is looked at")
            .row("sum", self.bias + self.features.sum(), "the prediction")
            .column("feature", places(self.features.len()))
            .column("adds", &self.features)
    }
}

super::shown_as_text!(
    FittedTree<Classification>,
    FittedTree<Regression>,
    FittedIsolationForest,
    BoostedTrees,
    BoostedClassifier,
    Contributions
);

impl<Task> std::fmt::Display for FittedForest<Task> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.summary().write(f)
    }
}
