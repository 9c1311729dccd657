//! The command line of `dsprep run`.

use super::select::Shard;
use crate::terminal::Color;
use clap::{Args, ValueEnum};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Execute notebooks and report the cells that fail.
///
/// Each notebook runs in a kernel of its own, in the notebook's folder, several at a time. Rust notebooks run in the
/// kernel of this program, others in their own if it is installed (Python: ipykernel). The executed copies go to
/// target/dsprep; the notebooks themselves stay as they are, unless --update is given.
///
/// A cell that fails ends its notebook, and the others go on. Tags of cells: `skip-execution` leaves out,
/// `raises-exception` must raise an error (`raises-exception=E0425`: this one), `slow` may take ten times as long,
/// `volatile` is not compared, `timed` is compared but for durations, `tolerance=1e-6` but for so much in numbers.
/// The marks of nbval, and a `timeout` in the metadata under `execution`, are understood.
///
/// The stub in a cell tagged `exercise` must show "Not yet."; at the end of the notebook, the solution in the
/// text cell tagged `solution` after it must show "Passed.".
///
/// With --check, the stored outputs must be those of this run: texts apart from addresses and paths, HTML by tags and
/// text, tables by value, SVG by structure and apart from the last digit of coordinates, PNG by pixels, and the execution
/// counts. Nothing is written.
///
/// The exit code is 0 if every notebook passed, 1 if one failed, 2 if one could not be run at all, 4 if there was
/// nothing to run, and 130 or 143 after Ctrl-C or SIGTERM.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// Notebooks, folders of notebooks, or patterns like 'notebooks/q1*.ipynb'
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// How many notebooks run at a time [default: as many as cores and free memory allow]
    #[arg(short, long, value_name = "N")]
    pub(super) jobs: Option<NonZeroUsize>,

    /// How long one cell may take
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = seconds, help_heading = LIMITS)]
    pub(super) timeout: Duration,

    /// How long one notebook may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = LIMITS)]
    pub(super) notebook_timeout: Option<Duration>,

    /// How long the whole run may take
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = LIMITS)]
    pub(super) run_timeout: Option<Duration>,

    /// How long a kernel may take to come up
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, help_heading = LIMITS)]
    pub(super) start_timeout: Duration,

    /// How much memory one kernel may use, like 2G or 500M
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = LIMITS)]
    pub(super) memory: Option<u64>,

    /// Run a notebook that failed again, so often; one that passes then is told as flaky
    #[arg(long, value_name = "N", default_value = "0", help_heading = LIMITS)]
    pub(super) retries: usize,

    /// Stop at the first notebook that fails
    #[arg(long, help_heading = LIMITS)]
    pub(super) fail_fast: bool,

    /// Run the cells after one that failed all the same, and tell all that fail
    #[arg(long, help_heading = LIMITS)]
    pub(super) keep_going: bool,

    /// Store the fresh outputs in the notebooks that passed
    ///
    /// JupyterLab shows the first line of folded outputs. In a notebook whose metadata say "dsprep": {"cover_folded":
    /// true}, they get a first output that says nothing, here and in executed copies.
    #[arg(long, conflicts_with_all = ["parameter", "parameters"])]
    pub(super) update: bool,

    /// Fail where the fresh outputs are not the stored ones
    #[arg(long, conflicts_with = "update")]
    pub(super) check: bool,

    /// Rules of your own for --check: sections with `regex` and `replace` (as nbval has them), `tolerance`, `durations`,
    /// `ignore` (MIME types), `notebooks`
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Option<PathBuf>,

    /// Pass over notebooks that passed before, if code, kernel, core library, compiler, lock files and data are unchanged
    ///
    /// The data are the files that the notebook declares in its metadata: "dsprep": {"data": ["prices.csv"]}. With
    /// --check, the stored outputs must be unchanged, too. Crates from a folder and packages that are installed for
    /// editing are not looked into: their notebooks are always run.
    #[arg(long)]
    pub(super) cache: bool,

    /// Leave out what fits this pattern: a name, a folder, a path like 'drafts/*'
    #[arg(long, value_name = "PATTERN", help_heading = SELECT)]
    pub(super) exclude: Vec<String>,

    /// Only notebooks that carry this tag, in a cell or as a whole; '!TAG': that do not
    #[arg(long = "filter", value_name = "TAG", help_heading = SELECT)]
    pub(super) tags: Vec<String>,

    /// Only notebooks that differ from this revision of Git
    #[arg(long, value_name = "REV", help_heading = SELECT)]
    pub(super) changed_since: Option<String>,

    /// Only notebooks that failed when they were run last
    #[arg(long, help_heading = SELECT)]
    pub(super) rerun_failed: bool,

    /// Only part K of N, for N machines that share the work
    #[arg(long, value_name = "K/N", help_heading = SELECT)]
    pub(super) shard: Option<Shard>,

    /// Balance the shards by the times in this report, which an earlier run wrote with --json
    #[arg(long, value_name = "FILE", requires = "shard", help_heading = SELECT)]
    pub(super) times: Option<PathBuf>,

    /// Print the notebooks that would be run, and run none
    #[arg(long, help_heading = SELECT)]
    pub(super) list: bool,

    /// Run all notebooks in this kernel: `dsprep`, or the name of an installed one
    #[arg(long, value_name = "NAME")]
    pub(super) kernel: Option<String>,

    /// Override a value of the cell tagged `parameters`
    #[arg(short, long, value_name = "NAME=VALUE")]
    pub(super) parameter: Vec<String>,

    /// Override the values that this JSON file holds
    #[arg(long, value_name = "FILE")]
    pub(super) parameters: Option<PathBuf>,

    /// The answer to the next question that a notebook asks
    #[arg(long, value_name = "TEXT")]
    pub(super) input: Vec<String>,

    /// What of the cells' output is shown while they run
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = Output::Failures, help_heading = REPORT)]
    pub(super) output: Output,

    /// The folder for executed copies [default: target/dsprep; none with --check]
    #[arg(long, value_name = "DIR", help_heading = REPORT)]
    pub(super) output_dir: Option<PathBuf>,

    /// Write a report in JUnit's XML
    #[arg(long, value_name = "FILE", help_heading = REPORT)]
    pub(super) junit: Option<PathBuf>,

    /// Write a line of JSON for each event; `-` is standard output
    #[arg(long, value_name = "FILE", help_heading = REPORT)]
    pub(super) json: Option<PathBuf>,

    /// Write an HTML page with all notebooks as they came out
    #[arg(long, value_name = "FILE", help_heading = REPORT)]
    pub(super) html: Option<PathBuf>,

    /// Print annotations for GitHub [default: where GITHUB_ACTIONS is set]
    #[arg(long, help_heading = REPORT)]
    pub(super) github: bool,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto, help_heading = REPORT)]
    pub(super) color: Color,
}

