//! The types of a notebook's variables.
//!
//! A later cell has to name the type of each variable that it takes out of the store, but nobody wrote
//! that type down. The front gives each definition of a variable a number; the compiler infers the type
//! while it compiles the cell, and lists it (`--emit=mir`) in the call of `put_typed::<Type, INDEX>`, with the place
//! among the variables that the cell defines. So one run of rustc both compiles the cell and finds the types.

use super::unnameable::{Way, way_to_keep, without_literals};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The type of each definition of a variable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableTypes {
    known: BTreeMap<u32, String>,
}

impl VariableTypes {
    /// The type of the definition `id`.
    pub fn get(&self, id: u32) -> Option<&str> {
        self.known.get(&id).map(String::as_str)
    }

    /// The type of the definition `id` as a reader would write it.
    pub fn shown(&self, id: u32) -> Option<String> {
        self.get(id).map(readable)
    }

    /// Adds the type of the definition `id`.
    pub fn add(&mut self, id: u32, ty: String) {
        self.known.insert(id, ty);
    }

    /// Adds what the compiler's listing tells of the definitions with these numbers. Gives the variables whose type
    /// can't be written down, such as a closure's, with the way to keep them all the same, if there is one.
    pub fn read_listing(&mut self, listing: &str, ids: &[u32]) -> Vec<Unnameable> {
        let mut unnameable = Vec::new();
        for (index, name) in typed_puts(listing) {
            let Some(id) = ids.get(index).copied() else {
                continue;
            };
            match way_to_keep(&name, listing) {
                Way::AsItIs => {
                    self.known.insert(id, absolute(&with_parentheses(&name)));
                }
                way => unnameable.push(Unnameable { id, way }),
            }
        }
        unnameable
    }
}

/// A variable of a type that no source can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnameable {
    /// The number of its definition.
    pub id: u32,
    /// How it can be kept.
    pub way: Way,
}

/// The pairs of place and type in the calls of `put_typed`.
fn typed_puts(listing: &str) -> Vec<(usize, String)> {
    const CALL: &str = "::put_typed::<";
    let calls = listing
        .match_indices(CALL)
        .map(|(start, call)| &listing[start + call.len()..]);
    calls.filter_map(generic_arguments).collect()
}

/// Splits `Type, 7>(…` into place and type.
fn generic_arguments(text: &str) -> Option<(usize, String)> {
    let arguments = &text[..closing_bracket(text)?];
    let (name, index) = arguments.rsplit_once(", ")?;
    let index = index.strip_suffix("_u32").unwrap_or(index);
    Some((index.parse().ok()?, name.to_owned()))
}

/// Where the `>` stands that closes the generic arguments `text` starts with.
fn closing_bracket(text: &str) -> Option<usize> {
    let end = text.find('\n').unwrap_or(text.len());
    let masked = without_literals(&text[..end]);
    let mut depth = 0;
    let mut previous = ' ';
    for (index, character) in masked.char_indices() {
        match character {
            '<' => depth += 1,
            // The arrow of a function type closes nothing.
            '>' if previous == '-' => {}
            '>' if depth == 0 => return Some(index),
            '>' => depth -= 1,
            _ => {}
        }
        previous = character;
    }
    None
}

/// The type with parentheses around each `dyn A + B` that a reference or pointer stands before: the compiler
/// lists it without them, but does not read it so.
fn with_parentheses(name: &str) -> String {
    const DYN: &str = "dyn ";
    let mut output = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(start) = rest.find(DYN) {
        let (before, object) = rest.split_at(start);
        output.push_str(before);
        let end = end_of_bounds(object);
        let (object, after) = object.split_at(end);
        let pointed_at = {
            let before = output.trim_end();
            let last_word = before
                .rsplit([' ', '&', '<', '(', '['])
                .next()
                .unwrap_or("");
            before.ends_with('&')
                || matches!(last_word, "const" | "mut")
                || last_word.starts_with('\'')
        };
        // Bounds may hold further objects.
        let inner = format!("{DYN}{}", with_parentheses(&object[DYN.len()..]));
        if pointed_at && has_plus(object) {
            output.push_str(&format!("({inner})"));
        } else {
            output.push_str(&inner);
        }
        rest = after;
    }
    output.push_str(rest);
    output
}

