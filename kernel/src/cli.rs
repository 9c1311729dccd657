//! The command line: what people type.

use crate::error::Result;
use crate::front::{self, Way};
use crate::kernelspec::{self, Place};
use crate::{cards, doctor, lab, runner};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Rust notebooks: a quick Jupyter kernel, and a runner that checks that notebooks still execute.
#[derive(Debug, Parser)]
#[command(name = "dsprep", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  dsprep run                                every notebook below notebooks/
  dsprep run notebooks/q16_sql_joins.ipynb  one notebook
  dsprep lab                                open the notebooks in JupyterLab
  dsprep kernel install                     offer the kernel to JupyterLab and VS Code
  dsprep cards                              a mock interview of ten flash cards
  dsprep doctor                             find out what is missing";

#[derive(Debug, Subcommand)]
enum Command {
    Run(Run),
    Lab(Lab),
    Cards(Cards),
    /// Check all that cells and notebooks need, and say how to mend what is missing
    ///
    /// The exit code is 0 if there is no problem (warnings are allowed), 1 if there is one.
    Doctor,
    /// Install, uninstall or start the Jupyter kernel
    #[command(subcommand)]
    Kernel(Kernel),
}

/// Execute notebooks and report the cells that fail.
///
/// Each notebook runs in a kernel of its own, in the notebook's folder, several at a time. The executed copies
/// go to target/dsprep; the notebooks themselves stay as they are, unless --update is given.
///
/// A cell that fails ends its notebook, and the others go on. Cells tagged `raises-exception` may fail, cells
/// tagged `skip-execution` are left out.
///
/// The stub in a cell tagged `exercise` must show "Not yet."; at the end of the notebook, the solution in the
/// text cell tagged `solution` after it must show "Passed.".
///
/// With --check, the stored outputs must be those of this run: texts apart from durations, addresses and paths,
/// HTML by tags and text, SVG apart from the last digit of coordinates. Cells tagged `volatile` need only run.
///
/// The exit code is 0 if every notebook passed, 1 if one failed, 2 if one could not be run at all, and 130 or
/// 143 after Ctrl-C or SIGTERM.
#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
struct Run {
    /// Notebooks, or folders of notebooks
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// How many notebooks run at a time [default: as many as cores and free memory allow]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// How long one cell may take
    #[arg(long, value_name = "SECONDS", default_value = "120", value_parser = seconds)]
    timeout: Duration,

    /// Store the fresh outputs in the notebooks that passed
    #[arg(long)]
    update: bool,

    /// Fail where the fresh outputs are not the stored ones
    #[arg(long, conflicts_with = "update")]
    check: bool,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    color: Color,
}

const RUN_EXAMPLES: &str = "\
Examples:
  dsprep run                                every notebook below notebooks/
  dsprep run notebooks/q16_sql_joins.ipynb  one notebook
  dsprep run --timeout 2.5 examples         no cell may take longer than 2.5 seconds
  dsprep run --update                       refresh the stored outputs
  dsprep run --check                        see whether the stored outputs are those of a fresh run";

/// Open notebooks in JupyterLab, with the kernel at hand.
///
/// The kernel is known to this JupyterLab only, and only while it runs: nothing is installed. Ctrl-C ends
/// JupyterLab and its kernels. The exit code is JupyterLab's, or 2 if it could not be started.
#[derive(Debug, Args)]
#[command(after_help = LAB_EXAMPLES)]
struct Lab {
    /// A folder or a notebook [default: the folder notebooks if it is here, else the current folder]
    path: Option<PathBuf>,

    /// The port to listen on [default: a free one from 8888 on]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,

    /// Print the address instead of opening a browser
    #[arg(long)]
    no_browser: bool,

    /// What else to tell JupyterLab
    #[arg(last = true, value_name = "JUPYTER OPTIONS")]
    rest: Vec<OsString>,
}

const LAB_EXAMPLES: &str = "\
Examples:
  dsprep lab                                the folder notebooks
  dsprep lab notebooks/q16_sql_joins.ipynb  one notebook
  dsprep lab --port 9000 --no-browser       for a browser on another machine, by a tunnel to this port
  dsprep lab -- --log-level=WARN            options of JupyterLab itself";

/// Ask flash cards in the terminal, or export them.
///
/// Draws cards in an order that depends on the seed. Enter shows the answer, a common wrong one, and what is asked
/// next. Where the output is not a terminal, the cards are listed with their answers.
///
/// The exit code is 0, or 2 if no card fits or the file can't be written.
#[derive(Debug, Args)]
#[command(after_help = CARDS_EXAMPLES)]
struct Cards {
    /// Only these questions, 16 to 30; `card` is the quick reference card
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = cards::asked)]
    questions: Vec<cards::Asked>,

    /// Only these topics
    #[arg(long, value_name = "TOPIC", value_delimiter = ',', value_parser = cards::topics())]
    topic: Vec<cards::Topic>,

    /// Only these levels
    #[arg(long, value_name = "LEVEL", value_delimiter = ',', value_parser = cards::levels())]
    level: Vec<cards::Level>,

    /// How many cards are drawn
    #[arg(short, long, value_name = "N", default_value = "10")]
    number: NonZeroUsize,

    /// The same seed gives the same cards in the same order [default: another one each time]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Write all cards that fit to a file instead: `anki` (text to import) or `csv`
    #[arg(
        long,
        num_args = 2,
        value_names = ["FORMAT", "FILE"],
        conflicts_with_all = ["number", "seed"]
    )]
    export: Option<Vec<OsString>>,

    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = Color::Auto)]
    color: Color,
}

