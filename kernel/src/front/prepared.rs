//! A cell that is ready to run.

use super::commands::Answer;
use super::items::Item;
use super::syntax::SyntaxError;
use crate::toolchain::plan::{Edit, Options, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// A cell that is ready to run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its number among the notebook's cells.
    pub label: u32,
    /// The cell as it was written.
    pub code: String,
    /// What the client calls it, whenever it is run.
    pub name: Option<String>,
    /// Why it can't run at all, if so.
    pub refusal: Option<Refusal>,
    /// What the front answers to its commands.
    pub answers: Vec<Answer>,
    /// What evcxr gets: commands, and a statement that does nothing in place of the Rust. Empty if there is
    /// nothing for evcxr to do.
    pub for_engine: String,
    /// What is compiled in its place.
    pub plan: Plan,
    /// Whether it holds any Rust.
    pub has_rust: bool,
    /// What a command in it takes away.
    pub notice: Option<&'static str>,
    /// The items of the notebook after it.
    pub items: Vec<Item>,
    /// The attributes of the notebook after it.
    pub attributes: Vec<String>,
    /// The settings after it.
    pub options: Options,
    /// The first place at which it is no Rust.
    pub syntax: Option<SyntaxError>,
    /// Where its functions and loops look whether they are interrupted.
    pub looks: Vec<Edit>,
    /// What to say of names in it that are not found.
    pub hints: BTreeMap<String, String>,
    /// Types of the notebook that have lost an `impl`, and why.
    pub lost_impls: Vec<(String, String)>,
    /// Why variables that it mentions can't be read any more.
    pub stale: BTreeMap<String, String>,
    /// The types that the notebook defines.
    pub owned_types: BTreeSet<String>,
    /// The earlier cells whose items live on.
    pub earlier: BTreeMap<u32, String>,
}

/// Why a cell can't run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is no Rust.
    Syntax(SyntaxError),
    /// The command on this line is wrong.
    Command(usize, String),
}

impl Cell {
    /// `code` as it is, for an engine without the stand-in.
    pub fn plain(code: &str) -> Cell {
        Cell {
            code: code.to_owned(),
            for_engine: code.to_owned(),
            ..Cell::default()
        }
    }

    /// The source of cell `label`, if any of it lives on.
    pub fn source_of(&self, label: u32) -> Option<&str> {
        if label == self.label {
            return Some(&self.code);
        }
        self.earlier.get(&label).map(String::as_str)
    }

    /// What to say of an error that mentions a type which has lost an `impl`.
    pub fn hints_of_impls(&self, error: &str) -> Vec<String> {
        let names = super::items::names_in(error);
        let lost = self.lost_impls.iter().filter(|(ty, _)| names.contains(ty));
        lost.map(|(_, why)| why.clone()).collect()
    }

    /// What to say of `name`, which is not found.
    pub fn hint(&self, name: &str) -> Option<String> {
        let known = self.stale.get(name).or_else(|| self.hints.get(name));
        known.cloned().or_else(|| super::hints::of_check(name))
    }
}
