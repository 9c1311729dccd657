//! The path of fifty minutes through a notebook: cells tagged `core`, speaker notes whose times add up, and headings
//! that say what is deeper. And the answer in 30 seconds, which has to be one.
//!
//! A stop of the path has a text cell for the speaker (slide type `notes`): "*Class, minutes 5 to 12 of 50 (7).* …",
//! with what to expect from a class.

use crate::form::ALL;
use crate::support::json;
use dsprep_tests::joined;
use serde_json::Value;

/// How many cells a class can go through in fifty minutes.
const CELLS: std::ops::RangeInclusive<usize> = 20..=32;
/// The minutes of a class.
const MINUTES: u32 = 50;
/// How many words can be said in half a minute.
const WORDS: usize = 80;

fn has_tag(cell: &Value, tag: &str) -> bool {
    let tags = cell["metadata"]["tags"].as_array();
    tags.is_some_and(|tags| tags.iter().any(|own| own == tag))
}

/// Whether it is a stop of the path; debriefs are notes for the speaker, too.
fn is_note(cell: &Value) -> bool {
    cell["metadata"]["slideshow"]["slide_type"] == "notes"
        && !joined(&cell["source"]).starts_with("<details>")
}

/// The first and the last minute of a stop, and how many it says that it takes.
fn times(note: &str) -> Option<[u32; 3]> {
    let (_, rest) = note.split_once("minutes ")?;
    let (first, rest) = rest.split_once(" to ")?;
    let (last, rest) = rest.split_once(" of 50 (")?;
    let (takes, _) = rest.split_once(')')?;
    Some([first.parse().ok()?, last.parse().ok()?, takes.parse().ok()?])
}

/// A heading of the level 2 or 3, and the cell in which it stands.
struct Heading {
    cell: usize,
    level: usize,
    text: String,
}

fn headings(cells: &[Value]) -> Vec<Heading> {
    let mut headings = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        if cell["cell_type"] == "code" {
            continue;
        }
        let mut in_code = false;
        for line in joined(&cell["source"]).lines() {
            in_code ^= line.trim_start().starts_with("```");
            let level = line.chars().take_while(|c| *c == '#').count();
            if !in_code && (2..=3).contains(&level) && line[level..].starts_with(' ') {
                headings.push(Heading {
                    cell: index,
                    level,
                    text: line[level..].trim().to_owned(),
                });
            }
        }
    }
    headings
}

/// What is wrong with the path of a notebook.
fn problems(cells: &[Value]) -> Vec<String> {
    let mut problems = Vec::new();
    let core = cells.iter().filter(|cell| has_tag(cell, "core")).count();
    if !CELLS.contains(&core) {
        problems.push(format!("{core} cells are tagged `core`"));
    }
    let mut minute = 0;
    for note in cells.iter().filter(|cell| is_note(cell)) {
        let text = joined(&note["source"]);
        match times(&text) {
            Some([first, last, takes]) if first == minute && last == first + takes => minute = last,
            found => problems.push(format!(
                "{} says {found:?} after minute {minute}",
                note["id"]
            )),
        }
        let says = text.split("* ").nth(1).unwrap_or_default();
        if says.split_whitespace().count() < 5 {
            problems.push(format!("{} does not say what to expect", note["id"]));
        }
    }
    if minute != MINUTES {
        problems.push(format!("the stops take {minute} minutes"));
    }
    let headings = headings(cells);
    let end = headings.iter().position(|heading| {
        ["Pitfalls", "Exercises"]
            .iter()
            .any(|end| heading.text.starts_with(end))
    });
    let end = end.unwrap_or(headings.len());
    for (at, heading) in headings[..end].iter().enumerate() {
        let next = headings[at + 1..]
            .iter()
            .find(|next| next.level <= heading.level && next.cell > heading.cell);
        let last = next.map_or(cells.len(), |next| next.cell);
        let is_core = cells[heading.cell..last]
            .iter()
            .any(|cell| has_tag(cell, "core"));
        if is_core == heading.text.ends_with("(deeper)") {
            let is = if is_core { "is on" } else { "is not on" };
            problems.push(format!("`{}` {is} the path", heading.text));
        }
    }
    problems
}

/// The notebooks with a path.
fn with_a_path() -> Vec<(&'static str, Value)> {
    let has_questions = |name: &&str| name.starts_with('q') || *name == "reference_card";
    let all = ALL.into_iter().filter(has_questions);
    let all = all.map(|name| (name, json(&format!("notebooks/{name}.ipynb"))));
    let has_one = |notebook: &Value| {
        let cells = notebook["cells"].as_array();
        cells.is_some_and(|cells| cells.iter().any(|cell| has_tag(cell, "core")))
    };
    all.filter(|(_, notebook)| has_one(notebook)).collect()
}

#[test]
fn a_class_of_fifty_minutes_is_marked_in_each_notebook() {
    let notebooks = with_a_path();
    assert!(
        notebooks.len() == 16,
        "the path of most notebooks is missing"
    );
    for (name, notebook) in notebooks {
        let cells = notebook["cells"].as_array().expect("a notebook has cells");
        assert_eq!(problems(cells), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_answer_in_30_seconds_can_be_said_in_30_seconds() {
    for name in ALL.into_iter().filter(|name| name.starts_with('q')) {
        let notebook = json(&format!("notebooks/{name}.ipynb"));
        let title = joined(&notebook["cells"][0]["source"]);
        let (_, rest) = title
            .split_once("**The answer in 30 seconds.**")
            .expect("it is there");
        let answer = rest.split("\n\n").next().unwrap_or_default();
        let words = answer.split_whitespace().count();
        assert!((40..=WORDS).contains(&words), "{name}: {words} words");
    }
}

#[test]
fn times_that_do_not_add_up_and_headings_that_mislead_are_found() {
    let text = |id: &str, source: &str, tag: Option<&str>| {
        serde_json::json!({"cell_type": "markdown", "id": id, "source": source,
            "metadata": {"tags": tag.into_iter().collect::<Vec<_>>()}})
    };
    let note = |id: &str, source: &str| {
        serde_json::json!({"cell_type": "markdown", "id": id, "source": source,
            "metadata": {"slideshow": {"slide_type": "notes"}}})
    };
    let path = |first: &str, second: &str, heading: &str| {
        let mut cells: Vec<Value> = (0..20)
            .map(|at| text(&at.to_string(), "Text", Some("core")))
            .collect();
        cells.push(note(
            "a",
            &format!("*Class, {first}.* Expect that nobody asks anything."),
        ));
        cells.push(text("h", &format!("## {heading}"), None));
        cells.push(note(
            "b",
            &format!("*Class, {second}.* Expect that nobody asks anything."),
        ));
        cells
    };
    let (first, second) = ("minutes 0 to 20 of 50 (20)", "minutes 20 to 50 of 50 (30)");
    assert!(problems(&path(first, second, "More (deeper)")).is_empty());
    for wrong in [
        path(first, second, "More"),
        path(first, "minutes 20 to 49 of 50 (29)", "More (deeper)"),
        path(first, "minutes 20 to 50 of 50 (20)", "More (deeper)"),
        path("minutes 0 to 21 of 50 (21)", second, "More (deeper)"),
        path(first, second, "More (deeper)")[1..].to_vec(),
    ] {
        assert!(!problems(&wrong).is_empty());
    }
}
