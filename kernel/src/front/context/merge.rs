//! The items that stay beside those of a new cell.

use super::Context;
use crate::front::items::{Head, Item, Kind, Space};
use crate::front::parsed::Parsed;
use crate::front::prepared::Cell;

impl Context {
    /// The items of earlier cells that stay beside those of this cell, and these.
    pub(super) fn merge(
        &mut self,
        parsed: &mut Parsed,
        cell: &Cell,
        broken: bool,
    ) -> (Vec<Item>, Vec<Item>) {
        let mut old = self.items.clone();
        if broken {
            return (old, Vec::new());
        }
        let mut new = std::mem::take(&mut parsed.items);
        for item in &mut new {
            self.last_item += 1;
            item.id = self.last_item;
            item.label = cell.label;
        }
        let mut gone: Vec<Item> = Vec::new();
        for item in &new {
            old.retain_mut(|it| {
                let stays = it.give_way_to(item);
                if !stays {
                    gone.push(it.clone());
                }
                stays
            });
        }
        let before = cell.name.as_ref().and_then(|name| self.labels.get(name));
        old.retain(|it| match &it.kind {
            Kind::Impl(head) => {
                let mut types = gone.iter().filter(|gone| gone.label == it.label);
                !types.any(|gone| gone.is_type(&head.type_name))
                    || !is_edited(head, it.label, before, &new, cell.name.is_some())
            }
            _ => true,
        });
        parsed.items = new.clone();
        (old, new)
    }
}

/// Whether the `impl` of a type that `new` defines anew went with the text of the cell that held both, because the
/// new cell is that cell, edited. An `impl` of any other cell stays as long as it compiles.
///
/// Some clients do not say which cell they run. Then one that defines the type together with an `impl` without a
/// trait is taken for the edited one, and what else the type could do by itself is gone.
fn is_edited(head: &Head, label: u32, before: Option<&u32>, new: &[Item], is_named: bool) -> bool {
    if is_named {
        return before == Some(&label);
    }
    let is_own = |item: &Item| matches!(&item.kind, Kind::Impl(new) if new.of.is_none() && new.type_name == head.type_name);
    head.of.is_none() && new.iter().any(is_own)
}

impl Item {
    /// Whether it defines the type `name`.
    fn is_type(&self, name: &str) -> bool {
        let Kind::Named(names) = &self.kind else {
            return false;
        };
        let is_it = |(it, space): &(String, Space)| *space == Space::Type && it == name;
        names.iter().any(is_it)
    }
}