const CARDS_EXAMPLES: &str = "\
Examples:
  dsprep cards                              ten cards
  dsprep cards --questions 16-18,card -n 5  five cards about SQL and the quick reference card
  dsprep cards --level senior,staff --seed 7
  dsprep cards --export anki cards.txt      for Anki: File, Import
  dsprep cards --topic sql --export csv sql.csv";

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// If the output is a terminal and `NO_COLOR` is not set
    Auto,
    /// Even into a file or pipe
    Always,
    /// Plain text
    Never,
}

#[derive(Debug, Subcommand)]
enum Kernel {
    /// Offer the kernel "Rust (dsprep)" to Jupyter
    ///
    /// Writes a kernelspec that points to this very program: install it again after moving the program.
    #[command(after_help = INSTALL_EXAMPLES)]
    Install(Where),
    /// Take back what `install` did
    #[command(after_help = UNINSTALL_EXAMPLES)]
    Uninstall(Where),
    /// Serve as a kernel on the sockets of a connection file (Jupyter calls this)
    Start {
        /// The connection file that the client wrote
        #[arg(short = 'f', long, value_name = "FILE")]
        connection_file: PathBuf,

        /// Compile cells as evcxr does by itself, to compare
        #[arg(long)]
        plain: bool,
    },
}

const INSTALL_EXAMPLES: &str = "\
Examples:
  dsprep kernel install                     for you, in your Jupyter data folder
  dsprep kernel install --sys-prefix        into the active Python environment
  dsprep kernel install --prefix /usr/local for everybody";

const UNINSTALL_EXAMPLES: &str = "\
Examples:
  dsprep kernel uninstall
  dsprep kernel uninstall --prefix /usr/local";

#[derive(Debug, Args)]
#[group(multiple = false)]
struct Where {
    /// In your Jupyter data folder (the default)
    #[arg(long)]
    user: bool,

    /// In DIR/share/jupyter
    #[arg(long, value_name = "DIR")]
    prefix: Option<PathBuf>,

    /// In the active Python environment, or that of the `python3` on PATH
    #[arg(long)]
    sys_prefix: bool,
}

impl Where {
    fn place(self) -> Place {
        match (self.prefix, self.sys_prefix) {
            (Some(prefix), _) => Place::Prefix(prefix),
            (None, true) => Place::SysPrefix,
            (None, false) => Place::User,
        }
    }
}

impl Cli {
    /// Does what was asked for; the code is what the process exits with.
    pub fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Run(run) => runner::run(&run.into()),
            Command::Lab(lab) => lab::run(&lab.into()),
            Command::Cards(cards) => cards::run(cards.into()),
            Command::Doctor => doctor::run(),
            Command::Kernel(Kernel::Install(place)) => kernelspec::install(&place.place()),
            Command::Kernel(Kernel::Uninstall(place)) => kernelspec::uninstall(&place.place()),
            Command::Kernel(Kernel::Start {
                connection_file,
                plain,
            }) => {
                let way = if plain {
                    Way::Plain("--plain was given".to_owned())
                } else {
                    Way::choose()
                };
                front::run(&connection_file, way).map(|()| ExitCode::SUCCESS)
            }
        }
    }
}

impl From<Run> for runner::Options {
    fn from(run: Run) -> Self {
        runner::Options {
            paths: run.paths,
            jobs: run.jobs.map(NonZeroUsize::get),
            timeout: run.timeout,
            update: run.update,
            check: run.check,
            color: run.color,
        }
    }
}

impl From<Cards> for cards::Options {
    fn from(cards: Cards) -> Self {
        let export = cards.export.and_then(|words| {
            let [format, file] = <[OsString; 2]>::try_from(words).ok()?;
            Some((format, file.into()))
        });
        cards::Options {
            questions: cards.questions,
            topics: cards.topic,
            levels: cards.level,
            number: cards.number.get(),
            seed: cards.seed,
            export,
            color: cards.color,
        }
    }
}

impl From<Lab> for lab::Options {
    fn from(lab: Lab) -> Self {
        lab::Options {
            port: lab.port,
            no_browser: lab.no_browser,
            path: lab.path,
            rest: lab.rest,
        }
    }
}

/// Reads a positive number of seconds.
fn seconds(text: &str) -> std::result::Result<Duration, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "give a number of seconds, like 30 or 2.5".to_owned())?;
    match Duration::try_from_secs_f64(number) {
        Ok(duration) if !duration.is_zero() => Ok(duration),
        _ => Err("the number of seconds must be greater than 0".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn seconds_may_have_a_fraction_and_must_be_positive() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        for wrong in ["0", "-1", "nan", "inf", "1e400", "soon", ""] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_one_place_may_be_named() {
        assert!(Cli::try_parse_from(["dsprep", "kernel", "install", "--user"]).is_ok());
        assert!(
            Cli::try_parse_from(["dsprep", "kernel", "install", "--user", "--sys-prefix"]).is_err()
        );
    }

    #[test]
    fn what_follows_two_dashes_is_for_jupyterlab() -> clap::error::Result<()> {
        let cli =
            Cli::try_parse_from(["dsprep", "lab", "--port", "9000", "--", "--allow-root", "x"])?;
        let Command::Lab(lab) = cli.command else {
            panic!("not the lab");
        };
        assert_eq!((lab.port, lab.path), (Some(9000), None));
        assert_eq!(lab.rest, ["--allow-root", "x"]);
        assert!(Cli::try_parse_from(["dsprep", "lab", "--port", "0"]).is_err());
        Ok(())
    }

    #[test]
    fn jupyter_may_use_the_short_or_the_long_name_of_the_connection_file() {
        for name in ["-f", "--connection-file"] {
            assert!(
                Cli::try_parse_from(["dsprep", "kernel", "start", name, "kernel.json"]).is_ok()
            );
        }
    }
}
