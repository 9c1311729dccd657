//! The stages of question 23 at full size, on one core, beside FAISS and NumPy.
//!
//! ```text
//! cargo bench --bench recommend
//! DSPREP_PEERS=/path/to/python cargo bench --bench recommend     # a Python with faiss-cpu and numpy
//! ```
//!
//! A million items of 32 dimensions, 100 queries for 100 items each. The items are those of the original
//! (independent normal numbers, the hardest case: no direction is more common than another), and items
//! around 1,000 topics, as a trained model gives them. A step of a search is all 100 queries, one after the other, as they come to
//! a server. Times are CPU time; what an index takes to be built is printed once.

#[path = "../common/compare.rs"]
mod compare;
#[path = "../common/core_time.rs"]
mod core_time;
#[path = "../common/folder.rs"]
mod folder;
mod items;
#[path = "../common/measurement.rs"]
mod measurement;
#[path = "../common/peers.rs"]
mod peers;
mod searches;
mod stages;

use compare::{Outcome, Peer, criterion};
use folder::with_folder;
use std::path::Path;

fn main() -> Outcome<()> {
    with_folder("recommend", run)
}

fn run(folder: &Path) -> Outcome<()> {
    let mut criterion = criterion();
    let candidates = stages::candidates()?;
    stages::write(folder, &candidates)?;
    let mut peer = Peer::start("recommend.py", &[folder])?;
    stages::run(&mut criterion, &mut peer, &candidates)?;
    for items in [items::topics(), items::normal()] {
        items.write(folder)?;
        // A peer for each kind of items: two kinds with their indices would not fit into the memory of a small machine.
        let mut peer = Peer::start("recommend.py", &[folder])?;
        searches::run(&mut criterion, &mut peer, &items)?;
    }
    criterion.final_summary();
    Ok(())
}
