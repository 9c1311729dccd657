//! A tree as text.

use super::ensemble::Ensemble;
use crate::checks::check;
use crate::error::count;
use crate::{Error, Result};

/// Each line is indented by its depth, so that the text of a deeper tree would be too long for the memory.
const DEEPEST: usize = 1_000;

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
    let depth = ensemble.depth(0);
    let expected = "at most 1,000 to be written; limit it by `depth`";
    check("the depth of the tree", depth, depth <= DEEPEST, expected)?;
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
