//! `dsprep doctor`: checks all that cells and notebooks need, and says how to mend what is missing.
//!
//! - [`rust`]: the compiler that cells are built with, and the source of the standard library.
//! - [`core`]: the kit that cells are compiled with.
//! - [`trial_cell`]: a tiny cell, compiled, linked, loaded and run: the most telling check.
//! - [`jupyter`]: JupyterLab, and whether it knows the kernel.
//! - [`machine`]: disk, memory, and what dead kernels left.
//! - [`finding`]: how it is told.

mod core;
mod finding;
mod jupyter;
mod machine;
mod rust;
mod trial_cell;

use crate::error::{Error, Result};
use crate::programs::Environment;
use crate::signals::Signals;
use crate::terminal::Color;
use crate::terminal::Paint;
use finding::{Count, Finding};
use std::io::Write as _;
use std::process::ExitCode;

/// Runs all checks and reports each as soon as it is done; the code is 1 if there is a problem.
///
/// # Errors
/// [`Error::System`] if outside programs can't be waited for. What is not well is a finding, not an error.
pub fn run() -> Result<ExitCode> {
    checked(check_all)
}

/// Runs checks until a signal comes.
fn checked(checks: impl AsyncFnOnce(&Environment) -> u8) -> Result<ExitCode> {
    // One thread: a child that watches the thread that started it stays alive.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::system("start waiting for programs"))?;
    let code = runtime.block_on(async {
        let mut signals = Signals::catch()?;
        let environment = Environment::current();
        // Dropping the checks ends the programs that they started and removes their folders.
        Ok(tokio::select! {
            code = checks(&environment) => code,
            code = signals.next() => code,
        })
    });
    code.map(ExitCode::from)
}

/// Checks only what cells need, and reports it as [`run`] does.
///
/// # Errors
/// As in [`run`].
pub fn cells() -> Result<ExitCode> {
    checked(async |environment| {
        let mut report = Report::new();
        check_cells(environment, &mut report).await;
        report.end()
    })
}

async fn check_cells(environment: &Environment, report: &mut Report) -> Option<rust::Rust> {
    let (finding, kit) = core::check();
    let (rust_finding, rust) = rust::check(environment, kit.as_ref()).await;
    report.tell(&rust_finding);
    report.tell(&finding);
    report.tell(&trial_cell::check(environment, rust.as_ref(), kit.as_ref()).await);
    rust
}

async fn check_all(environment: &Environment) -> u8 {
    let mut report = Report::new();
    let rust = check_cells(environment, &mut report).await;
    if let Some(rust) = &rust {
        report.tell(&rust::check_source(environment, rust).await);
    }
    report.tell(&jupyter::check_kernelspec(environment));
    report.tell(&jupyter::check_lab(environment).await);
    report.tell(&machine::check_disk());
    report.tell(&machine::check_memory());
    report.tell(&machine::check_leftovers());
    report.end()
}

/// Tells the findings on standard output.
struct Report {
    paint: Paint,
    count: Count,
}

impl Report {
    fn new() -> Report {
        Report {
            paint: Paint::new(Color::Auto),
            count: Count::default(),
        }
    }

    fn tell(&mut self, finding: &Finding) {
        self.count.add(finding);
        say(&finding.lines(self.paint));
    }

    fn end(self) -> u8 {
        say(&format!("\n{}\n", self.count.line(self.paint)));
        self.count.exit_code()
    }
}

fn say(text: &str) {
    // A closed standard output leaves nobody to tell.
    let _ = std::io::stdout().write_all(text.as_bytes());
}
