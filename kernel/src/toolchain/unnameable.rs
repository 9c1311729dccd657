//! Variables of types that no source can name, and how they are kept all the same.
//!
//! A closure is put into a box, as `Box<dyn Fn(f64) -> f64>`: the compiler's listing holds its signature. So is an
//! iterator that is built around closures or functions, and a future. What is left is refused, with what to write instead.

use super::types::readable;

/// How a variable can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By its own type.
    AsItIs,
    /// In a box of this type.
    Boxed(String),
    /// Not at all.
    Refused {
        /// What it is, in words.
        what: &'static str,
        /// The type to give it, if there is one.
        instead: Option<String>,
    },
}

/// How a variable of the type `name` can be kept.
pub fn way_to_keep(name: &str, listing: &str) -> Way {
    let masked = without_literals(name);
    if name.starts_with("{closure@") {
        let boxed = signature(name, listing).filter(|signature| !signature.contains('{'));
        return boxed.map_or(
            Way::Refused {
                what: "a closure",
                instead: None,
            },
            Way::Boxed,
        );
    }
    if masked.starts_with("std::iter::") && masked.contains('{') && !masked.contains("{async") {
        return Way::Boxed("::std::boxed::Box<dyn ::std::iter::Iterator<Item = _>>".to_owned());
    }
    if masked.starts_with("{async") {
        return Way::Boxed(
            "::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = _>>>".to_owned(),
        );
    }
    let refused = |what| Way::Refused {
        what,
        instead: None,
    };
    if masked.contains("{async") {
        refused("a future")
    } else if masked.contains("{closure@") {
        refused("built around a closure")
    } else if let Some(start) = masked.find(" {").filter(|_| masked.ends_with('}')) {
        Way::Refused {
            what: "a function item",
            instead: Some(pointer(&name[..start])),
        }
    } else if is_within_function(&masked, listing) {
        refused(WITHIN)
    } else if masked.contains('{') {
        refused("built around a function item")
    } else {
        Way::AsItIs
    }
}

/// What is said of a type that is known within a function or a block only.
const WITHIN: &str = "of a type that is defined within a function or a block";

/// Whether the type is defined within a function or a block: `make::Hidden`, where the listing holds `fn make(`.
fn is_within_function(name: &str, listing: &str) -> bool {
    let mut paths = name.split(|it: char| !(it.is_alphanumeric() || "_:{}#".contains(it)));
    paths.any(|path| {
        let mut ends = path.match_indices("::").map(|(at, _)| &path[..at]);
        ends.any(|around| {
            around.contains("{closure#")
                || ["(", "<"].iter().any(|open| {
                    let begin = format!("fn {around}{open}");
                    listing.lines().any(|line| line.starts_with(&begin))
                })
        })
    })
}

/// Why the variable can't be kept, and what to write instead.
pub fn refusal(variable: &str, way: &Way) -> String {
    let (what, mend) = match way {
        Way::Refused {
            what: "a function item",
            instead,
        } => (
            "a function item",
            format!(
                "give it a pointer type, as in `let {variable}: {} = …;`",
                instead.as_deref().unwrap_or("fn(f64) -> f64")
            ),
        ),
        Way::Refused {
            what: what @ "a closure",
            ..
        } => (
            *what,
            format!(
                "box it, as in `let {variable}: Box<dyn Fn(f64) -> f64> = Box::new(|x| 2.0 * x);`, \
                 or write it as a function `fn {variable}(…) {{ … }}`"
            ),
        ),
        Way::Refused {
            what: what @ "a future",
            ..
        } => (
            *what,
            "run it to its end in this cell and keep the result".to_owned(),
        ),
        Way::Refused { what: WITHIN, .. } => (
            WITHIN,
            format!(
                "define that type outside of it, or keep the value behind a trait, as in \
                 `let {variable}: Box<dyn std::fmt::Debug> = Box::new(…);`"
            ),
        ),
        Way::Refused { what, .. } => (
            *what,
            format!(
                "box what it is built around, as in `Box<dyn Fn(f64) -> f64>`, or collect it, as in \
                 `let {variable}: Vec<_> = ….collect();`"
            ),
        ),
        // The box can't be made: what is in it borrows from something in the cell.
        Way::Boxed(ty) if ty.contains("::Future<") => (
            "a future that borrows",
            "let it own what it uses, as in `async move { … }`, or run it to its end in this cell"
                .to_owned(),
        ),
        Way::Boxed(ty) if ty.contains("::ops::Fn") => (
            "a closure that borrows",
            "let it own what it uses, as in `move |x| …`".to_owned(),
        ),
        Way::Boxed(_) | Way::AsItIs => (
            "an iterator",
            format!(
                "collect it, as in `let {variable}: Vec<_> = ….collect();`, or box it, as in \
                 `let {variable}: Box<dyn Iterator<Item = f64>> = Box::new(…);`"
            ),
        ),
    };
    format!(
        "`{variable}` is {what}, whose type has no name, so later cells can't use it: {mend}, \
         or wrap the code in braces to use it in this cell only."
    )
}

