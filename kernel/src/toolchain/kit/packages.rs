//! Which packages the core is made of, and which of them each one names.
//!
//! Cargo's messages do not say who depends on whom. The lock file does, but for all kinds of dependencies at once,
//! so what a package needs at run time is read from its own manifest.

use super::artifacts::Artifact;
use crate::error::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use toml::{Table, Value};

/// Name and version.
pub type PackageId = (String, String);

/// The packages that a library is made of.
#[derive(Debug, Default)]
pub struct Packages {
    /// Each package with those that it names, by the name that its source uses for them.
    pub edges: BTreeMap<PackageId, Vec<(String, PackageId)>>,
}

impl Packages {
    /// The package `root` and all that it needs at run time. What only procedural macros need is left out: they are
    /// loaded as they are.
    ///
    /// # Errors
    /// [`Error::File`] if the lock file or a manifest can't be read, [`Error::Gather`] if it can't be understood.
    pub fn below(root: &str, lock_file: &Path, artifacts: &[Artifact]) -> Result<Packages> {
        let lock = Lock::read(lock_file)?;
        let built: BTreeMap<PackageId, &Artifact> = artifacts
            .iter()
            .filter(|artifact| artifact.is_library())
            .filter_map(|artifact| Some((owned(artifact.package()?), artifact)))
            .collect();
        let mut packages = Packages::default();
        let mut waiting: Vec<PackageId> = built.keys().filter(|id| id.0 == root).cloned().collect();
        while let Some(id) = waiting.pop() {
            let Some(artifact) = built.get(&id).filter(|_| !packages.edges.contains_key(&id))
            else {
                continue;
            };
            let mut edges = Vec::new();
            if !artifact.is_macro() {
                let named = named_dependencies(&artifact.manifest_path)?;
                let locked = lock.dependencies(&id);
                for (name, package) in named {
                    // A name stands for two versions only where one of them is not for this platform.
                    let versions = locked
                        .iter()
                        .filter(|it| it.0 == package && built.contains_key(*it));
                    edges.extend(versions.map(|it| (name.clone(), it.clone())));
                }
            }
            waiting.extend(edges.iter().map(|(_, id)| id.clone()));
            packages.edges.insert(id, edges);
        }
        Ok(packages)
    }

    /// Whether the package of `artifact` is one of them.
    pub fn contains(&self, artifact: &Artifact) -> bool {
        let id = artifact.package().map(owned);
        id.is_some_and(|id| self.edges.contains_key(&id))
    }
}

fn owned((name, version): (&str, &str)) -> PackageId {
    (name.to_owned(), version.to_owned())
}

/// The packages of a lock file.
struct Lock(BTreeMap<PackageId, Vec<String>>);

impl Lock {
    fn read(file: &Path) -> Result<Lock> {
        let table = read_toml(file)?;
        let packages = table.get("package").and_then(Value::as_array);
        let entry = |package: &Value| {
            let text = |key| package.get(key).and_then(Value::as_str).map(str::to_owned);
            let list = package.get("dependencies").and_then(Value::as_array);
            let list = list.into_iter().flatten().filter_map(Value::as_str);
            Some((
                (text("name")?, text("version")?),
                list.map(str::to_owned).collect(),
            ))
        };
        Ok(Lock(
            packages.into_iter().flatten().filter_map(entry).collect(),
        ))
    }

    /// What the lock file lists for a package: `name`, or `name version` where there are several versions.
    fn dependencies(&self, id: &PackageId) -> BTreeSet<PackageId> {
        let listed = self.0.get(id).into_iter().flatten();
        let all = |entry: &String| {
            let mut words = entry.split(' ');
            let (name, version) = (words.next().unwrap_or_default(), words.next());
            let same = self.0.keys().filter(move |it| it.0 == name);
            same.filter(|it| version.is_none_or(|version| it.1 == version))
                .cloned()
                .collect::<Vec<_>>()
        };
        listed.flat_map(all).collect()
    }
}

