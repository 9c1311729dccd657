//! Where the workspace build left the core library that cells link to.

use crate::error::{Error, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The core as a dynamic library, and the folder with everything that it was built from.
#[derive(Debug, Clone)]
pub struct CoreLibrary {
    /// The dynamic library.
    pub dylib: PathBuf,
    /// The folder with the compiled dependencies.
    pub deps: PathBuf,
}

impl CoreLibrary {
    /// The core's source folder, as it was when this program was built.
    pub fn source() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("dsprep-core")
    }

    /// Finds the core beside this program: one `cargo build` makes both.
    ///
    /// # Errors
    /// [`Error::NoCore`] if it is not there.
    pub fn find() -> Result<CoreLibrary> {
        let program = env::current_exe().map_err(|_| Error::NoCore {
            folder: PathBuf::new(),
        })?;
        let folder = program.parent().unwrap_or(Path::new("."));
        let name = format!(
            "{}dsprep_core{}",
            env::consts::DLL_PREFIX,
            env::consts::DLL_SUFFIX
        );
        // A test program lies in the folder of the dependencies itself.
        for deps in [folder.join("deps"), folder.to_owned()] {
            let dylib = deps.join(&name);
            if dylib.is_file() {
                return Ok(CoreLibrary { dylib, deps });
            }
        }
        Err(Error::NoCore {
            folder: folder.to_owned(),
        })
    }
}
