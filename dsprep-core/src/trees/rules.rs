//! A tree as text.

use super::ensemble::Ensemble;
use crate::error::count;
use crate::{Error, Result};

/// A line for each side of a split. `leaf` says what a leaf predicts, and what follows the number of its
/// rows.
pub(super) fn rules(
    ensemble: &Ensemble,
    names: &[&str],
    leaf: impl Fn(&[f64]) -> (String, String),
) -> Result<String> {
    if names.len() != ensemble.features() {
        let features = ensemble.features();
        return Err(Error::Shape {
            what: "`names`",
            found: count(names.len(), "name"),
            expected: format!("{}, one for each feature", count(features, "name")),
        });
    }
    let describe = |node: usize| {
        let (prediction, more) = leaf(ensemble.values(node));
        format!("{prediction} ({}{more})", count(ensemble.rows(node), "row"))
    };
    let root = ensemble.root(0);
    let Some(split) = ensemble.split_of(root) else {
        return Ok(format!("{}\n", describe(root)));
    };
    let mut text = String::new();
    // What is still to be written: a node, its depth and the condition that leads to it.
    let conditions = |left: usize, feature: usize, threshold: f64, depth: usize| {
        let name = names[feature];
        [
            (left + 1, depth, format!("{name} > {threshold}")),
            (left, depth, format!("{name} <= {threshold}")),
        ]
    };
    let mut open = conditions(split.left, split.feature, split.threshold, 0).to_vec();
    while let Some((node, depth, condition)) = open.pop() {
        text += &"  ".repeat(depth);
        text += &condition;
        match ensemble.split_of(node) {
            None => text += &format!(": {}\n", describe(node)),
            Some(split) => {
                text.push('\n');
                open.extend(conditions(
                    split.left,
                    split.feature,
                    split.threshold,
                    depth + 1,
                ));
            }
        }
    }
    Ok(text)
}
