//! What a notebook's run comes to: the executed copy, and whether everything is as it should be.

use super::cover;
use super::events::{CellRun, End, Failed, FailedCell, Failure, Problem};
use super::execute::Settings;
use super::exercise::{Exercise, Verdict};
use super::marks::Marks;
use super::plan::Planned;
use super::recorder::Recorder;
use crate::compare::{
    Change, Difference, Rules, compare, same_but_for_numbers, same_but_for_what_varies,
};
use crate::notebook::{Cell, Notebook, Written, replace, replace_in_folder};
use std::fs;
use std::io::ErrorKind;

/// What became of the cells.
#[derive(Default)]
pub struct Progress {
    /// Their outputs.
    pub recorder: Recorder,
    /// The places of the cells that were begun.
    pub executed: Vec<usize>,
    /// How each cell went that is through or was left out.
    pub cells: Vec<CellRun>,
    /// The exercises whose solutions were tried, and how that went.
    pub exercises: Vec<(Exercise, Result<(), Problem>)>,
    /// The most memory that the kernel was seen to use, in bytes.
    pub peak_memory: Option<u64>,
}

impl Progress {
    /// How many exercises their solutions solved.
    pub fn solved(&self) -> usize {
        let solved = self.exercises.iter().filter(|(_, solved)| solved.is_ok());
        solved.count()
    }
}

/// Writes the executed copy, and the notebook itself if that is wanted and it passed; says how the run ended, and gives
/// the fresh notebook if a report needs it. `failed` are the cells that failed.
pub fn end(
    planned: &Planned,
    settings: &Settings,
    mut progress: Progress,
    failed: Vec<Failed>,
) -> (End, Option<Notebook>) {
    let exercises = std::mem::take(&mut progress.exercises);
    let fresh = executed(&planned.notebook, progress);
    let copied = match &settings.copies {
        Some(folder) => replace_in_folder(folder, &planned.copy, &fresh.to_bytes()),
        None => Ok(Written::Unchanged),
    };
    let judged = judge(planned, settings, &fresh, exercises, failed);
    let end = if judged.is_empty() {
        let written = copied
            .map_err(Failure::NotWritten)
            .and_then(|_| update(planned, settings, &fresh));
        match written {
            Ok(written) => End::Passed {
                updated: written == Written::Changed,
            },
            Err(failure) => End::Failed(vec![Failed {
                cell: None,
                failure,
            }]),
        }
    } else {
        End::Failed(judged)
    };
    (end, settings.keep_fresh.then_some(fresh))
}

/// All that is wrong, in the order of the cells.
fn judge(
    planned: &Planned,
    settings: &Settings,
    fresh: &Notebook,
    exercises: Vec<(Exercise, Result<(), Problem>)>,
    mut failed: Vec<Failed>,
) -> Vec<Failed> {
    if failed.is_empty() {
        failed.extend(wrong_exercises(fresh, exercises));
        if settings.check {
            failed.extend(differences(planned, settings, fresh));
        }
    }
    failed.sort_by_key(|failed| failed.cell.as_ref().map(|cell| cell.position));
    failed
}

/// The cell as reports name it.
pub fn failed_cell(notebook: &Notebook, cell: &Cell) -> Option<FailedCell> {
    let cells = notebook.code_cells();
    let before = cells.iter().position(|one| one.position == cell.position)?;
    Some(FailedCell {
        number: before + 1,
        of: cells.len(),
        position: cell.position + 1,
        of_all: notebook.len(),
        id: cell.id.clone(),
        source: cell.source.clone(),
        left: cells.len() - before - 1,
    })
}

/// The notebook with the fresh outputs. Cells that did not run have none; those that were left out keep theirs.
fn executed(notebook: &Notebook, progress: Progress) -> Notebook {
    let mut executed = notebook.clone();
    for cell in notebook.code_cells() {
        let has_something = !notebook.outputs(cell.position).is_empty()
            || notebook.execution_count(cell.position).is_some();
        if has_something && !Marks::of(&cell).skip {
            executed.set_outputs(cell.position, None, Vec::new());
        }
    }
    let covers = cover::is_wanted(notebook);
    let cells = notebook.code_cells();
    let outputs = progress.recorder.into_outputs();
    for (count, (position, outputs)) in (1..).zip(progress.executed.into_iter().zip(outputs)) {
        let cell = cells.iter().find(|cell| cell.position == position);
        let outputs = match cell {
            Some(cell) if covers => cover::covered(cell, outputs),
            _ => outputs,
        };
        executed.set_outputs(position, Some(count), outputs);
    }
    executed
}

