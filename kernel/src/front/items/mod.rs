//! The items of a notebook: functions, types, `impl` blocks, imports, macros.
//!
//! An item is known by its kind, name and namespace, so a module and a function, or a macro and a function, may
//! share a name. An `impl` is known by its head. Of an import or an `impl` without a trait, later cells may
//! replace a part and leave the rest.
//!
//! - [`parts`]: the names of an import and the members of an `impl`, each at its place.
//! - [`heads`]: what an `impl` is for.
//! - [`statics`]: statics, which keep their value.
//! - [`shape`]: what of an item decides how values are laid out.
//! - [`replace`]: how a new item takes the place of an old one.

mod heads;
mod parts;
mod replace;
mod shape;
mod statics;

pub use heads::Head;
pub use parts::Part;
pub use shape::{names_in, used_names};
pub use statics::{Export, StaticPlace};

use super::names::{name_of, normal};
use parts::Place;
use ra_ap_syntax::SyntaxNode;
use ra_ap_syntax::ast::{self, AstNode, HasName as _};
use shape::shape;
use std::ops::Range;

/// Where Rust looks a name up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Space {
    /// Types, traits and modules.
    Type,
    /// Functions, constants and statics.
    Value,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Something with a name: a function, a type …
    Named(Vec<(String, Space)>),
    /// A macro.
    Macro(String),
    /// A crate, by `extern crate`.
    Crate(String),
    /// An import; its parts are the names that it brings.
    Import,
    /// An `impl` block.
    Impl(Head),
    /// A macro call that defines items, or anything else without a name.
    Other,
}

/// An item of the notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number in the notebook.
    pub id: u32,
    /// The cell that defined it.
    pub label: u32,
    /// Where it stands in that cell, in bytes.
    pub range: Range<usize>,
    /// Its source.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Whether values of it have a layout: a struct, an enum, a union, a trait, or a module with some.
    pub has_layout: bool,
    /// What of it decides how values are laid out.
    pub shape: String,
    /// Its parts.
    pub parts: Vec<Part>,
    /// The parts that later cells have replaced.
    pub removed: Vec<Range<usize>>,
    /// The statics in it.
    pub statics: Vec<StaticPlace>,
    /// The definition of the statics that is loaded, if one is: how often they were defined, and the
    /// fingerprint of what they are made of.
    pub loaded: Option<(u32, u64)>,
}

impl Item {
    /// The item that a statement of a cell is, if it is one; `start` is the place of the cell in the parsed text.
    pub fn of(node: &SyntaxNode, start: usize) -> Option<Item> {
        let item = ast::Item::cast(node.clone())?;
        let value = |name: Option<ast::Name>| named(name, &[Space::Value]);
        let ty = |name: Option<ast::Name>| named(name, &[Space::Type]);
        let place = Place { start };
        let mut parts = Vec::new();
        let kind = match &item {
            ast::Item::AsmExpr(_) | ast::Item::MacroCall(_) => return None,
            ast::Item::Const(it) => value(it.name()).unwrap_or(Kind::Other),
            ast::Item::Fn(it) => value(it.name())?,
            ast::Item::Static(it) => value(it.name())?,
            ast::Item::Enum(it) => ty(it.name())?,
            ast::Item::Module(it) => ty(it.name())?,
            ast::Item::Trait(it) => ty(it.name())?,
            ast::Item::TypeAlias(it) => ty(it.name())?,
            ast::Item::Union(it) => ty(it.name())?,
            ast::Item::Struct(it) => {
                let both = &[Space::Type, Space::Value];
                let is_record = matches!(it.field_list(), Some(ast::FieldList::RecordFieldList(_)));
                named(it.name(), if is_record { &both[..1] } else { both })?
            }
            ast::Item::MacroRules(it) => Kind::Macro(name_of(&it.name()?)),
            ast::Item::MacroDef(it) => Kind::Macro(name_of(&it.name()?)),
            ast::Item::ExternCrate(it) => Kind::Crate(normal(it.name_ref()?.text())),
            ast::Item::ExternBlock(it) => {
                let list = it.extern_item_list();
                let names = list.into_iter().flat_map(|list| {
                    let items = list.syntax().children();
                    items.filter_map(|item| item.children().find_map(ast::Name::cast))
                });
                Kind::Named(names.map(|name| (name_of(&name), Space::Value)).collect())
            }
            ast::Item::Use(it) => {
                parts = place.leaves(it);
                Kind::Import
            }
            ast::Item::Impl(it) => {
                parts = place.members(it);
                Kind::Impl(Head::of(it)?)
            }
        };
        let has_layout = matches!(
            item,
            ast::Item::Struct(_)
                | ast::Item::Enum(_)
                | ast::Item::Union(_)
                | ast::Item::Trait(_)
                | ast::Item::Module(_)
        );
        Some(Item {
            id: 0,
            label: 0,
            range: place.range(node),
            text: node.text().to_string(),
            kind,
            has_layout,
            shape: shape(node),
            parts,
            removed: Vec::new(),
            statics: place.statics(node),
            loaded: None,
        })
    }

