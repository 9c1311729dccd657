//! Questions to the person in front of the notebook.

use super::{check_interrupt, lines, process};
use std::io::BufRead as _;

/// evcxr's request for a line of text; the prompt follows a colon.
const REQUEST: &str = "EVCXR_INPUT_REQUEST";
/// The same for a text that is not shown while it is typed.
const SECRET: &str = "EVCXR_INPUT_REQUEST_PASSWORD";
/// evcxr ends the prompt at a colon, so a colon travels as this letter, which looks like one. The
/// kernel puts it back.
const COLON: &str = "\u{a789}";

/// Asks for a line of text and waits for the answer.
///
/// Where nobody can answer, as when notebooks run without a browser, the answer is empty. In a `dsprep` kernel,
/// reading standard input (`std::io::stdin().read_line(&mut line)`) asks as well, without a prompt.
///
/// # Examples
/// ```no_run
/// let name = dsprep_core::cell::input("Your name: ");
/// ```
pub fn input(prompt: &str) -> String {
    ask(prompt, false)
}

/// Asks for a password: like [`input`], but what is typed is not shown.
pub fn input_password(prompt: &str) -> String {
    ask(prompt, true)
}

fn ask(prompt: &str, secret: bool) -> String {
    if lines::is_attached() {
        let answer = process::ask(prompt, secret);
        check_interrupt();
        return answer.unwrap_or_default();
    }
    let request = if secret { SECRET } else { REQUEST };
    println!(
        "{request}:{}",
        prompt.replace(':', COLON).replace('\n', " ")
    );
    read_line().unwrap_or_default()
}

/// One line of standard input without its end.
fn read_line() -> std::io::Result<String> {
    let mut line = Vec::new();
    std::io::stdin().lock().read_until(b'\n', &mut line)?;
    let line = String::from_utf8_lossy(&line);
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
