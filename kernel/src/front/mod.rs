//! The front: the process that Jupyter starts.
//!
//! It binds the five sockets of the connection file and answers at once, whatever the engine is doing.
//! Cells go to the [engine](crate::engine) one at a time; what comes back is put right on its way to
//! the client. If the engine dies, the front says so, starts another, and lives on.
//!
//! - [`client`]: the sockets towards Jupyter.
//! - [`event_loop`]: the state and the loop that everything goes through.
//! - [`running`], [`ended`]: the cell that is being run, and one that took its process along.
//! - [`cell_process`]: the process that it runs in.
//! - [`parsed`], [`items`], [`names`], [`syntax`], [`completeness`]: a cell taken apart.
//! - [`context`], [`reach`]: what the notebook has defined, and what a value of it depends on.
//! - [`prepared`], [`commands`]: a cell that is ready to run, and what the front answers to commands in it.
//! - [`documentation`]: what a notebook says of its own items.
//! - [`printer`]: text on its way out.
//! - [`traceback`], [`rendered`], [`marks`], [`told`], [`hints`]: errors as readers see them.
//! - [`analyst`], [`completion`]: completion and inspection.
//! - [`replies`]: answers that need no engine.

mod analyst;
mod cell_process;
mod client;
mod commands;
mod completeness;
mod completion;
mod context;
mod documentation;
mod ended;
mod event_loop;
mod hints;
mod history;
mod items;
mod marks;
mod names;
mod parsed;
mod prepared;
mod printer;
mod reach;
mod rendered;
mod replies;
mod running;
mod sockets;
mod syntax;
mod told;
mod traceback;

use crate::error::{Error, Result};
use crate::toolchain::kit::Kit;
use crate::toolchain::workdir::Workdir;
use jupyter_protocol::ConnectionInfo;
use std::io::Write as _;
use std::path::Path;

/// Where the Rust of a cell begins, behind commands and what may stand between them.
pub fn rust_of(code: &str) -> usize {
    // Without the notebook's variables, nobody can tell `!x` from a command of the shell: it is left alone.
    let (commands, start) = parsed::split_commands(code, |_| false);
    if commands.is_empty() { 0 } else { start }
}

/// Whether this is Rust, by its syntax.
pub fn parses(rust: &str) -> bool {
    completeness::completeness(rust) == completeness::Completeness::Complete
}

/// How cells are compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toolchain {
    /// By the stand-in for cargo, linked to the core library.
    StandIn,
    /// Not at all, for the reason given: each cell answers with it.
    Unavailable(String),
    /// As evcxr does by itself, to compare.
    Cargo,
}

impl Toolchain {
    /// The stand-in with this kit, or none.
    fn with(kit: &Result<Kit>) -> Toolchain {
        match kit {
            Ok(kit) => match &kit.manifest().unstable.problem {
                None => Toolchain::StandIn,
                Some(problem) => Toolchain::Unavailable(format!(
                    "{} can't tell the types of variables ({problem}); build with Rust {}, in the project's folder: \
                     rustup run {} cargo build --release",
                    kit.manifest().compiler,
                    env!("CARGO_PKG_RUST_VERSION"),
                    env!("CARGO_PKG_RUST_VERSION"),
                )),
            },
            Err(error) => Toolchain::Unavailable(error.to_string()),
        }
    }
}

/// Runs the kernel on the connection file until it is shut down or its parent process is gone.
///
/// # Errors
/// If the connection file can't be read, or its ports or the temporary folder can't be used.
pub fn run(connection_file: &Path, plain: bool) -> Result<()> {
    let text = std::fs::read(connection_file).map_err(Error::file("read", connection_file))?;
    let info: ConnectionInfo = serde_json::from_slice(&text)
        .map_err(|error| Error::file("read", connection_file)(error.into()))?;
    let kit = Kit::find();
    let toolchain = if plain {
        Toolchain::Cargo
    } else {
        Toolchain::with(&kit)
    };
    // Held until the end: a later build leaves this kernel its kit.
    let _held = kit.as_ref().ok().and_then(Kit::hold);
    let workdir = Workdir::create()?.with_kit(kit.as_ref().ok().map(Kit::folder));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::system("start the kernel"))?;
    let result = runtime.block_on(event_loop::serve(&info, workdir.clone(), toolchain));
    runtime.shutdown_background();
    workdir.remove();
    result
}

/// Writes a line to the log, which is standard error. One that can't be written is no reason to end.
fn log(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
