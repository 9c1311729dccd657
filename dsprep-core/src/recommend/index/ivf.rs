//! An inverted file: search where the answers are likely to be.

use super::blocks::Blocks;
use super::codes::{Codes, Quantizer};
use super::nearest::nearest;
use super::stored::{StoredIvf, flat};
use super::top_k::TopK;
use super::{Hit, check_items, check_products, check_query, hits, largest};
use crate::random::RandomState;
use crate::{Error, Result};
use ndarray::{Array2, ArrayRef1, ArrayRef2};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How many items a list's centre is learned from.
const SAMPLE_PER_LIST: usize = 32;
const ITERATIONS: usize = 5;
/// How many estimated hits are scored exactly, for each one asked for.
const REFINED: usize = 2;

/// Finds nearly all of the items with the largest inner products, by looking at a part of them.
///
/// The items are divided into lists by direction (spherical k-means: Dhillon and Modha, "Concept
/// decompositions for large sparse text data using clustering", 2001). A search scores the centres,
/// goes through the lists whose centres score best (the *probes*) with codes of 7 bits, and scores
/// the best twice k exactly. More probes: more of the true neighbours (recall), more time.
///
/// # Examples
/// ```
/// use dsprep_core::random::RandomState;
/// use dsprep_core::recommend::{ExactIndex, IvfIndex};
///
/// let mut rng = RandomState::seed(23);
/// let items = rng.randn((1000, 8))?.mapv(|x| x as f32);
/// let query = rng.randn(8)?.mapv(|x| x as f32);
/// let index = IvfIndex::build(&items, 20, &mut rng)?;
/// let nearly = index.search(&query, 10, 5)?;          // a quarter of the lists
/// let exactly = ExactIndex::build(&items)?.search(&query, 10)?;
/// assert_eq!(nearly[0], exactly[0]);
/// assert_eq!(index.search(&query, 10, 20)?, exactly); // all of them
/// # Ok::<(), dsprep_core::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "StoredIvf", into = "StoredIvf")]
pub struct IvfIndex {
    dimensions: usize,
    /// All vectors, item by item.
    numbers: Vec<f32>,
    /// The largest number of an item, and of a centre.
    largest: [f32; 2],
    quantizer: Quantizer,
    centres: Blocks,
    lists: Vec<List>,
}

/// The items of one direction.
#[derive(Debug, Clone)]
struct List {
    items: Vec<u32>,
    codes: Codes,
}

