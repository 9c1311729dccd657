//! No file of dsprep-core needs, by way of others, itself: what a reader opens rests on files that don't rest on it.
//!
//! The script reads `use` lines and paths such as `crate::error::count` in the code outside of tests, finds the
//! file in which each name is defined (through re-exports), and looks for circles among the files and among the topics, which are
//! the folders at the top.

use dsprep_tests::{Module, core_sources, without_tests};
use std::collections::{BTreeMap, BTreeSet};

type Graph = BTreeMap<String, BTreeSet<String>>;

/// The modules of a crate: their code, the names that they pass on, and what they use.
struct Crate {
    code: BTreeMap<Module, String>,
    passed_on: BTreeMap<Module, BTreeMap<String, Module>>,
    used: BTreeMap<Module, Vec<Module>>,
}

impl Crate {
    fn new(code: BTreeMap<Module, String>) -> Self {
        let mut read = Crate {
            code,
            passed_on: BTreeMap::new(),
            used: BTreeMap::new(),
        };
        for (module, code) in &read.code {
            let (imports, rest) = split_imports(code);
            let mut used: Vec<Module> = paths(&rest)
                .iter()
                .filter_map(|path| read.absolute(module, path))
                .collect();
            let mut passed_on = BTreeMap::new();
            for (public, import) in imports {
                for path in expand(&import) {
                    let (path, name) = match path.split_once(" as ") {
                        Some((path, name)) => (path.trim().to_owned(), name.trim().to_owned()),
                        None => {
                            let name = path.rsplit("::").next().unwrap_or_default().to_owned();
                            (path, name)
                        }
                    };
                    let Some(target) = read.absolute(module, &path) else {
                        continue;
                    };
                    match public {
                        true => drop(passed_on.insert(name, target)),
                        false => used.push(target),
                    }
                }
            }
            read.passed_on.insert(module.clone(), passed_on);
            read.used.insert(module.clone(), used);
        }
        read
    }

    /// The path from the crate's root of `path` as `module` writes it; none for another crate's.
    fn absolute(&self, module: &Module, path: &str) -> Option<Module> {
        let mut names: Vec<String> = path
            .split("::")
            .map(|name| name.trim().to_owned())
            .collect();
        let mut base = module.clone();
        match names[0].as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                while names[0] == "super" {
                    base.pop();
                    names.remove(0);
                    if names.is_empty() {
                        return Some(base);
                    }
                }
                return Some([base, names].concat());
            }
            first => {
                base.push(first.to_owned());
                if !self.code.contains_key(&base) {
                    return None;
                }
            }
        }
        Some([base, names.split_off(1)].concat())
    }

    /// The module that defines what `path` leads to.
    fn definition(&self, path: &Module, steps: usize) -> Option<Module> {
        let longest = (0..=path.len()).rev().map(|length| &path[..length]);
        let module = longest
            .into_iter()
            .find(|part| self.code.contains_key(*part))?;
        let passed_on = path
            .get(module.len())
            .and_then(|name| self.passed_on.get(module)?.get(name));
        match passed_on {
            Some(target) if steps > 0 => {
                let rest = &path[module.len() + 1..];
                self.definition(&[target, rest].concat(), steps - 1)
            }
            _ => Some(module.to_vec()),
        }
    }

    /// Which module needs which, each named by `name`; what has no name, and what lists names only, is left out.
    fn graph(&self, name: impl Fn(&Module) -> Option<String>) -> Graph {
        let mut graph = Graph::new();
        for (module, used) in &self.used {
            let Some(from) = name(module) else { continue };
            let needs = graph.entry(from.clone()).or_default();
            for path in used {
                let target = self.definition(path, 10).as_ref().and_then(&name);
                needs.extend(target.filter(|target| *target != from));
            }
        }
        graph
    }
}

/// The `use` lines, each with whether it passes names on, and the rest of the code.
fn split_imports(code: &str) -> (Vec<(bool, String)>, String) {
    let (mut imports, mut others) = (Vec::new(), String::new());
    for statement in code.split_inclusive([';', '{', '}']) {
        let text = statement.trim();
        let words = text
            .strip_prefix("pub(crate) ")
            .or_else(|| text.strip_prefix("pub(super) "));
        let public = words.or_else(|| text.strip_prefix("pub "));
        if public.unwrap_or(text).starts_with("use ") || in_braces(&imports) {
            match in_braces(&imports) {
                true => imports
                    .last_mut()
                    .map(|(_, import): &mut (bool, String)| import.push_str(statement)),
                false => {
                    let import = public.unwrap_or(text).trim_start_matches("use ");
                    imports.push((public.is_some(), import.to_owned()));
                    None
                }
            };
        } else {
            others.push_str(statement);
        }
    }
    for (_, import) in &mut imports {
        *import = import
            .trim_end_matches(';')
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
    }
    (imports, others)
}

