//! What a process in which cells run tells the kernel and the engine.

use std::fs::File;
use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// The lines to the kernel and to the engine.
pub(super) struct Lines {
    pub(super) kernel: Mutex<File>,
    pub(super) engine: Mutex<File>,
}

pub(super) static LINES: OnceLock<Lines> = OnceLock::new();

/// Whether the kernel and the engine can be told anything here.
pub(super) fn is_attached() -> bool {
    LINES.get().is_some()
}

/// Tells the kernel something.
pub(super) fn tell(message: &str) {
    if let Some(lines) = LINES.get() {
        // A closed line means that the kernel is gone, and this process soon.
        let _ = writeln!(lock(&lines.kernel), "{message}");
    }
}

/// Tells the engine what became of the variables.
pub(super) fn tell_engine(word: &str) {
    match LINES.get() {
        Some(lines) => {
            let _ = writeln!(lock(&lines.engine), "{word}");
        }
        None => println!("{word}"),
    }
}

/// The content of a lock. A thread that panicked while it held it left nothing half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
