//! Folds of rows that belong together.

use super::checks::check_folds;
use crate::error::count;
use crate::{Error, Result};
use ndarray::{Array1, ArrayRef1};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A fold from 0 to `folds` − 1 for each row, so that all rows of a group are in one: of a user, a patient, a session. Rows that know
/// each other in training and in the test make a model look better than it is.
///
/// The largest group goes first, each into the fold with the fewest rows so far, so that the folds are about equally large; as
/// scikit-learn's `GroupKFold`. For [`cross_validate`](super::cross_validate). O(n log n).
///
/// # Errors
/// [`Error::OutOfRange`] if `folds` is less than 2; [`Error::Undefined`] if there are fewer groups than folds.
///
/// # Examples
/// ```
/// use dsprep_core::{evaluate::group_folds, ndarray::array};
/// let users = array![7, 7, 7, 4, 4, 9];
/// assert_eq!(group_folds(&users, 2)?, array![0, 0, 0, 1, 1, 1]);
/// # Ok::<(), dsprep_core::Error>(())
/// ```
pub fn group_folds(groups: &ArrayRef1<usize>, folds: usize) -> Result<Array1<usize>> {
    check_folds(folds)?;
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, &group) in groups.iter().enumerate() {
        members.entry(group).or_default().push(row);
    }
    if members.len() < folds {
        return Err(Error::Undefined {
            what: "a split by groups",
            reason: format!(
                "there are {} and {folds} folds",
                count(members.len(), "group")
            ),
            remedy: "Use fewer folds, or more groups.",
        });
    }
    let mut members: Vec<Vec<usize>> = members.into_values().collect();
    members.sort_by_key(|rows| Reverse(rows.len()));
    // The smallest fold on top, of equals the first.
    let mut sizes: BinaryHeap<Reverse<(usize, usize)>> =
        (0..folds).map(|fold| Reverse((0, fold))).collect();
    let mut numbers = Array1::zeros(groups.len());
    for rows in &members {
        if let Some(mut top) = sizes.peek_mut() {
            let Reverse((size, fold)) = *top;
            rows.iter().for_each(|&row| numbers[row] = fold);
            *top = Reverse((size + rows.len(), fold));
        }
    }
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    /// The folds of sklearn.model_selection.GroupKFold(3), scikit-learn 1.9.1.
    #[test]
    fn the_folds_are_those_of_scikit_learn() -> Result<()> {
        let sizes = [9, 7, 6, 4, 3, 1];
        let groups = (0..6).flat_map(|group| vec![group * 100; sizes[group]]);
        let folds = group_folds(&groups.collect::<Array1<usize>>(), 3)?;
        let of_groups: Vec<usize> = [0, 9, 16, 22, 26, 29].map(|row| folds[row]).into();
        assert_eq!(of_groups, [0, 1, 2, 2, 1, 0]);
        Ok(())
    }

    #[test]
    fn no_group_is_torn_and_no_fold_is_empty() -> Result<()> {
        let groups = Array1::from_shape_fn(200, |row| (row * row) % 23);
        let folds = group_folds(&groups, 4)?;
        for (row, group) in groups.iter().enumerate() {
            let first = groups.iter().position(|other| other == group);
            assert_eq!(Some(folds[row]), first.map(|first| folds[first]));
        }
        for fold in 0..4 {
            assert!(folds.iter().filter(|&&of| of == fold).count() > 30);
        }
        Ok(())
    }

    #[test]
    fn too_few_groups_are_named() {
        let message =
            |groups: Array1<usize>, folds| group_folds(&groups, folds).unwrap_err().to_string();
        assert!(message(array![1, 1, usize::MAX], 3).contains("2 groups and 3 folds"));
        assert!(message(array![], 2).contains("0 groups"));
        assert!(message(array![1, 2], 1).contains("2 or greater"));
    }

    /// Each group against each fold would be 45 thousand million comparisons.
    #[test]
    fn very_many_groups_and_folds_end() -> Result<()> {
        let folds = group_folds(&Array1::from_iter(0..300_000), 150_000)?;
        assert_eq!((folds[0], folds[149_999], folds[150_000]), (0, 149_999, 0));
        Ok(())
    }
}
