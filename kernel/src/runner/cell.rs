//! One cell: whether there is anything to run, the run itself, and how it is judged.

use super::events::{Event, Failure, Outcome};
use super::marks::{Raises, has_rust};
use super::plan::Planned;
use super::recorder::Recorder;
use crate::client::{Execution as Request, Kernel, Message, Observer, Raised};
use crate::notebook::Cell;
use serde_json::Value;
use std::collections::VecDeque;
use tokio::sync::mpsc;

/// What our kernel says where it can run no cell at all.
const NO_CELL: &str = "no cell can be run";

/// The answers that were given on the command line and are left.
pub type Answers = VecDeque<String>;

/// Whom to tell what a cell shows, as it comes.
pub struct Live<'a> {
    /// Where to tell it.
    pub events: &'a mpsc::UnboundedSender<Event>,
    /// The notebook's index in the plan.
    pub notebook: usize,
    /// The cell's number among the code cells, from 1.
    pub number: usize,
}

impl Live<'_> {
    fn tell(&self, message: &Message) {
        let content = &message.content;
        let text = match message.kind.as_str() {
            "stream" => content["text"].as_str().unwrap_or_default().to_owned(),
            "display_data" | "execute_result" => {
                let data = &content["data"];
                let first = || data.as_object().and_then(|data| data.keys().next());
                match data["text/plain"].as_str() {
                    Some(text) => format!("{text}\n"),
                    None => format!("({})\n", first().map_or("no data", String::as_str)),
                }
            }
            "error" => {
                let lines = content["traceback"].as_array().into_iter().flatten();
                let lines: Vec<_> = lines.filter_map(Value::as_str).collect();
                lines.join("\n") + "\n"
            }
            _ => return,
        };
        // Nobody listens only after the run was broken off.
        let _ = self.events.send(Event::Shown {
            notebook: self.notebook,
            number: self.number,
            is_error: message.kind == "error" || content["name"] == "stderr",
            is_printed: message.kind == "stream",
            text,
        });
    }
}

/// Records what a cell shows, and gives the answers that were given on the command line.
struct Record<'a> {
    recorder: &'a mut Recorder,
    answers: &'a mut Answers,
    live: Option<Live<'a>>,
    id: String,
}

impl Observer for Record<'_> {
    fn sent(&mut self, id: &str) {
        self.recorder.requested(id);
        self.id = id.to_owned();
    }

    fn shown(&mut self, message: &Message) {
        self.recorder.record(message);
        if let Some(live) = self.live.as_ref().filter(|_| message.parent == self.id) {
            live.tell(message);
        }
    }

    fn answer(&mut self, _prompt: &str) -> Option<String> {
        self.answers.pop_front()
    }
}

/// Whether there is anything to execute in a cell.
pub fn has_code(planned: &Planned, cell: &Cell) -> bool {
    if planned.launch.is_rust() {
        has_rust(&cell.source)
    } else {
        !cell.source.trim().is_empty()
    }
}

/// Runs a cell, and returns the error that it raised, if it did. What it shows is recorded, and told to `live` as it
/// comes.
///
/// # Errors
/// Why the kernel can't go on.
pub async fn execute(
    kernel: &mut Kernel,
    request: Request<'_>,
    answers: &mut Answers,
    recorder: &mut Recorder,
    live: Option<Live<'_>>,
) -> Result<Option<Raised>, Failure> {
    let mut record = Record {
        recorder,
        answers,
        live,
        id: String::new(),
    };
    match kernel.execute(request, &mut record).await? {
        Some(raised) if raised.name == NO_CELL || raised.value.starts_with(NO_CELL) => {
            let problem = if raised.value.starts_with(NO_CELL) {
                raised.value
            } else {
                format!("{NO_CELL}: {}", raised.value)
            };
            Err(Failure::NoKernel {
                problem,
                log: kernel.log_tail(),
            })
        }
        raised => Ok(raised),
    }
}

/// How the cell ended, and the failure if that is one.
pub fn judged(
    result: Result<Option<Raised>, Failure>,
    raises: Option<&Raises>,
    guessed: bool,
) -> (Outcome, Option<Failure>) {
    let wanted = match raises {
        Some(Raises::Named(name)) => Some(name.clone()),
        _ => None,
    };
    match (result, raises) {
        (Ok(None), None | Some(Raises::Allowed)) => (Outcome::Passed, None),
        (Ok(None), Some(_)) => (
            Outcome::Failed,
            Some(Failure::NotRaised { wanted, got: None }),
        ),
        (Ok(Some(_)), Some(Raises::Any | Raises::Allowed)) => (Outcome::Raised, None),
        (Ok(Some(raised)), Some(Raises::Named(name))) => {
            if raised.name == *name {
                (Outcome::Raised, None)
            } else {
                let got = Some(raised.name);
                (Outcome::Failed, Some(Failure::NotRaised { wanted, got }))
            }
        }
        // Where nobody can be asked, a question is an error, as Jupyter has it.
        (
            Err(Failure::Input {
                interrupted: true, ..
            }),
            Some(Raises::Any),
        ) => (Outcome::Raised, None),
        (Ok(Some(raised)), None) => (Outcome::Failed, Some(error(raised, guessed))),
        (Err(failure), _) => (Outcome::Failed, Some(failure)),
    }
}

/// The failure of a cell that raised an error; `guessed` tells whether its language is a guess.
pub fn error(raised: Raised, guessed: bool) -> Failure {
    Failure::Error {
        name: raised.name,
        value: raised.value,
        traceback: raised.traceback,
        guessed,
    }
}

/// The first line of a source.
pub fn first_line(source: &str) -> String {
    let line = source.trim_start().lines().next();
    line.unwrap_or_default().trim_end().to_owned()
}
