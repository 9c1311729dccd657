//! The figures as a table.

use crate::clock::Times;
use std::time::Duration;

/// A line of the table.
pub struct Row {
    name: String,
    build: Option<Duration>,
    recall: Option<f64>,
    /// Wall p50 and p99, core p50 and p99.
    times: [Duration; 4],
}

impl Row {
    pub fn new(
        name: &str,
        build: impl Into<Option<Duration>>,
        recall: Option<f64>,
        times: Times,
    ) -> Row {
        let at = |times: &[Duration], share: f64| {
            times[((times.len() - 1) as f64 * share).round() as usize]
        };
        Row {
            name: name.to_owned(),
            build: build.into(),
            recall,
            times: [
                at(&times.wall, 0.5),
                at(&times.wall, 0.99),
                at(&times.core, 0.5),
                at(&times.core, 0.99),
            ],
        }
    }

    /// A line that a peer printed: name, build, recall and four times in seconds, with tabs between.
    pub fn parse(line: &str) -> Option<Row> {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, build, recall, times @ ..] = &fields[..] else {
            return None;
        };
        let seconds = |text: &str| text.parse().ok().map(Duration::from_secs_f64);
        let times: Option<Vec<Duration>> = times.iter().map(|text| seconds(text)).collect();
        Some(Row {
            name: (*name).to_owned(),
            build: seconds(build),
            recall: recall.parse().ok(),
            times: times?.try_into().ok()?,
        })
    }

    pub fn print(&self) {
        let build = self
            .build
            .map(|time| format!("{:.1} s", time.as_secs_f64()));
        let recall = self.recall.map(|recall| format!("{recall:.3}"));
        print!(
            "{:<38}{:>9}{:>9}",
            self.name,
            build.unwrap_or_default(),
            recall.unwrap_or_default()
        );
        for time in self.times {
            print!("{:>12}", format!("{:.3} ms", 1e3 * time.as_secs_f64()));
        }
        println!();
    }
}

pub fn head() {
    println!(
        "{:<38}{:>9}{:>9}{:>12}{:>12}{:>12}{:>12}",
        "", "build", "recall", "wall p50", "wall p99", "core p50", "core p99"
    );
}
