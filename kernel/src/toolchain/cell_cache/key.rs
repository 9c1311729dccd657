//! The key of a compiled cell: a hash of all that the compiler was given.

use crate::digest::hex;
use crate::toolchain::flags::Goal;
use crate::toolchain::kit::manifest::Stamped;
use crate::toolchain::plan::Plan;
use crate::toolchain::rustc::Rustc;
use crate::toolchain::source::Source;
use sha2::{Digest as _, Sha256};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// The form of the entries, and of what of a cell counts.
const FORMAT: u64 = 1;

/// The start of the names of entries that are no cells, but answers of the compiler.
pub const ANSWER: &str = "answer-";

/// The key of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// The name of the entry.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// Makes keys for the cells of one notebook.
#[derive(Debug, Clone)]
pub struct KeyMaker {
    hash: Sha256,
}

impl KeyMaker {
    /// For what this compiler makes, linked to this kit and these crates. None if a crate that the notebook added is
    /// not to be found any more.
    pub fn new(rustc: &Rustc, goal: Goal) -> Option<KeyMaker> {
        let mut maker = KeyMaker {
            hash: Sha256::new(),
        };
        maker.number(FORMAT);
        maker.text(env!("CARGO_PKG_VERSION"));
        let manifest = rustc.kit.manifest();
        maker.text(&manifest.compiler);
        maker.stamped(&Stamped::now(&rustc.kit.rustc())?);
        maker.text(&manifest.core_hash);
        for entry in &manifest.files {
            maker.text(&entry.name);
            maker.number(entry.size);
        }
        for flag in rustc.flags(goal) {
            maker.bytes(flag.as_bytes());
        }
        let added = rustc.added.externs.iter().chain(&rustc.added.library);
        for file in added.flat_map(|added| &added.files) {
            maker.stamped(&Stamped::now(file)?);
        }
        Some(maker)
    }

    /// The key of what `program` answers to a question.
    pub fn question(program: &Path, arguments: &[OsString], setting: &OsStr) -> Option<Key> {
        let mut maker = KeyMaker {
            hash: Sha256::new(),
        };
        maker.number(FORMAT);
        maker.text("question");
        maker.stamped(&Stamped::now(program)?);
        maker.bytes(setting.as_bytes());
        for argument in arguments {
            maker.bytes(argument.as_bytes());
        }
        let Key(hash) = maker.finish();
        Some(Key(format!("{ANSWER}{hash}")))
    }

    /// The key of a cell with this source.
    pub fn key(mut self, source: &Source, plan: Option<&Plan>) -> Key {
        for (name, text) in &source.files {
            self.text(name);
            self.text(text);
        }
        if let Some(plan) = plan {
            self.items(plan);
        }
        self.finish()
    }

    fn finish(self) -> Key {
        Key(hex(&self.hash.finalize()))
    }

    /// What of the plan decides which items may be left out, and is not in the source.
    fn items(&mut self, plan: &Plan) {
        for item in &plan.head {
            self.number(u64::from(item.label == plan.label));
            self.number(item.text.len() as u64);
        }
        for file in &plan.files {
            self.number(u64::from(file.label == plan.label));
            for kept in &file.kept {
                self.number(kept.range.start as u64);
                self.number(kept.range.end as u64);
            }
        }
    }

    fn stamped(&mut self, file: &Stamped) {
        self.bytes(file.path.as_os_str().as_bytes());
        self.number(file.size);
        self.number(file.changed);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// With its length before it, so that no two lists run into the same bytes.
    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.hash.update(bytes);
    }

    fn number(&mut self, number: u64) {
        self.hash.update(number.to_le_bytes());
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::toolchain::plan::{HeadItem, ItemFile, Kept};

    fn maker() -> KeyMaker {
        KeyMaker {
            hash: Sha256::new(),
        }
    }

    fn source(files: &[(&str, &str)]) -> Source {
        let files = files.iter();
        Source {
            files: files
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
            ..Source::default()
        }
    }

    /// The key of a cell with this text, made by nothing.
    pub fn key(text: &str) -> Key {
        maker().key(&source(&[("cell", text)]), None)
    }

    #[test]
    fn no_two_sources_have_one_key() {
        let sources: [&[(&str, &str)]; 5] = [
            &[("a", "bc")],
            &[("ab", "c")],
            &[("a", "b"), ("c", "")],
            &[("a", "b"), ("", "c")],
            &[],
        ];
        let mut keys: Vec<String> = sources
            .iter()
            .map(|files| maker().key(&source(files), None).0)
            .collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), sources.len());
    }

    #[test]
    fn it_counts_whose_an_item_is_and_where_it_ends_but_not_its_number() {
        let plan = |id, label, end| Plan {
            label: 2,
            head: vec![HeadItem {
                id,
                label,
                line: 1,
                indent: 0,
                text: "macro_rules! m { () => {} }".to_owned(),
            }],
            files: vec![ItemFile {
                label: 1,
                code: String::new(),
                kept: vec![Kept { id, range: 0..end }],
                edits: Vec::new(),
                exports: false,
            }],
            ..Plan::default()
        };
        let key = |plan: &Plan| maker().key(&source(&[]), Some(plan));
        assert_eq!(key(&plan(1, 1, 9)), key(&plan(5, 1, 9)));
        assert_ne!(key(&plan(1, 1, 9)), key(&plan(1, 2, 9)));
        assert_ne!(key(&plan(1, 1, 9)), key(&plan(1, 1, 8)));
    }
}
