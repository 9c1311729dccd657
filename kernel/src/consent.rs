//! Asks before something is loaded from the network.

use crate::error::{Error, Result};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Says what would be done, and asks whether to do it. With `yes`, it is said only.
///
/// # Errors
/// [`Error::Usage`] if there is nobody to ask, or the answer is no: nothing was done then.
pub fn ask(plan: &str, yes: bool) -> Result<()> {
    // A closed standard error leaves nobody to tell.
    let _ = writeln!(io::stderr(), "{plan}");
    if yes {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Error::Usage(
            "nothing was done, since nobody can be asked here; to agree in a script: --yes"
                .to_owned(),
        ));
    }
    let _ = write!(io::stderr(), "Go on? [y/N] ");
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(Error::system("read the answer"))?;
    if is_yes(&answer) {
        Ok(())
    } else {
        Err(Error::Usage("nothing was done".to_owned()))
    }
}

fn is_yes(answer: &str) -> bool {
    let answer = answer.trim();
    ["y", "yes"]
        .iter()
        .any(|yes| answer.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(is_yes("y\n") && is_yes(" Yes\n"));
        for no in ["", "\n", "n\n", "yesterday\n"] {
            assert!(!is_yes(no), "{no:?}");
        }
    }
}
