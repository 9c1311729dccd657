//! The form of the notebooks: what every one must keep to, so that it reads well, is a good deck, and gives
//! readable differences under version control.
//!
//! All notebooks are held to the rules for files. Those in [`FINISHED`] are also held to the frame and to the
//! size of a slide.

use crate::slides::{self, Slide};
use crate::support::{json, notebooks};
use dsprep_tests::{executed_cells, joined};
use serde_json::Value;
use std::collections::BTreeSet;

/// All notebooks that there are in the end; links may lead to these.
pub const ALL: [&str; 18] = [
    "00_start_here",
    "01_rust_for_python",
    "q16_sql_joins",
    "q17_duplicates",
    "q18_top_n",
    "q19_backpropagation",
    "q20_attention",
    "q21_transfer_learning",
    "q22_tokenization",
    "q23_recommender",
    "q24_fraud_detection",
    "q25_model_monitoring",
    "q26_ab_testing",
    "q27_accuracy",
    "q28_offline_online",
    "q29_star_story",
    "q30_forecast_metrics",
    "reference_card",
];
/// The notebooks that keep to everything.
const FINISHED: [&str; 18] = ALL;
/// What the headings of a question begin with, in this order; others may come in between.
const SECTIONS: [&str; 10] = [
    "The idea",
    "The original, reproduced",
    "What the interviewer will catch",
    "Done right",
    "An experiment",
    "Pitfalls",
    "Exercises",
    "Follow-up questions",
    "Flash cards",
    "Further reading",
];
/// How many lines a code cell may have.
const LINES: usize = 15;
/// How wide a line of code may be, in characters.
const COLUMNS: usize = 110;

/// A notebook that is looked at.
struct File {
    name: String,
    document: Value,
}

impl File {
    fn all() -> Vec<File> {
        let file = |name: String| File {
            document: json(&format!("notebooks/{name}.ipynb")),
            name,
        };
        notebooks().into_iter().map(file).collect()
    }

    fn finished() -> Vec<File> {
        let mut files = File::all();
        files.retain(|file| FINISHED.contains(&file.name.as_str()));
        assert_eq!(
            files.len(),
            FINISHED.len(),
            "all finished notebooks are there"
        );
        files
    }

    fn is_question(&self) -> bool {
        self.name.starts_with('q')
    }

    fn cells(&self) -> &Vec<Value> {
        self.document["cells"]
            .as_array()
            .expect("a notebook has cells")
    }

    fn place(&self, cell: &Value) -> String {
        format!(
            "{}, cell `{}`",
            self.name,
            cell["id"].as_str().unwrap_or("?")
        )
    }
}

/// What is wrong in all files, each thing on a line.
fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// What `wrong` says about each cell.
fn in_cells(files: &[File], wrong: impl Fn(&Value) -> Vec<String>) -> Vec<String> {
    let cells = files
        .iter()
        .flat_map(|file| file.cells().iter().map(move |cell| (file, cell)));
    let problems = cells.flat_map(|(file, cell)| {
        let place = file.place(cell);
        wrong(cell)
            .into_iter()
            .map(move |problem| format!("{place}: {problem}"))
    });
    problems.collect()
}

fn is_code(cell: &Value) -> bool {
    cell["cell_type"] == "code"
}

fn source(cell: &Value) -> String {
    joined(&cell["source"])
}

fn has_tag(cell: &Value, tag: &str) -> bool {
    let tags = cell["metadata"]["tags"].as_array();
    tags.is_some_and(|tags| tags.iter().any(|own| own == tag))
}

#[test]
fn what_must_fail_stops_no_jupyter_that_runs_all_cells() {
    let problems = in_cells(&File::all(), |cell| {
        let tags = cell["metadata"]["tags"].as_array().into_iter().flatten();
        let named = tags
            .filter_map(Value::as_str)
            .any(|tag| tag.starts_with("raises-exception="));
        match named && !has_tag(cell, "raises-exception") {
            true => vec!["Jupyter knows the tag `raises-exception` alone: add it".to_owned()],
            false => Vec::new(),
        }
    });
    assert_none(&problems);
}

#[test]
fn cells_have_ids_of_their_own() {
    let mut problems = Vec::new();
    for file in File::all() {
        let mut seen = BTreeSet::new();
        for cell in file.cells() {
            let id = cell["id"].as_str().unwrap_or_default();
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
            if !(1..=64).contains(&id.len()) || !id.chars().all(allowed) {
                problems.push(format!("{}: no good id for a cell: `{id}`", file.name));
            }
            if !seen.insert(id) {
                problems.push(format!("{}: two cells have the id `{id}`", file.name));
            }
        }
    }
    assert_none(&problems);
}

