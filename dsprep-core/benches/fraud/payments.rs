//! What Python gets of the payments.

use crate::compare::Outcome;
use dsprep_core::prelude::*;
use std::fmt::Write as _;
use std::path::Path;

/// How many payments Python gets: it is slow.
pub const SENT: usize = 30_000;
/// How many of these, if there is a model behind.
pub const FEW: usize = 500;

/// Leaves the first payments in `folder`, and what a model is to learn from.
pub fn write(folder: &Path, stream: &[Payment], training: &FeatureTable) -> Outcome<()> {
    std::fs::write(folder.join("payments.csv"), payments(&stream[..SENT])?)?;
    std::fs::write(folder.join("training.csv"), table(training)?)?;
    Ok(())
}

fn payments(stream: &[Payment]) -> Outcome<String> {
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

fn table(training: &FeatureTable) -> Outcome<String> {
    let mut text = String::new();
    for (features, label) in training.features.outer_iter().zip(&training.labels) {
        for value in features {
            write!(text, "{value},")?;
        }
        writeln!(text, "{label}")?;
    }
    Ok(text)
}
