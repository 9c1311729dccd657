//! One cell: sends it to the kernel and takes what comes back, until both the reply and the end are there.

use super::events::Failure;
use super::kernel::Kernel;
use super::recorder::Recorder;
use jupyter_protocol::{
    ErrorOutput, ExecuteReply, ExecuteRequest, ExecutionState, JupyterMessage,
    JupyterMessageContent, ReplyStatus,
};
use std::time::Duration;
use tokio::time::timeout;

/// How long an interrupted cell may take to end.
const INTERRUPT: Duration = Duration::from_secs(5);

/// Runs `source` and records its outputs.
///
/// # Errors
/// [`Failure::Error`] if the cell failed and the kernel can go on; after any other failure it can't.
pub async fn run(
    kernel: &mut Kernel,
    source: &str,
    allowed: Duration,
    recorder: &mut Recorder,
) -> Result<(), Failure> {
    let request = JupyterMessage::from(ExecuteRequest::new(source.to_owned()));
    let mut cell = Cell {
        id: request.header.msg_id.clone(),
        idle: false,
        reply: None,
        error: None,
    };
    if let Err(error) = kernel.shell.send(request).await {
        return Err(kernel.broken(&error).await);
    }
    match timeout(allowed, cell.wait(kernel, recorder)).await {
        Ok(waited) => waited.and_then(|()| cell.outcome()),
        Err(_) => {
            if kernel.interrupt().await.is_ok() {
                // For the sake of what the cell still prints; it failed either way.
                let _ = timeout(INTERRUPT, cell.wait(kernel, recorder)).await;
            }
            Err(Failure::TimedOut { after: allowed })
        }
    }
}

/// A cell on its way.
struct Cell {
    /// The id of the request, which all messages about this cell name as their parent.
    id: String,
    /// Whether the kernel is done with everything that the cell shows.
    idle: bool,
    /// Whether it passed.
    reply: Option<ExecuteReply>,
    /// The error that it showed.
    error: Option<ErrorOutput>,
}

impl Cell {
    async fn wait(&mut self, kernel: &mut Kernel, recorder: &mut Recorder) -> Result<(), Failure> {
        while !self.idle || self.reply.is_none() {
            let message = kernel.next().await?;
            let parent = message
                .parent_header
                .as_ref()
                .map(|header| header.msg_id.as_str());
            if parent == Some(&self.id) {
                self.take(message.content, recorder)?;
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        content: JupyterMessageContent,
        recorder: &mut Recorder,
    ) -> Result<(), Failure> {
        match content {
            JupyterMessageContent::ExecuteReply(reply) => self.reply = Some(reply),
            JupyterMessageContent::Status(status) => {
                self.idle |= status.execution_state == ExecutionState::Idle
            }
            JupyterMessageContent::InputRequest(request) => {
                return Err(Failure::Input {
                    prompt: request.prompt,
                });
            }
            JupyterMessageContent::ErrorOutput(error) => {
                self.error = Some(error.clone());
                recorder.record(JupyterMessageContent::ErrorOutput(error));
            }
            other => recorder.record(other),
        }
        Ok(())
    }

    fn outcome(self) -> Result<(), Failure> {
        let reply = self.reply.unwrap_or_default();
        let told = reply
            .error
            .map(|error| (error.ename, error.evalue, error.traceback));
        let shown = self
            .error
            .map(|error| (error.ename, error.evalue, error.traceback));
        match (reply.status, shown.or(told)) {
            (ReplyStatus::Ok, None) => Ok(()),
            (_, Some((name, value, traceback))) => Err(Failure::Error {
                name,
                value,
                traceback,
            }),
            (status, None) => Err(Failure::Error {
                name: format!("{status:?}").to_lowercase(),
                value: "the kernel does not say why".to_owned(),
                traceback: Vec::new(),
            }),
        }
    }
}
