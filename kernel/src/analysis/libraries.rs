//! The libraries that completion knows: those of the kit, and the crates that notebooks have added.
//!
//! One process serves all notebooks of a user, so it knows what any of them has added. When one adds crates that are not
//! known, all is read again: that takes some seconds once, and no notebook adds crates often.

use super::host::{Host, Question};
use super::project::{self, Package, Project};
use super::sysroot::Sysroot;
use serde_json::Value;
use std::collections::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What is asked before anybody asks, so that all that any question needs is known by then: methods of the standard
/// library, of polars and of ndarray, and the names of the core.
const WARM_UP: &[(&str, &str)] = &[
    ("use dsprep_core::prelude::*;", "let v = vec![1.0]; v."),
    ("use dsprep_core::prelude::*;", "DataFrame::empty()."),
    ("use dsprep_core::prelude::*;", "atten"),
];

/// The libraries that are known.
pub struct Libraries {
    packages: Vec<Package>,
    /// The places of those that cells can name besides the core.
    seen: Vec<usize>,
    /// The files that told of crates which a notebook has added.
    files: HashSet<PathBuf>,
}

impl Libraries {
    /// Those that `metadata` tells of, as cargo writes it.
    pub fn of(metadata: &Value) -> Libraries {
        Libraries {
            packages: project::packages(metadata),
            seen: Vec::new(),
            files: HashSet::new(),
        }
    }

    /// Adds the crates that the file tells of. Returns whether there are any that were not known.
    pub fn add(&mut self, file: &Path) -> bool {
        if !self.files.insert(file.to_owned()) {
            return false;
        }
        let told = fs::read(file).ok();
        let told: Option<Value> = told.and_then(|text| serde_json::from_slice(&text).ok());
        let told = told.unwrap_or_default();
        let before = self.packages.len();
        let mut added = project::packages(&told);
        for package in &mut added {
            for (_, place) in &mut package.uses {
                *place += before;
            }
        }
        let named = told["named"].as_array().cloned().unwrap_or_default();
        let listed = told["packages"].as_array().cloned().unwrap_or_default();
        for (index, package) in listed.iter().enumerate() {
            // Of two versions of one crate, the cell sees the one that was added first.
            let known = |at: &usize| self.packages[*at].name == added[index].name;
            if named.contains(&package["id"]) && !self.seen.iter().any(known) {
                self.seen.push(before + index);
            }
        }
        self.packages.append(&mut added);
        self.packages.len() > before
    }

    /// rust-analyzer with all of them read.
    pub fn host(&self) -> Host {
        let project = Project::read(&self.packages, &self.seen, Sysroot::find().as_ref());
        let mut host = Host::new(project);
        for (items, code) in WARM_UP {
            let question = Question::at_the_end(items, code);
            let _ = catch_unwind(AssertUnwindSafe(|| host.answer(&question)));
        }
        host.tidy();
        host
    }
}
