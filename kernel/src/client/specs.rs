//! The kernels that are installed, found where and in the order in which Jupyter looks for them.

use crate::kernelspec::user_data;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// An installed kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The name of its folder, in lower case.
    pub name: String,
    /// The name that people see.
    pub display_name: String,
    /// The language of its cells.
    pub language: String,
    /// Its folder.
    pub folder: PathBuf,
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Variables to set.
    pub env: BTreeMap<String, String>,
    /// Whether it is interrupted by a message instead of a signal.
    pub interrupt_by_message: bool,
}

/// The folders of kernelspecs, the first that has a kernel wins: `JUPYTER_PATH`, the active environment, the user's
/// data folder, the `python3` on `PATH`, and those of the system.
pub fn spec_folders() -> Vec<PathBuf> {
    folders(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
}

fn folders(variable: impl Fn(&str) -> Option<OsString> + Copy) -> Vec<PathBuf> {
    let mut data: Vec<PathBuf> = Vec::new();
    if let Some(list) = variable("JUPYTER_PATH") {
        data.extend(std::env::split_paths(&list).filter(|path| !path.as_os_str().is_empty()));
    }
    let environments = ["VIRTUAL_ENV", "CONDA_PREFIX"]
        .into_iter()
        .filter_map(variable);
    data.extend(environments.map(|prefix| Path::new(&prefix).join("share/jupyter")));
    data.extend(user_data(variable));
    // A virtual environment that is used without being activated: `.venv/bin` stands in `PATH`.
    if let Some(list) = variable("PATH") {
        let bins = std::env::split_paths(&list);
        let python = bins
            .map(|bin| bin.join("python3"))
            .find(|python| python.is_file());
        data.extend(
            python.and_then(|python| Some(python.parent()?.parent()?.join("share/jupyter"))),
        );
    }
    data.push("/usr/local/share/jupyter".into());
    data.push("/usr/share/jupyter".into());
    let mut seen = Vec::new();
    for folder in data {
        let kernels = folder.join("kernels");
        if !seen.contains(&kernels) {
            seen.push(kernels);
        }
    }
    seen
}

/// All installed kernels, by name.
pub fn installed(folders: &[PathBuf]) -> BTreeMap<String, Spec> {
    let mut found = BTreeMap::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(folder) else {
            continue;
        };
        for entry in entries.flatten() {
            if let Some(spec) = read(&entry.path()) {
                found.entry(spec.name.clone()).or_insert(spec);
            }
        }
    }
    found
}

/// The installed kernel of this name, whatever the case of its letters.
pub fn find_spec(folders: &[PathBuf], name: &str) -> Option<Spec> {
    // A name, and no way out of the folder.
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\\', '\0']) {
        return None;
    }
    let exact = folders.iter().find_map(|folder| read(&folder.join(name)));
    exact.or_else(|| installed(folders).remove(&name.to_lowercase()))
}

fn read(folder: &Path) -> Option<Spec> {
    let text = fs::read(folder.join("kernel.json")).ok()?;
    let json: Value = serde_json::from_slice(&text).ok()?;
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    let argv = json["argv"].as_array()?.iter();
    let argv: Vec<String> = argv
        .map(|word| word.as_str().map(str::to_owned))
        .collect::<Option<_>>()?;
    if argv.is_empty() {
        return None;
    }
    let env = json["env"].as_object().into_iter().flatten();
    Some(Spec {
        name: folder.file_name()?.to_str()?.to_lowercase(),
        display_name: text("display_name"),
        language: text("language"),
        folder: folder.to_owned(),
        argv,
        env: env
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
        interrupt_by_message: json["interrupt_mode"] == "message",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn install(folder: &Path, name: &str, json: &str) -> std::io::Result<()> {
        let folder = folder.join("kernels").join(name);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("kernel.json"), json)
    }

    #[test]
    fn kernels_are_found_in_jupyters_order() -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        let variable = |name: &str| -> Option<OsString> {
            match name {
                "JUPYTER_PATH" => std::env::join_paths([at("one"), at("two")]).ok(),
                "VIRTUAL_ENV" => Some(at("venv").into()),
                "JUPYTER_DATA_DIR" => Some(at("user").into()),
                _ => None,
            }
        };
        let spec =
            |words: &str| format!(r#"{{"argv": [{words}], "display_name": "X", "language": "x"}}"#);
        install(&at("two"), "Python3", &spec("\"two\""))?;
        install(&at("venv/share/jupyter"), "python3", &spec("\"venv\""))?;
        install(&at("user"), "broken", "{")?;
        install(&at("user"), "empty", &spec(""))?;
        install(
            &at("user"),
            "mine",
            r#"{"argv": ["m"], "interrupt_mode": "message", "env": {"A": "b"}}"#,
        )?;
        let folders = folders(variable);
        let program = |name: &str| find_spec(&folders, name).map(|spec| spec.argv[0].clone());
        assert_eq!(installed(&folders)["python3"].argv, ["two"]);
        assert_eq!(program("mine").as_deref(), Some("m"));
        assert!(find_spec(&folders, "MINE").is_some_and(|spec| spec.interrupt_by_message));
        for none in [
            "broken",
            "empty",
            "missing",
            "",
            "..",
            "../user/kernels/mine",
        ] {
            assert_eq!(program(none), None, "{none}");
        }
        Ok(())
    }
}
