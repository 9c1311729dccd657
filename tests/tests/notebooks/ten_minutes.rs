//! Ten minutes on a blank page: one exercise of each notebook is as an interviewer sets it, with what has to be said
//! aloud, and is the task of `dsprep cards --mock`.

use crate::form::ALL;
use crate::support::json;
use dsprep_core::interview::cards::deck::{Opening, openings};
use dsprep_tests::joined;
use serde_json::Value;

fn has_tag(cell: &Value, tag: &str) -> bool {
    let tags = cell["metadata"]["tags"].as_array();
    tags.is_some_and(|tags| tags.iter().any(|own| own == tag))
}

/// What is wrong with the blank page of a notebook.
fn problems(cells: &[Value], opening: &Opening) -> Vec<String> {
    let mut problems = Vec::new();
    let blank = |cell: &&Value| has_tag(cell, "ten-minutes") && has_tag(cell, "exercise");
    if cells.iter().filter(blank).count() != 1 {
        problems.push("not one exercise is tagged `ten-minutes`".to_owned());
    }
    let Some(at) = cells.iter().position(|cell| blank(&cell)) else {
        return problems;
    };
    let lines = joined(&cells[at]["source"]).lines().count();
    if lines > 8 {
        problems.push(format!("its stub has {lines} lines: that is no blank page"));
    }
    // A speaker's note may stand between.
    let is_note = |cell: &&Value| cell["metadata"]["slideshow"]["slide_type"] == "notes";
    let above = cells[..at].iter().rev().find(|cell| !is_note(cell));
    let text = above
        .map(|cell| joined(&cell["source"]))
        .unwrap_or_default();
    if !text.to_lowercase().contains("ten minutes") {
        problems.push("nothing above it says that it is for ten minutes".to_owned());
    }
    let solution = cells[at..].iter().find(|cell| has_tag(cell, "solution"));
    let solution = solution
        .map(|cell| joined(&cell["source"]))
        .unwrap_or_default();
    let wanted = opening.task.rubric.iter().map(|point| format!("- {point}"));
    let language = if opening.question <= 18 {
        "sql"
    } else {
        "python"
    };
    let wanted = wanted.chain([format!("```{language}\n{}```", opening.task.solution)]);
    problems.extend(
        wanted
            .filter(|part| !solution.contains(part))
            .map(|part| format!("its solution does not hold: {part}")),
    );
    problems
}

#[test]
fn each_question_has_a_blank_page_and_it_is_the_task_of_the_mock_interview() {
    for opening in &openings() {
        let number = format!("q{}_", opening.question);
        let name = ALL
            .into_iter()
            .find(|name| name.starts_with(&number))
            .expect("a notebook");
        let notebook = json(&format!("notebooks/{name}.ipynb"));
        let cells = notebook["cells"].as_array().expect("a notebook has cells");
        assert_eq!(problems(cells, opening), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn the_mock_interview_has_the_30_second_answers_of_the_notebooks() {
    let words = |text: &str| {
        let plain = text.replace(['*', '`'], "");
        plain
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    for opening in openings().iter().filter(|opening| opening.question >= 23) {
        let number = format!("q{}_", opening.question);
        let name = ALL
            .into_iter()
            .find(|name| name.starts_with(&number))
            .expect("a notebook");
        let title = joined(&json(&format!("notebooks/{name}.ipynb"))["cells"][0]["source"]);
        let (_, rest) = title
            .split_once("**The answer in 30 seconds.**")
            .expect("it is there");
        let answer = rest.split("\n\n").next().unwrap_or_default();
        assert_eq!(words(answer), words(opening.answer), "{name}");
    }
}
