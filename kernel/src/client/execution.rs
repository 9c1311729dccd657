//! A cell that runs: its outputs as they come, until both the reply and the end are there.

use super::{Channel, Kernel, Message, Problem};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// How long an interrupted cell may take to end.
const INTERRUPT: Duration = Duration::from_secs(5);
/// How long a kernel may take to say `idle` after its reply, or to reply after that.
const OTHER_HALF: Duration = Duration::from_secs(10);

/// The error that a cell ended in, as the kernel tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The kind of error, like `E0425` or `ValueError`.
    pub name: String,
    /// The message.
    pub value: String,
    /// The kernel's account of it, with colours.
    pub traceback: Vec<String>,
}

/// Who looks on while a cell runs, and answers its questions.
pub trait Observer: Send {
    /// The cell was sent; messages about it name this id as their parent.
    fn sent(&mut self, _id: &str) {}

    /// A message came on iopub: about this cell, an earlier one, or another client's.
    fn shown(&mut self, message: &Message);

    /// The answer to a question of the cell; none if there is none.
    fn answer(&mut self, _prompt: &str) -> Option<String> {
        None
    }
}

/// One run of a cell.
#[derive(Debug, Clone, Copy)]
pub struct Execution<'a> {
    /// The source.
    pub source: &'a str,
    /// How long it may take.
    pub allowed: Duration,
}

/// What has come of it so far.
#[derive(Default)]
struct State {
    id: String,
    idle: bool,
    reply: Option<Value>,
    error: Option<Raised>,
}

impl Kernel {
    /// Runs a cell, and returns the error that it raised, if it did.
    ///
    /// # Errors
    /// Why the kernel can't go on. After [`Problem::TimedOut`] or [`Problem::Asked`] that was `interrupted` it can.
    pub async fn execute(
        &mut self,
        execution: Execution<'_>,
        observer: &mut dyn Observer,
    ) -> Result<Option<Raised>, Problem> {
        let content = json!({
            "code": execution.source, "silent": false, "store_history": true, "user_expressions": {},
            "allow_stdin": true, "stop_on_error": true,
        });
        let mut state = State {
            id: self
                .send(Channel::Shell, "execute_request", content)
                .await?,
            ..State::default()
        };
        observer.sent(&state.id);
        let end = Instant::now() + execution.allowed;
        let asked = match self.wait(&mut state, end, observer).await {
            Ok(true) => {
                let raised = state.raised();
                // Of a kernel in parts, one may have been stopped; what the others make of that says less.
                return match self.out_of_memory().filter(|_| raised.is_some()) {
                    Some(problem) => Err(problem),
                    None => Ok(raised),
                };
            }
            Ok(false) => None,
            Err(Problem::Asked { prompt, .. }) => Some(prompt),
            Err(problem) => return Err(problem),
        };
        // For the sake of what the cell still prints; it failed either way.
        self.interrupt().await?;
        let end = Instant::now() + INTERRUPT;
        let interrupted = match self.wait(&mut state, end, observer).await {
            Ok(ended) => ended,
            // Another question, in spite of the interruption.
            Err(Problem::Asked { .. }) => false,
            Err(problem) => return Err(problem),
        };
        Err(match asked {
            Some(prompt) => Problem::Asked {
                prompt,
                interrupted,
            },
            None => Problem::TimedOut {
                after: execution.allowed,
                interrupted,
                refused: self.refused(),
            },
        })
    }

    /// Takes messages until the cell's end, or until `end`; tells whether it came to its end.
    async fn wait(
        &mut self,
        state: &mut State,
        end: Instant,
        observer: &mut dyn Observer,
    ) -> Result<bool, Problem> {
        let mut half: Option<Instant> = None;
        while !state.idle || state.reply.is_none() {
            if state.idle || state.reply.is_some() {
                half.get_or_insert_with(|| Instant::now() + OTHER_HALF);
            }
            // A kernel that floods has always another message, so the clock is looked at here as well.
            let deadline = half.map_or(end, |half| half.min(end));
            if Instant::now() >= deadline {
                return match half {
                    Some(half) if half <= end => Err(state.half_done(self.refused())),
                    _ => Ok(false),
                };
            }
            let message = tokio::select! {
                message = self.next() => message?,
                () = sleep_until(deadline) => continue,
            };
            if message.channel == Channel::IoPub {
                observer.shown(&message);
            }
            if message.parent == state.id
                && let Some(prompt) = state.take(message)
            {
                let Some(answer) = observer.answer(&prompt) else {
                    return Err(Problem::Asked {
                        prompt,
                        interrupted: false,
                    });
                };
                let reply = json!({"status": "ok", "value": answer});
                self.send(Channel::Stdin, "input_reply", reply).await?;
            }
        }
        Ok(true)
    }
}

impl State {
    /// Takes a message about this cell; returns its question, if it is one.
    fn take(&mut self, message: Message) -> Option<String> {
        let idle = message.is_idle();
        match (message.channel, message.kind.as_str()) {
            (Channel::IoPub, _) if idle => self.idle = true,
            (Channel::IoPub, "error") => self.error = Some(Raised::of(&message.content)),
            (Channel::Shell, "execute_reply") => self.reply = Some(message.content),
            (Channel::Stdin, "input_request") => {
                let prompt = message.content["prompt"].as_str();
                return Some(prompt.unwrap_or_default().to_owned());
            }
            _ => {}
        }
        None
    }

    fn raised(self) -> Option<Raised> {
        let reply = self.reply.unwrap_or_default();
        let status = reply["status"].as_str().unwrap_or("ok");
        match (status, self.error) {
            ("ok", None) => None,
            (_, Some(error)) => Some(error),
            (_, None) if reply["ename"].is_string() => Some(Raised::of(&reply)),
            (status, None) => Some(Raised {
                name: status.to_owned(),
                value: "the kernel does not say why".to_owned(),
                traceback: Vec::new(),
            }),
        }
    }

    fn half_done(&self, refused: usize) -> Problem {
        let seconds = OTHER_HALF.as_secs();
        let mut problem = if self.idle {
            format!("it was done with the cell, and sent no reply within {seconds} s")
        } else {
            format!(
                "it replied, and did not say that it was done within {seconds} s, so outputs may be missing"
            )
        };
        if refused > 0 {
            problem +=
                &format!("; {refused} of its messages were malformed or not signed with its key");
        }
        Problem::Connection { problem }
    }
}

impl Raised {
    fn of(content: &Value) -> Self {
        let text = |key: &str| content[key].as_str().unwrap_or_default().to_owned();
        let traceback = content["traceback"].as_array().into_iter().flatten();
        Raised {
            name: text("ename"),
            value: text("evalue"),
            traceback: traceback
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        }
    }
}
