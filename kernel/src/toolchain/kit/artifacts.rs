//! What cargo says it has built: its messages in JSON, one a line.

use serde::Deserialize;
use std::path::PathBuf;

/// A crate that cargo has built, or found built.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Artifact {
    /// Cargo's name of the package.
    pub package_id: String,
    /// The package's manifest.
    pub manifest_path: PathBuf,
    /// The crate in the package.
    pub target: Target,
    /// The features that it was built with.
    #[serde(default)]
    pub features: Vec<String>,
    /// What was written.
    pub filenames: Vec<PathBuf>,
}

/// A crate of a package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Target {
    /// What it is: `lib`, `proc-macro`, `bin`, ...
    pub kind: Vec<String>,
    /// How it is linked.
    pub crate_types: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its first source file.
    pub src_path: PathBuf,
    /// The edition of Rust that it is written in.
    pub edition: String,
}

/// One message.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(flatten)]
    rest: serde_json::Value,
}

impl Artifact {
    /// The artifact that a line of cargo's output tells of, if it tells of one.
    pub fn of_line(line: &str) -> Option<Artifact> {
        let message: Message = serde_json::from_str(line).ok()?;
        (message.reason == "compiler-artifact")
            .then(|| serde_json::from_value(message.rest).ok())
            .flatten()
    }

    /// Name and version of the package, as its id ends in them: `…#serde@1.0.2`, or, where the folder is called
    /// like the package, `…/dsprep-core#0.1.0`.
    pub fn package(&self) -> Option<(&str, &str)> {
        let (before, fragment) = self.package_id.rsplit_once('#')?;
        match fragment.split_once('@') {
            Some(pair) => Some(pair),
            None => Some((before.rsplit('/').next()?, fragment)),
        }
    }

    /// Whether it is a library that others name, a procedural macro among them.
    pub fn is_library(&self) -> bool {
        let named = ["lib", "rlib", "dylib", "proc-macro"];
        self.target
            .kind
            .iter()
            .any(|kind| named.contains(&kind.as_str()))
    }

    /// Whether it is a procedural macro.
    pub fn is_macro(&self) -> bool {
        self.target.kind.iter().any(|kind| kind == "proc-macro")
    }

    /// The files that the compiler reads when another crate names this one: the metadata, and the library itself
    /// where it is one that is loaded.
    pub fn needed_files(&self) -> Vec<PathBuf> {
        let ends = |end: &'static str| {
            let files = self.filenames.iter();
            files.filter(move |file| file.extension().is_some_and(|it| it == end))
        };
        let loaded = ends(std::env::consts::DLL_EXTENSION);
        let mut needed: Vec<PathBuf> = ends("rmeta").chain(loaded).cloned().collect();
        if needed.is_empty() {
            needed.extend(ends("rlib").cloned());
        }
        needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, kind: &str, files: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","package_id":"{id}","manifest_path":"/m/Cargo.toml","target":{{"kind":["{kind}"],"crate_types":["lib"],"name":"serde","src_path":"/m/src/lib.rs","edition":"2021","doc":true}},"profile":{{}},"features":["std"],"filenames":[{files}],"executable":null,"fresh":true}}"#
        )
    }

    #[test]
    fn an_artifact_is_read_and_names_its_package() {
        let registry = "registry+https://github.com/rust-lang/crates.io-index#serde@1.0.2";
        let text = line(
            registry,
            "lib",
            r#""/t/libserde-1.rlib","/t/libserde-1.rmeta""#,
        );
        let artifact = Artifact::of_line(&text).expect("an artifact");
        assert_eq!(artifact.package(), Some(("serde", "1.0.2")));
        assert!(artifact.is_library() && !artifact.is_macro());
        assert_eq!(
            artifact.needed_files(),
            [PathBuf::from("/t/libserde-1.rmeta")]
        );

        let local = line(
            "path+file:///p/dsprep-core#0.1.0",
            "dylib",
            r#""/t/libdsprep_core.rlib""#,
        );
        let artifact = Artifact::of_line(&local).expect("an artifact");
        assert_eq!(artifact.package(), Some(("dsprep-core", "0.1.0")));
        assert_eq!(
            artifact.needed_files(),
            [PathBuf::from("/t/libdsprep_core.rlib")]
        );
    }

    #[test]
    fn other_messages_and_other_words_are_passed_over() {
        for text in [
            "",
            "warning: x",
            "{}",
            r#"{"reason":"build-finished","success":true}"#,
        ] {
            assert_eq!(Artifact::of_line(text), None, "{text}");
        }
    }
}
