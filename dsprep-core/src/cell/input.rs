//! Questions to the person in front of the notebook.

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
/// Where nobody can answer, as when notebooks run without a browser, the answer is empty.
///
/// # Examples
/// ```no_run
/// let name = dsprep_core::cell::input("Your name: ");
/// ```
pub fn input(prompt: &str) -> String {
    ask(REQUEST, prompt)
}

/// Asks for a password: like [`input`], but what is typed is not shown.
pub fn input_password(prompt: &str) -> String {
    ask(SECRET, prompt)
}

fn ask(request: &str, prompt: &str) -> String {
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
