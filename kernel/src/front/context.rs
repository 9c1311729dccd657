//! What a notebook has defined so far.

use super::cell::{Cell, Definition};
use crate::toolchain::session::Session;
use std::collections::BTreeMap;

/// Items and variables by name, as the last cell that defined them left them.
#[derive(Debug, Default)]
pub struct Context {
    items: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

impl Context {
    /// Adds what a cell that ran has defined.
    pub fn add(&mut self, cell: &Cell, session: &Session) {
        let types = session.types();
        for definition in &cell.definitions {
            match definition.clone() {
                Definition::Item { name, text } => {
                    self.items.insert(name, text);
                }
                Definition::Variable {
                    name,
                    mutable,
                    type_name,
                } => {
                    let mutable = if mutable { "mut " } else { "" };
                    let type_name = types.fill_in(&type_name);
                    let text = format!("let {mutable}{name}: {type_name} = todo!();");
                    self.variables.insert(name, text);
                }
            }
        }
    }

    /// Forgets the variables: the process that held them is gone.
    pub fn lose_variables(&mut self) {
        self.variables.clear();
    }

    /// Source that defines the same names again.
    pub fn preamble(&self) -> String {
        let parts = self.items.values().chain(self.variables.values());
        parts.map(|text| format!("{text}\n")).collect()
    }
}
