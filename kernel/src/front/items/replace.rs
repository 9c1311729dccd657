//! How a new item takes the place of an old one.

use super::{Item, Kind, Part, Space};

impl Item {
    /// Makes room for `new`. Returns whether anything of this item is left.
    pub fn give_way_to(&mut self, new: &Item) -> bool {
        match (&self.kind, &new.kind) {
            (Kind::Macro(old), Kind::Macro(new)) | (Kind::Crate(old), Kind::Crate(new)) => {
                return old != new;
            }
            (Kind::Other, Kind::Other) => return self.text != new.text,
            (Kind::Named(old), Kind::Named(new)) => {
                return !old.iter().any(|name| new.contains(name));
            }
            (Kind::Named(old), Kind::Import) => {
                let brought = new.live_parts().filter_map(|part| part.name.as_deref());
                return !brought.into_iter().any(|name| {
                    old.iter()
                        .any(|(old, space)| old == name && *space == usual_space(name))
                });
            }
            (Kind::Import, Kind::Named(names)) => {
                let replaced = |part: &Part| {
                    let name = part.name.as_deref();
                    names
                        .iter()
                        .any(|(new, space)| name == Some(new) && *space == usual_space(new))
                };
                self.remove_parts(replaced);
            }
            (Kind::Import, Kind::Import) => {
                let replaced = |part: &Part| {
                    new.parts.iter().any(|it| match (&it.name, &part.name) {
                        (Some(new), Some(old)) => new == old,
                        (None, None) => it.text == part.text,
                        _ => false,
                    })
                };
                self.remove_parts(replaced);
            }
            (Kind::Impl(old), Kind::Impl(head)) if old.is_same(head) => {
                if old.of.is_some() {
                    return false;
                }
                let replaced = |part: &Part| {
                    part.name.is_some() && new.parts.iter().any(|it| it.name == part.name)
                };
                self.remove_parts(replaced);
                // A block without anything in it, or with the same text.
                return self.text != new.text
                    && !self.parts.is_empty()
                    && self.live_parts().count() > 0;
            }
            _ => {}
        }
        !matches!(self.kind, Kind::Import) || self.live_parts().count() > 0
    }

    fn remove_parts(&mut self, replaced: impl Fn(&Part) -> bool) {
        let ranges: Vec<_> = self
            .live_parts()
            .filter(|part| replaced(part))
            .map(|part| part.range.clone())
            .collect();
        self.removed.extend(ranges);
    }
}

/// The namespace in which a name of this form is usually found.
fn usual_space(name: &str) -> Space {
    let is_constant = name.chars().count() > 1 && !name.chars().any(char::is_lowercase);
    if name.starts_with(char::is_uppercase) && !is_constant {
        Space::Type
    } else {
        Space::Value
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front::parsed::Parsed;

    fn item(code: &str) -> Item {
        Parsed::of(code).items.remove(0)
    }

    /// Whether the older item stays beside the newer, and what of it.
    fn left(old: &str, new: &str) -> Option<String> {
        let mut old_item = item(old);
        let stays = old_item.give_way_to(&item(new));
        let kept: String = old_item
            .kept()
            .iter()
            .map(|range| &old[range.clone()])
            .collect();
        stays.then_some(kept)
    }

    #[test]
    fn names_live_in_namespaces() {
        for (old, new, stays) in [
            ("fn a() {}", "fn a(x: u8) {}", false),
            ("fn a() {}", "mod a {}", true),
            ("fn a() {}", "macro_rules! a { () => {}; }", true),
            ("struct A;", "fn A() {}", false),
            ("struct A { x: u8 }", "fn A() {}", true),
            ("enum A { X }", "trait A {}", false),
            ("use x::a;", "use y::a;", false),
            ("use x::*;", "use y::*;", true),
            ("use x::*;", "use x::*;", false),
            ("use x::A as _;", "use x::B as _;", true),
        ] {
            assert_eq!(left(old, new).is_some(), stays, "{old} / {new}");
        }
    }

    #[test]
    fn an_impl_gives_way_to_one_with_the_same_head() {
        for (old, new, stays) in [
            (
                "impl fmt::Display for A { fn fmt() {} }",
                "impl std::fmt::Display for A { fn x() {} }",
                false,
            ),
            ("impl a::Display for A {}", "impl b::Display for A {}", true),
            ("impl From<u8> for A {}", "impl From<u16> for A {}", true),
            (
                "impl<T> B<T> { fn f() {} }",
                "impl<U> B<U> { fn f() {} }",
                false,
            ),
            (
                "impl B<u8> { fn f() {} }",
                "impl B<u16> { fn f() {} }",
                true,
            ),
        ] {
            assert_eq!(left(old, new).is_some(), stays, "{old} / {new}");
        }
        assert_eq!(
            left("impl A { fn f() {} fn g() {} }", "impl A { fn f() { 1 } }").as_deref(),
            Some("impl A {  fn g() {} }")
        );
    }

    #[test]
    fn an_import_loses_the_names_that_are_defined_anew() {
        assert_eq!(
            left("use a::{b, c::{D, e}};", "struct D;").as_deref(),
            Some("use a::{b, c::{ e}};")
        );
        assert_eq!(
            left("use a::{self, b};", "use x::a;").as_deref(),
            Some("use a::{ b};")
        );
    }
}