/// The dependencies that the source of a package can name: each with its name there, and the package's own name.
fn named_dependencies(manifest: &Path) -> Result<Vec<(String, String)>> {
    let table = read_toml(manifest)?;
    let targets = table.get("target").and_then(Value::as_table);
    let targets = targets
        .into_iter()
        .flat_map(Table::values)
        .filter_map(Value::as_table);
    let tables = [&table].into_iter().chain(targets);
    let lists = tables.filter_map(|table| table.get("dependencies")?.as_table());
    let named = |(name, value): (&String, &Value)| {
        let package = value.get("package").and_then(Value::as_str).unwrap_or(name);
        (name.replace('-', "_"), package.to_owned())
    };
    let names: BTreeSet<_> = lists.flatten().map(named).collect();
    Ok(names.into_iter().collect())
}

fn read_toml(file: &Path) -> Result<Table> {
    let text = fs::read_to_string(file).map_err(Error::file("read", file))?;
    text.parse()
        .map_err(|error: toml::de::Error| Error::Gather {
            problem: format!("{}: {}", file.display(), error.message()),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::kit::artifacts::Target;
    use std::path::PathBuf;

    fn package(folder: &Path, name: &str, version: &str, kind: &str, manifest: &str) -> Artifact {
        let manifest_path = folder.join(format!("{name}-{version}.toml"));
        fs::write(&manifest_path, manifest).expect("a manifest");
        Artifact {
            package_id: format!("registry+x#{name}@{version}"),
            manifest_path,
            target: Target {
                kind: vec![kind.to_owned()],
                crate_types: vec![kind.to_owned()],
                name: name.to_owned(),
                src_path: PathBuf::new(),
                edition: "2024".to_owned(),
            },
            features: Vec::new(),
            filenames: Vec::new(),
        }
    }

    #[test]
    fn only_what_is_needed_at_run_time_and_was_built_is_followed() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        let at = folder.path();
        let lock = at.join("Cargo.lock");
        let text = r#"
[[package]]
name = "core"
version = "0.1.0"
dependencies = ["proptest", "table", "serde 2.0.0", "derive"]
[[package]]
name = "table"
version = "1.0.0"
dependencies = ["cc", "libc", "windows"]
[[package]]
name = "serde"
version = "1.0.0"
[[package]]
name = "serde"
version = "2.0.0"
[[package]]
name = "derive"
version = "1.0.0"
dependencies = ["syn"]
[[package]]
name = "syn"
version = "1.0.0"
[[package]]
name = "cc"
version = "1.0.0"
[[package]]
name = "libc"
version = "1.0.0"
[[package]]
name = "proptest"
version = "1.0.0"
[[package]]
name = "windows"
version = "1.0.0"
"#;
        fs::write(&lock, text).map_err(Error::file("write", &lock))?;
        let core = "[dependencies]\ntable = '1'\nits-serde = { package = 'serde', version = '2' }\nderive = '1'\n[dev-dependencies]\nproptest = '1'";
        let table = "[build-dependencies]\ncc = '1'\n[target.'cfg(unix)'.dependencies]\nlibc = '1'\n[target.'cfg(windows)'.dependencies]\nwindows = '1'";
        let artifacts = [
            package(at, "core", "0.1.0", "dylib", core),
            package(at, "table", "1.0.0", "lib", table),
            package(at, "serde", "1.0.0", "lib", ""),
            package(at, "serde", "2.0.0", "lib", ""),
            package(
                at,
                "derive",
                "1.0.0",
                "proc-macro",
                "[dependencies]\nsyn = '1'",
            ),
            package(at, "syn", "1.0.0", "lib", ""),
            package(at, "cc", "1.0.0", "lib", ""),
            package(at, "libc", "1.0.0", "lib", ""),
        ];
        let packages = Packages::below("core", &lock, &artifacts)?;
        let names: Vec<String> = packages
            .edges
            .keys()
            .map(|id| format!("{} {}", id.0, id.1))
            .collect();
        assert_eq!(
            names,
            [
                "core 0.1.0",
                "derive 1.0.0",
                "libc 1.0.0",
                "serde 2.0.0",
                "table 1.0.0"
            ]
        );
        let core = &packages.edges[&("core".to_owned(), "0.1.0".to_owned())];
        let named: Vec<&str> = core.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(named, ["derive", "its_serde", "table"]);
        Ok(())
    }
}
