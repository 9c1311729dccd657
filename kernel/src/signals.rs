//! The signals that ask a command to end.

use crate::error::{Error, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Catches Ctrl-C, SIGTERM and the loss of the terminal.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Catches the signals from now on: they no longer end this program by themselves.
    ///
    /// # Errors
    /// [`Error::System`] if the operating system refuses.
    pub fn catch() -> Result<Self> {
        let catch = |kind| signal(kind).map_err(Error::system("catch signals"));
        Ok(Signals {
            interrupt: catch(SignalKind::interrupt())?,
            terminate: catch(SignalKind::terminate())?,
            hang_up: catch(SignalKind::hangup())?,
        })
    }

    /// Waits for the next signal. Returns the exit code of a program that it ends: 128 and its number.
    pub async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.hang_up.recv() => 128 + 1,
            _ = self.interrupt.recv() => 128 + 2,
            _ = self.terminate.recv() => 128 + 15,
        }
    }
}