/// What of the cells' output is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Output {
    /// That of cells that fail
    Failures,
    /// All of it, as it comes
    Live,
}

const LIMITS: &str = "Limits";
const SELECT: &str = "Selection";
const REPORT: &str = "Reports";

const EXAMPLES: &str = "\
Examples:
  dsprep run                                every notebook below notebooks/
  dsprep run notebooks/q16_sql_joins.ipynb  one notebook
  dsprep run --timeout 2.5 examples         no cell may take longer than 2.5 seconds
  dsprep run --update                       refresh the stored outputs
  dsprep run --check                        see whether the stored outputs are those of a fresh run
  dsprep run --changed-since main           what a branch changes
  dsprep run --shard 2/3 --junit junit.xml  the second of three machines in CI
  dsprep run -p rows=1000 report.ipynb      with another value of a parameter";

/// Reads a positive number of seconds.
fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "give a number of seconds, like 30 or 2.5".to_owned())?;
    if number.is_nan() || number <= 0.0 {
        return Err("the number of seconds must be greater than 0".to_owned());
    }
    // About thirty years: what is longer is never waited for.
    const LONGEST: f64 = 1e9;
    if number > LONGEST {
        return Err(format!(
            "the number of seconds must not be greater than {LONGEST:e}"
        ));
    }
    match Duration::try_from_secs_f64(number) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("the number of seconds must be greater than 0".to_owned()),
    }
}

/// Reads a size in bytes: `500M`, `2G`, `1.5GiB`.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || "give a size, like 500M or 2G".to_owned();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let unit = match unit
        .trim()
        .to_ascii_lowercase()
        .trim_end_matches("ib")
        .trim_end_matches('b')
    {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        _ => return Err(wrong()),
    };
    let bytes = number * 1024_f64.powi(unit);
    if bytes < 1024.0 * 1024.0 {
        return Err("no kernel runs in less than 1M; give a size, like 500M or 2G".to_owned());
    }
    Ok(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_may_have_a_fraction_and_must_be_positive() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        for wrong in ["0", "-1", "nan", "inf", "1e400", "1e300", "soon", ""] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        assert!(seconds("1e300").is_err_and(|error| error.contains("not be greater than 1e9")));
    }

    #[test]
    fn sizes_have_units() {
        let mebi = 1024 * 1024;
        assert_eq!(size("500M"), Ok(500 * mebi));
        assert_eq!(size("1.5GiB"), Ok(1536 * mebi));
        assert_eq!(size("2gb"), Ok(2048 * mebi));
        for wrong in ["", "M", "5X", "-1G", "1k", "lots"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