/// The type of a box for the closure `name`, from its body in the listing:
/// `fn run::{closure#2}(_1: &{closure@cell:3:11: 3:28}, _2: f64) -> f64 {`.
fn signature(name: &str, listing: &str) -> Option<String> {
    let body = listing
        .lines()
        .find_map(|line| arguments_of(line, name))
        .map(|(kind, rest)| (kind, rest.trim_end().trim_end_matches('{').trim_end()))?;
    let (kind, rest) = body;
    let end = closing_parenthesis(rest)?;
    let (parameters, result) = (&rest[..end], &rest[end + 1..]);
    let types: Vec<&str> = split(parameters)
        .into_iter()
        .filter_map(|parameter| parameter.split_once(": "))
        .map(|(_, ty)| ty)
        .collect();
    let result = result.trim().strip_prefix("-> ").unwrap_or("()");
    Some(format!(
        "::std::boxed::Box<dyn ::std::ops::{kind}({}) -> {result}>",
        types.join(", ")
    ))
}

/// The box of a closure that names no type of its signature, where `boxed` could not be made of it: a closure that a
/// generic function returns is listed with that function's parameters. None if there is nothing to leave open.
pub fn with_open_signature(boxed: &str) -> Option<String> {
    let (start, signature) = boxed.split_once("::ops::Fn")?;
    let (kind, rest) = signature.split_once('(')?;
    let end = closing_parenthesis(rest)?;
    let parameters = split(&rest[..end]);
    let parameters = parameters.iter().filter(|it| !it.trim().is_empty());
    let open = vec!["_"; parameters.count()].join(", ");
    let open = format!("{start}::ops::Fn{kind}({open}) -> _>");
    (open != boxed).then_some(open)
}

/// The kind of the closure whose body starts on `line`, and what follows its first parameter.
fn arguments_of<'a>(line: &'a str, name: &str) -> Option<(&'static str, &'a str)> {
    if !line.starts_with("fn ") {
        return None;
    }
    for (kind, reference) in [("Fn", "&"), ("FnMut", "&mut "), ("FnOnce", "")] {
        let first = format!("(_1: {reference}{name}");
        if let Some((_, rest)) = line.split_once(&first) {
            return Some((kind, rest.strip_prefix(", ").unwrap_or(rest)));
        }
    }
    None
}

/// Where the parenthesis stands that closes the one before `text`.
fn closing_parenthesis(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (index, character) in without_literals(text).char_indices() {
        match character {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(index),
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The parts of `text` between commas that no bracket encloses.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut previous) = (0, 0, ' ');
    for (index, character) in without_literals(text).char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
        previous = character;
    }
    parts.push(text[start..].trim());
    parts
}

