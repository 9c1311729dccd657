//! Completion and documentation: one process with rust-analyzer in it, for all kernels of a user.
//!
//! It is told of the crates that cells can name and of the standard library, reads them once, and then answers one
//! question after the other. Each brings all that the notebook has defined, so that the process has no state of any
//! notebook, and can be replaced at any time. It ends with the last kernel that is connected to it.
//!
//! - [`place`]: where it listens, and how it is started.
//! - [`server`]: its connections.
//! - [`host`], [`config`], [`rank`]: rust-analyzer, what it is asked, and in what order answers come.
//! - [`libraries`], [`project`]: the crates that it is told of.
//! - [`sources`], [`sysroot`]: where their source is; [`outline`]: what of it is read.

mod config;
pub mod host;
mod libraries;
mod outline;
pub mod place;
mod project;
mod rank;
pub mod server;
mod sources;
pub mod sysroot;

use std::process::ExitCode;

/// Answers questions until nobody is left to ask, if that is what this process was started for.
pub fn intercept() -> Option<ExitCode> {
    let folder = std::env::var_os(place::FOLDER)?;
    Some(match server::serve(&place::Place::at(folder.into())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}