/// The fresh notebook, with the stored outputs where the fresh ones differ in nothing but what varies.
fn to_store(planned: &Planned, settings: &Settings, fresh: &Notebook) -> Notebook {
    let stored = &planned.notebook;
    let own = settings.rules.about(&planned.path);
    let mut notebook = fresh.clone();
    for cell in fresh.code_cells() {
        let (kept, new) = (stored.outputs(cell.position), fresh.outputs(cell.position));
        let same = if Marks::of(&cell).volatile {
            same_but_for_numbers(&kept, &new)
        } else {
            same_but_for_what_varies(&kept, &new, &Rules::of(&cell, &own))
        };
        if same && !(kept.is_empty() && new.is_empty()) {
            let count = fresh.execution_count(cell.position);
            notebook.keep_outputs(cell.position, count, stored);
        }
    }
    notebook
}

/// What is wrong with the exercises of a notebook that ran.
fn wrong_exercises(
    fresh: &Notebook,
    exercises: Vec<(Exercise, Result<(), Problem>)>,
) -> Vec<Failed> {
    let mut failed = Vec::new();
    for (exercise, solved) in exercises {
        let stub = match Verdict::of(&fresh.outputs(exercise.cell.position)) {
            Verdict::NotYet(_) => None,
            Verdict::Passed(said) => Some(Problem::StubPasses { said }),
            Verdict::None => Some(Problem::StubSaysNothing),
        };
        let shared = exercise.shares_id.then_some(Problem::SharedId);
        let problems = shared.into_iter().chain(stub).chain(solved.err());
        failed.extend(problems.map(|problem| Failed {
            cell: failed_cell(fresh, &exercise.cell),
            failure: Failure::Exercise(problem),
        }));
    }
    failed
}

/// The cells whose fresh outputs or counts are not the stored ones.
fn differences(planned: &Planned, settings: &Settings, fresh: &Notebook) -> Vec<Failed> {
    let stored = &planned.notebook;
    let own = settings.rules.about(&planned.path);
    let mut counts = Counts::default();
    let mut failed = Vec::new();
    for cell in stored.code_cells() {
        let marks = Marks::of(&cell);
        let count = counts.next(stored, fresh, &cell, marks.skip);
        if marks.volatile || marks.skip {
            continue;
        }
        let (old, new) = (stored.outputs(cell.position), fresh.outputs(cell.position));
        let mut differences = compare(&old, &new, &Rules::of(&cell, &own));
        differences.extend(count);
        if !differences.is_empty() {
            failed.push(Failed {
                cell: failed_cell(stored, &cell),
                failure: Failure::Differs {
                    differences,
                    stored: old,
                    fresh: new,
                },
            });
        }
    }
    failed
}

/// Compares the stored execution counts with the fresh ones, which tell the order in which cells were run.
#[derive(Default)]
struct Counts {
    /// How many cells before this one have only a stored count: those of comments, which nobody need run.
    only_stored: usize,
    /// How many have only a fresh one: those that had never been run, or hold parameters of this run.
    only_fresh: usize,
    /// How many are left out here and may have been run then.
    left_out: usize,
}

impl Counts {
    /// The difference in the next cell, if there is one. Where no count is stored, there is nothing to compare.
    fn next(
        &mut self,
        stored: &Notebook,
        fresh: &Notebook,
        cell: &Cell,
        left_out: bool,
    ) -> Option<Difference> {
        let old = stored.execution_count(cell.position);
        if left_out {
            self.left_out += usize::from(old.is_some());
            return None;
        }
        let (old, new) = match (old, fresh.execution_count(cell.position)) {
            (Some(old), Some(new)) => (old, new),
            (old, new) => {
                self.only_stored += usize::from(old.is_some());
                self.only_fresh += usize::from(new.is_some());
                return None;
            }
        };
        let least = (new + self.only_stored).saturating_sub(self.only_fresh);
        let expected = least..=least + self.left_out;
        (!expected.contains(&old)).then(|| Difference {
            place: "execution count: the cells were run in another order or more than once"
                .to_owned(),
            changes: vec![
                Change::Stored(format!("[{old}]")),
                Change::Fresh(format!("[{least}]")),
            ],
        })
    }
}

fn update(planned: &Planned, settings: &Settings, fresh: &Notebook) -> Result<Written, Failure> {
    if !settings.update {
        return Ok(Written::Unchanged);
    }
    let path = &planned.path;
    match fs::read(path) {
        Ok(now) if now == planned.bytes => {
            let bytes = to_store(planned, settings, fresh).to_bytes();
            replace(path, &bytes).map_err(Failure::NotWritten)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Err(Failure::RemovedMeanwhile),
        _ => Err(Failure::ChangedMeanwhile),
    }
}
