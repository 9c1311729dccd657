//! What a cell that was run has left.

use super::{Context, Known, Source};
use crate::front::items::Kind;
use crate::front::prepared::Cell;
use crate::front::reach::{Reach, names_of_type};
use crate::toolchain::plan::{Build, Variable};
use crate::toolchain::types::VariableTypes;
use crate::toolchain::workdir::Workdir;
use std::collections::{BTreeMap, BTreeSet};

impl Context {
    /// Adds what a cell that was run has defined. Gives what its reader has to be told.
    pub fn add(&mut self, cell: &Cell, workdir: &Workdir) -> Vec<String> {
        let mut notes = Vec::new();
        let build = workdir.build();
        if cell.refusal.is_some() || build.as_ref().is_some_and(|build| !build.success) {
            return notes;
        }
        self.options = cell.options.clone();
        let Some(build) = build.filter(|_| cell.has_rust) else {
            return notes;
        };
        // evcxr forgets what a cell that failed has added.
        self.has_tokio |= cell.plan.options.awaits;
        let live = workdir.variables();
        notes.extend(self.add_built(cell, &build, workdir.types(), &live));
        notes
    }

    /// Adds what a cell that was compiled will define, if it succeeds.
    pub fn assume(&mut self, cell: &Cell, build: &Build, types: VariableTypes) {
        let mut live = self.numbers();
        live.retain(|name, _| !build.moved.contains(name));
        for variable in &cell.plan.defines {
            if !build.moved.contains(&variable.name) {
                live.insert(variable.name.clone(), variable.id);
            }
        }
        self.options = cell.options.clone();
        self.add_built(cell, build, types, &live);
    }

    /// Adds what a cell has defined that came out as `build` and left the variables `live`.
    fn add_built(
        &mut self,
        cell: &Cell,
        build: &Build,
        types: VariableTypes,
        live: &BTreeMap<String, u32>,
    ) -> Vec<String> {
        let mut notes = Vec::new();
        self.types = types;
        self.attributes = cell.attributes.clone();
        self.items = cell.items.clone();
        let source = Source {
            code: cell.code.clone(),
            looks: cell.looks.clone(),
        };
        self.cells.insert(cell.label, source);
        for left in &build.left_out {
            let Some(item) = self.items.iter().find(|item| item.id == left.id) else {
                continue;
            };
            if left.message.is_empty() {
                continue;
            }
            let title = item.title();
            let why = format!(
                "`{title}` of cell [{}] does not compile any more ({}), so it is left out until you run that cell again",
                item.label, left.message
            );
            for name in item.names() {
                self.lost.insert(name.to_owned(), why.clone());
            }
            if let Kind::Impl(head) = &item.kind {
                self.lost_impls.push((head.clone(), why.clone()));
            }
            notes.push(why);
        }
        self.items
            .retain(|item| build.left_out.iter().all(|left| left.id != item.id));
        for item in cell.items.iter().filter(|item| item.label == cell.label) {
            for name in item.names() {
                self.lost.remove(name);
            }
            if let Kind::Impl(head) = &item.kind {
                self.lost_impls.retain(|(lost, _)| !lost.is_same(head));
            }
        }
        if let Some(name) = &cell.name {
            self.labels.insert(name.clone(), cell.label);
        }
        let gone = |name: &String, known: &Known| live.get(name) != Some(&known.id);
        for variable in &cell.plan.takes {
            if live.get(&variable.name) != Some(&variable.id) {
                let name = &variable.name;
                let why = format!(
                    "`{name}` is gone: cell [{}] moved it away. To keep it, use `&{name}` or `{name}.clone()` there",
                    cell.label
                );
                self.lost.insert(name.clone(), why);
            }
        }
        self.variables.retain(|name, known| !gone(name, known));
        let reach = Reach::among(&self.items);
        for variable in &cell.plan.defines {
            let Variable { name, mutable, id } = variable.clone();
            if live.get(&name) != Some(&id) {
                let why = if build.moved.contains(&name) {
                    format!(
                        "`{name}` is gone: cell [{}] moved it away. To keep it, use `&{name}` or `{name}.clone()` there",
                        cell.label
                    )
                } else {
                    format!(
                        "`{name}` was not kept: cell [{}], which defines it, ended early",
                        cell.label
                    )
                };
                if !self.variables.contains_key(&name) {
                    self.lost.insert(name, why);
                }
                continue;
            }
            let names = self.types.get(id).map(names_of_type).unwrap_or_default();
            let known = Known {
                id,
                mutable,
                label: cell.label,
                fingerprint: reach.fingerprint(&names),
                names,
            };
            self.lost.remove(&name);
            self.variables.insert(name, known);
        }
        self.forget_cells();
        notes
    }

    /// Forgets the source of cells that nothing is left of.
    fn forget_cells(&mut self) {
        let used: BTreeSet<u32> = self.items.iter().map(|item| item.label).collect();
        self.cells.retain(|label, _| used.contains(label));
    }

    /// Says of the variables that a cell had taken out when it was left behind why they are lost.
    pub fn leave_behind(&mut self, cell: &Cell) {
        for Variable { name, .. } in &cell.plan.takes {
            let why = format!(
                "`{name}` is lost: cell [{}] used it when it was stopped, and did not end. Run the cell again that makes it",
                cell.label
            );
            self.lost.insert(name.clone(), why);
        }
    }

    /// Forgets the variables: the process that held them is gone.
    pub fn lose_variables(&mut self) {
        self.end_journal();
        for (name, known) in std::mem::take(&mut self.variables) {
            let why = format!(
                "`{name}` is lost: the process that held it ended. Run cell [{}] again, which makes it",
                known.label
            );
            self.lost.insert(name, why);
        }
        for item in &mut self.items {
            // The statics went with the process; later ones get other symbols.
            item.loaded = None;
        }
    }
}
