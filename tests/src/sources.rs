//! The library's own code, for tests that read it.

use crate::workspace;
use std::collections::BTreeMap;
use std::path::Path;

/// The path of a module, without `crate`.
pub type Module = Vec<String>;

/// The code of each of dsprep-core's modules, without comments and tests.
pub fn core_sources() -> BTreeMap<Module, String> {
    let mut code = BTreeMap::new();
    let src = workspace().join("dsprep-core/src");
    collect(&src, &mut Vec::new(), &mut code);
    code
}

/// Reads the code of `folder`, which is `module`, and of the folders below, but not of tests.
fn collect(folder: &Path, module: &mut Module, code: &mut BTreeMap<Module, String>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let stem = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if stem == "tests" {
            continue;
        }
        if path.is_dir() {
            module.push(stem);
            collect(&path, module, code);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut name = module.clone();
            if stem != "mod" && stem != "lib" {
                name.push(stem);
            }
            let text = std::fs::read_to_string(&path).expect("a file of text");
            code.insert(name, without_tests(&text));
        }
    }
}

/// The code without comments, and without what is compiled for tests only.
pub fn without_tests(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    let code: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut kept = String::new();
    let mut rest = code.as_str();
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        kept += before;
        let end = after.find([';', '{']).unwrap_or(after.len());
        rest = match after[end..].starts_with('{') {
            true => &after[end + block_length(&after[end..])..],
            false => &after[(end + 1).min(after.len())..],
        };
    }
    kept + rest
}

/// How long the block is with which `text` begins.
fn block_length(text: &str) -> usize {
    let mut depth = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}
