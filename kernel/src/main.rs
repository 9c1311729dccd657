//! dsprep
#![allow(missing_docs)]
mod engine;
mod error;
mod front;
mod toolchain;
use std::process::ExitCode;
fn main() -> ExitCode {
    if let Some(code) = engine::intercept() {
        return code;
    }
    let file = std::env::args().nth(1).unwrap();
    match front::run(std::path::Path::new(&file)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
