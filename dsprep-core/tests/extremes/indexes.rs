//! Searches among vectors of any size.

use crate::told;
use dsprep_core::prelude::*;
use dsprep_core::recommend::{ExactIndex, IvfIndex};

#[test]
fn products_that_32_bits_can_not_tell_apart_are_named() -> DsResult<()> {
    let index = ExactIndex::build(&array![[1e38_f32, -1e38], [1.0, 1.0], [2.0, 0.0]])?;
    let error = told(index.search(&array![1e38_f32, 1e38], 3));
    assert!(
        error.contains("the product of the query and an item"),
        "{error}"
    );
    let index = ExactIndex::build(&array![[1e-30_f32, 0.0], [2e-30, 0.0]])?;
    let error = told(index.search(&array![1e-30_f32, 0.0], 2));
    assert!(
        error.contains("the product of the query and an item"),
        "{error}"
    );
    assert_eq!(index.search(&array![0.0_f32, 0.0], 2)?.len(), 2);
    Ok(())
}

#[test]
fn lists_are_the_same_in_any_unit() -> DsResult<()> {
    let items = RandomState::seed(1).randn((200, 4))?;
    let query = array![1.0_f32, 0.0, 0.0, 0.0];
    let found = |size: f64| -> DsResult<(Vec<usize>, usize)> {
        let scaled = items.mapv(|x| (x * size) as f32);
        let index = IvfIndex::build(&scaled, 5, &mut RandomState::seed(2))?;
        let hits = index.search(&query, 3, 1)?;
        Ok((
            hits.iter().map(|hit| hit.item).collect(),
            index.comparisons(&query, 1)?,
        ))
    };
    let usual = found(1.0)?;
    assert!(usual.1 < 150, "{usual:?}");
    for size in [1e37, 1e25, 1e-29] {
        assert_eq!(found(size)?, usual, "{size}");
    }
    Ok(())
}
