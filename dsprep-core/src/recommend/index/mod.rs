//! Which items have the largest inner product with a query? Exactly, and nearly but sooner (question 23).
//!
//! [`ExactIndex`] scores every item. [`IvfIndex`] groups the items by direction and looks into the groups
//! whose centres score best: an inverted file (Jégou, Douze and Schmid, "Product quantization for nearest
//! neighbor search", 2011) with small whole numbers in place of floats.
//!
//! # Why an index of our own
//! The crates that were found in November 2026, as an addition to a library that every learner builds:
//!
//! | crate | licence | crates it brings | its build, one core | |
//! |---|---|---|---|---|
//! | usearch 2.26 | Apache-2.0 | 23 | 181 s | HNSW; well kept; C++, for which a learner would need a compiler |
//! | hnsw_rs 0.3.5 | MIT or Apache-2.0 | 74 | 96 s | HNSW; well kept; parallel, so two builds differ |
//! | arroy 0.9 | MIT | 62 | 45 s | random hyperplanes in an LMDB file; well kept, made for disks |
//! | instant-distance 0.6.1 | MIT or Apache-2.0 | 25 | 13 s | HNSW; no release since June 2023 |
//! | hora 0.1.1 | Apache-2.0 | 34 | 25 s | HNSW and others; no release since 2021 |
//! | hnswlib-rs 0.10 | Apache-2.0 | 54 | fails | HNSW; needs a nightly compiler |
//!
//! What they do with the benchmark's items, 200,000 of 32 dimensions; 500 queries for 100 items each, one after
//! the other, CPU time on one core of a busy machine (compare within the table only). Graphs have 16 links an
//! item (instant-distance 32) and a breadth of 64 while they are built. Those that know distances only got one
//! more coordinate, which makes all items equally long and the order that of the inner products.
//!
//! | 200,000 items around topics | built in | memory | recall@100 | p50 | p99 |
//! |---|---|---|---|---|---|
//! | this, 4 of 512 lists | 0.4 s | 33 MB | 0.946 | 0.06 ms | 0.13 ms |
//! | this, 8 of 512 lists | 0.4 s | 33 MB | 0.968 | 0.06 ms | 0.11 ms |
//! | hora, breadth 150 | 68 s | 148 MB | 0.974 | 0.37 ms | 0.73 ms |
//! | hnsw_rs, breadth 100 | 77 s | 400 MB | 0.953 | 0.44 ms | 0.98 ms |
//! | instant-distance, breadth 300 | 149 s | 146 MB | 0.983 | 0.93 ms | 1.58 ms |
//! | arroy, 50 trees, 5,000 nodes | 63 s | 339 MB (file) | 0.969 | 5.9 ms | 7.2 ms |
//!
//! | 200,000 normal items | built in | memory | recall@100 | p50 | p99 |
//! |---|---|---|---|---|---|
//! | this, 200 of 512 lists | 0.4 s | 33 MB | 0.953 | 0.25 ms | 0.59 ms |
//! | usearch, breadth 300 | 97 s | | 0.93 | 1.7 ms | |
//! | arroy, 50 trees, 50,000 nodes | 54 s | 277 MB (file) | 0.968 | 27 ms | 33 ms |
//!
//! So an inverted file fits here: some hundred lines that can be read, built in seconds, with the same result
//! for the same seed, by inner products, and no slower than the graphs at the same recall. On a million,
//! `cargo bench --bench recommend` shows FAISS beside it: 194 s for its HNSW against 1.7 s for this.

mod blocks;
mod codes;
mod exact;
mod ivf;
mod nearest;
mod stored;
mod top_k;

pub use exact::ExactIndex;
pub use ivf::IvfIndex;

use crate::checks::beyond_numbers;
use crate::error::count;
use crate::{Error, Result};
use ndarray::{ArrayRef1, ArrayRef2};

/// Smaller products lose their digits in 32 bits.
const LEAST_PRODUCT: f64 = 1e-30;

/// An item that was found, and its inner product with the query.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The number of the item: its row in the matrix that the index was built from.
    pub item: usize,
    /// The inner product with the query.
    pub score: f32,
}

/// Fails unless there are vectors, all of them finite.
fn check_items(items: &ArrayRef2<f32>) -> Result<()> {
    if items.is_empty() {
        return Err(Error::Empty {
            what: "`items`",
            item: "row and column",
        });
    }
    match items.indexed_iter().find(|(_, number)| !number.is_finite()) {
        None => Ok(()),
        Some(((row, column), number)) => Err(Error::OutOfRange {
            what: format!("`items`, row {row}, column {column},"),
            found: number.to_string(),
            expected: "a finite number: a vector with NaN has no neighbours",
        }),
    }
}

/// Fails unless `query` fits an index of `len` items and `k` of them can be asked for.
fn check_query(query: &ArrayRef1<f32>, dimensions: usize, k: usize, len: usize) -> Result<()> {
    if query.len() != dimensions {
        return Err(Error::Shape {
            what: "`query`",
            found: count(query.len(), "dimension"),
            expected: format!("{}, as the items", count(dimensions, "dimension")),
        });
    }
    if let Some(at) = query.iter().position(|number| !number.is_finite()) {
        return Err(Error::OutOfRange {
            what: format!("`query[{at}]`"),
            found: query[at].to_string(),
            expected: "a finite number",
        });
    }
    if k == 0 || k > len {
        return Err(Error::OutOfRange {
            what: "`k`".to_owned(),
            found: k.to_string(),
            expected: "between 1 and the number of items",
        });
    }
    Ok(())
}

/// Turns scored places into hits.
/// The largest number, without its sign.
fn largest(numbers: &[f32]) -> f32 {
    numbers.iter().fold(0.0, |most, x| most.max(x.abs()))
}

/// Whether products of the query with items, of which `largest_item` is the largest number, can be told apart in 32 bits.
fn check_products(query: &[f32], largest_item: f32) -> Result<()> {
    let product = f64::from(largest(query)) * f64::from(largest_item);
    let most = product * query.len() as f64;
    match product == 0.0 || (most < f64::from(f32::MAX) && product > LEAST_PRODUCT) {
        true => Ok(()),
        false => Err(beyond_numbers("the product of the query and an item")),
    }
}

fn hits(sorted: Vec<(f32, usize)>) -> Vec<Hit> {
    let hit = |(score, item)| Hit { item, score };
    sorted.into_iter().map(hit).collect()
}
