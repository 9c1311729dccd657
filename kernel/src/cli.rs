//! The command line: what people type.

use crate::error::Result;
use crate::front;
use crate::kernelspec::{self, Kernelspec, Place};
use crate::terminal::Color;
use crate::toolchain::kit::Kit;
use crate::{cache, cards, convert, doctor, fmt, lab, pack, progress, runner, setup, toolchain};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

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
    Run(Box<runner::RunArgs>),
    Review(Box<runner::ReviewArgs>),
    Convert(convert::ConvertArgs),
    Fmt(fmt::FmtArgs),
    Lab(Lab),
    /// Open notebooks in VS Code
    ///
    /// Installs the kernel for you, as `dsprep kernel install` does, and opens the folder in VS Code, which needs its
    /// extension Jupyter.
    Code {
        /// A folder or a notebook [default: as for lab]
        path: Option<PathBuf>,
    },
    Cards(Cards),
    /// Show which exercises passed, which cards are due, and what of the two weeks is next
    ///
    /// A kernel that Jupyter starts records each check that passes in your data folder, for you alone; nothing leaves the
    /// machine.
    Progress {
        /// Forget all that was recorded
        #[arg(long)]
        reset: bool,
    },
    /// Check all that cells and notebooks need, and say how to mend what is missing
    ///
    /// The exit code is 0 if there is no problem (warnings are allowed), 1 if there is one.
    Doctor,
    /// Install, uninstall or start the Jupyter kernel
    #[command(subcommand)]
    Kernel(Kernel),
    Kit(KitArgs),
    Cache(cache::CacheArgs),
    Warm(cache::WarmArgs),
    Setup(setup::SetupArgs),
    Pack(pack::PackArgs),
}

/// Open notebooks in JupyterLab, with the kernel at hand.
///
/// The kernel is known to this JupyterLab only, and only while it runs: nothing is installed. Ctrl-C ends
/// JupyterLab and its kernels. Without JupyterLab, offers to install it into an environment of its own. The exit code is JupyterLab's, or 2 if it could not be started.
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

    /// Open copies of your own: without outputs, exercises unsolved, in PATH [default: ~/dsprep-practice]
    ///
    /// What you change there is never overwritten. Of a notebook that has a newer version, it is said.
    #[arg(long)]
    practice: bool,

    /// Take newer versions of these copies; yours stay beside them under another name
    #[arg(long)]
    renew: bool,

    /// Only make these copies
    #[arg(long)]
    prepare: bool,

    /// Open them in Jupyter Notebook, one at a time
    #[arg(long)]
    classic: bool,

    /// Show the notebook PATH as slides whose cells run, with the speaker's notes in a window of their own
    ///
    /// Page Down and Page Up turn them; in command mode arrows and the space bar do, too.
    #[arg(long, conflicts_with_all = ["practice", "renew", "prepare", "classic"])]
    slides: bool,

    /// Show code, tables and figures in large type, for a projector
    #[arg(long)]
    large: bool,

    /// Install JupyterLab without asking if it is not here
    #[arg(long)]
    yes: bool,

    /// What else to tell JupyterLab
    #[arg(last = true, value_name = "JUPYTER OPTIONS")]
    rest: Vec<OsString>,
}

const LAB_EXAMPLES: &str = "\
Examples:
  dsprep lab                                the folder notebooks
  dsprep lab --practice                     copies of your own, without outputs
  dsprep lab notebooks/q16_sql_joins.ipynb  one notebook
  dsprep lab --slides --large notebooks/q16_sql_joins.ipynb
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
    #[arg(short, long, value_name = "N", default_value = "10", value_parser = at_least_one)]
    number: NonZeroUsize,

    /// Ask the cards that are due again, then new ones, and record how well each was known
    #[arg(long, conflicts_with_all = ["seed", "export"])]
    due: bool,

    /// Five minutes that show where to start: one card of each question
    #[arg(long, conflicts_with_all = ["seed", "export", "due", "number"])]
    self_test: bool,

    /// The same seed gives the same cards in the same order [default: another one each time]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// Hold a whole interview instead: a question, three follow-ups, ten minutes on a blank page, with a clock and a
    /// rubric
    #[arg(long, conflicts_with_all = ["topic", "level", "number", "export", "due", "self_test"])]
    mock: bool,

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
  dsprep cards --due                        what is due again; see also: dsprep progress
  dsprep cards --mock --questions 23-25     an interview about the design of a system
  dsprep cards --export anki cards.txt      for Anki: File, Import
  dsprep cards --topic sql --export csv sql.csv";

