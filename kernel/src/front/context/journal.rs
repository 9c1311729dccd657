//! What made the variables: the cells that can be run again, as they were compiled, in another process.

use super::define::STUB;
use super::{Context, Known};
use crate::front::prepared::Cell;
use crate::toolchain::plan::Plan;
use crate::toolchain::workdir::Workdir;
use std::collections::BTreeMap;

/// The cells that made what a process holds.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// Those of the process that runs.
    ran: Vec<Entry>,
    /// Those of the process that ended last.
    lost: Vec<Entry>,
}

/// A cell that can be run again.
#[derive(Debug, Clone)]
pub struct Entry {
    label: u32,
    plan: Plan,
    /// The variables that it has defined.
    made: Vec<(String, Known)>,
    /// The statics that it has found or made, by the number of their item.
    loaded: BTreeMap<u32, (u32, u64)>,
}

impl Entry {
    /// The number of the cell.
    pub fn label(&self) -> u32 {
        self.label
    }

    /// The cell, for the engine.
    pub fn cell(&self) -> Cell {
        Cell {
            label: self.label,
            code: self.plan.body.code.clone(),
            for_engine: STUB.to_owned(),
            plan: self.plan.clone(),
            has_rust: true,
            ..Cell::default()
        }
    }
}

impl Context {
    /// Writes down a cell that ran to its end, if it had to do with variables or statics.
    pub fn write_down(&mut self, cell: &Cell) {
        let plan = &cell.plan;
        let exports = plan.files.iter().any(|file| file.exports);
        if plan.takes.is_empty() && plan.defines.is_empty() && !exports {
            return;
        }
        let made = plan.defines.iter().filter_map(|variable| {
            let known = self.variables.get(&variable.name)?;
            (known.id == variable.id).then(|| (variable.name.clone(), known.clone()))
        });
        let items = cell.items.iter();
        let entry = Entry {
            label: cell.label,
            made: made.collect(),
            loaded: items
                .filter_map(|item| Some((item.id, item.loaded?)))
                .collect(),
            plan: plan.clone(),
        };
        self.journal.ran.push(entry);
    }

    /// Takes the end of the process.
    pub(super) fn end_journal(&mut self) {
        let ran = std::mem::take(&mut self.journal.ran);
        if !ran.is_empty() {
            self.journal.lost = ran;
        }
    }

    /// How many cells can be run again to get back what was lost.
    pub fn lost_cells(&self) -> usize {
        self.journal.lost.len()
    }

    /// The cells to run again, in order. Nothing is left of them here.
    pub fn take_lost_cells(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.journal.lost)
    }

    /// Adds what a cell that was run again has made.
    pub fn restore(&mut self, entry: Entry, workdir: &Workdir) {
        let live = workdir.variables();
        self.variables
            .retain(|name, known| live.get(name) == Some(&known.id));
        for (name, known) in &entry.made {
            if live.get(name) == Some(&known.id) {
                self.lost.remove(name);
                self.variables.insert(name.clone(), known.clone());
            }
        }
        for item in &mut self.items {
            item.loaded = entry.loaded.get(&item.id).copied().or(item.loaded);
        }
        self.journal.ran.push(entry);
    }
}
