//! An inner join by hand (question 16): how a database pairs rows without comparing each with each.
//!
//! Build: put one side into a hash table by key. Probe: look up each row of the other side. After DeWitt
//! et al., "Implementation techniques for main memory database systems", 1984, section 3.3.

use std::collections::HashMap;

/// The pairs (row of `left`, row of `right`) with equal keys, in the order of `left`.
///
/// A key that occurs n times on the left and m times on the right gives n·m pairs. NULL (`None`) equals
/// nothing, not even NULL. Takes O(n + m + pairs) time and O(m) memory.
///
/// # Examples
/// ```
/// use dsprep_core::sql::hash_join;
///
/// let customers = [Some(1), Some(2), None];
/// let orders = [Some(2), Some(1), Some(2), None];
/// assert_eq!(hash_join(&customers, &orders), [(0, 1), (1, 0), (1, 2)]);
/// ```
pub fn hash_join(left: &[Option<i64>], right: &[Option<i64>]) -> Vec<(usize, usize)> {
    let mut rows_by_key: HashMap<i64, Vec<usize>> = HashMap::new();
    for (row, key) in right.iter().enumerate() {
        if let Some(key) = key {
            rows_by_key.entry(*key).or_default().push(row);
        }
    }
    let mut pairs = Vec::new();
    for (row, key) in left.iter().enumerate() {
        let partners = key.and_then(|key| rows_by_key.get(&key));
        pairs.extend(
            partners
                .into_iter()
                .flatten()
                .map(|&partner| (row, partner)),
        );
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::RandomState;

    /// The join as it is defined: every pair is looked at.
    fn nested_loops(left: &[Option<i64>], right: &[Option<i64>]) -> Vec<(usize, usize)> {
        let pairs = (0..left.len()).flat_map(|l| (0..right.len()).map(move |r| (l, r)));
        pairs
            .filter(|&(l, r)| left[l].is_some() && left[l] == right[r])
            .collect()
    }

    #[test]
    fn random_keys_with_duplicates_and_nulls_are_paired_as_by_nested_loops() -> crate::Result<()> {
        let mut rng = RandomState::seed(16);
        for _ in 0..50 {
            let mut keys = |n: usize| -> crate::Result<Vec<Option<i64>>> {
                let drawn = rng.randint(0, 8, n)?;
                Ok(drawn.iter().map(|&key| (key > 0).then_some(key)).collect())
            };
            let (left, right) = (keys(20)?, keys(30)?);
            assert_eq!(hash_join(&left, &right), nested_loops(&left, &right));
        }
        Ok(())
    }

    #[test]
    fn an_empty_side_has_no_pairs() {
        assert_eq!(hash_join(&[], &[Some(1)]), []);
        assert_eq!(hash_join(&[Some(1)], &[]), []);
    }
}