#[derive(Debug, Subcommand)]
enum Kernel {
    /// Offer the kernel "Rust (dsprep)" to Jupyter
    ///
    /// Writes a kernelspec that points to this very program: install it again after moving the program. A kernel of
    /// the same name that starts another program, of another checkout perhaps, stays as it is.
    #[command(after_help = INSTALL_EXAMPLES)]
    Install {
        #[command(flatten)]
        spec: Where,

        /// Put it in the place of a kernel that starts another program
        #[arg(long)]
        replace: bool,
    },
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

/// Gather the core kit, the folder with all that cells are compiled with, and say where it is.
///
/// It is gathered from the last build by whatever needs it first, so nobody has to call this. With --output it is
/// written to a folder of its own, for a program elsewhere that finds it by DSPREP_KIT.
#[derive(Debug, Args)]
struct KitArgs {
    /// Write a kit into this folder, which must not exist yet
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Gather from this workspace, not from the one that built this program
    #[arg(long, value_name = "DIR", hide = true, requires = "output")]
    workspace: Option<PathBuf>,
}

const INSTALL_EXAMPLES: &str = "\
Examples:
  dsprep kernel install                     for you, in your Jupyter data folder
  dsprep kernel install --sys-prefix        into the active Python environment
  dsprep kernel install --prefix /usr/local for everybody
  dsprep kernel install --name dsprep-2     beside the kernel of another checkout";

const UNINSTALL_EXAMPLES: &str = "\
Examples:
  dsprep kernel uninstall
  dsprep kernel uninstall --prefix /usr/local";

#[derive(Debug, Args)]
struct Where {
    /// In your Jupyter data folder (the default)
    #[arg(long, group = "place")]
    user: bool,

    /// In DIR/share/jupyter
    #[arg(long, value_name = "DIR", group = "place")]
    prefix: Option<PathBuf>,

    /// In the active Python environment, or that of the `python3` on PATH
    #[arg(long, group = "place")]
    sys_prefix: bool,

    /// The name by which Jupyter knows the kernel
    #[arg(long, value_name = "NAME", default_value = kernelspec::NAME, value_parser = kernel_name)]
    name: String,
}

impl Where {
    fn spec(self) -> Kernelspec {
        let place = match (self.prefix, self.sys_prefix) {
            (Some(prefix), _) => Place::Prefix(prefix),
            (None, true) => Place::SysPrefix,
            (None, false) => Place::User,
        };
        Kernelspec {
            place,
            name: self.name,
        }
    }
}

/// Reads how many there are to be.
fn at_least_one(text: &str) -> std::result::Result<NonZeroUsize, String> {
    let number = text.parse().ok().and_then(NonZeroUsize::new);
    number.ok_or_else(|| "give a number from 1 on".to_owned())
}

/// Reads a name that Jupyter takes for a kernel.
fn kernel_name(text: &str) -> std::result::Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !text.is_empty() && !text.starts_with('.') && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("give letters, digits, dots, dashes and underscores, like dsprep-2".to_owned())
    }
}

impl Cli {
    /// Does what was asked for; the code is what the process exits with.
    pub fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Run(args) => runner::run(&args),
            Command::Review(args) => runner::review(*args),
            Command::Convert(args) => convert::convert(&args),
            Command::Fmt(args) => fmt::run(&args),
            Command::Lab(lab) => {
                Kit::find()?;
                lab::run(&lab.into())
            }
            Command::Code { path } => {
                Kit::find()?;
                lab::code::run(path.as_deref())
            }
            Command::Progress { reset: true } => progress::reset(),
            Command::Progress { reset: false } => progress::run(),
            Command::Cards(cards) if cards.due || cards.self_test => {
                let self_test = cards.self_test;
                cards::review(cards.into(), self_test)
            }
            Command::Cards(cards) => cards::run(cards.into()),
            Command::Doctor => doctor::run(),
            Command::Kit(kit) => kit.run(),
            Command::Cache(args) => cache::run(&args),
            Command::Warm(args) => cache::warm(args),
            Command::Setup(args) => setup::run(&args),
            Command::Pack(args) => pack::run(&args),
            Command::Kernel(Kernel::Install { spec, replace }) => {
                kernelspec::install(&spec.spec(), replace)
            }
            Command::Kernel(Kernel::Uninstall(spec)) => kernelspec::uninstall(&spec.spec()),
            Command::Kernel(Kernel::Start {
                connection_file,
                plain,
            }) => front::run(&connection_file, plain).map(|()| ExitCode::SUCCESS),
        }
    }
}

impl KitArgs {
    fn run(self) -> Result<ExitCode> {
        let kit = match self.output {
            Some(output) => toolchain::kit::gather::into(self.workspace.as_deref(), &output)?,
            None => Kit::find()?,
        };
        let manifest = kit.manifest();
        let text = format!(
            "{}: {} files, for {}\n",
            kit.folder().display(),
            manifest.files.len(),
            manifest.compiler
        );
        // A closed standard output leaves nobody to tell.
        let _ = std::io::stdout().write_all(text.as_bytes());
        Ok(ExitCode::SUCCESS)
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
            mock: cards.mock,
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
            interface: if lab.classic {
                lab::Interface::Classic
            } else {
                lab::Interface::Lab
            },
            look: lab::Look {
                large: lab.large,
                slides: lab.slides,
            },
            practice: lab.practice,
            renew: lab.renew,
            prepare: lab.prepare,
            yes: lab.yes,
            rest: lab.rest,
        }
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
