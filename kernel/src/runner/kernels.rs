//! Which kernel a notebook runs in.

use crate::client::{Launch, find_spec, installed, spec_folders};
use crate::error::{Error, Result};
use crate::notebook::WrittenFor;
use crate::terminal::quoted;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The kernels that notebooks may run in.
pub struct Kernels {
    own: Launch,
    forced: Option<Launch>,
    folders: Vec<PathBuf>,
}

impl Kernels {
    /// Those that are installed; `forced` is the one for all notebooks.
    ///
    /// # Errors
    /// [`Error::UnknownKernel`] if there is no such kernel.
    pub fn new(forced: Option<&str>) -> Result<Self> {
        let own = Launch::this_program()?;
        let folders = spec_folders();
        let forced = match forced {
            None => None,
            Some(name) if name == own.name => Some(own.clone()),
            Some(name) => match find_spec(&folders, name) {
                Some(spec) => Some(Launch::of(&spec)),
                None => {
                    let mut known: BTreeSet<_> = installed(&folders).into_keys().collect();
                    known.insert(own.name.clone());
                    return Err(Error::UnknownKernel {
                        name: name.to_owned(),
                        known: known.into_iter().collect::<Vec<_>>().join(", "),
                    });
                }
            },
        };
        Ok(Kernels {
            own,
            forced,
            folders,
        })
    }

    /// The kernel for a notebook: the one that was asked for, ours for Rust and where nothing is said, else the
    /// notebook's own, which must be installed.
    ///
    /// # Errors
    /// [`Error::NoSuchKernel`].
    pub fn choose(&self, path: &Path, written_for: &WrittenFor) -> Result<Launch> {
        if let Some(forced) = &self.forced {
            return Ok(forced.clone());
        }
        let is_rust = |name: &str| {
            let name = name.to_lowercase();
            name.starts_with("rust") || name == "evcxr" || name == self.own.name
        };
        let rust = match (&written_for.language, &written_for.kernel) {
            (Some(language), _) => language.eq_ignore_ascii_case("rust"),
            (None, Some(kernel)) => is_rust(kernel),
            (None, None) => true,
        };
        if rust {
            return Ok(self.own.clone());
        }
        let found = match (&written_for.kernel, &written_for.language) {
            (Some(kernel), _) => find_spec(&self.folders, kernel),
            (None, Some(language)) => {
                let mut specs = installed(&self.folders).into_values();
                specs.find(|spec| spec.language.eq_ignore_ascii_case(language))
            }
            (None, None) => None,
        };
        found.map(|spec| Launch::of(&spec)).ok_or_else(|| {
            let WrittenFor { language, kernel } = written_for;
            let written = match (language, kernel) {
                (Some(language), Some(kernel)) => format!("in {language} for the kernel `{kernel}`"),
                (Some(language), None) => format!("in {language}"),
                (None, kernel) => format!("for the kernel `{}`", kernel.as_deref().unwrap_or_default()),
            };
            let is_python = language.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("python"))
                || kernel.as_deref().is_some_and(|it| it.to_lowercase().starts_with("python"));
            let advice = if is_python {
                "install one (python3 -m pip install ipykernel) or name another with --kernel NAME, or leave this notebook out with --exclude"
            } else {
                "install it or name another with --kernel NAME, or leave this notebook out with --exclude"
            };
            Error::NoSuchKernel {
                path: path.to_owned(),
                written,
                advice: format!("{advice} {}", quoted(&path.display().to_string())),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_a_notebook_is_written_for_chooses_its_kernel() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        let spec = folder.path().join("python3");
        let written = r#"{"argv": ["python", "-f", "{connection_file}"], "language": "python"}"#;
        let made =
            fs::create_dir(&spec).and_then(|()| fs::write(spec.join("kernel.json"), written));
        made.map_err(Error::file("write", &spec))?;
        let mut kernels = Kernels::new(None)?;
        kernels.folders = vec![folder.path().to_owned()];
        let chosen = |language: Option<&str>, kernel: Option<&str>| {
            let written_for = WrittenFor {
                language: language.map(str::to_owned),
                kernel: kernel.map(str::to_owned),
            };
            kernels
                .choose(Path::new("a.ipynb"), &written_for)
                .map(|launch| launch.name)
                .ok()
        };
        let dsprep = || Some("dsprep".to_owned());
        assert_eq!(chosen(None, None), dsprep());
        assert_eq!(chosen(Some("Rust"), Some("unknown")), dsprep());
        assert_eq!(chosen(None, Some("evcxr")), dsprep());
        let python = || Some("python3".to_owned());
        assert_eq!(chosen(Some("python"), Some("python3")), python());
        assert_eq!(chosen(None, Some("python3")), python());
        assert_eq!(chosen(Some("python"), None), python());
        assert_eq!(chosen(Some("python"), Some("conda-env-py")), None);
        assert_eq!(chosen(None, Some("R")), None);
        Ok(())
    }
}
