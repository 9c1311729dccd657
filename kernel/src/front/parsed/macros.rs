//! Macros that define items.

use crate::front::items::{Item, Kind};

/// Whether a macro with this definition expands to items.
pub fn defines_items(item: &Item) -> bool {
    const STARTS: &[&str] = &[
        "struct",
        "enum",
        "union",
        "fn",
        "impl",
        "mod",
        "trait",
        "static",
        "type",
        "use",
        "pub",
        "const",
        "#",
        "macro_rules",
    ];
    let (Kind::Macro(_), Some((_, rules))) = (&item.kind, item.text.split_once("=>")) else {
        return false;
    };
    let body = rules
        .trim_start()
        .trim_start_matches(['{', '(', '['])
        .trim_start();
    let body = body.strip_prefix("$(").unwrap_or(body).trim_start();
    let first = body
        .split(|it: char| !(it.is_alphanumeric() || "_#".contains(it)))
        .next()
        .unwrap_or_default();
    let is_block = body.starts_with("const {") || body.starts_with("#[") && body.contains("let ");
    STARTS.contains(&first) && !is_block || body.starts_with("#[derive")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::parsed::Parsed;

    #[test]
    fn a_macro_that_defines_items_is_told_from_one_that_computes() {
        for (code, expected) in [
            (
                "macro_rules! unit { ($n:ident) => { #[derive(Debug)] struct $n(f64); }; }",
                true,
            ),
            ("macro_rules! twice { ($x:expr) => { 2 * $x }; }", false),
            (
                "macro_rules! many { ($($n:ident),*) => { $(struct $n;)* }; }",
                true,
            ),
            (
                "macro_rules! max { ($x:expr) => { { let a = $x; a } }; }",
                false,
            ),
        ] {
            assert_eq!(
                defines_items(&Parsed::of(code).items[0]),
                expected,
                "{code}"
            );
        }
    }
}
