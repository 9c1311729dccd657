//! The three stages of question 23 at full size, on one core, beside FAISS and NumPy.
//!
//! ```text
//! cargo bench --bench recommend
//! DSPREP_PEERS=/path/to/python cargo bench --bench recommend     # a Python with faiss-cpu and numpy
//! ```
//!
//! A million items of 32 dimensions, 1,000 queries for 100 items each. The items are those of the original
//! (independent normal numbers, the hardest case: no direction is more common than another), and items
//! around 1,000 topics, as a trained model gives them. Times are of single queries, one after the other;
//! next to the clock on the wall stands the time that the core worked on the query, which does not count
//! other programs on a busy machine. What counts of a search are the quantiles of single queries, with the recall and the
//! building, which takes FAISS's graph minutes; Criterion, which times the other benches, gives means of many runs.

mod clock;
#[path = "../common/core_time.rs"]
mod core_time;
mod faiss;
mod items;
#[path = "../common/peers.rs"]
mod peers;
mod stages;
mod table;

use dsprep_core::ndarray::{Array2, ArrayView1};
use dsprep_core::random::RandomState;
use dsprep_core::recommend::{ExactIndex, Hit, IvfIndex};
use table::Row;

type AnyError = Box<dyn std::error::Error>;

/// How many items each query asks for.
const K: usize = 100;
/// Into how many lists the items are divided.
const LISTS: usize = 1024;

fn main() -> Result<(), AnyError> {
    table::head();
    for items in [items::normal(), items::topics()] {
        candidates(&items)?;
        faiss::candidates(&items)?;
        println!();
    }
    let budgets = stages::run()?;
    for row in budgets {
        row.print();
    }
    faiss::reranking()
}

/// Exact search, and the index with the probes that these items need for a recall of 0.95 and more.
fn candidates(items: &items::Items) -> Result<(), AnyError> {
    let (exact, build) = clock::once(|| ExactIndex::build(&items.vectors));
    let exact = exact?;
    let few = items.queries.nrows() / 10;
    let mut truth = Vec::new();
    for query in items.queries.rows() {
        truth.push(exact.search(&query, K)?);
    }
    let times = clock::each(few, |at| exact.search(&items.queries.row(at), K));
    Row::new(
        &format!("{}: exact search", items.name),
        build,
        Some(1.0),
        times,
    )
    .print();
    drop(exact);
    let (index, build) =
        clock::once(|| IvfIndex::build(&items.vectors, LISTS, &mut RandomState::seed(23)));
    let index = index?;
    for &probes in items.probes {
        let search = |query: ArrayView1<f32>| index.search(&query, K, probes);
        let recall = recall(&items.queries, &truth, search)?;
        let times = clock::each(items.queries.nrows(), |at| search(items.queries.row(at)));
        let name = format!("{}: {probes} of {LISTS} lists", items.name);
        Row::new(&name, build, Some(recall), times).print();
    }
    println!("  the index takes {:.0} MB", index.bytes() as f64 / 1e6);
    Ok(())
}

/// The share of the true neighbours that are found.
fn recall<'a>(
    queries: &'a Array2<f32>,
    truth: &[Vec<Hit>],
    search: impl Fn(ArrayView1<'a, f32>) -> dsprep_core::Result<Vec<Hit>>,
) -> dsprep_core::Result<f64> {
    let mut found = 0;
    for (query, truth) in queries.rows().into_iter().zip(truth) {
        let hits = search(query)?;
        found += hits.iter().filter(|hit| truth.contains(hit)).count();
    }
    Ok(found as f64 / (K * truth.len()) as f64)
}
