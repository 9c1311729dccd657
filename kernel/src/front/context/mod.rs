//! What a notebook has defined so far, and how the next cell is made from it.
//!
//! - [`define`]: the plan of a cell.
//! - [`merge`]: the items that stay beside those of a new cell.
//! - [`variables`]: what a cell takes from earlier ones, and what it defines.
//! - [`files`]: the items of each cell, at their places.
//! - [`keep`]: what a cell that was run has left.
//! - [`journal`]: what made the variables, to be run again.

mod define;
mod files;
mod journal;
mod keep;
mod merge;
mod variables;

pub use define::STUB;
pub use journal::Entry;

use super::commands::{Answer, follow};
use super::documentation::{self, Documentation};
use super::items::{Head, Item, Kind};
use super::parsed::Parsed;
use super::prepared::{Cell, Refusal};
use crate::toolchain::plan::{Edit, Options};
use crate::toolchain::types::VariableTypes;
use journal::Journal;
use std::collections::{BTreeMap, BTreeSet};

/// The first number of cells whose own number is taken.
const OTHER_LABELS: u32 = 1_000_000;

/// Items and variables, as the cells that ran left them.
#[derive(Debug, Clone, Default)]
pub struct Context {
    cells: BTreeMap<u32, Source>,
    items: Vec<Item>,
    attributes: Vec<String>,
    variables: BTreeMap<String, Known>,
    /// Names that are gone, and why.
    lost: BTreeMap<String, String>,
    /// What an `impl` that was left out was for, and why it was.
    lost_impls: Vec<(Head, String)>,
    /// The cells by the names that the client has for them: a cell keeps its own when it is edited.
    labels: BTreeMap<String, u32>,
    /// The fingerprints that each type has had, in order.
    versions: BTreeMap<String, Vec<u64>>,
    types: VariableTypes,
    options: Options,
    last_item: u32,
    last_variable: u32,
    last_label: u32,
    /// Whether tokio was added, for cells that wait for futures.
    has_tokio: bool,
    journal: Journal,
}

/// A cell of which something lives on.
#[derive(Debug, Clone, Default)]
struct Source {
    code: String,
    /// Where its functions look whether they are interrupted.
    looks: Vec<Edit>,
}

/// A variable of the notebook.
#[derive(Debug, Clone)]
struct Known {
    id: u32,
    mutable: bool,
    label: u32,
    /// The names in its type, and the fingerprint of what they reach.
    names: BTreeSet<String>,
    fingerprint: Option<u64>,
}

impl Context {
    /// Makes a cell ready to run. `number` is the one that its reader sees, `name` what the client calls the cell
    /// whenever it is run.
    pub fn prepare(&mut self, code: &str, number: usize, name: Option<&str>) -> Cell {
        // What some editors put before a text is no part of it.
        let code = code.strip_prefix('\u{feff}').unwrap_or(code);
        let mut parsed = Parsed::with(code, |line| self.is_rust(line));
        let label = self.label(number);
        let mut cell = Cell {
            label,
            code: code.to_owned(),
            name: name.map(str::to_owned),
            ..Cell::default()
        };
        if let Some(error) = parsed.syntax_error.clone().filter(|error| error.certain) {
            cell.refusal = Some(Refusal::Syntax(error));
            return cell;
        }
        let mut options = self.options.clone();
        for (line, command) in &parsed.commands {
            match follow(command, self, &mut options) {
                Answer::PassOn => {
                    cell.for_engine.push_str(&passed_on(command));
                    cell.for_engine.push('\n');
                    cell.notice = match command.as_str() {
                        ":restart" => {
                            Some("all variables are lost; functions, types and imports are kept\n")
                        }
                        ":clear" => Some("all variables, functions, types and imports are lost\n"),
                        _ => cell.notice,
                    };
                }
                Answer::Wrong(why) => {
                    cell.refusal = Some(Refusal::Command(*line, why));
                    return cell;
                }
                answer @ Answer::Text { .. } => cell.answers.push(answer),
            }
        }
        cell.has_rust = parsed.has_rust();
        self.define(&mut parsed, &mut cell, options);
        cell
    }

