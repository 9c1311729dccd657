//! The program `dsprep`. All of it is in the library beside this file, so that tests and benches can use its parts.

use std::process::ExitCode;

fn main() -> ExitCode {
    dsprep::main()
}
