//! Panics and failed `?` in a cell, told to the kernel with the place in the source.

use super::frame::{FRAME, Frame};
use std::cell::RefCell;
use std::fmt::Display;
use std::panic::{Location, PanicHookInfo};
use std::thread::ThreadId;

/// A panic as the hook saw it.
struct Panic {
    message: String,
    file: String,
    line: u32,
    column: u32,
}

thread_local! {
    /// The last panic of this thread that nothing has been told of yet.
    static PENDING: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

/// Starts a cell. The panic hook makes sure that a panic is told once, by the kernel; a hook that an
/// earlier cell has set ends here.
pub fn enter() {
    let cell_thread = std::thread::current().id();
    std::panic::set_hook(Box::new(move |info| on_panic(info, cell_thread)));
    PENDING.set(None);
}

/// Ends a cell: all that it printed has been sent once the kernel has read this.
pub fn leave() {
    if let Some(caught) = PENDING.take() {
        // The cell caught its panic and went on. Rust tells of such panics on standard error.
        eprintln!("{}", caught.text());
    }
    eprintln!("{FRAME}{{\"kind\":\"end\"}}");
    Frame::new("end").send();
}

/// Tells the kernel that the cell ended in the panic that the hook saw.
pub fn panicked() {
    let panic = PENDING.take();
    let frame = Frame::new("panic");
    let frame = match &panic {
        None => frame.text("message", "the cell panicked"),
        Some(panic) => frame
            .text("message", &panic.message)
            .text("file", &panic.file)
            .number("line", panic.line)
            .number("column", panic.column),
    };
    frame.send();
}

/// Tells the kernel that a `?` in the cell met an error.
#[track_caller]
pub fn failed(error: &dyn Display) {
    let place = Location::caller();
    Frame::new("error")
        .text("message", &error.to_string())
        .text("file", place.file())
        .number("line", place.line())
        .number("column", place.column())
        .send();
}

fn on_panic(info: &PanicHookInfo<'_>, cell_thread: ThreadId) {
    let panic = Panic::from(info);
    if std::thread::current().id() == cell_thread {
        if let Some(earlier) = PENDING.replace(Some(panic)) {
            eprintln!("{}", earlier.text());
        }
    } else {
        eprintln!("{}", panic.text());
    }
}

impl Panic {
    fn text(&self) -> String {
        let Panic {
            message,
            file,
            line,
            column,
        } = self;
        format!("panicked at {file}:{line}:{column}:\n{message}")
    }
}

impl From<&PanicHookInfo<'_>> for Panic {
    fn from(info: &PanicHookInfo<'_>) -> Self {
        let place = info.location();
        Panic {
            message: info
                .payload_as_str()
                .unwrap_or("the cell panicked")
                .to_owned(),
            file: place.map_or_else(String::new, |place| place.file().to_owned()),
            line: place.map_or(0, Location::line),
            column: place.map_or(0, Location::column),
        }
    }
}
