//! Which libraries of the kit the compiler reads for a cell: it says so itself.
//!
//! The kit in a checkout holds all that the core's packages were built from, which costs nothing there, as the files
//! are links. A tenth of it is read by build scripts and procedural macros only.

use crate::error::{Error, Result};
use crate::toolchain::kit::Kit;
use crate::toolchain::rust;
use crate::toolchain::unstable::BOOTSTRAP;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The names of the libraries that are loaded where the core is named.
///
/// # Errors
/// [`Error::Tool`] if the compiler fails, [`Error::File`].
pub fn libraries(kit: &Kit, stage: &Path) -> Result<BTreeSet<String>> {
    let source = stage.join("needed.rs");
    let listing = stage.join("needed.d");
    fs::write(&source, "extern crate dsprep_core;\n").map_err(Error::file("write", &source))?;
    let mut emit = std::ffi::OsString::from("--emit=dep-info=");
    emit.push(&listing);
    let mut command = Command::new(rust::tool("rustc"));
    command
        .env(BOOTSTRAP.0, BOOTSTRAP.1)
        .args(["--crate-type", "lib", "--edition", "2024"])
        .args(["-C", "prefer-dynamic", "-Z", "binary-dep-depinfo"])
        .arg(emit)
        .args(kit.linked().flags())
        .arg(&source)
        .current_dir(stage)
        .stdin(Stdio::null());
    super::contents::call(command, "build the project again: cargo build --release")?;
    let text = fs::read_to_string(&listing).map_err(Error::file("read", &listing))?;
    // The compiler names files without the links in their paths.
    let folder = fs::canonicalize(kit.folder()).map_err(Error::file("find", kit.folder()))?;
    Ok(names(&text, &folder))
}

/// The names of the files in `folder` that a listing for make names.
fn names(listing: &str, folder: &Path) -> BTreeSet<String> {
    // A blank in a path is written with a backslash before it, so a path begins where none is.
    let start = folder.display().to_string().replace(' ', "\\ ") + "/";
    let words = listing.split(&start).skip(1);
    words
        .filter_map(|rest| rest.split([' ', '\n', ':']).next())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_names_files_of_the_folder() {
        let listing = "/s/needed.d: needed.rs /my\\ kit/liba.rmeta /my\\ kit/libb.so /usr/lib/libc.rlib\n\n\
             needed.rs:\n/my\\ kit/liba.rmeta:\n/my\\ kit/libb.so:\n";
        let found = names(listing, Path::new("/my kit"));
        assert_eq!(
            found.into_iter().collect::<Vec<_>>(),
            ["liba.rmeta", "libb.so"]
        );
    }
}
