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
mod learning;
#[path = "../common/measurement.rs"]
mod measurement;
mod numbers;
#[path = "../common/peers.rs"]
mod peers;
mod samples;
mod text;

use compare::{Outcome, Peer, criterion};

fn main() -> Outcome<()> {
    let folder = std::env::temp_dir().join(format!("dsprep-algorithms-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = text::write(&folder).and_then(|text| {
        let (mut criterion, mut peer) = (criterion(), Peer::start("algorithms.py", &[&folder])?);
        numbers::compare(&mut criterion, &mut peer)?;
        samples::compare(&mut criterion, &mut peer)?;
        learning::compare(&mut criterion, &mut peer)?;
        text.compare(&mut criterion, &mut peer)?;
        criterion.final_summary();
        Ok(())
    });
    std::fs::remove_dir_all(&folder)?;
    outcome
}
