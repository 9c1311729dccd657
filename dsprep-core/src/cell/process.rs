//! The process in which cells run, and its line to the kernel.
//!
//! The line is a socket on which both sides write one message a line:
//!
//! | from the kernel | meaning |
//! |---|---|
//! | `begin` | a cell is about to be compiled and run: no interruption is in force |
//! | `interrupt` | the running cell is to end |
//! | `leave` | the running cell did not hear that: it is to be [left behind](super::turn) |
//! | `values N` | tell what the variables hold |
//! | `sync N` | print the frame `sync` with this number: all that was printed before has then arrived |
//! | `answer TEXT` | the answer to a question, with `\n` and `\\` for line ends and backslashes |
//! | `nobody` | nobody can answer |
//!
//! | to the kernel | meaning |
//! |---|---|
//! | `heard` | the cell has seen the interruption and is on its way out |
//! | `values N JSON` | what the variables hold, by name; `null` while a cell runs |
//!
//! Another descriptor leads to the engine, which waits there for words that tell it what became of the variables.

use super::frame::{Frame, object};
use super::lines::{self, LINES, Lines, lock};
use super::{interrupt, turn};
use std::ffi::c_void;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::os::fd::{FromRawFd as _, RawFd};
use std::sync::atomic::AtomicBool;
use std::sync::{Condvar, Mutex, PoisonError};

/// The answer that has come in: nothing yet, or that there is none, or a text.
static ANSWER: Mutex<Option<Option<String>>> = Mutex::new(None);
static ANSWERED: Condvar = Condvar::new();
/// What of an answer has not been read yet from standard input.
static UNREAD: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Makes this process one in which cells run. `kernel` is the socket to the kernel, `engine` what the engine
/// reads. `go_on` starts a thread that runs cells with these variables, when one was left behind. Returns the flag
/// that an interruption raises; nothing if the thread that listens can't be started.
///
/// The program calls this by its name, because it does not link to this library.
///
/// # Safety
/// The descriptors are open and nobody else uses them, now or later.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dsprep_cell_attach(
    kernel: RawFd,
    engine: RawFd,
    go_on: extern "C" fn(*mut c_void),
) -> *const AtomicBool {
    // SAFETY: the caller gives both descriptors away.
    let (kernel, engine) = unsafe { (File::from_raw_fd(kernel), File::from_raw_fd(engine)) };
    let Ok(incoming) = kernel.try_clone() else {
        return std::ptr::null();
    };
    let lines = Lines {
        kernel: Mutex::new(kernel),
        engine: Mutex::new(engine),
    };
    let listener = std::thread::Builder::new().name("dsprep kernel line".to_owned());
    if LINES.set(lines).is_err() || listener.spawn(move || listen(incoming, go_on)).is_err() {
        return std::ptr::null();
    }
    interrupt::flag()
}

/// Reads from standard input as a cell does: by asking the user. Returns how many bytes were put into `buffer`;
/// 0 where nobody answers.
///
/// # Safety
/// `buffer` has room for `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn dsprep_cell_read(buffer: *mut u8, size: usize) -> usize {
    let mut unread = lock(&UNREAD);
    if unread.is_empty()
        && let Some(answer) = ask("", false)
    {
        unread.extend(answer.bytes());
        unread.push(b'\n');
    }
    let taken = unread.len().min(size);
    for (offset, byte) in unread.drain(..taken).enumerate() {
        // SAFETY: `offset` is below `size`, for which the caller has made room.
        unsafe { buffer.add(offset).write(byte) };
    }
    taken
}

/// Asks the user and waits. Nothing if nobody can answer, or if the cell is interrupted meanwhile.
pub(super) fn ask(prompt: &str, secret: bool) -> Option<String> {
    // One question at a time; the answer could not say which it belongs to.
    static ASKING: Mutex<()> = Mutex::new(());
    let _asking = lock(&ASKING);
    if interrupt::is_asked_for() {
        return None;
    }
    *lock(&ANSWER) = None;
    let secret = if secret { "yes" } else { "no" };
    Frame::new("question")
        .text("prompt", prompt)
        .text("secret", secret)
        .send();
    let unanswered =
        |answer: &mut Option<Option<String>>| answer.is_none() && !interrupt::is_asked_for();
    let waited = ANSWERED.wait_while(lock(&ANSWER), unanswered);
    waited.unwrap_or_else(PoisonError::into_inner).take()?
}

/// Follows the kernel's messages until it is gone.
fn listen(incoming: File, go_on: extern "C" fn(*mut c_void)) {
    for message in BufReader::new(incoming).lines() {
        let Ok(message) = message else { return };
        let (word, rest) = message.split_once(' ').unwrap_or((&message, ""));
        match word {
            "begin" => interrupt::forget(),
            "leave" => {
                if let Some(store) = turn::leave_behind() {
                    go_on(store.cast());
                }
            }
            "interrupt" => {
                interrupt::ask_for_end();
                // Whoever waits for an answer looks at the flag while it holds this lock.
                drop(lock(&ANSWER));
                ANSWERED.notify_all();
            }
            "values" => {
                let values = turn::values().map(|values| object(&values));
                let values = values.as_deref().unwrap_or("null");
                lines::tell(&format!("values {rest} {values}"));
            }
            "sync" => Frame::new("sync").text("id", rest).send(),
            "answer" => answer(Some(unescaped(rest))),
            "nobody" => answer(None),
            _ => {}
        }
    }
}

fn answer(text: Option<String>) {
    *lock(&ANSWER) = Some(text);
    ANSWERED.notify_all();
}

/// `text` with its line ends and backslashes as they were typed.
fn unescaped(text: &str) -> String {
    let mut characters = text.chars();
    let mut result = String::with_capacity(text.len());
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => result.push('\n'),
                Some(other) => result.push(other),
                None => {}
            },
            other => result.push(other),
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_keeps_its_line_ends_and_backslashes() {
        assert_eq!(unescaped(r"C:\\data\none\n"), "C:\\data\none\n");
        assert_eq!(unescaped("plain"), "plain");
    }
}
