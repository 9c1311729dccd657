//! The plan of a cell.

use super::Context;
use crate::front::hints;
use crate::front::items::{Item, Kind};
use crate::front::parsed::{Parsed, defines_items};
use crate::front::prepared::Cell;
use crate::front::reach::Reach;
use crate::toolchain::interrupts;
use crate::toolchain::plan::{Body, Edit, Options, Plan};
use crate::toolchain::text::line_of;
use std::collections::{BTreeMap, BTreeSet};

/// What evcxr runs in place of a cell: nothing.
pub const STUB: &str = "();";
/// Crates that come with the compiler, or that cells are linked to anyway.
const AT_HAND: &[&str] = &["std", "core", "alloc", "proc_macro", "test", "dsprep_core"];

impl Context {
    /// Fills in the plan of a cell.
    pub(super) fn define(&mut self, parsed: &mut Parsed, cell: &mut Cell, mut options: Options) {
        let broken = parsed.syntax_error.is_some();
        options.awaits = parsed.awaits && !broken;
        if !broken {
            let known: BTreeSet<String> = self
                .items
                .iter()
                .chain(&parsed.items)
                .filter(|item| defines_items(item))
                .flat_map(|item| item.names())
                .map(str::to_owned)
                .collect();
            parsed.move_macro_calls(|name| known.contains(name) || name == "thread_local");
        }
        let label = cell.label;
        let (old, new) = self.merge(parsed, cell, broken);
        if options.awaits && !self.has_tokio {
            cell.for_engine.push_str(
                ":dep tokio = {version=\"1.34.0\", features=[\"rt\", \"rt-multi-thread\"]}\n",
            );
        }
        for item in &new {
            if matches!(&item.kind, Kind::Crate(name) if !AT_HAND.contains(&name.as_str())) {
                cell.for_engine.push_str(&item.text);
                cell.for_engine.push('\n');
            }
        }
        if cell.has_rust {
            cell.for_engine.push_str(STUB);
        }
        let mut items = old;
        items.extend(new);
        let mut attributes = self.attributes.clone();
        for attribute in &parsed.attributes {
            if !attributes.contains(attribute) {
                attributes.push(attribute.clone());
            }
        }
        let mut plan = Plan {
            label,
            attributes: attributes.clone(),
            options: options.clone(),
            broken,
            ..Plan::default()
        };
        let reach = Reach::among(&items);
        plan.versions = versions(&items, &reach, &mut self.versions);
        let loads: Vec<(u32, (u32, u64))> = items
            .iter()
            .filter(|item| !item.statics.is_empty())
            .map(|item| {
                let fingerprint = reach.of_item(item);
                let times = match item.loaded {
                    Some((times, loaded)) if loaded == fingerprint => times,
                    Some((times, _)) => times + 1,
                    None => {
                        self.last_variable += 1;
                        self.last_variable
                    }
                };
                (item.id, (times, fingerprint))
            })
            .collect();
        let loads: BTreeMap<u32, (u32, u64)> = loads.into_iter().collect();
        let looks = interrupts::looks(&cell.code, parsed.rust_start);
        cell.looks = looks.within;
        let edits = body_edits(parsed, &cell.looks, looks.behind);
        plan.takes = self.takes(parsed, &reach, cell);
        plan.defines = self.defines(parsed, &items);
        self.add_files(&mut plan, &items, &loads, cell);
        plan.body = Body {
            code: cell.code.clone(),
            kept: if broken {
                std::iter::once(parsed.rust_start..cell.code.len()).collect()
            } else {
                parsed
                    .statements
                    .iter()
                    .map(|it| it.range.clone())
                    .collect()
            },
            edits,
            result: parsed.result.clone(),
            first_line: parsed
                .statements
                .first()
                .map_or(1, |it| line_of(&cell.code, it.range.start)),
        };
        for item in &mut items {
            item.loaded = loads.get(&item.id).copied().or(item.loaded);
        }
        cell.hints = hints::of_cell(parsed, &self.lost);
        let lost = self.lost_impls.iter();
        cell.lost_impls = lost
            .map(|(head, why)| (head.type_name.clone(), why.clone()))
            .collect();
        cell.earlier = self
            .cells
            .iter()
            .map(|(label, source)| (*label, source.code.clone()))
            .collect();
        cell.syntax = parsed.syntax_error.clone();
        cell.owned_types = items
            .iter()
            .filter(|item| item.has_layout)
            .flat_map(|item| item.names())
            .map(str::to_owned)
            .collect();
        cell.items = items;
        cell.attributes = attributes;
        cell.options = Options {
            awaits: false,
            ..options
        };
        cell.plan = plan;
    }
}

/// The places in the statements of a cell where it looks whether it is interrupted.
fn body_edits(parsed: &Parsed, within: &[Edit], behind: Vec<Edit>) -> Vec<Edit> {
    let statements: Vec<_> = parsed
        .statements
        .iter()
        .map(|it| it.range.clone())
        .collect();
    let ends: BTreeSet<usize> = statements.iter().map(|range| range.end).collect();
    // What stands around a statement, or closes the body of a closure at its end, is within it.
    let is_in = |at: usize| {
        statements
            .iter()
            .any(|range| range.start <= at && at <= range.end)
    };
    let within = within.iter().filter(|edit| is_in(edit.range.start));
    let behind = behind
        .into_iter()
        .filter(|edit| ends.contains(&edit.range.start));
    within.cloned().chain(behind).collect()
}

/// How many other versions each type has had before the one of now.
fn versions(
    items: &[Item],
    reach: &Reach<'_>,
    seen: &mut BTreeMap<String, Vec<u64>>,
) -> Vec<(String, u32)> {
    let mut versions = Vec::new();
    for item in items.iter().filter(|item| item.has_layout) {
        for name in item.names() {
            let fingerprint = reach.fingerprint(&BTreeSet::from([name.to_owned()]));
            let seen = seen.entry(name.to_owned()).or_default();
            let fingerprint = fingerprint.unwrap_or_default();
            let index = seen.iter().position(|it| *it == fingerprint);
            let index = index.unwrap_or_else(|| {
                seen.push(fingerprint);
                seen.len() - 1
            });
            if index > 0 && !versions.iter().any(|(it, _)| it == name) {
                versions.push((name.to_owned(), u32::try_from(index).unwrap_or(u32::MAX)));
            }
        }
    }
    versions
}