    /// A macro call that defines items.
    pub fn of_macro_call(node: &SyntaxNode, start: usize) -> Item {
        Item {
            id: 0,
            label: 0,
            range: Place { start }.range(node),
            text: node.text().to_string(),
            kind: Kind::Other,
            has_layout: false,
            shape: shape(node),
            parts: Vec::new(),
            removed: Vec::new(),
            statics: Place { start }.statics(node),
            loaded: None,
        }
    }

    /// The names that it defines, in whatever namespace.
    pub fn names(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Named(names) => names.iter().map(|(name, _)| name.as_str()).collect(),
            Kind::Macro(name) | Kind::Crate(name) => vec![name],
            Kind::Import => self
                .live_parts()
                .filter_map(|part| part.name.as_deref())
                .collect(),
            Kind::Impl(_) | Kind::Other => Vec::new(),
        }
    }

    /// Whether the layout of a value can depend on it: not on a function that no constant can call, nor on a static.
    pub fn may_decide_layouts(&self) -> bool {
        let is_value = |(_, space): &(String, Space)| *space == Space::Value;
        match &self.kind {
            Kind::Named(names) if !self.has_layout && names.iter().all(is_value) => {
                self.shape.split(' ').any(|word| word == "const")
            }
            _ => true,
        }
    }

    /// The parts that nothing has replaced.
    pub fn live_parts(&self) -> impl Iterator<Item = &Part> {
        let live = |part: &&Part| !self.removed.contains(&part.range);
        self.parts.iter().filter(live)
    }

    /// How a reader would name it.
    pub fn title(&self) -> String {
        let first = self.text.lines().find(|line| {
            let line = line.trim_start();
            !(line.is_empty() || line.starts_with("//") || line.starts_with("#["))
        });
        let first = first.unwrap_or_default().trim();
        let end = first.find(['{', '(', ';', '=']).unwrap_or(first.len());
        first[..end].trim().to_owned()
    }

    /// The ranges of the cell that are still compiled.
    pub fn kept(&self) -> Vec<Range<usize>> {
        let mut removed = self.removed.clone();
        removed.sort_by_key(|range| range.start);
        let mut kept = Vec::new();
        let mut start = self.range.start;
        for range in removed {
            if range.start > start {
                kept.push(start..range.start);
            }
            start = start.max(range.end);
        }
        if start < self.range.end {
            kept.push(start..self.range.end);
        }
        kept
    }
}

fn named(name: Option<ast::Name>, spaces: &[Space]) -> Option<Kind> {
    let name = name_of(&name?);
    Some(Kind::Named(
        spaces.iter().map(|space| (name.clone(), *space)).collect(),
    ))
}
