//! The items of each cell, at the places where they stand in it.

use super::Context;
use crate::front::items::{Export, Item, Kind};
use crate::front::prepared::Cell;
use crate::toolchain::plan::{Edit, HeadItem, ItemFile, Kept, Plan};
use crate::toolchain::text::line_of;
use std::collections::BTreeMap;

impl Context {
    /// Adds the items to the plan, each at its place.
    pub(super) fn add_files(
        &self,
        plan: &mut Plan,
        items: &[Item],
        loads: &BTreeMap<u32, (u32, u64)>,
        cell: &Cell,
    ) {
        let mut files: BTreeMap<u32, ItemFile> = BTreeMap::new();
        for item in items {
            let (code, looks) = if item.label == cell.label {
                (&cell.code, &cell.looks)
            } else {
                match self.cells.get(&item.label) {
                    Some(source) => (&source.code, &source.looks),
                    None => continue,
                }
            };
            if matches!(item.kind, Kind::Macro(_) | Kind::Crate(_)) {
                let start = item.range.start;
                let line_start = code[..start].rfind('\n').map_or(0, |at| at + 1);
                plan.head.push(HeadItem {
                    id: item.id,
                    label: item.label,
                    line: line_of(code, start),
                    indent: code[line_start..start].chars().count(),
                    text: item.text.clone(),
                });
                continue;
            }
            let file = files.entry(item.label).or_insert_with(|| ItemFile {
                label: item.label,
                code: code.clone(),
                kept: Vec::new(),
                edits: looks.clone(),
                exports: false,
            });
            let id = item.id;
            let kept = item.kept().into_iter();
            file.kept.extend(kept.map(|range| Kept { id, range }));
            if let Some((times, fingerprint)) = loads.get(&item.id) {
                let is_loaded = item.loaded == Some((*times, *fingerprint));
                file.exports |= !is_loaded;
                file.edits
                    .extend(static_edits(item, code, *times, is_loaded));
            }
        }
        plan.files = files.into_values().collect();
    }
}

/// What is changed at the statics of an item: they are exported where they are defined, and named as what an
/// earlier cell exported where that is loaded.
fn static_edits(item: &Item, code: &str, times: u32, is_loaded: bool) -> Vec<Edit> {
    let places = item.statics.iter().enumerate();
    places
        .map(|(index, place)| {
            let symbol = format!("dsprep_static_{}_{times}_{index}", item.id);
            if is_loaded {
                let lines = "\n".repeat(code[place.range.clone()].matches('\n').count());
                let declaration = &place.declaration;
                Edit {
                    range: place.range.clone(),
                    text: format!(
                        "unsafe extern \"Rust\" {{ #[link_name = \"{symbol}\"] {declaration}; }}{lines}"
                    ),
                }
            } else {
                match &place.export {
                    Export::Itself => Edit {
                        range: place.range.start..place.range.start,
                        text: format!("#[unsafe(export_name = \"{symbol}\")] "),
                    },
                    Export::Constant { name, ty } => Edit {
                        range: place.range.end..place.range.end,
                        text: format!(
                            " #[unsafe(export_name = \"{symbol}\")] static {symbol}: {ty} = {name};"
                        ),
                    },
                }
            }
        })
        .collect()
}
