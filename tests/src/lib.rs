//! Helpers for tests of `dsprep` from the outside.
//!
//! A [`Sandbox`] is a folder with notebooks in which the command runs, with a folder for temporary files of
//! its own: what a test leaves behind is seen there. A [`Kernel`] is one that runs in a sandbox, with a client
//! to talk to it. Helpers panic where a test could only fail.

mod client;
mod notebook;
mod outcome;
mod process;
mod program;
mod sandbox;
mod sockets;
mod sources;

use std::time::Duration;

pub use client::{Kernel, Settings, execute_request};
pub use dsprep::client::Channel;
pub use notebook::{code, executed_cells, joined, tagged, tagged_text, text, text_of};
pub use outcome::{Failure, Outcome, Output};
pub use process::Process;
pub use program::{dsprep, fake_kernel, python, workspace};
pub use sandbox::{Finished, Sandbox, Started, assert_code};
pub use sockets::connection_info;
pub use sources::{Module, core_sources, without_tests};

/// What comes at once has come by then on a machine that does much other work too. Whatever a test of this kind would
/// wait for otherwise takes minutes, or has no end.
pub const AT_ONCE: Duration = Duration::from_secs(20);
