//! What to say of names that are not found.

use super::items::names_in;
use super::parsed::Parsed;
use std::collections::BTreeMap;

/// What the first cell of a notebook with exercises holds.
const CHECKS: &str = "use dsprep_core::{check::*, prelude::*};";

/// Why names that the cell mentions are gone.
pub fn of_cell(parsed: &Parsed, lost: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut hints = BTreeMap::new();
    let code = &parsed.code[parsed.rust_start.min(parsed.code.len())..];
    for name in names_in(code) {
        let name = super::names::normal(&name);
        if let Some(why) = lost.get(&name) {
            hints.insert(name, why.clone());
        }
    }
    hints
}

/// What to say of an exercise's check that is not found.
pub fn of_check(name: &str) -> Option<String> {
    name.starts_with("check_").then(|| {
        format!("run the notebook's first cell: it holds `{CHECKS}`, which brings `{name}`")
    })
}
