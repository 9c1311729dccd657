//! What a cell takes from earlier ones, and what it defines.

use super::Context;
use crate::front::items::{Item, Kind, Space, names_in};
use crate::front::parsed::Parsed;
use crate::front::prepared::Cell;
use crate::front::reach::Reach;
use crate::toolchain::plan::Variable;
use std::collections::BTreeSet;

impl Context {
    /// The variables of earlier cells that the cell mentions and that can still be read.
    pub(super) fn takes(
        &mut self,
        parsed: &Parsed,
        reach: &Reach<'_>,
        cell: &mut Cell,
    ) -> Vec<Variable> {
        let mut takes = Vec::new();
        for name in parsed.needs() {
            let Some(known) = self.variables.get(&name) else {
                continue;
            };
            if reach.fingerprint(&known.names) == known.fingerprint
                && self.types.get(known.id).is_some()
            {
                takes.push(Variable {
                    name,
                    mutable: known.mutable,
                    id: known.id,
                });
            } else {
                let ty = self.types.shown(known.id).unwrap_or_default();
                let why = format!(
                    "`{name}` is lost: its type `{ty}` was defined anew. Run cell [{}] again, which makes it",
                    known.label
                );
                cell.stale.insert(name, why);
            }
        }
        takes
    }

    /// The variables that the cell defines.
    pub(super) fn defines(&mut self, parsed: &Parsed, items: &[Item]) -> Vec<Variable> {
        let constants = constants(items);
        let mut defines: Vec<Variable> = Vec::new();
        let binds = parsed.statements.iter().flat_map(|it| &it.binds);
        for bind in binds.filter(|it| it.alone || !constants.contains(&it.name)) {
            self.last_variable += 1;
            defines.retain(|it| it.name != bind.name);
            defines.push(Variable {
                name: bind.name.clone(),
                mutable: bind.mutable,
                id: self.last_variable,
            });
        }
        defines
    }
}

/// Names that in a pattern are constants, and define no variable.
fn constants(items: &[Item]) -> BTreeSet<String> {
    let mut constants = BTreeSet::from(["None".to_owned()]);
    for item in items {
        match &item.kind {
            Kind::Named(names) => {
                let is_function =
                    item.shape.split(' ').any(|word| word == "fn") && !item.has_layout;
                let values = names.iter().filter(|(_, space)| *space == Space::Value);
                if !is_function {
                    constants.extend(values.map(|(name, _)| name.clone()));
                }
                if item.has_layout && item.text.contains("enum") {
                    constants.extend(
                        names_in(&item.shape)
                            .into_iter()
                            .filter(|name| name.starts_with(char::is_uppercase)),
                    );
                }
            }
            Kind::Import => {
                let names = item.live_parts().filter_map(|part| part.name.clone());
                constants.extend(names.filter(|name| name.starts_with(char::is_uppercase)));
            }
            _ => {}
        }
    }
    constants
}