/// Whether the last import has no end yet.
fn in_braces(imports: &[(bool, String)]) -> bool {
    imports
        .last()
        .is_some_and(|(_, import)| !import.trim_end().ends_with(';'))
}

/// `a::{b, c::{d, e}}` as `a::b`, `a::c::d` and `a::c::e`.
fn expand(import: &str) -> Vec<String> {
    let Some((before, after)) = import.split_once('{') else {
        let import = import.trim();
        return vec![import.strip_suffix("::self").unwrap_or(import).to_owned()];
    };
    let inside = &after[..after.rfind('}').unwrap_or(after.len())];
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    let whole = parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty());
    whole
        .flat_map(|part| expand(&format!("{}{part}", before.trim())))
        .collect()
}

/// The paths from `crate` or `super` in code.
fn paths(code: &str) -> Vec<String> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|letter| is_name(letter) || letter == ':' || letter == '$') {
                continue;
            }
            let path = code[at..]
                .split(|letter: char| !is_name(letter) && letter != ':')
                .next();
            found.extend(path.map(|path| path.trim_end_matches(':').to_owned()));
        }
    }
    found
}

/// A circle in `graph`, if there is one: a name, what it needs, and so on to the same name.
fn circle(graph: &Graph) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    for start in graph.keys() {
        // The way so far, each name with what is still to be tried from it.
        let mut way: Vec<(&String, Vec<&String>)> = vec![(start, graph[start].iter().collect())];
        while let Some((name, open)) = way.last_mut() {
            let Some(next) = open.pop() else {
                done.insert(*name);
                way.pop();
                continue;
            };
            if let Some(at) = way.iter().position(|(name, _)| *name == next) {
                let names = way[at..].iter().map(|(name, _)| (*name).clone());
                return Some(names.chain([next.clone()]).collect());
            }
            if !done.contains(next) && graph.contains_key(next) {
                way.push((next, graph[next].iter().collect()));
            }
        }
    }
    None
}

/// What lists names of all topics is none itself.
const LISTS: [&str; 1] = ["prelude"];

#[test]
fn no_file_and_no_topic_needs_itself() {
    let core = Crate::new(core_sources());
    assert!(core.code.len() > 150, "{}", core.code.len());
    let files = core.graph(|module| {
        let listed = module
            .first()
            .is_none_or(|topic| LISTS.contains(&topic.as_str()));
        (!listed).then(|| module.join("/"))
    });
    assert!(
        files["experiment/welch"].contains("moments"),
        "{:?}",
        files["experiment/welch"]
    );
    assert_eq!(circle(&files), None, "files need each other");
    let topics = core.graph(|module| {
        let topic = module
            .first()
            .filter(|topic| !LISTS.contains(&topic.as_str()));
        topic.cloned()
    });
    assert!(topics["experiment"].contains("random"));
    assert_eq!(circle(&topics), None, "topics need each other");
}

fn of(files: &[(&str, &str)]) -> Crate {
    let module = |path: &str| -> Module {
        path.split('/')
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    };
    Crate::new(
        files
            .iter()
            .map(|(path, code)| (module(path), without_tests(code)))
            .collect(),
    )
}

#[test]
fn circles_are_found_through_re_exports_braces_and_paths_in_code() {
    let name = |module: &Module| (!module.is_empty()).then(|| module.join("/"));
    let round = |a: &str, b: &str| {
        let files = [
            ("", "pub mod a; pub mod b;"),
            ("a", "mod x; pub use x::{X, Other};"),
            ("a/x", a),
            ("b", b),
        ];
        circle(&of(&files).graph(name))
    };
    let expected = Some(vec!["a/x".to_owned(), "b".to_owned(), "a/x".to_owned()]);
    assert_eq!(round("use crate::b::B;", "use crate::a::X;"), expected);
    assert_eq!(
        round(
            "use crate::{\n b::{B, C},\n};",
            "pub fn f() { let _ = crate::a::X::new(); }"
        ),
        expected
    );
    assert_eq!(
        round("fn f() { super::super::b::g(); }", "use super::a::X as Y;"),
        expected
    );
    assert_eq!(
        round(
            "use crate::b::B;",
            "// crate::a::X\n#[cfg(test)]\nmod tests { use crate::a::X; }"
        ),
        None
    );
    assert_eq!(
        round("use crate::b::B;", "use std::fmt; use crate::c::D;"),
        None
    );
}
