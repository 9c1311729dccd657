//! A Jupyter client: finds kernels as Jupyter does, starts one, and runs cells in it.
//!
//! [`find_spec`] finds what is installed, a [`Launch`] says how a kernel is started, [`Kernel`] is one that runs in a
//! group of processes and a private folder of its own, and [`Kernel::execute`] runs a cell and hands on what it
//! shows. Whatever a kernel does or fails to do, it ends in an outcome or a [`Problem`]. [`Channels`] are the sockets
//! alone, for those who start a kernel in their own way.

mod channels;
mod execution;
mod folder;
mod guardian;
mod kernel;
mod launch;
mod listening;
mod memory;
mod memory_group;
mod message;
mod ports;
mod process;
mod specs;
mod start;

pub use channels::Channels;
pub use execution::{Execution, Observer, Raised};
pub use kernel::{Kernel, StartLimits};
pub use launch::{Interrupt, Launch, Transport};
pub use message::{Channel, Message};
pub use ports::reserve as reserve_ports;
pub use specs::{Spec, find_spec, installed, spec_folders};

use std::time::Duration;

/// Why a kernel can't go on.
#[derive(Debug, Clone, PartialEq)]
pub enum Problem {
    /// It did not come up.
    NoKernel {
        /// What was seen.
        problem: String,
        /// The last lines that it printed.
        log: String,
    },
    /// Its process ended.
    Died {
        /// Its exit code or signal, and why if that is known.
        how: String,
        /// The last lines that it printed.
        log: String,
    },
    /// It used more memory than it may.
    Memory {
        /// What it was seen to use, in bytes; the system may have stopped it before.
        used: u64,
        /// What it may use, in bytes.
        limit: u64,
    },
    /// The cell ran too long.
    TimedOut {
        /// How long it was allowed to run.
        after: Duration,
        /// Whether it ended when it was interrupted, so that the kernel could go on.
        interrupted: bool,
        /// How many messages were not understood or not signed with the kernel's key.
        refused: usize,
    },
    /// The cell asked a question that nobody answers.
    Asked {
        /// The question.
        prompt: String,
        /// Whether the cell ended when it was interrupted, so that the kernel can go on.
        interrupted: bool,
    },
    /// The connection broke, or the kernel does not keep to the protocol.
    Connection {
        /// What was seen.
        problem: String,
    },
}
