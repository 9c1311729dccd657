//! Timing a step, and the table of all steps.

use crate::Outcome;
use crate::core_time::core_time;
use std::collections::BTreeMap;
use std::time::Duration;

/// What was computed, what it took, and a number on which both sides must agree.
pub struct Step {
    pub what: &'static str,
    pub size: &'static str,
    pub peer: &'static str,
    pub time: Duration,
    pub check: f64,
    /// By how much the peer's number may differ, relative to its size.
    pub tolerance: f64,
}

/// The result of `call`, and the CPU time of the fastest of `runs` runs.
pub fn fastest<T, E>(runs: usize, call: impl Fn() -> Result<T, E>) -> Result<(T, Duration), E> {
    let timed = || {
        let start = core_time();
        let result = call()?;
        Ok((result, core_time() - start))
    };
    let (mut result, mut best) = timed()?;
    for _ in 1..runs {
        // Before the next run, so that its memory can be used again.
        drop(result);
        let time;
        (result, time) = timed()?;
        best = best.min(time);
    }
    Ok((result, best))
}

/// Prints the table; `lines` are the peer's, "name<tab>seconds<tab>check".
pub fn print(steps: &[Step], lines: &[String]) -> Outcome<()> {
    let mut peers = BTreeMap::new();
    for line in lines {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, seconds, check] = fields[..] else {
            return Err(format!("the peer said {line:?}").into());
        };
        peers.insert(name, (seconds.parse::<f64>()?, check.parse::<f64>()?));
    }
    println!("| what | size | dsprep | peer | peer / dsprep |");
    println!("|---|---|---|---|---|");
    let mut differences = Vec::new();
    for step in steps {
        let (mut beside, mut ratio) = (String::new(), String::new());
        let ours = step.time.as_secs_f64();
        if let Some(&(theirs, check)) = peers.get(step.what) {
            let difference = (step.check - check).abs();
            if difference.is_nan() || difference > step.tolerance * check.abs() {
                differences.push(format!("{}: {} against {check}", step.what, step.check));
            }
            beside = format!("{} {}", milliseconds(theirs), step.peer);
            ratio = format!("{:.2}", theirs / ours);
        }
        println!(
            "| {} | {} | {} | {beside} | {ratio} |",
            step.what,
            step.size,
            milliseconds(ours)
        );
    }
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!("the results differ: {}", differences.join("; ")).into())
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.1} ms", 1e3 * seconds)
}
