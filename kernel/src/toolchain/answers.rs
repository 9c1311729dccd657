//! What the engine asks the compiler and cargo at each of its starts, and that has the same answer each time.
//!
//! evcxr and rust-analyzer start some ten programs one after the other, to learn where the standard library is, for
//! which machine the compiler compiles, and what cargo is set to. That takes longer than all else before the first
//! cell. What rustc answers is kept in the [cache](super::cell_cache) for as long as it is the same rustc; what
//! cargo would answer about the crate of the cell is known.

use super::cell_cache::{CellCache, Compiled, KeyMaker, Told};
use super::real::{REAL_CARGO, REAL_RUSTC, pass_on, real};
use super::unstable::BOOTSTRAP;
use super::workdir::Workdir;
use crate::error::{Error, Result};
use serde_json::json;
use std::env;
use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

/// Answers a call of rustc: from the cache if it is a question that was asked before.
///
/// # Errors
/// If rustc can't be started.
pub fn rustc(arguments: &[OsString], workdir: &Workdir) -> Result<ExitCode> {
    let bootstrap = env::var_os(BOOTSTRAP.0).unwrap_or_default();
    ask(&real(REAL_RUSTC, "rustc"), arguments, &bootstrap, workdir)
}

/// Answers what rust-analyzer asks cargo about the crate of the cell. Returns nothing if that is for cargo to answer.
///
/// # Errors
/// If cargo can't be started.
pub fn cargo(
    words: &[&str],
    arguments: &[OsString],
    workdir: &Workdir,
) -> Result<Option<ExitCode>> {
    let has = |word: &str| words.contains(&word);
    if has("locate-project") {
        println!(
            "{}",
            json!({"root": workdir.crate_dir().join("Cargo.toml")})
        );
    } else if has("config") && has("get") {
        // The settings of a user change nothing about a cell that does nothing.
    } else if has("rustc") && has("--print") {
        // Of a crate without settings, cargo knows no more than rustc.
        let question = words.iter().skip_while(|word| **word != "rustc").skip(1);
        let question = question.filter(|word| **word != "--");
        let question: Vec<OsString> = question.map(OsString::from).collect();
        let rustc = real(REAL_RUSTC, "rustc");
        return ask(&rustc, &question, BOOTSTRAP.1.as_ref(), workdir).map(Some);
    } else if has("--version") {
        let cargo = real(REAL_CARGO, "cargo");
        return ask(&cargo, arguments, OsStr::new(""), workdir).map(Some);
    } else {
        return Ok(None);
    }
    Ok(Some(ExitCode::SUCCESS))
}

/// The answer of `program`, with the setting `bootstrap` of [`BOOTSTRAP`].
fn ask(
    program: &Path,
    arguments: &[OsString],
    bootstrap: &OsStr,
    workdir: &Workdir,
) -> Result<ExitCode> {
    let cache = CellCache::of_this_user().filter(|_| is_question(arguments));
    let key = KeyMaker::question(program, arguments, bootstrap);
    let (Some(cache), Some(key)) = (cache, key) else {
        return pass_on(program, arguments.iter().cloned());
    };
    let said = cache.find(&key, workdir.root());
    let said = match said {
        Some(compiled) => compiled.library,
        None => {
            let output = Command::new(program)
                .args(arguments)
                .env(BOOTSTRAP.0, bootstrap)
                .stdin(Stdio::null())
                .stderr(Stdio::inherit())
                .output()
                .map_err(|source| Error::Start {
                    program: program.to_owned(),
                    source,
                })?;
            if !output.status.success() {
                return Ok(ExitCode::FAILURE);
            }
            let told = Told::default();
            let compiled = Compiled {
                told,
                library: output.stdout,
            };
            cache.keep(&key, &compiled);
            compiled.library
        }
    };
    // Whoever asked may be gone.
    let _ = std::io::stdout().write_all(&said);
    Ok(ExitCode::SUCCESS)
}

/// Whether the compiler is asked about itself, and given nothing to compile.
fn is_question(arguments: &[OsString]) -> bool {
    const QUESTIONS: &[&str] = &["-V", "-vV", "-Vv", "--version", "--print"];
    let is = |word: &OsString, wanted: &[&str]| wanted.iter().any(|it| word == it);
    let compiles = |word: &OsString| word == "-" || word.to_string_lossy().ends_with(".rs");
    arguments.iter().any(|word| is(word, QUESTIONS)) && !arguments.iter().any(compiles)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_compiles_is_no_question() {
        let words = |text: &str| text.split(' ').map(OsString::from).collect::<Vec<_>>();
        for (text, expected) in [
            ("-vV", true),
            ("-O --print cfg", true),
            ("--print cfg lib.rs", false),
            ("- --crate-name ___ --print=cfg", false),
            ("lib.rs", false),
        ] {
            assert_eq!(is_question(&words(text)), expected, "{text}");
        }
    }
}
