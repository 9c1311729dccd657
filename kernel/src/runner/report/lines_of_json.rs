//! A line of JSON for each event, as it happens: for programs that look on.

use super::{Context, Reporter, reason};
use crate::error::{Error, Result};
use crate::runner::events::{CellRun, End, Event, Failed, Outcome, Run};
use crate::runner::pool::Tally;
use serde_json::{Value, json};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

/// Writes lines of JSON.
pub struct LinesOfJson {
    out: Box<dyn Write>,
    failed: Option<io::Error>,
    path: std::path::PathBuf,
}

impl LinesOfJson {
    /// A report in the file `path`, or on standard output if that is `-`.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn create(path: &Path, context: &Context) -> Result<Self> {
        let out: Box<dyn Write> = if path.as_os_str() == "-" {
            Box::new(io::stdout())
        } else {
            Box::new(File::create(path).map_err(Error::file("create", path))?)
        };
        let mut report = LinesOfJson {
            out,
            failed: None,
            path: path.to_owned(),
        };
        let at = context
            .started_at
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let notebooks: Vec<_> = context
            .titles
            .iter()
            .map(|title| json!({"path": title.path.display().to_string(), "cells": title.cells}))
            .collect();
        report.write(&json!({
            "event": "run-started", "format": 1, "program": concat!("dsprep ", env!("CARGO_PKG_VERSION")),
            "unix_time": at.as_secs_f64(), "notebooks": notebooks,
        }));
        Ok(report)
    }

    fn write(&mut self, line: &Value) {
        let written = writeln!(self.out, "{line}").and_then(|()| self.out.flush());
        if let Err(error) = written {
            self.failed.get_or_insert(error);
        }
    }
}

impl Reporter for LinesOfJson {
    fn event(&mut self, context: &Context, event: &Event) {
        let path = |notebook: &usize| {
            context
                .titles
                .get(*notebook)
                .map(|title| title.path.display().to_string())
        };
        let line = match event {
            Event::Started { notebook } => {
                json!({"event": "notebook-started", "notebook": path(notebook)})
            }
            Event::CellStarted {
                notebook,
                done,
                line,
            } => json!({
                "event": "cell-started", "notebook": path(notebook), "number": done + 1, "line": line,
            }),
            Event::CellFinished { notebook, cell } => {
                json!({"event": "cell-finished", "notebook": path(notebook), "cell": cell_json(cell)})
            }
            Event::Retried {
                notebook,
                failed,
                run,
            } => json!({
                "event": "notebook-retried", "notebook": path(notebook), "failed": failed, "run": run_json(run),
            }),
            Event::Shown {
                notebook,
                number,
                is_error,
                text,
                ..
            } => json!({
                "event": "cell-shows", "notebook": path(notebook), "number": number,
                "stream": if *is_error { "stderr" } else { "stdout" }, "text": text,
            }),
            Event::NotCached { notebook, why } => {
                json!({"event": "notebook-changed", "notebook": path(notebook), "why": why})
            }
            Event::Stopping(_) => json!({"event": "run-stopping"}),
            Event::Finished { notebook, run } => {
                json!({"event": "notebook-finished", "notebook": path(notebook), "run": run_json(run)})
            }
        };
        self.write(&line);
    }

    fn end(&mut self, context: &Context, tally: &Tally) -> Result<()> {
        self.write(&json!({
            "event": "run-finished", "seconds": seconds(context.start.elapsed()), "exit_code": tally.exit_code(),
            "notebooks": tally.planned, "passed": tally.passed,
            "unchanged": tally.unchanged, "flaky": tally.flaky, "failed": tally.failed,
            "not_run": tally.not_run, "updated": tally.updated, "cells": tally.cells,
        }));
        match self.failed.take() {
            // Whoever read standard output has had enough.
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Some(error) => Err(Error::file("write", &self.path)(error)),
            None => Ok(()),
        }
    }
}

fn cell_json(cell: &CellRun) -> Value {
    json!({
        "number": cell.number, "index": cell.position, "id": cell.id, "line": cell.line,
        "seconds": seconds(cell.took),
        "outcome": match cell.outcome {
            Outcome::Passed => "passed",
            Outcome::Raised => "raised",
            Outcome::Failed => "failed",
            Outcome::Skipped => "skipped",
            Outcome::Stopped => "stopped",
        },
    })
}

fn run_json(run: &Run) -> Value {
    let failures = match &run.end {
        End::Failed(failed) => failed.iter().map(failed_json).collect(),
        _ => Vec::new(),
    };
    let outcome = match &run.end {
        End::Passed { .. } if run.is_flaky() => "flaky",
        End::Passed { .. } => "passed",
        End::Unchanged { .. } => "unchanged",
        End::Failed(_) if run.is_no_run() => "not-run",
        End::Failed(_) => "failed",
        End::Stopped => "stopped",
    };
    json!({
        "outcome": outcome, "seconds": seconds(run.took), "peak_memory": run.peak_memory,
        "updated": matches!(run.end, End::Passed { updated: true }),
        "failures": failures, "cells": run.cells.iter().map(cell_json).collect::<Vec<_>>(),
    })
}

fn failed_json(failed: &Failed) -> Value {
    let cell = failed
        .cell
        .as_ref()
        .map(|cell| json!({"number": cell.number, "index": cell.position - 1, "id": cell.id}));
    json!({"cell": cell, "reason": reason::reason(&failed.failure)})
}

fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).round() / 1000.0
}
