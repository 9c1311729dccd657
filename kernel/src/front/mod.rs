//! The front: the process that Jupyter starts.
//!
//! It binds the five sockets of the connection file and answers at once, whatever the engine is doing.
//! Cells go to the [engine](crate::engine) one at a time; what comes back is put right on its way to
//! the client. If the engine dies, the front says so, starts another, and lives on.
//!
//! - [`client`]: the sockets towards Jupyter.
//! - [`kernel`]: the state and the loop that everything goes through.
//! - [`running`]: the cell that is being run.
//! - [`cell`], [`frames`], [`traceback`]: code on its way in; output and errors on their way out.
//! - [`context`], [`analyst`]: what the notebook has defined, and completion and inspection with it.
//! - [`replies`]: answers that need no engine.

mod analyst;
mod cell;
mod client;
mod context;
mod frames;
mod kernel;
mod replies;
mod running;
mod traceback;

use crate::error::{Error, Result};
use crate::toolchain::core_library::CoreLibrary;
use crate::toolchain::session::Session;
use jupyter_protocol::ConnectionInfo;
use std::path::Path;

/// How cells are compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// By the stand-in for cargo, linked to the core library.
    Fast,
    /// As evcxr does by itself, for the reason given.
    Plain(String),
}

impl Way {
    /// The fast way if the core library is there, else the plain one.
    pub fn choose() -> Way {
        match CoreLibrary::find() {
            Ok(_) => Way::Fast,
            Err(error) => Way::Plain(error.to_string()),
        }
    }
}

/// Runs the kernel on the connection file until it is shut down or its parent process is gone.
///
/// # Errors
/// If the connection file can't be read, or its ports or the temporary folder can't be used.
pub fn run(connection_file: &Path, way: Way) -> Result<()> {
    let text = std::fs::read(connection_file).map_err(Error::file("read", connection_file))?;
    let info: ConnectionInfo = serde_json::from_slice(&text)
        .map_err(|error| Error::file("read", connection_file)(error.into()))?;
    let session = Session::create()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::system("start the kernel"))?;
    let result = runtime.block_on(kernel::serve(&info, session.clone(), way));
    runtime.shutdown_background();
    session.remove();
    result
}
