//! What `--large` and `--slides` add to JupyterLab: type for the last row, and the notebook as a deck whose cells run.
//!
//! It is an extension of JupyterLab's page that lies in the run's own folder, so neither the settings nor the environment of
//! whoever calls it are touched, and nothing is installed. A slide is a cell of the type *slide* or *subslide* and what follows
//! it; the speaker's notes are shown in a window of their own, which follows the slides.

use crate::error::{Error, Result};
use serde_json::json;
use std::fs;
use std::path::Path;

/// What JupyterLab calls the extension.
const NAME: &str = "dsprep-lecture";
const DECK: &str = include_str!("lecture/deck.js");
const STYLE: &str = include_str!("lecture/lecture.css");
const SPEAKER: &str = include_str!("lecture/speaker.html");

/// How JupyterLab looks in front of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Whether type is large.
    pub large: bool,
    /// Whether the notebook that is opened is shown as slides.
    pub slides: bool,
}

/// Writes the extension where JupyterLab finds it if `folder` is on `JUPYTER_PATH`. As JupyterLab always looks, nothing is
/// written. `notebook` is the one whose slides are shown: JupyterLab may open others beside it, from an earlier time.
///
/// # Errors
/// [`Error::File`] if it can't be written.
pub fn write(folder: &Path, look: Look, notebook: Option<&Path>) -> Result<()> {
    if look == Look::default() {
        return Ok(());
    }
    let notebook = notebook.and_then(Path::file_name).filter(|_| look.slides);
    let notebook = notebook.map(|name| name.to_string_lossy());
    let options = json!({"large": look.large, "slides": notebook});
    let package = json!({
        "name": NAME,
        "version": env!("CARGO_PKG_VERSION"),
        "jupyterlab": {"extension": true, "_build": {"load": "static/deck.js", "extension": "./extension"}},
    });
    let root = folder.join("labextensions").join(NAME);
    let files = root.join("static");
    fs::create_dir_all(&files).map_err(Error::file("create", &files))?;
    for (path, text) in [
        (root.join("package.json"), package.to_string()),
        (
            files.join("deck.js"),
            format!("const OPTIONS = {options};\n{DECK}"),
        ),
        (files.join("lecture.css"), STYLE.to_owned()),
        (files.join("speaker.html"), SPEAKER.to_owned()),
    ] {
        fs::write(&path, text).map_err(Error::file("write", &path))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_is_there_only_where_it_is_asked_for() -> Result<()> {
        let folder = tempfile::tempdir().map_err(Error::system("make a folder"))?;
        write(folder.path(), Look::default(), None)?;
        assert!(!folder.path().join("labextensions").exists());
        let look = Look {
            large: true,
            slides: false,
        };
        write(folder.path(), look, Some(Path::new("/n/a.ipynb")))?;
        let root = folder.path().join("labextensions/dsprep-lecture");
        let deck =
            fs::read_to_string(root.join("static/deck.js")).map_err(Error::file("read", &root))?;
        assert!(deck.starts_with("const OPTIONS = {\"large\":true,\"slides\":null};\n"));
        assert!(root.join("static/speaker.html").is_file());
        let package = fs::read(root.join("package.json")).map_err(Error::file("read", &root))?;
        let package: serde_json::Value = serde_json::from_slice(&package).unwrap_or_default();
        let load = package["jupyterlab"]["_build"]["load"]
            .as_str()
            .unwrap_or_default();
        assert!(root.join(load).is_file());
        Ok(())
    }
}
