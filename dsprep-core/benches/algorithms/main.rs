//! The algorithms of the crate at sizes that matter, on one thread, beside the libraries of Python.
//!
//! ```text
//! cargo bench --bench algorithms
//! DSPREP_PEERS=/path/to/python cargo bench --bench algorithms     # with NumPy, SciPy, scikit-learn, tokenizers
//! ```
//!
//! Both sides draw the same data from the same seeds, and the results are compared: a step whose results
//! differ ends the bench. Criterion times both sides, ours and the peer's, by CPU time, so that what else the machine
//! does counts little. `-- NAME` after the command times one step only.

#[path = "../common/compare.rs"]
mod compare;
#[path = "../common/core_time.rs"]
mod core_time;
#[path = "../common/folder.rs"]
mod folder;
mod learning;
#[path = "../common/measurement.rs"]
mod measurement;
mod numbers;
#[path = "../common/peers.rs"]
mod peers;
mod samples;
mod text;

use compare::{Outcome, Peer, criterion};
use folder::with_folder;
use std::path::Path;

fn main() -> Outcome<()> {
    with_folder("algorithms", run)
}

fn run(folder: &Path) -> Outcome<()> {
    let text = text::write(folder)?;
    let (mut criterion, mut peer) = (criterion(), Peer::start("algorithms.py", &[folder])?);
    numbers::compare(&mut criterion, &mut peer)?;
    samples::compare(&mut criterion, &mut peer)?;
    learning::compare(&mut criterion, &mut peer)?;
    text.compare(&mut criterion, &mut peer)?;
    criterion.final_summary();
    Ok(())
}
