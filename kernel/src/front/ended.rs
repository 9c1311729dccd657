//! A cell that took its process along: why, in words.

use super::traceback::CellError;

/// What Rust's standard library prints before it aborts a process whose stack is full.
const STACK_OVERFLOW: &str = "has overflowed its stack";
/// What it prints before it aborts a process that gets no memory.
const NO_MEMORY: &str = "memory allocation of ";
/// What the end of the process means.
pub const LOST: &str = "all variables are lost, functions, types and imports are kept";

/// The error for a cell that ended the process it ran in.
pub fn ended(report: &str, last_words: &str) -> CellError {
    // What evcxr has read before stands in front.
    let (_, status) = report.rsplit_once("status: ").unwrap_or(("", report));
    let signal = status
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(name, _)| name);
    let (name, what) = match (signal, status.trim()) {
        (Some(_), _) if last_words.contains(STACK_OVERFLOW) => (
            "stack overflow",
            "the cell overflowed its stack (recursion without end? or an array that is too large for it: \
             keep that in a `Vec`, as `vec![0.0; 1_000_000]`)"
                .to_owned(),
        ),
        (Some("SIGSEGV"), _) => (
            "SIGSEGV",
            "the cell used memory that is not its own".to_owned(),
        ),
        (Some("SIGABRT"), _) if last_words.contains(NO_MEMORY) => (
            "out of memory",
            "the cell asked for more memory than there is".to_owned(),
        ),
        (Some("SIGABRT"), _) => (
            "SIGABRT",
            "the cell aborted (`abort`, a panic within a panic, or memory that could not be had)"
                .to_owned(),
        ),
        (Some("SIGKILL"), _) => (
            "SIGKILL",
            "the process that runs the cells was killed (out of memory, perhaps)".to_owned(),
        ),
        (Some(signal), _) => (
            "signal",
            format!("the process that runs the cells was ended by {signal}"),
        ),
        (None, status) => ("exit", format!("the cell ended its process ({status})")),
    };
    CellError::new(name, format!("{what}; {LOST}"))
}