impl IvfIndex {
    /// Divides n `items` (n×d) into `lists`; √n to 4 √n lists are usual. O(n d lists).
    ///
    /// # Errors
    /// [`Error::Empty`] without items, [`Error::OutOfRange`] if a number is not finite or `lists` is
    /// not between 1 and n.
    pub fn build(items: &ArrayRef2<f32>, lists: usize, rng: &mut RandomState) -> Result<Self> {
        check_items(items)?;
        if lists == 0 || lists > items.nrows() {
            return Err(Error::OutOfRange {
                what: "`lists`".to_owned(),
                found: lists.to_string(),
                expected: "between 1 and the number of items; about its square root is usual",
            });
        }
        let dimensions = items.ncols();
        let numbers: Vec<f32> = items.iter().copied().collect();
        // The lists are the same in any unit, and in this one no sum is beyond 32 bits.
        let size = largest(&numbers);
        let scaled = match (1e-9..=1e9).contains(&size) || size == 0.0 {
            true => Cow::Borrowed(&numbers),
            false => Cow::Owned(numbers.iter().map(|x| x / size).collect()),
        };
        let row = |item: usize| &scaled[item * dimensions..(item + 1) * dimensions];
        let centres = centres(dimensions, items.nrows(), lists, row, rng);
        let nearest = nearest(&centres, dimensions, items.nrows(), row);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); lists];
        for (item, list) in nearest.into_iter().enumerate() {
            members[list].push(item as u32);
        }
        drop(scaled);
        Ok(IvfIndex::of_lists(dimensions, numbers, &centres, members))
    }

    /// The index of vectors that are divided already: `numbers` item by item, `centres` list by list, and the items of each
    /// list.
    fn of_lists(
        dimensions: usize,
        numbers: Vec<f32>,
        centres: &[f32],
        members: Vec<Vec<u32>>,
    ) -> Self {
        let row = |item: usize| &numbers[item * dimensions..(item + 1) * dimensions];
        let quantizer = Quantizer::fit(dimensions, numbers.chunks_exact(dimensions));
        let list = |items: Vec<u32>| List {
            codes: Codes::new(&quantizer, items.len(), |at| row(items[at] as usize)),
            items,
        };
        let lists = members.into_iter().map(list).collect();
        IvfIndex {
            dimensions,
            largest: [largest(&numbers), largest(centres)],
            quantizer,
            centres: Blocks::new(dimensions, centres.len() / dimensions, |list| {
                &centres[list * dimensions..(list + 1) * dimensions]
            }),
            lists,
            numbers,
        }
    }

    /// How many numbers a vector has.
    pub(in crate::recommend) fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The `k` best items for `query` (d numbers) that are in the best `probes` lists, the best first.
    /// Fewer than k if these lists hold fewer. O(lists d + n d probes / lists).
    ///
    /// # Errors
    /// [`Error::Shape`] if the query has another length than the items, [`Error::OutOfRange`] if it is
    /// not finite, `k` is not between 1 and n or `probes` not between 1 and the number of lists.
    pub fn search(&self, query: &ArrayRef1<f32>, k: usize, probes: usize) -> Result<Vec<Hit>> {
        let lists = self.probe(query, k, probes)?;
        let query = query.to_vec();
        let codes = self.quantizer.query(&query);
        let mut likely = TopK::new(REFINED * k, i32::MIN);
        for (_, list) in lists {
            let List { items, codes: list } = &self.lists[list];
            list.score_from(&codes, likely.threshold(), |at, score| {
                likely.offer(items[at] as usize, score)
            });
        }
        let mut best = TopK::new(k, f32::NEG_INFINITY);
        for (_, item) in likely.into_sorted() {
            let row = &self.numbers[item * self.dimensions..(item + 1) * self.dimensions];
            let products = row.iter().zip(&query).map(|(x, q)| x * q);
            best.offer(item, products.fold(0.0, |sum, product| sum + product));
        }
        Ok(hits(best.into_sorted()))
    }

    /// How many inner products [`search`](Self::search) computes for this query: one for each list, and one
    /// for each item in the lists that it goes through. O(lists d).
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn comparisons(&self, query: &ArrayRef1<f32>, probes: usize) -> Result<usize> {
        let lists = self.probe(query, 1, probes)?;
        let items = lists.iter().map(|&(_, list)| self.lists[list].items.len());
        Ok(self.lists.len() + items.sum::<usize>())
    }

    fn probe(&self, query: &ArrayRef1<f32>, k: usize, probes: usize) -> Result<Vec<(f32, usize)>> {
        check_query(query, self.dimensions, k, self.len())?;
        if probes == 0 || probes > self.lists.len() {
            return Err(Error::OutOfRange {
                what: "`probes`".to_owned(),
                found: probes.to_string(),
                expected: "between 1 and the number of lists",
            });
        }
        let mut nearest = TopK::new(probes, f32::NEG_INFINITY);
        let query = query.to_vec();
        check_products(&query, self.largest[0])?;
        check_products(&query, self.largest[1])?;
        self.centres
            .score_from(&query, f32::NEG_INFINITY, |list, score| {
                nearest.offer(list, score)
            });
        Ok(nearest.into_sorted())
    }

    /// The number of items.
    pub fn len(&self) -> usize {
        self.numbers.len() / self.dimensions
    }

    /// Whether there are no items, which can't be: [`build`](Self::build) refuses it.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The number of lists.
    pub fn lists(&self) -> usize {
        self.lists.len()
    }

    /// The memory that it takes, in bytes: vectors, codes, item numbers and centres.
    pub fn bytes(&self) -> usize {
        let codes: usize = self.lists.iter().map(|list| list.codes.bytes()).sum();
        4 * self.numbers.len() + codes + 4 * self.len() + 4 * self.dimensions * self.centres.len()
    }
}

impl From<IvfIndex> for StoredIvf {
    fn from(index: IvfIndex) -> Self {
        let (items, dimensions) = (index.len(), index.dimensions);
        StoredIvf {
            items: Array2::from_shape_fn((items, dimensions), |(item, dimension)| {
                index.numbers[item * dimensions + dimension]
            }),
            centres: index.centres.vectors(),
            lists: index.lists.into_iter().map(|list| list.items).collect(),
        }
    }
}

impl TryFrom<StoredIvf> for IvfIndex {
    type Error = Error;

    fn try_from(stored: StoredIvf) -> Result<Self> {
        stored.check()?;
        let (dimensions, centres) = (stored.items.ncols(), flat(&stored.centres));
        Ok(IvfIndex::of_lists(
            dimensions,
            flat(&stored.items),
            &centres,
            stored.lists,
        ))
    }
}

