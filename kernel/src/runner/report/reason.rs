//! Why a notebook failed, in a sentence.

use super::exercise;
use crate::runner::events::Failure;
use crate::terminal::{Paint, one_line};

/// Why a notebook failed, in a sentence.
pub fn reason(failure: &Failure) -> String {
    match failure {
        Failure::NoKernel { problem, .. } => {
            format!("the kernel did not start: {}", whole(problem))
        }
        Failure::Error { name, value, .. } => {
            let name = one_line(name);
            match first_line(value) {
                value if value.is_empty() || value == name => name,
                value if name.is_empty() => value,
                value if value.starts_with(name.as_str()) => value,
                value => format!("{name}: {value}"),
            }
        }
        Failure::NotRaised { wanted, got } => {
            let wanted = wanted.as_deref().map_or("an error".to_owned(), one_line);
            match got {
                Some(got) => format!("the cell must raise {wanted}, but raised {}", one_line(got)),
                None => format!("the cell must raise {wanted}, by its tag, but passed"),
            }
        }
        Failure::TimedOut {
            after, interrupted, ..
        } => {
            let firmly = if *interrupted {
                ""
            } else {
                ", and did not heed the interrupt"
            };
            format!("timed out after {} s{firmly}", after.as_secs_f64())
        }
        Failure::Died { how, .. } => format!("the kernel died: {how}"),
        Failure::Memory { used, limit } if used <= limit => {
            format!(
                "the kernel needed more than the {} that it may use",
                mebibytes(*limit)
            )
        }
        Failure::Memory { used, limit } => {
            format!(
                "the kernel used {}, and may use {}",
                mebibytes(*used),
                mebibytes(*limit)
            )
        }
        Failure::Input { .. } => "it asks for input, and nobody is there to answer".to_owned(),
        Failure::Connection { problem } => {
            format!("the connection to the kernel broke: {}", whole(problem))
        }
        Failure::Exercise(problem) => exercise::reason(problem),
        Failure::Differs { differences, .. } => match differences.as_slice() {
            [only] => format!("not as stored: {}", only.place),
            all => format!("not as stored in {} places", all.len()),
        },
        Failure::ChangedMeanwhile => {
            "passed, but not updated: the file was changed during the run".to_owned()
        }
        Failure::RemovedMeanwhile => {
            "passed, but not updated: the file was removed during the run".to_owned()
        }
        Failure::NotWritten(error) => format!("passed, but {error}"),
    }
}

/// A size as people read it.
pub fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes / (1024 * 1024))
}

/// The text without colours of its own and blanks around it.
fn whole(text: &str) -> String {
    Paint::plain(text).trim().to_owned()
}

/// The first line of a text.
pub fn first_line(text: &str) -> String {
    whole(text)
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

/// A number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