/// Where the bounds end that `object`, `dyn A + B…`, starts with.
fn end_of_bounds(object: &str) -> usize {
    let mut depth = 0;
    let mut previous = ' ';
    for (index, character) in without_literals(object).char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' if depth == 0 => return index,
            '>' | ')' | ']' => depth -= 1,
            ',' | ';' if depth == 0 => return index,
            _ => {}
        }
        previous = character;
    }
    object.len()
}

fn has_plus(object: &str) -> bool {
    let mut depth = 0;
    let mut previous = ' ';
    for character in without_literals(object).chars() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' => depth -= 1,
            '+' if depth == 0 => return true,
            _ => {}
        }
        previous = character;
    }
    false
}

/// The type with its paths into the standard library and the core made absolute: a notebook may have a module
/// of its own of that name.
fn absolute(name: &str) -> String {
    let mut output = String::with_capacity(name.len());
    let mut rest = name;
    while !rest.is_empty() {
        let starts_name = !output.ends_with(|it: char| it.is_alphanumeric() || "_:".contains(it));
        let is_crate = ["std::", "core::", "dsprep_core::"]
            .iter()
            .any(|krate| rest.starts_with(krate));
        if starts_name && is_crate {
            output.push_str("::");
        }
        let next = rest.chars().next().map_or(0, char::len_utf8);
        output.push_str(&rest[..next]);
        rest = &rest[next..];
    }
    output
}

/// The type with the names of the prelude as one writes them.
pub fn readable(name: &str) -> String {
    const PRELUDE: &[(&str, &str)] = &[
        ("::std::", "std::"),
        ("::core::", "core::"),
        ("::dsprep_core::", "dsprep_core::"),
        ("std::vec::Vec<", "Vec<"),
        ("std::string::String", "String"),
        ("std::option::Option<", "Option<"),
        ("std::result::Result<", "Result<"),
        ("std::boxed::Box<", "Box<"),
        ("std::ops::Fn(", "Fn("),
        ("std::ops::FnMut(", "FnMut("),
        ("std::ops::FnOnce(", "FnOnce("),
        ("std::iter::Iterator<", "Iterator<"),
        ("std::marker::Send", "Send"),
        ("std::marker::Sync", "Sync"),
    ];
    let mut text = name.to_owned();
    for (long, short) in PRELUDE {
        text = text.replace(long, short);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
_19 = VariableStore::put_typed::<std::vec::Vec<f64>, 3>(move _43, const \"f\", move _20) -> [return: bb5];
_23 = dsprep_core::cell::store::VariableStore::put_typed::<std::boxed::Box<dyn std::ops::Fn(i32) -> i32>, 4>(move _46)
_24 = VariableStore::put_typed::<(i32, &str), 5_u32>(move _51, const \"t\", move _8)
_25 = VariableStore::put_typed::<Mark<'>'>, 6>(move _51, const \"t\", move _8)
_25 = VariableStore::put_typed::<Mark<'{'>, 7>(move _51, const \"t\", move _8)
_26 = VariableStore::put_typed::<&dyn std::error::Error + std::marker::Send, 8>(move _51)
_27 = VariableStore::put_typed::<std::vec::Vec<&mut dyn Own<dyn A + B> + std::marker::Send>, 9>(move _51)
_28 = VariableStore::put_typed::<std::boxed::Box<dyn std::error::Error + std::marker::Send>, 10>(move _51)";

    #[test]
    fn types_are_read_from_the_listing() {
        let mut types = VariableTypes::default();
        let ids: Vec<u32> = (100..111).collect();
        assert_eq!(types.read_listing(LISTING, &ids), []);
        for (id, name) in [
            (3, "::std::vec::Vec<f64>"),
            (4, "::std::boxed::Box<dyn ::std::ops::Fn(i32) -> i32>"),
            (5, "(i32, &str)"),
            (6, "Mark<'>'>"),
            (7, "Mark<'{'>"),
            (8, "&(dyn ::std::error::Error + ::std::marker::Send)"),
            (
                9,
                "::std::vec::Vec<&mut (dyn Own<dyn A + B> + ::std::marker::Send)>",
            ),
            (
                10,
                "::std::boxed::Box<dyn ::std::error::Error + ::std::marker::Send>",
            ),
        ] {
            assert_eq!(types.get(100 + id), Some(name));
        }
        assert_eq!(types.shown(104).as_deref(), Some("Box<dyn Fn(i32) -> i32>"));
    }
}
