//! What Python does with the same payments.

use crate::{AnyError, Row, peers};
use dsprep_core::prelude::*;
use std::fmt::Write as _;

/// How many payments the peers get: they are slow.
const PAYMENTS: usize = 10_000;

/// The rows of `tests/peers/fraud.py`, if the variable DSPREP_PEERS names a Python.
pub fn peer_rows(stream: &[Payment], training: &FeatureTable) -> Result<Vec<Row>, AnyError> {
    let folder = std::env::temp_dir().join(format!("dsprep-fraud-peers-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("payments.csv"), payments(&stream[..PAYMENTS])?)?;
    std::fs::write(folder.join("training.csv"), table(training)?)?;
    let lines = peers::lines("fraud.py", &[&folder]);
    std::fs::remove_dir_all(&folder)?;
    let lines = lines?.unwrap_or_default();
    lines.iter().map(|line| row(line)).collect()
}

/// A line of the script: name, number of events, seconds, and the time of each event where it took it.
fn row(line: &str) -> Result<Row, AnyError> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [name, events, seconds, latencies] = fields[..] else {
        return Err(format!("the peers said {line:?}").into());
    };
    let latencies = latencies.split_whitespace().map(str::parse);
    Ok(Row {
        name: name.to_owned(),
        events: events.parse()?,
        seconds: seconds.parse()?,
        latencies: latencies.collect::<Result<_, _>>()?,
    })
}

fn payments(stream: &[Payment]) -> Result<String, AnyError> {
    let mut text = String::from("id,user,time,arrived,amount,device,merchant,latitude,longitude\n");
    for p in stream {
        writeln!(
            text,
            "{},{},{},{},{},{},{},{},{}",
            p.id,
            p.user,
            p.time,
            p.arrived,
            p.amount,
            p.device,
            p.merchant,
            p.latitude,
            p.longitude
        )?;
    }
    Ok(text)
}

fn table(training: &FeatureTable) -> Result<String, AnyError> {
    let mut text = String::new();
    for (features, label) in training.features.outer_iter().zip(&training.labels) {
        for value in features {
            write!(text, "{value},")?;
        }
        writeln!(text, "{label}")?;
    }
    Ok(text)
}
