//! Indexes as they are stored: the vectors and how they are divided. Codes and blocks are made of these again.

use super::check_items;
use crate::Result;
use crate::saved::unless_consistent;
use ndarray::{Array2, ArrayRef2};
use serde::{Deserialize, Serialize};

/// The vectors of an index that searches all of them.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredExact {
    #[serde(with = "crate::saved::array")]
    pub(super) items: Array2<f32>,
}

/// The vectors of an inverted file, the centres of its lists, and the items of each list.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredIvf {
    #[serde(with = "crate::saved::array")]
    pub(super) items: Array2<f32>,
    #[serde(with = "crate::saved::array")]
    pub(super) centres: Array2<f32>,
    pub(super) lists: Vec<Vec<u32>>,
}

impl StoredIvf {
    /// Fails unless there is a centre for each list, and each item is in one of the lists.
    pub(super) fn check(&self) -> Result<()> {
        check_items(&self.items)?;
        check_items(&self.centres)?;
        let mut found: Vec<u32> = self.lists.iter().flatten().copied().collect();
        found.sort_unstable();
        let each_once =
            found.len() == self.items.nrows() && found.iter().zip(0..).all(|(&a, b)| a == b);
        let fits = each_once && self.centres.dim() == (self.lists.len(), self.items.ncols());
        unless_consistent(fits, "a centre for each list, and each item in one of them")
    }
}

/// Vectors row by row.
pub(super) fn flat(rows: &ArrayRef2<f32>) -> Vec<f32> {
    rows.iter().copied().collect()
}