/// The pointer type of a function item, without the lifetimes that the compiler names.
fn pointer(name: &str) -> String {
    let mut text = name.to_owned();
    while let Some(start) = text.find("for<") {
        let end = text[start..]
            .find("> ")
            .map_or(text.len(), |end| start + end + 2);
        let lifetimes = text[start + 4..end.saturating_sub(2)].to_owned();
        text.replace_range(start..end, "");
        for lifetime in lifetimes.split(", ") {
            text = text.replace(&format!("{lifetime} "), "");
        }
    }
    readable(&text)
}

/// The text with the contents of character literals blanked out, so that brackets in it are brackets. Its
/// length in bytes stays the same.
pub fn without_literals(text: &str) -> String {
    let mut output = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('\'') {
        output.push_str(&rest[..=start]);
        rest = &rest[start + 1..];
        let end = if rest.starts_with('\\') {
            rest[2.min(rest.len())..].find('\'').map(|end| end + 2)
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            rest[first..].starts_with('\'').then_some(first)
        };
        // Without an end it is a lifetime.
        if let Some(end) = end {
            output.push_str(&" ".repeat(end));
            output.push('\'');
            rest = &rest[end + 1..];
        }
    }
    output.push_str(rest);
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "\
fn run::{closure#0}::{closure#2}(_1: &{closure@cell:16:11: 16:28}, _2: f64, _3: &str) -> f64 {
fn run::{closure#3}(_1: &mut {closure@cell:17:26: 17:43}, _2: (u8, fn(u8) -> u8)) {
fn run::{closure#6}(_1: {closure@cell:22:34: 22:41}) -> std::string::String {";

    #[test]
    fn a_closure_is_boxed_by_its_signature() {
        for (name, expected) in [
            (
                "{closure@cell:16:11: 16:28}",
                "::std::boxed::Box<dyn ::std::ops::Fn(f64, &str) -> f64>",
            ),
            (
                "{closure@cell:17:26: 17:43}",
                "::std::boxed::Box<dyn ::std::ops::FnMut((u8, fn(u8) -> u8)) -> ()>",
            ),
            (
                "{closure@cell:22:34: 22:41}",
                "::std::boxed::Box<dyn ::std::ops::FnOnce() -> std::string::String>",
            ),
        ] {
            assert_eq!(
                way_to_keep(name, LISTING),
                Way::Boxed(expected.to_owned()),
                "{name}"
            );
        }
    }

    #[test]
    fn a_signature_is_left_open_once() {
        let boxed = "::std::boxed::Box<dyn ::std::ops::FnMut(A, (B, C)) -> Vec<A>>";
        let open = "::std::boxed::Box<dyn ::std::ops::FnMut(_, _) -> _>";
        assert_eq!(with_open_signature(boxed).as_deref(), Some(open));
        assert_eq!(with_open_signature(open), None);
        let open = "::std::boxed::Box<dyn ::std::ops::Fn() -> _>";
        assert_eq!(
            with_open_signature(&open.replace('_', "T")).as_deref(),
            Some(open)
        );
        assert_eq!(
            with_open_signature("::std::boxed::Box<dyn ::std::iter::Iterator<Item = _>>"),
            None
        );
    }

    #[test]
    fn a_function_item_is_refused_with_a_pointer_type_that_fits() {
        let name = "for<'a> fn(&'a str) -> std::result::Result<u16, <u16 as std::str::FromStr>::Err> {core::str::<impl str>::parse::<u16>}";
        let text = refusal("read", &way_to_keep(name, ""));
        assert!(
            text.contains("let read: fn(&str) -> Result<u16, <u16 as std::str::FromStr>::Err> ="),
            "{text}"
        );
        let text = refusal("g", &way_to_keep("fn(f32, u8) -> f32 {scale}", ""));
        assert!(text.contains("let g: fn(f32, u8) -> f32 ="), "{text}");
    }

    #[test]
    fn brackets_as_characters_are_no_brackets() {
        for name in ["Mark<'{'>", "Mark<'>'>", "Mark<'\\''>", "&'static str"] {
            assert_eq!(way_to_keep(name, ""), Way::AsItIs, "{name}");
            assert_eq!(without_literals(name).len(), name.len());
        }
    }
}