#[test]
fn metadata_hold_nothing_that_changes_from_run_to_run() {
    let keys = |value: &Value| {
        value
            .as_object()
            .map(|keys| keys.keys().cloned().collect::<Vec<_>>())
    };
    let unknown = |value: &Value, known: &[&str]| {
        let mut keys = keys(value).unwrap_or_default();
        keys.retain(|key| !known.contains(&key.as_str()));
        keys
    };
    let mut problems = in_cells(&File::all(), |cell| {
        let mut keys = unknown(&cell["metadata"], &["jupyter", "slideshow", "tags"]);
        keys.extend(unknown(
            &cell["metadata"]["jupyter"],
            &["outputs_hidden", "source_hidden"],
        ));
        keys.into_iter()
            .map(|key| format!("metadata `{key}`"))
            .collect()
    });
    for file in File::all() {
        let known = ["dsprep", "kernelspec", "language_info"];
        let more = unknown(&file.document["metadata"], &known);
        problems.extend(
            more.into_iter()
                .map(|key| format!("{}: metadata `{key}`", file.name)),
        );
        if file.document["metadata"]["kernelspec"]["name"] != "dsprep" {
            problems.push(format!("{}: its kernel is not dsprep", file.name));
        }
        let cells = executed_cells(&file.document);
        let counts: Vec<_> = cells
            .iter()
            .map(|cell| cell["execution_count"].as_u64())
            .collect();
        let in_order = (1..)
            .zip(&counts)
            .all(|(number, count)| *count == Some(number));
        if !in_order {
            problems.push(format!(
                "{}: execution counts {counts:?}; store them anew: dsprep run --update",
                file.name
            ));
        }
    }
    assert_none(&problems);
}

#[test]
fn no_machine_shows_through() {
    let root = dsprep_tests::workspace().display().to_string();
    let signs = [
        root.as_str(),
        "/home/",
        "/root/",
        "/tmp/",
        "/Users/",
        "C:\\\\",
        "<script",
    ];
    let problems = in_cells(&File::all(), |cell| {
        let text = format!("{}{}", source(cell), cell["outputs"]);
        let found = signs.iter().filter(|sign| text.contains(**sign));
        found.map(|sign| format!("it contains {sign}")).collect()
    });
    assert_none(&problems);
}

#[test]
fn code_is_short_and_narrow() {
    let problems = in_cells(&File::all(), |cell| {
        if !is_code(cell) {
            return Vec::new();
        }
        let source = source(cell);
        let mut problems = Vec::new();
        if source.lines().count() > LINES {
            problems.push(format!("{} lines, at most {LINES}", source.lines().count()));
        }
        let wide = source.lines().filter(|line| line.chars().count() > COLUMNS);
        problems.extend(wide.map(|line| format!("wider than {COLUMNS} columns: {line}")));
        problems
    });
    assert_none(&problems);
}

#[test]
fn links_lead_to_notebooks_that_there_are() {
    let problems = in_cells(&File::all(), |cell| {
        let source = source(cell);
        let targets = source
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next());
        let notebooks =
            targets.filter_map(|target| target.split('#').next()?.strip_suffix(".ipynb"));
        let wrong = notebooks.filter(|name| !ALL.contains(name));
        wrong
            .map(|name| format!("no notebook {name}.ipynb"))
            .collect()
    });
    assert_none(&problems);
    let mut unknown = notebooks();
    unknown.retain(|name| !ALL.contains(&name.as_str()));
    assert_eq!(
        unknown,
        Vec::<String>::new(),
        "add them to the list of all notebooks"
    );
}

#[test]
fn each_exercise_has_its_solution_with_hints() {
    let mut problems = Vec::new();
    for file in File::all() {
        let cells = file.cells();
        let is_exercise = |cell: &Value| is_code(cell) && has_tag(cell, "exercise");
        let is_solution = |cell: &Value| !is_code(cell) && has_tag(cell, "solution");
        let exercises: Vec<usize> = (0..cells.len())
            .filter(|index| is_exercise(&cells[*index]))
            .collect();
        for (index, start) in exercises.iter().enumerate() {
            let end = exercises.get(index + 1).copied().unwrap_or(cells.len());
            let solutions = cells[*start..end].iter().filter(|cell| is_solution(cell));
            let solutions: Vec<_> = solutions.map(source).collect();
            let place = file.place(&cells[*start]);
            let [solution] = solutions.as_slice() else {
                problems.push(format!(
                    "{place}: {} cells with a solution, not 1",
                    solutions.len()
                ));
                continue;
            };
            let parts = [
                "<summary>Hint 1",
                "<summary>Hint 2",
                "<summary>Hint 3",
                "<summary>Solution",
                "```rust",
            ];
            let missing = parts
                .iter()
                .filter(|part| solution.matches(**part).count() != 1);
            problems.extend(missing.map(|part| format!("{place}: its solution needs {part} once")));
        }
        let first = exercises.first().copied().unwrap_or(cells.len());
        let early = cells[..first].iter().filter(|cell| is_solution(cell));
        problems.extend(
            early.map(|cell| format!("{}: a solution without an exercise", file.place(cell))),
        );
        let wanted = if file.name == "00_start_here" { 1 } else { 2 };
        if FINISHED.contains(&file.name.as_str()) && exercises.len() < wanted {
            problems.push(format!(
                "{}: {} exercises, at least {wanted}",
                file.name,
                exercises.len()
            ));
        }
    }
    assert_none(&problems);
}

