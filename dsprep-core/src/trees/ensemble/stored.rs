//! Trees as they are stored.

use super::{Ensemble, GAPS_RIGHT, Split};
use crate::checks::room_for;
use crate::saved::unless_consistent;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Trees as they are stored: for each its nodes' numbers and its splits, in the order of their children, so
/// that planting and splitting them again makes the same nodes.
#[derive(Serialize, Deserialize)]
struct Stored {
    features: usize,
    width: usize,
    trees: Vec<StoredTree>,
    /// Whether rows may lack a value, for each feature; left out if none may.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<bool>,
}

#[derive(Serialize, Deserialize)]
struct StoredTree {
    /// nodes × width.
    values: Vec<f64>,
    rows: Vec<usize>,
    /// The node, counted from the root, and the feature of each split.
    splits: Vec<(usize, usize)>,
    thresholds: Vec<f64>,
    gains: Vec<f64>,
    /// The places among the splits of those that send rows without a value to the right.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gaps_right: Vec<usize>,
}

impl Serialize for Ensemble {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Stored::from(self).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Ensemble {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ensemble::try_from(Stored::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl From<&Ensemble> for Stored {
    fn from(ensemble: &Ensemble) -> Self {
        let tree = |tree: usize| {
            let nodes = ensemble.nodes_of(tree);
            let mut splits: Vec<(usize, Split)> = nodes
                .clone()
                .filter_map(|node| Some((node - nodes.start, ensemble.split_of(node)?)))
                .collect();
            splits.sort_by_key(|(_, split)| split.left);
            StoredTree {
                values: nodes
                    .clone()
                    .flat_map(|node| ensemble.values(node).to_vec())
                    .collect(),
                rows: ensemble.rows[nodes].to_vec(),
                splits: splits
                    .iter()
                    .map(|(node, split)| (*node, split.feature))
                    .collect(),
                thresholds: splits.iter().map(|(_, split)| split.threshold).collect(),
                gains: splits.iter().map(|(_, split)| split.gain).collect(),
                gaps_right: (0..splits.len())
                    .filter(|&at| splits[at].1.gaps_right)
                    .collect(),
            }
        };
        Stored {
            features: ensemble.features,
            width: ensemble.width,
            trees: (0..ensemble.trees()).map(tree).collect(),
            gaps: ensemble.gaps.clone(),
        }
    }
}

impl TryFrom<Stored> for Ensemble {
    type Error = crate::Error;

    fn try_from(stored: Stored) -> crate::Result<Self> {
        let sizes =
            stored.features > 0 && stored.features < GAPS_RIGHT as usize && stored.width > 0;
        unless_consistent(
            sizes,
            "of at least one feature, and of at least one value for each node",
        )?;
        room_for("the number of features", stored.features, 1)?;
        let gaps = stored.gaps.is_empty() || stored.gaps.len() == stored.features;
        unless_consistent(gaps, "of features that each may have gaps or not")?;
        let mut ensemble = Ensemble::new(stored.features, stored.width);
        for tree in &stored.trees {
            let gapless = stored.gaps.is_empty() && !tree.gaps_right.is_empty();
            unless_consistent(
                !gapless,
                "of features that may have gaps where a split says where they go",
            )?;
            ensemble.plant_stored(tree)?;
        }
        ensemble.gaps = stored.gaps;
        Ok(ensemble)
    }
}

impl Ensemble {
    fn plant_stored(&mut self, tree: &StoredTree) -> crate::Result<()> {
        let (nodes, splits) = (tree.rows.len(), tree.splits.len());
        let lengths = nodes == 2 * splits + 1
            && Some(tree.values.len()) == nodes.checked_mul(self.width)
            && tree.thresholds.len() == splits
            && tree.gains.len() == splits;
        unless_consistent(lengths, "a tree whose lists fit each other")?;
        let (width, root) = (self.width, self.nodes.len());
        let node = |at: usize| (&tree.values[at * width..(at + 1) * width], tree.rows[at]);
        self.plant(node(0).0, node(0).1);
        let mut depths = vec![0];
        for (at, &(split, feature)) in tree.splits.iter().enumerate() {
            let is_leaf = split < depths.len() && self.split_of(root + split).is_none();
            unless_consistent(
                is_leaf && feature < self.features,
                "a tree that splits leaves, by features that there are",
            )?;
            let children = [node(2 * at + 1), node(2 * at + 2)];
            let how = (feature, tree.thresholds[at], tree.gains[at]);
            self.split(root + split, depths[split], how, children);
            if tree.gaps_right.binary_search(&at).is_ok() {
                self.nodes[root + split].feature |= GAPS_RIGHT;
            }
            depths.extend([depths[split] + 1; 2]);
        }
        Ok(())
    }
}