/// The centres of `lists` directions, row by row, learned from a sample of the rows.
fn centres<'a>(
    dimensions: usize,
    len: usize,
    lists: usize,
    row: impl Fn(usize) -> &'a [f32],
    rng: &mut RandomState,
) -> Vec<f32> {
    let mut sample = rng.order_of(len).to_vec();
    sample.truncate(lists * SAMPLE_PER_LIST);
    let mut centres: Vec<f32> = sample[..lists]
        .iter()
        .flat_map(|&i| row(i))
        .copied()
        .collect();
    for _ in 0..ITERATIONS {
        crate::cell::check_interrupt();
        scale_to_length_one(&mut centres, dimensions);
        let mut sums = vec![0.0; centres.len()];
        let nearest = nearest(&centres, dimensions, sample.len(), |at| row(sample[at]));
        for (&item, list) in sample.iter().zip(nearest) {
            for (sum, number) in sums[list * dimensions..].iter_mut().zip(row(item)) {
                *sum += number;
            }
        }
        for (sum, centre) in sums.chunks_mut(dimensions).zip(centres.chunks(dimensions)) {
            if sum.iter().all(|&number| number == 0.0) {
                sum.copy_from_slice(centre);
            }
        }
        centres = sums;
    }
    scale_to_length_one(&mut centres, dimensions);
    centres
}

fn scale_to_length_one(centres: &mut [f32], dimensions: usize) {
    for centre in centres.chunks_exact_mut(dimensions) {
        let length = centre.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            centre.iter_mut().for_each(|x| *x /= length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::ExactIndex;
    use ndarray::{Array1, Array2, array};

    fn random(rng: &mut RandomState, n: usize, d: usize) -> Array2<f32> {
        rng.randn((n, d)).unwrap().mapv(|x| x as f32)
    }

    #[test]
    fn all_probes_find_what_exact_search_finds() {
        let mut rng = RandomState::seed(5);
        for (n, d, lists) in [(40, 1, 3), (333, 16, 12), (500, 70, 20)] {
            let items = random(&mut rng, n, d);
            let index = IvfIndex::build(&items, lists, &mut rng).unwrap();
            let exact = ExactIndex::build(&items).unwrap();
            for _ in 0..10 {
                let query = rng.randn(d).unwrap().mapv(|x| x as f32);
                let found = index.search(&query, 10, lists).unwrap();
                assert_eq!(found, exact.search(&query, 10).unwrap(), "{n} items");
                assert_eq!(index.comparisons(&query, lists).unwrap(), n + lists);
            }
        }
    }

    #[test]
    fn more_probes_find_more_and_each_score_is_exact() {
        let mut rng = RandomState::seed(6);
        let items = random(&mut rng, 2000, 16);
        let index = IvfIndex::build(&items, 40, &mut rng).unwrap();
        let exact = ExactIndex::build(&items).unwrap();
        let mut found_by_probes = Vec::new();
        for probes in [1, 4, 16, 40] {
            let mut rng = RandomState::seed(7);
            let mut found = 0;
            for _ in 0..20 {
                let query = rng.randn(16).unwrap().mapv(|x| x as f32);
                let all = exact.search(&query, 50).unwrap();
                let some = index.search(&query, 50, probes).unwrap();
                assert!(some.windows(2).all(|pair| pair[0].score >= pair[1].score));
                found += some.iter().filter(|hit| all.contains(hit)).count();
            }
            found_by_probes.push(found);
        }
        assert!(found_by_probes.is_sorted(), "{found_by_probes:?}");
        assert_eq!(found_by_probes[3], 20 * 50);
    }

    #[test]
    fn the_same_seed_builds_the_same_index() {
        let items = random(&mut RandomState::seed(8), 600, 8);
        let query = Array1::ones(8);
        let search = || {
            let mut rng = RandomState::seed(9);
            let index = IvfIndex::build(&items, 24, &mut rng).unwrap();
            index.search(&query, 20, 2).unwrap()
        };
        assert_eq!(search(), search());
    }

    #[test]
    fn items_that_are_all_zero_or_all_equal_are_found() {
        let mut rng = RandomState::seed(1);
        for items in [Array2::zeros((50, 4)), Array2::ones((50, 4))] {
            let index = IvfIndex::build(&items, 5, &mut rng).unwrap();
            let found = index.search(&Array1::zeros(4), 3, 5).unwrap();
            assert_eq!(
                found.iter().map(|hit| hit.item).collect::<Vec<_>>(),
                [0, 1, 2]
            );
        }
    }

    #[test]
    fn wrong_lists_probes_and_dimensions_are_named() {
        let mut rng = RandomState::seed(1);
        let items = array![[1.0, 0.0], [0.0, 1.0]];
        let error = IvfIndex::build(&items, 3, &mut rng).unwrap_err();
        assert!(error.to_string().starts_with("`lists` is 3"), "{error}");
        let index = IvfIndex::build(&items, 2, &mut rng).unwrap();
        let error = index.search(&array![1.0, 0.0], 1, 3).unwrap_err();
        assert!(error.to_string().starts_with("`probes` is 3"), "{error}");
        let error = index.search(&array![1.0], 1, 1).unwrap_err();
        assert!(matches!(error, Error::Shape { .. }));
        let error = index.search(&array![f32::INFINITY, 0.0], 1, 1).unwrap_err();
        assert!(
            error.to_string().starts_with("`query[0]` is inf"),
            "{error}"
        );
    }
}