    /// The same for cells that are compiled ahead: they change nothing here.
    pub fn copy(&mut self) -> Context {
        // It is the larger part, and no cell asks for it.
        let journal = std::mem::take(&mut self.journal);
        let copy = self.clone();
        self.journal = journal;
        copy
    }

    /// The types of variables that are known.
    pub fn types(&self) -> &VariableTypes {
        &self.types
    }

    /// The numbers of the definitions of the variables.
    fn numbers(&self) -> BTreeMap<String, u32> {
        let variables = self.variables.iter();
        variables
            .map(|(name, known)| (name.clone(), known.id))
            .collect()
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        let last = (self.last_item, self.last_variable, self.last_label);
        *self = Context {
            last_item: last.0,
            last_variable: last.1,
            last_label: last.2,
            ..Context::default()
        };
    }

    /// What the notebook says of its own item.
    pub fn documentation(&self, path: &str) -> Option<Documentation> {
        documentation::find(&self.items, path)
    }

    /// The variables with their types.
    pub fn variable_types(&self) -> Vec<(String, String)> {
        let shown = |(name, known): (&String, &Known)| {
            let ty = self.types.shown(known.id).unwrap_or_default();
            (name.clone(), ty)
        };
        self.variables.iter().map(shown).collect()
    }

    /// Whether there is a variable of this name.
    pub fn has_variable(&self, name: &str) -> bool {
        self.variables.contains_key(name)
    }

    /// Source that defines the same names again: of the items, and of the variables.
    pub fn preamble(&self) -> (String, String) {
        let macros = |item: &&Item| matches!(item.kind, Kind::Macro(_));
        let mut items = String::from("use dsprep_core::prelude::*;\n");
        for item in self.items.iter().filter(macros) {
            items.push_str(&format!("{}\n", item.text));
        }
        for item in self.items.iter().filter(|item| !macros(item)) {
            let source = self.cells.get(&item.label);
            for range in item.kept() {
                let part = source.and_then(|source| source.code.get(range));
                items.push_str(part.unwrap_or_default());
            }
            items.push('\n');
        }
        let mut variables = String::new();
        for (name, known) in &self.variables {
            let mutable = if known.mutable { "mut " } else { "" };
            let ident = crate::toolchain::plan::ident(name);
            let ty = self.types.get(known.id).unwrap_or("()");
            variables.push_str(&format!("let {mutable}{ident}: {ty} = todo!();\n"));
        }
        (items, variables)
    }

    /// Whether a line that begins with `!` is Rust: it negates something that Rust knows here.
    fn is_rust(&self, code: &str) -> bool {
        let operand = code.trim_start_matches(['!', '(', '*', '&', '-', ' ']);
        let word: String = operand
            .chars()
            .take_while(|it| it.is_alphanumeric() || *it == '_')
            .collect();
        let known = matches!(word.as_str(), "true" | "false")
            || self.variables.contains_key(&word)
            || self
                .items
                .iter()
                .any(|item| item.names().contains(&word.as_str()));
        known && super::parsed::parse(code).errors().is_empty()
    }

    /// A number for the cell that no other has whose items live on.
    fn label(&mut self, number: usize) -> u32 {
        let number = u32::try_from(number).unwrap_or(OTHER_LABELS);
        if number > self.last_label && number < OTHER_LABELS {
            self.last_label = number;
            return number;
        }
        self.last_item += 1;
        OTHER_LABELS + self.last_item
    }
}

/// A command as evcxr gets it. Cells are linked to the core as it is, so it need not be added.
fn passed_on(command: &str) -> String {
    let rest = command.strip_prefix(":dep ").map(str::trim_start);
    let name = rest.map(|rest| rest.split([' ', '=']).next().unwrap_or(rest));
    if name.is_some_and(|name| name.replace('_', "-") == "dsprep-core") {
        format!("//{command}")
    } else {
        command.to_owned()
    }
}
