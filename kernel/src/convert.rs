//! `dsprep convert`: a notebook as a page, as slides or as a script, and a script as a notebook.

use crate::error::{Error, Result};
use crate::named_files;
use crate::notebook::{Notebook, replace};
use crate::page;
use crate::terminal::one_line;
use clap::{Args, ValueEnum};
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Convert a notebook to a page, slides or a script, or a script to a notebook.
///
/// A page is one HTML file that needs nothing else and runs no script; so are slides, one for each cell of the type
/// slide or subslide (in JupyterLab: Property Inspector, Slide Type). A script has a cell behind each `// %%` (`# %%`
/// in Python) and text in comments; converted back, it is the same notebook without outputs. Outputs of a notebook that
/// is overwritten stay in the cells whose source is the same.
///
/// The exit code is 0, or 2 if the file can't be read or written.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConvertArgs {
    /// The notebook or script
    file: PathBuf,

    /// What to make of it [default: by the name of the output; a page of a notebook, a notebook of a script]
    #[arg(long, value_enum, value_name = "FORMAT")]
    to: Option<Format>,

    /// Where to write it; `-` is standard output [default: beside the file, with another ending]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  dsprep convert notebooks/q16_sql_joins.ipynb              q16_sql_joins.html beside it
  dsprep convert notebooks/q16_sql_joins.ipynb --to script  q16_sql_joins.rs
  dsprep convert notebooks/q16_sql_joins.ipynb --to slides  q16_sql_joins.slides.html
  dsprep convert q16_sql_joins.rs --force                   back to q16_sql_joins.ipynb";

/// What a file can become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// An HTML page
    Html,
    /// An HTML page of slides
    Slides,
    /// A script with `%%` marks
    Script,
    /// A notebook
    Notebook,
}

/// Converts the file.
///
/// # Errors
/// If it can't be read or is broken, or if the output can't be written.
pub fn convert(args: &ConvertArgs) -> Result<ExitCode> {
    let bytes = named_files::read(&args.file)?;
    let ending = args
        .file
        .extension()
        .and_then(OsStr::to_str)
        .unwrap_or_default();
    let mut notebook = match ending {
        "ipynb" => Notebook::parse(&args.file, &bytes)?,
        "rs" | "py" => {
            let text = named_files::text_of(&args.file, &bytes)?;
            Notebook::from_script(&args.file, &text, comment(ending))?
        }
        _ => return Err(usage(&args.file, "only .ipynb, .rs and .py are converted")),
    };
    let format = args
        .to
        .or_else(|| by_name(args.output.as_deref()?))
        .unwrap_or(if ending == "ipynb" {
            Format::Html
        } else {
            Format::Notebook
        });
    let script_ending = match notebook.written_for().language.as_deref() {
        Some("python") => "py",
        _ => "rs",
    };
    let output = args.output.clone().unwrap_or_else(|| {
        args.file.with_extension(match format {
            Format::Html => "html",
            Format::Slides => "slides.html",
            Format::Script => script_ending,
            Format::Notebook => "ipynb",
        })
    });
    let to_stdout = output.as_os_str() == "-";
    if !to_stdout && output.exists() && !args.force {
        return Err(usage(
            &output,
            "it is there already; --force writes over it",
        ));
    }
    if !to_stdout {
        named_files::can_be_written(&output)?;
    }
    if format == Format::Notebook
        && let Ok(old) = fs::read(&output)
    {
        // A broken file has no outputs to keep.
        if let Ok(old) = Notebook::parse(&output, &old) {
            notebook.adopt_outputs(&old);
        }
    }
    let title = args.file.file_stem().unwrap_or_default().to_string_lossy();
    let content = match format {
        Format::Html => page::page(&title, &page::notebook(&notebook.value())).into_bytes(),
        Format::Slides => page::slides(&title, &notebook.value()).into_bytes(),
        Format::Script => notebook.to_script(comment(script_ending)).into_bytes(),
        Format::Notebook => notebook.to_bytes(),
    };
    let mut stdout = std::io::stdout().lock();
    if to_stdout {
        // Whoever closed standard output has seen enough.
        let _ = stdout.write_all(&content);
    } else {
        replace(&output, &content)?;
        let _ = writeln!(stdout, "Wrote {}", one_line(&output.display().to_string()));
    }
    Ok(ExitCode::SUCCESS)
}

fn usage(path: &Path, problem: &str) -> Error {
    Error::Usage(format!(
        "{}: {problem}",
        one_line(&path.display().to_string())
    ))
}

/// What begins a comment in scripts with this ending.
fn comment(ending: &str) -> &'static str {
    if ending == "py" { "#" } else { "//" }
}

fn by_name(output: &Path) -> Option<Format> {
    if output
        .to_str()
        .is_some_and(|name| name.ends_with(".slides.html"))
    {
        return Some(Format::Slides);
    }
    match output.extension()?.to_str()? {
        "html" | "htm" => Some(Format::Html),
        "rs" | "py" => Some(Format::Script),
        "ipynb" => Some(Format::Notebook),
        _ => None,
    }
}
