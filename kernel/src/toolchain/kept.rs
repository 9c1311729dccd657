//! A cell's way into the cache of compiled cells and out of it again.
//!
//! An entry names variables and items by their places in the plan, as it is for each notebook with the same cell; here
//! they get the numbers that they have in this one.

use super::cell_cache::{CellCache, Compiled, Key, KeyMaker, Reads, Told};
use super::flags::{Goal, library_name};
use super::plan::{Build, LeftOut, Plan};
use super::rustc::Rustc;
use super::source::{self, Findings, Source};
use super::types::VariableTypes;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// The place of one cell in the cache.
pub struct Kept<'a> {
    cache: &'a CellCache,
    key: Key,
    /// Where the cell is compiled.
    folder: &'a Path,
    /// The files of its source.
    own: Vec<String>,
}

impl<'a> Kept<'a> {
    /// The place of the cell with this source; none where there is no cache, or nothing to run comes out.
    pub fn new(
        cache: Option<&'a CellCache>,
        rustc: &Rustc,
        goal: Goal,
        source: &Source,
        plan: Option<&Plan>,
        folder: &'a Path,
    ) -> Option<Kept<'a>> {
        let cache = cache.filter(|_| goal != Goal::Check)?;
        Some(Kept {
            cache,
            key: KeyMaker::new(rustc, goal)?.key(source, plan),
            folder,
            own: source.files.iter().map(|(name, _)| name.clone()).collect(),
        })
    }

    /// Its key.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Puts the library where the compiler would have put it, and returns what was told when it was compiled.
    pub fn restore(&self) -> Option<Told> {
        let compiled = self.cache.find(&self.key, self.folder)?;
        let library = self.folder.join(library_name());
        // Always a file of its own: one that is loaded already would be taken for the same library, with the values
        // that its statics have by now.
        let _ = fs::remove_file(&library);
        fs::write(&library, compiled.library).ok()?;
        Some(compiled.told)
    }

    /// Keeps the library that the compiler, which started at `start`, has made.
    pub fn keep(&self, told: Told, start: SystemTime) {
        let own: Vec<&str> = self.own.iter().map(String::as_str).collect();
        let listing = fs::read_to_string(self.folder.join("ctx.d"));
        let reads = listing
            .ok()
            .and_then(|listing| Reads::listed(&listing, &own, self.folder, start));
        let library = fs::read(self.folder.join(library_name()));
        if let (Some(reads), Ok(library)) = (reads, library) {
            let told = Told { reads, ..told };
            self.cache.keep(&self.key, &Compiled { told, library });
        }
    }
}

/// What compiling a cell told, for the cache.
pub fn told(plan: &Plan, types: &VariableTypes, findings: &Findings, build: &Build) -> Told {
    let items = items(plan);
    let place = |id: u32| items.iter().position(|item| *item == id);
    let left_out = build.left_out.iter();
    let defines = plan.defines.iter().enumerate();
    let mut moved: Vec<String> = findings.moved.iter().cloned().collect();
    moved.sort();
    Told {
        left_out: left_out
            .filter_map(|left| Some((place(left.id)?, left.message.clone())))
            .collect(),
        moved,
        boxed: defines
            .clone()
            .filter_map(|(index, variable)| {
                Some((index, findings.boxed.get(&variable.id)?.clone()))
            })
            .collect(),
        types: defines
            .filter_map(|(index, variable)| Some((index, types.get(variable.id)?.to_owned())))
            .collect(),
        reads: Reads::default(),
    }
}

/// What compiling the cell came to, by what is known from the cache. Adds the types of its variables.
pub fn restored_build(plan: &Plan, types: &mut VariableTypes, told: &Told) -> Option<Build> {
    let items = items(plan);
    let id_of = |index: &usize| plan.defines.get(*index).map(|variable| variable.id);
    let left_out = told.left_out.iter().map(|(place, message)| {
        Some(LeftOut {
            id: *items.get(*place)?,
            message: message.clone(),
        })
    });
    let left_out: Vec<LeftOut> = left_out.collect::<Option<_>>()?;
    let boxed = told.boxed.iter();
    let findings = Findings {
        left_out: left_out.iter().map(|left| left.id).collect(),
        moved: told.moved.iter().cloned().collect(),
        boxed: boxed
            .map(|(index, ty)| Some((id_of(index)?, ty.clone())))
            .collect::<Option<_>>()?,
        ..Findings::default()
    };
    // The source is what was compiled last: the places in it are the same.
    let source = source::of_cell(plan, types, &findings);
    for (index, ty) in &told.types {
        types.add(id_of(index)?, ty.clone());
    }
    Some(Build {
        success: true,
        cached: true,
        ..source.build(&findings, left_out)
    })
}

/// The numbers of all items in the plan, in order.
fn items(plan: &Plan) -> Vec<u32> {
    let files = plan.files.iter().flat_map(|file| &file.kept);
    let head = plan.head.iter().map(|item| item.id);
    head.chain(files.map(|kept| kept.id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::plan::{HeadItem, Variable};

    /// A cell with a macro of another one and two variables, whose numbers begin at `first`.
    fn plan(first: u32) -> Plan {
        let variable = |name: &str, id| Variable {
            name: name.to_owned(),
            mutable: false,
            id,
        };
        Plan {
            head: vec![HeadItem {
                id: first,
                label: 1,
                line: 1,
                indent: 0,
                text: "macro_rules! m { () => {} }".to_owned(),
            }],
            defines: vec![variable("a", first + 1), variable("b", first + 2)],
            ..Plan::default()
        }
    }

    #[test]
    fn what_was_told_of_one_notebook_is_told_of_another_with_its_numbers() {
        let mut types = VariableTypes::default();
        types.add(2, "i32".to_owned());
        types.add(3, "::std::boxed::Box<dyn Fn()>".to_owned());
        let findings = Findings {
            left_out: [1].into(),
            moved: ["a".to_owned()].into(),
            boxed: [(3, "::std::boxed::Box<dyn Fn()>".to_owned())].into(),
            ..Findings::default()
        };
        let left_out = vec![LeftOut {
            id: 1,
            message: "it does not go".to_owned(),
        }];
        let build = Build {
            left_out,
            ..Build::default()
        };
        let told = told(&plan(1), &types, &findings, &build);
        let mut types = VariableTypes::default();
        let other = restored_build(&plan(41), &mut types, &told).expect("it is the same cell");
        assert!(other.success && other.cached);
        assert_eq!(
            (other.left_out[0].id, &*other.left_out[0].message),
            (41, "it does not go")
        );
        assert_eq!(other.moved, ["a"]);
        assert_eq!(
            [types.get(42), types.get(43)],
            [Some("i32"), Some("::std::boxed::Box<dyn Fn()>")]
        );
        // `a` is not put back, `b` is.
        let kept: Vec<&str> = other.puts.iter().map(|put| put.name.as_str()).collect();
        assert_eq!(kept, ["b"]);
    }
}
