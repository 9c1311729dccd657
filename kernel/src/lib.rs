//! `dsprep`: a quick Jupyter kernel for Rust, and a runner that checks that every notebook still executes.
//!
//! One binary plays every part: `front` is the kernel that Jupyter starts, `engine` runs its cells in a
//! child process, [`toolchain`] stands in for cargo there, and `runner` executes notebooks without a browser.
//! `compare` tells whether their fresh outputs are the stored ones, [`client`] talks to their kernels. `lab` opens
//! JupyterLab on them, `cards` asks flash cards, `cache` says what is kept of compiled cells, and `doctor` finds out what
//! is missing.

mod analysis;
mod cache;
mod cards;
mod cli;
pub mod client;
mod compare;
mod consent;
mod convert;
mod digest;
mod doctor;
mod engine;
pub mod error;
mod fmt;
mod front;
mod kernelspec;
mod lab;
mod named_files;
mod notebook;
mod pack;
mod page;
mod processes;
mod program;
mod programs;
mod progress;
mod protocol;
mod runner;
mod setup;
mod shipped;
mod signals;
mod terminal;
pub mod toolchain;
mod user_folders;

use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;

/// What the program does, for `main.rs`: the part that this process plays, or the command that was typed.
#[must_use]
pub fn main() -> ExitCode {
    program::remember();
    if let Some(code) = toolchain::kit::built::intercept()
        .or_else(analysis::intercept)
        .or_else(engine::intercept)
    {
        return code;
    }
    match cli::Cli::parse().run() {
        Ok(code) => code,
        Err(error) => {
            // A closed standard error leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
