//! The algorithms of the crate at sizes that matter, on one thread, beside the libraries of Python.
//!
//! ```text
//! cargo bench --bench algorithms
//! DSPREP_PEERS=/path/to/python cargo bench --bench algorithms     # with NumPy, SciPy, scikit-learn, tokenizers
//! ```
//!
//! Both sides draw the same data from the same seeds, and the results are compared: a step whose results
//! differ ends the bench. Each time is the CPU time of the fastest of several runs, so that what else the
//! machine does counts little.

#[path = "../common/core_time.rs"]
mod core_time;
mod learning;
mod numbers;
#[path = "../common/peers.rs"]
mod peers;
mod samples;
mod table;
mod text;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut steps = numbers::steps()?;
    steps.extend(samples::steps()?);
    steps.extend(learning::steps()?);
    let folder = std::env::temp_dir().join(format!("dsprep-algorithms-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let lines = text::steps(&folder).and_then(|of_text| {
        steps.extend(of_text);
        peers::lines("algorithms.py", &[&folder])
    });
    std::fs::remove_dir_all(&folder)?;
    table::print(&steps, &lines?.unwrap_or_default())
}
