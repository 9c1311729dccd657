//! The two weeks of the start page: what is next.

use super::exercises::Exercises;
use crate::notebook::lenient;
use std::collections::BTreeSet;

/// The notebook that holds the plan.
pub const START_PAGE: &str = "00_start_here.ipynb";
/// How many exercises of a notebook are to be solved before it counts as done.
const ENOUGH: usize = 2;

/// A day of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// 1 to 14.
    pub number: u32,
    /// What the plan says.
    pub work: String,
}

/// The days of the table `Day | Work | Minutes | Day | Work | Minutes` in the start page, in order.
pub fn days(start_page: &[u8]) -> Vec<Day> {
    let notebook = lenient(start_page).unwrap_or_default();
    let cells = notebook["cells"].as_array().into_iter().flatten();
    let texts = cells.map(|cell| crate::notebook::joined(&cell["source"]));
    let mut days = Vec::new();
    for text in texts.filter(|text| text.contains("| Day | Work |")) {
        for line in text.lines() {
            let fields: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            for group in fields.chunks_exact(3) {
                if let Ok(number) = group[0].parse() {
                    let work = group[1].to_owned();
                    days.push(Day { number, work });
                }
            }
        }
    }
    days.sort_by_key(|day| day.number);
    days
}

/// The first day whose notebooks are not done.
pub fn next<'a>(
    days: &'a [Day],
    exercises: &Exercises,
    passed: &BTreeSet<String>,
) -> Option<&'a Day> {
    days.iter().find(|day| !is_done(day, exercises, passed))
}

fn is_done(day: &Day, exercises: &Exercises, passed: &BTreeSet<String>) -> bool {
    let words = day.work.split(|c: char| !c.is_ascii_digit());
    let mut starts: Vec<String> = words
        .filter(|word| word.len() == 2)
        .map(|word| format!("q{word}_"))
        .collect();
    if day.work.contains("Reference card") {
        starts.push("reference_card".to_owned());
    }
    let mut notebooks = exercises.notebooks.iter().filter(|notebook| {
        // A day without numbers is for all that was skipped.
        starts.is_empty() || starts.iter().any(|start| notebook.name.starts_with(start))
    });
    let enough = if starts.is_empty() {
        usize::MAX
    } else {
        ENOUGH
    };
    notebooks.all(|notebook| {
        let count = notebook
            .checks
            .iter()
            .filter(|check| passed.contains(*check))
            .count();
        count >= enough.min(notebook.checks.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_plan_of_the_start_page_has_fourteen_days_and_each_is_done_at_some_time() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("notebooks");
        let days = days(&std::fs::read(folder.join(START_PAGE)).expect("the start page"));
        let numbers: Vec<u32> = days.iter().map(|day| day.number).collect();
        assert_eq!(numbers, (1..=14).collect::<Vec<_>>());
        let exercises = Exercises::in_folder(&folder).expect("the notebooks");
        let mut passed = BTreeSet::new();
        assert_eq!(next(&days, &exercises, &passed), days.first());
        // What is passed of one notebook after the other leads from day to day, to the end.
        let mut reached = BTreeSet::new();
        for check in exercises.notebooks.iter().flat_map(|it| &it.checks) {
            passed.insert(check.clone());
            reached.extend(next(&days, &exercises, &passed).map(|day| day.number));
        }
        assert!(reached.len() >= 3, "{reached:?}");
        assert_eq!(next(&days, &exercises, &passed), None);
    }
}
