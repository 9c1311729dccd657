//! The figures as tables.

use crate::{Side, cells};
use std::time::Duration;

/// Each cell's time on each side.
pub fn print_cells(sides: &[Side]) {
    print!("{:<64}", "cell");
    for side in sides {
        print!("{:>14}", side.name);
    }
    println!();
    for (index, cell) in cells::SCRIPT.iter().enumerate() {
        let line: String = cell
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(62)
            .collect();
        print!("{line:<64}");
        for side in sides {
            print!("{:>14}", seconds(side.cells[index]));
        }
        println!();
    }
    println!();
}

/// Medians, 95th percentiles, ratios to the floor, and memory.
pub fn print_summary(sides: &[Side]) {
    let floor = &sides[1];
    println!(
        "{:<14}{:>14}{:>16}{:>13}{:>8}{:>11}{:>8}{:>12}",
        "", "kernel_info", "first result", "median", "×floor", "p95", "×floor", "memory"
    );
    for side in sides {
        let (median, p95) = (median(&side.cells), percentile(&side.cells, 0.95));
        println!(
            "{:<14}{:>14}{:>16}{:>13}{:>8.2}{:>11}{:>8.2}{:>12}",
            side.name,
            optional(side.info.map(seconds)),
            optional(side.first.map(seconds)),
            seconds(median),
            median.as_secs_f64() / self::median(&floor.cells).as_secs_f64(),
            seconds(p95),
            p95.as_secs_f64() / percentile(&floor.cells, 0.95).as_secs_f64(),
            optional(side.memory.map(|memory| format!("{memory:.0} MB"))),
        );
    }
    println!("({} cells after the first)", cells::SCRIPT.len());
}

/// A duration in seconds.
pub fn seconds(duration: Duration) -> String {
    format!("{:.3} s", duration.as_secs_f64())
}

/// The median.
pub fn median(times: &[Duration]) -> Duration {
    percentile(times, 0.5)
}

/// The longest.
pub fn slowest(times: &[Duration]) -> Duration {
    percentile(times, 1.0)
}

fn percentile(times: &[Duration], share: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let last = sorted.len().saturating_sub(1);
    sorted
        .get((last as f64 * share).round() as usize)
        .copied()
        .unwrap_or_default()
}

fn optional(text: Option<String>) -> String {
    text.unwrap_or_else(|| "-".to_owned())
}