/// The headings of the levels 1 to 3, with their level.
fn headings(file: &File) -> Vec<(usize, String)> {
    let texts = file.cells().iter().filter(|cell| !is_code(cell));
    let mut headings = Vec::new();
    for text in texts {
        let mut in_code = false;
        for line in source(text).lines() {
            in_code ^= line.trim_start().starts_with("```");
            let level = line.chars().take_while(|c| *c == '#').count();
            if !in_code && (1..=3).contains(&level) && line[level..].starts_with(' ') {
                headings.push((level, line[level..].trim().to_owned()));
            }
        }
    }
    headings
}

#[test]
fn finished_questions_have_all_sections_in_order() {
    let mut problems = Vec::new();
    for file in File::finished() {
        let headings = headings(&file);
        let titles = headings.iter().filter(|(level, _)| *level == 1).count();
        if titles != 1 || headings.first().is_none_or(|(level, _)| *level != 1) {
            problems.push(format!(
                "{}: {titles} titles; there must be one, in the first cell",
                file.name
            ));
        }
        if !file.is_question() {
            continue;
        }
        let number = file.name.get(1..3).unwrap_or_default();
        let title = format!("Question {number}: ");
        if headings
            .first()
            .is_none_or(|(_, text)| !text.starts_with(&title))
        {
            problems.push(format!(
                "{}: its title does not begin with `{title}`",
                file.name
            ));
        }
        let first = source(&file.cells()[0]);
        let parts = [
            "**As asked:**",
            "**The answer in 30 seconds.**",
            "**Afterwards you can**",
            "**See also:**",
            "minutes",
        ];
        let missing = parts.iter().filter(|part| !first.contains(**part));
        problems
            .extend(missing.map(|part| format!("{}: no `{part}` in the first cell", file.name)));
        let mut rest = headings.iter().map(|(_, text)| text);
        for section in SECTIONS {
            if !rest.any(|text| text.starts_with(section)) {
                problems.push(format!(
                    "{}: no section `{section}`, or not in this order",
                    file.name
                ));
                break;
            }
        }
    }
    assert_none(&problems);
}

/// The number in "about … minutes".
fn stated_minutes(text: &str) -> Option<&str> {
    let after = text.split("bout ").skip(1);
    let mut numbers = after.filter_map(|rest| rest.split(" minutes").next());
    numbers.find(|number| number.chars().all(|digit| digit.is_ascii_digit()))
}

#[test]
fn the_start_page_states_the_time_that_each_notebook_states() {
    let files = File::finished();
    let start = files
        .iter()
        .find(|file| file.name == "00_start_here")
        .expect("there is a start page");
    let rows: Vec<String> = start
        .cells()
        .iter()
        .flat_map(|cell| source(cell).lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| line.starts_with('|'))
        .collect();
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| file.name != start.name) {
        let link = format!("({}.ipynb)", file.name);
        let first = source(&file.cells()[0]);
        let stated = stated_minutes(&first).unwrap_or_default();
        let row = rows.iter().find(|row| row.contains(&link));
        if !row.is_some_and(|row| row.ends_with(&format!("| {stated} |"))) {
            problems.push(format!(
                "{}: it says {stated} minutes, and the start page {row:?}",
                file.name
            ));
        }
    }
    assert_none(&problems);
}

#[test]
fn finished_notebooks_are_good_decks() {
    let mut problems = Vec::new();
    for file in File::finished() {
        let slides = Slide::all(file.cells());
        let first = file
            .cells()
            .first()
            .is_some_and(|cell| slides::kind(cell) == Some("slide"));
        if !first {
            problems.push(format!(
                "{}: the first cell does not start a slide",
                file.name
            ));
        }
        for cell in file.cells() {
            let begins_section = !is_code(cell) && source(cell).starts_with("## ");
            if begins_section && slides::kind(cell) != Some("slide") {
                problems.push(format!("{}: a section starts a slide", file.place(cell)));
            }
        }
        for slide in &slides {
            problems.extend(
                slide
                    .problems()
                    .into_iter()
                    .map(|problem| format!("{}, {problem}", file.name)),
            );
        }
    }
    assert_none(&problems);
}

#[test]
fn no_text_of_a_figure_is_cut_at_its_left_edge() {
    let mut figures = 0;
    for file in File::all() {
        for cell in file.cells() {
            for output in cell["outputs"].as_array().into_iter().flatten() {
                let svg = joined(&output["data"]["image/svg+xml"]);
                figures += usize::from(!svg.is_empty());
                assert!(!svg.contains("<text x=\"0\""), "{}", file.place(cell));
            }
        }
    }
    assert!(figures > 80, "{figures}");
}
