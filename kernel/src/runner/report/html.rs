//! One HTML page about a run: the verdicts, the slowest cells, what failed, and every notebook as it came out.

use super::{Context, Reporter, failure, lines, reason, summary};
use crate::error::Result;
use crate::notebook::{Notebook, replace};
use crate::page::{escaped, notebook, outputs, page};
use crate::runner::events::{CellRun, End, Event, Failed, Failure, Run};
use crate::runner::pool::Tally;
use crate::terminal::Paint;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How many of the slowest cells are listed.
const SLOWEST: usize = 10;

/// Collects what happens, and writes the page at the end.
pub struct Html {
    path: PathBuf,
    runs: BTreeMap<usize, Told>,
}

struct Told {
    verdict: (&'static str, &'static str),
    cells: Vec<CellRun>,
    took: Duration,
    peak_memory: Option<u64>,
    failures: Option<String>,
    /// The stored outputs beside the fresh ones, where they differ.
    beside: String,
    fresh: Option<Notebook>,
}

impl Html {
    /// A report in the file `path`.
    pub fn new(path: &Path) -> Self {
        Html {
            path: path.to_owned(),
            runs: BTreeMap::new(),
        }
    }

    fn table(&self, context: &Context) -> String {
        let rows = context.titles.iter().enumerate().map(|(index, title)| {
            let name = escaped(&title.name);
            let Some(run) = self.runs.get(&index) else {
                return format!("<tr><td>{name}</td><td class=\"stopped\">not run</td><td></td><td></td><td></td></tr>\n");
            };
            let (class, word) = run.verdict;
            let memory = run.peak_memory.map_or(String::new(), reason::mebibytes);
            format!(
                "<tr><td><a href=\"#notebook-{index}\">{name}</a></td><td class=\"{class}\">{word}</td>\
                 <td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{memory}</td></tr>\n",
                run.cells.len(),
                lines::seconds(run.took)
            )
        });
        format!(
            "<table>\n<tr><th>Notebook</th><th>Verdict</th><th>Cells</th><th>Time</th><th>Memory</th></tr>\n{}</table>\n",
            rows.collect::<String>()
        )
    }

    fn slowest(&self, context: &Context) -> String {
        let cells = self
            .runs
            .iter()
            .flat_map(|(index, run)| run.cells.iter().map(move |cell| (index, cell)));
        let mut cells: Vec<_> = cells.filter(|(_, cell)| !cell.took.is_zero()).collect();
        cells.sort_by_key(|(_, cell)| std::cmp::Reverse(cell.took));
        let rows = cells.iter().take(SLOWEST).map(|(index, cell)| {
            let name = context.titles.get(**index).map_or("", |title| &title.name);
            format!(
                "<tr><td>{}</td><td class=\"number\">{}</td><td><code>{}</code></td><td class=\"number\">{}</td></tr>\n",
                escaped(name),
                cell.number,
                escaped(&cell.line),
                lines::seconds(cell.took)
            )
        });
        format!(
            "<h2>The slowest cells</h2>\n<table>\n<tr><th>Notebook</th><th>Cell</th><th>First line</th><th>Time</th></tr>\n{}</table>\n",
            rows.collect::<String>()
        )
    }

    fn notebooks(&self, context: &Context) -> String {
        let shown = self.runs.iter().map(|(index, run)| {
            let name = context.titles.get(*index).map_or("", |title| &title.name);
            let (class, word) = run.verdict;
            let failures = run.failures.as_deref().map_or(String::new(), |text| format!("<pre class=\"stderr\">{}</pre>\n", escaped(text)));
            let cells = run.fresh.as_ref().map_or(String::new(), |fresh| notebook(&fresh.value()));
            let open = if run.failures.is_some() { " open" } else { "" };
            format!(
                "<details id=\"notebook-{index}\"{open}><summary>{} <span class=\"{class}\">{word}</span></summary>\n{failures}{}{cells}</details>\n",
                escaped(name),
                run.beside
            )
        });
        shown.collect()
    }
}

impl Reporter for Html {
    fn event(&mut self, context: &Context, event: &Event) {
        let Event::Finished { notebook, run } = event else {
            return;
        };
        let failed: &[Failed] = match &run.end {
            End::Failed(failed) => failed,
            _ => &[],
        };
        let title = context.titles.get(*notebook).filter(|_| !failed.is_empty());
        let failures = title.map(|title| failure::blocks(Paint::plain_only(), title, failed));
        let told = Told {
            verdict: verdict(run),
            cells: run.cells.clone(),
            took: run.took,
            peak_memory: run.peak_memory,
            failures,
            beside: failed.iter().map(beside).collect(),
            fresh: run.fresh.clone(),
        };
        self.runs.insert(*notebook, told);
    }

    fn end(&mut self, context: &Context, tally: &Tally) -> Result<()> {
        let sums = summary::summary(Paint::plain_only(), tally, context.start.elapsed(), None);
        let body = format!(
            "<h1>Notebooks</h1>\n<p>{}</p>\n{}{}{}",
            escaped(&sums).replace('\n', "<br>"),
            self.table(context),
            self.slowest(context),
            self.notebooks(context)
        );
        replace(&self.path, page("Notebooks", &body).as_bytes()).map(drop)
    }
}

/// The stored outputs of a cell beside the fresh ones, pictures too.
fn beside(failed: &Failed) -> String {
    let (Some(cell), Failure::Differs { stored, fresh, .. }) = (&failed.cell, &failed.failure)
    else {
        return String::new();
    };
    let column = |name: &str, all: &[Value]| {
        let shown = match all {
            [] => "<p>no output</p>\n".to_owned(),
            all => outputs(all),
        };
        format!("<div class=\"outputs\"><b>{name}</b>\n{shown}</div>\n")
    };
    format!(
        "<h3>Code cell {} of {}</h3>\n<div class=\"beside\">\n{}{}</div>\n",
        cell.number,
        cell.of,
        column("Stored", stored),
        column("This run", fresh)
    )
}

/// The class and the word for how a run ended.
fn verdict(run: &Run) -> (&'static str, &'static str) {
    match &run.end {
        End::Passed { .. } if run.is_flaky() => ("flaky", "flaky"),
        End::Passed { .. } => ("passed", "passed"),
        End::Unchanged { .. } => ("passed", "unchanged"),
        End::Failed(_) if run.is_no_run() => ("failed", "no kernel"),
        End::Failed(_) => ("failed", "failed"),
        End::Stopped => ("stopped", "stopped"),
    }
}
