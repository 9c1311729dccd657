//! What a type is made of, through all items of the notebook that it reaches.
//!
//! A value of a type can be read only as long as nothing that decides its layout has changed: its fields, the
//! fields of their types, the methods of a trait whose objects it holds, a constant in the length of an array.

use super::items::{Item, Kind, Part, names_in, used_names};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// The items of a notebook by the names that lead to them.
pub struct Reach<'a> {
    by_name: BTreeMap<&'a str, Vec<&'a Item>>,
    /// The constants and types that an `impl` gives to a type, with the name of that.
    associated: Vec<(&'a str, &'a Part)>,
    stars: Vec<(&'a Item, &'a Part)>,
}

impl<'a> Reach<'a> {
    /// Among `items`.
    pub fn among(items: &'a [Item]) -> Reach<'a> {
        let mut reach = Reach {
            by_name: BTreeMap::new(),
            associated: Vec::new(),
            stars: Vec::new(),
        };
        for item in items.iter().filter(|item| item.may_decide_layouts()) {
            for name in item.names() {
                reach.by_name.entry(name).or_default().push(item);
            }
            match &item.kind {
                Kind::Impl(head) => {
                    let parts = item.live_parts().filter(|part| !part.text.is_empty());
                    let ty = head.type_name.as_str();
                    reach.associated.extend(parts.map(|part| (ty, part)));
                }
                Kind::Import => {
                    let stars = item.live_parts().filter(|part| part.text.ends_with("::*"));
                    reach.stars.extend(stars.map(|part| (item, part)));
                }
                // What a macro defines has the names that its call mentions. Types have capital letters.
                Kind::Other => {
                    let words = item.shape.split(' ');
                    for name in words.filter(|word| word.starts_with(char::is_uppercase)) {
                        reach.by_name.entry(name).or_default().push(item);
                    }
                }
                _ => {}
            }
        }
        reach
    }

    /// A number that changes when anything changes that the types called `names` are made of; nothing if they
    /// reach no item of the notebook.
    pub fn fingerprint(&self, names: &BTreeSet<String>) -> Option<u64> {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut parts: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = names.iter().cloned().collect();
        loop {
            let Some(name) = open.pop() else {
                // What an `impl` says of a type counts where it is asked for, as by `T::Output`.
                let of_seen = |(ty, part): &&(&str, &Part)| {
                    let asked = |name: &String| seen.contains(name);
                    seen.contains(*ty)
                        && part.name.as_ref().is_some_and(asked)
                        && !parts.contains(&part.text)
                };
                let Some((_, part)) = self.associated.iter().find(of_seen) else {
                    break;
                };
                open.extend(used_names(&part.text));
                parts.insert(part.text.clone());
                continue;
            };
            if !seen.insert(name.clone()) {
                continue;
            }
            let mut follow = |text: &str| {
                open.extend(used_names(text));
                parts.insert(text.to_owned());
            };
            for item in self.by_name.get(name.as_str()).into_iter().flatten() {
                if item.kind == Kind::Import {
                    let parts = item.live_parts();
                    parts
                        .filter(|part| part.name.as_deref() == Some(&name))
                        .for_each(|part| follow(&part.text));
                } else {
                    follow(&item.shape);
                }
            }
            // A star may bring the name from a module of the notebook.
            if !self.by_name.contains_key(name.as_str()) {
                for (_, part) in &self.stars {
                    let module = part
                        .text
                        .split("::")
                        .find(|it| !["crate", "self", ""].contains(it));
                    let module = module.and_then(|module| self.by_name.get(module));
                    let brings = |item: &&&Item| names_in(&item.shape).contains(&name);
                    if let Some(item) = module.into_iter().flatten().find(brings) {
                        follow(&item.shape);
                    }
                }
            }
        }
        if parts.is_empty() {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        Some(hasher.finish())
    }

    /// The fingerprint of one item.
    pub fn of_item(&self, item: &Item) -> u64 {
        let mut hasher = DefaultHasher::new();
        item.shape.hash(&mut hasher);
        self.fingerprint(&used_names(&item.shape)).hash(&mut hasher);
        hasher.finish()
    }
}

/// The names in a type as the compiler lists it. Names behind `::` are found by what stands before them.
pub fn names_of_type(ty: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for name in names_in(ty) {
        let mut places = ty.match_indices(name.as_str());
        let first = places.any(|(at, _)| {
            let before = ty[..at].chars().next_back();
            let after = ty[at + name.len()..].chars().next();
            let within = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
            !within(before) && !within(after) && before != Some(':')
        });
        if first {
            names.insert(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::parsed::Parsed;

    fn fingerprint(code: &str, ty: &str) -> Option<u64> {
        let items = Parsed::of(code).items;
        Reach::among(&items).fingerprint(&names_of_type(ty))
    }

    #[test]
    fn a_change_is_seen_through_fields_generics_objects_aliases_and_constants() {
        for (ty, before, after) in [
            (
                "std::vec::Vec<A>",
                "struct A { x: u8 }",
                "struct A { x: u16 }",
            ),
            (
                "B",
                "struct A { x: u8 } struct B(A);",
                "struct A { x: u16 } struct B(A);",
            ),
            (
                "C",
                "type N = f32; struct C(N);",
                "type N = f64; struct C(N);",
            ),
            (
                "D",
                "const N: usize = 1; struct D([u8; N]);",
                "const N: usize = 2; struct D([u8; N]);",
            ),
            (
                "std::boxed::Box<dyn T>",
                "trait T { fn a(); fn b(); }",
                "trait T { fn b(); fn a(); }",
            ),
            (
                "W<A>",
                "trait S { type O; } struct A; impl S for A { type O = u8; } struct W<T: S>(T::O);",
                "trait S { type O; } struct A; impl S for A { type O = u16; } struct W<T: S>(T::O);",
            ),
            (
                "m::A",
                "mod m { pub struct A(u8); }",
                "mod m { pub struct A(u16); }",
            ),
            (
                "E",
                "use m::*; mod m { pub struct A(u8); } struct E(A);",
                "use m::*; mod m { pub struct A(u16); } struct E(A);",
            ),
        ] {
            assert_ne!(fingerprint(before, ty), fingerprint(after, ty), "{ty}");
        }
    }

    #[test]
    fn what_does_not_touch_a_layout_changes_nothing() {
        let before = "struct A { x: u8 } impl A { fn f(&self) -> u8 { 1 } }";
        let after =
            "#[derive(Debug)] struct A { x: u8 } impl A { fn f(&self) -> u8 { 2 } } fn g() {}";
        assert_eq!(fingerprint(before, "A"), fingerprint(after, "A"));
        assert_eq!(fingerprint("struct Vec;", "::std::vec::Vec<i32>"), None);
        // What an operator gives is no part of it.
        let with_operator = format!("{after} impl Add for A {{ type Output = A; }}");
        assert_eq!(fingerprint(before, "A"), fingerprint(&with_operator, "A"));
        // What only has the name of a field or a method is not meant.
        for other in [
            "fn x(a: u8) {}",
            "static x: u8 = 1;",
            "mod x {}",
            "unit!(B: u8, x);",
            "fn f() {}",
        ] {
            let code = format!("{after} {other}");
            assert_eq!(fingerprint(before, "A"), fingerprint(&code, "A"), "{other}");
        }
    }
}
