//! The types of a notebook's variables.
//!
//! A later cell has to name the type of each variable that it takes out of the store, but nobody wrote
//! that type down. The front gives each new variable a placeholder type with a number; the compiler
//! infers the real one while it compiles the cell, and lists it (`--emit=mir`) in the call of
//! `put_typed::<Type, NUMBER>`. So one run of rustc both compiles the cell and finds the types.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The start of a placeholder's name; its number follows.
pub const PLACEHOLDER: &str = "DsprepType";

/// The type of each placeholder that a cell has been compiled with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableTypes {
    known: BTreeMap<u32, String>,
}

impl VariableTypes {
    /// The type behind a placeholder.
    pub fn get(&self, id: u32) -> Option<&str> {
        self.known.get(&id).map(String::as_str)
    }

    /// Adds what the compiler's listing tells.
    ///
    /// # Errors
    /// The name of a variable's type that can't be written down, such as a closure's.
    pub fn read_listing(&mut self, listing: &str) -> Result<(), Unnameable> {
        for (id, name) in typed_puts(listing) {
            if let Some(kind) = unnameable(&name) {
                return Err(Unnameable { id, kind, name });
            }
            self.known.insert(id, name);
        }
        Ok(())
    }

    /// `text` with each known placeholder replaced by its type.
    pub fn fill_in(&self, text: &str) -> String {
        replace_placeholders(text, |id| self.get(id).map(str::to_owned))
    }
}

/// A type that no source can name, so that no later cell could take the variable out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unnameable {
    /// The placeholder's number.
    pub id: u32,
    /// What it is, in words.
    pub kind: &'static str,
    /// How the compiler lists it.
    pub name: String,
}

/// `text` with each placeholder replaced by what `name_of` gives for its number, if anything.
pub fn replace_placeholders(text: &str, name_of: impl Fn(u32) -> Option<String>) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(PLACEHOLDER) {
        let (before, found) = rest.split_at(start);
        let digits = found[PLACEHOLDER.len()..]
            .chars()
            .take_while(char::is_ascii_digit)
            .count();
        let (placeholder, after) = found.split_at(PLACEHOLDER.len() + digits);
        output.push_str(before);
        let id = placeholder[PLACEHOLDER.len()..].parse().ok();
        match id.and_then(&name_of) {
            Some(name) => output.push_str(&name),
            None => output.push_str(placeholder),
        }
        rest = after;
    }
    output.push_str(rest);
    output
}

/// The pairs of placeholder and type in the calls of `put_typed`.
fn typed_puts(listing: &str) -> Vec<(u32, String)> {
    const CALL: &str = "::put_typed::<";
    let calls = listing
        .match_indices(CALL)
        .map(|(start, call)| &listing[start + call.len()..]);
    calls.filter_map(generic_arguments).collect()
}

/// Splits `Type, 7>(…` into type and number.
fn generic_arguments(text: &str) -> Option<(u32, String)> {
    let arguments = &text[..closing_bracket(text)?];
    let (name, id) = arguments.rsplit_once(", ")?;
    let id = id.strip_suffix("_u32").unwrap_or(id);
    Some((id.parse().ok()?, name.to_owned()))
}

/// Where the `>` stands that closes the generic arguments `text` starts with.
fn closing_bracket(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut previous = ' ';
    for (index, character) in text.char_indices() {
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

/// What a type is that can't be named in source.
fn unnameable(name: &str) -> Option<&'static str> {
    if name.starts_with("{closure@") {
        Some("a closure")
    } else if name.contains("{closure@") {
        Some("built around a closure")
    } else if name.contains("{async") {
        Some("a future")
    } else if name.contains('{') {
        Some("a function item")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
_19 = VariableStore::put_typed::<std::vec::Vec<f64>, 3>(move _43, const \"f\", move _20) -> [return: bb5];
_23 = dsprep_core::cell::store::VariableStore::put_typed::<std::boxed::Box<dyn std::ops::Fn(i32) -> i32>, 4>(move _46)
_24 = VariableStore::put_typed::<(i32, &str), 5_u32>(move _51, const \"t\", move _8)";

    #[test]
    fn types_are_read_from_the_listing() {
        let mut types = VariableTypes::default();
        types.read_listing(LISTING).unwrap();
        assert_eq!(types.get(3), Some("std::vec::Vec<f64>"));
        assert_eq!(
            types.get(4),
            Some("std::boxed::Box<dyn std::ops::Fn(i32) -> i32>")
        );
        assert_eq!(types.get(5), Some("(i32, &str)"));
        assert_eq!(
            types.fill_in("a: DsprepType3, b: DsprepType9"),
            "a: std::vec::Vec<f64>, b: DsprepType9"
        );
    }

    #[test]
    fn a_closure_has_no_name() {
        let listing = "S::put_typed::<{closure@src/lib.rs:11:74: 11:81}, 8>(move _45)";
        let error = VariableTypes::default().read_listing(listing).unwrap_err();
        assert_eq!((error.id, error.kind), (8, "a closure"));
    }
}
