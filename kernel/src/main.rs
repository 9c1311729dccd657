//! `dsprep`: a quick Jupyter kernel for Rust, and a runner that checks that every notebook still executes.
//!
//! One binary plays every part: [`front`] is the kernel that Jupyter starts, [`engine`] runs its cells in a
//! child process, [`toolchain`] stands in for cargo there, and [`runner`] executes notebooks without a browser.
//! [`compare`] tells whether their fresh outputs are the stored ones. [`lab`] opens JupyterLab on them, [`cards`]
//! asks flash cards, and [`doctor`] finds out what is missing.

mod cards;
mod cli;
mod compare;
mod doctor;
mod engine;
mod error;
mod front;
mod kernelspec;
mod lab;
mod notebook;
mod outside;
mod runner;
mod signals;
mod sockets;
mod toolchain;

use clap::Parser as _;
use std::io::Write as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = engine::intercept() {
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
