//! Exact search, and an index that finds 95 % of the true neighbours.

use crate::compare::{Outcome, Peer, Step};
use crate::core_time::core_time;
use crate::items::Items;
use crate::measurement::CoreTime;
use criterion::Criterion;
use dsprep_core::Result;
use dsprep_core::random::RandomState;
use dsprep_core::recommend::{ExactIndex, Hit, IvfIndex};

/// How many items each query asks for.
const K: usize = 100;
/// Into how many lists the items are divided.
const LISTS: usize = 1024;
/// The share of the true neighbours that an index has to find.
const RECALL: f64 = 0.95;

/// The hits of each query.
type Found = Vec<Vec<Hit>>;

pub fn run(
    criterion: &mut Criterion<CoreTime>,
    peer: &mut Option<Peer>,
    items: &Items,
) -> Outcome<()> {
    let truth = exact(criterion, peer, items)?;
    let start = core_time();
    let index = IvfIndex::build(&items.vectors, LISTS, &mut RandomState::seed(23))?;
    let built = (core_time() - start).as_secs_f64();
    let (probes, recall) = probes(&index, items, &truth)?;
    println!(
        "{}: {LISTS} lists, built in {built:.1} s, {:.0} MB; recall {recall:.3} with {probes} of them",
        items.name,
        index.bytes() as f64 / 1e6
    );
    // Each takes the fewest lists with which it finds enough, so that their shares may differ a little.
    Step::new(&format!("index, recall {RECALL}, {} items", items.name))
        .beside("FAISS, inverted file", "IVF", 0.05)
        .beside("FAISS, inverted file of 8 bits", "IVF 8 bits", 0.05)
        .compare(
            criterion,
            peer,
            || each(items, |at| index.search(&items.queries.row(at), K, probes)),
            |found| share(found, &truth),
        )
}

/// The true neighbours, found by comparing each item.
fn exact(
    criterion: &mut Criterion<CoreTime>,
    peer: &mut Option<Peer>,
    items: &Items,
) -> Outcome<Found> {
    let index = ExactIndex::build(&items.vectors)?;
    let search = || each(items, |at| index.search(&items.queries.row(at), K));
    Step::new(&format!("exact search, {} items", items.name))
        .beside("FAISS", "FAISS, exact", 1e-6)
        .beside("NumPy", "NumPy, exact", 1e-6)
        .compare(criterion, peer, search, |found| {
            let hits = found.iter().flatten();
            hits.map(|hit| f64::from(hit.score)).sum()
        })?;
    Ok(search()?)
}

/// The fewest lists, of those tried, with which enough is found, and the share that is.
fn probes(index: &IvfIndex, items: &Items, truth: &Found) -> Outcome<(usize, f64)> {
    for &probes in items.probes {
        let found = each(items, |at| index.search(&items.queries.row(at), K, probes))?;
        let recall = share(&found, truth);
        if recall >= RECALL {
            return Ok((probes, recall));
        }
    }
    Err(format!(
        "no number of lists finds {RECALL} of the {} items",
        items.name
    )
    .into())
}

fn each(items: &Items, search: impl Fn(usize) -> Result<Vec<Hit>>) -> Result<Found> {
    (0..items.queries.nrows()).map(search).collect()
}

/// The share of the true neighbours that were found: the recall.
fn share(found: &Found, truth: &Found) -> f64 {
    let both = found.iter().zip(truth);
    let hits: usize = both
        .map(|(found, truth)| {
            let known = |hit: &&Hit| truth.iter().any(|true_hit| true_hit.item == hit.item);
            found.iter().filter(known).count()
        })
        .sum();
    hits as f64 / (K * truth.len()) as f64
}
