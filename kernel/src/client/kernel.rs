//! A running kernel: its process and the channels to it.

use super::channels::Channels;
use super::process::Process;
use super::start::{greeted, is_about_ports, no_kernel, spawn};
use super::{Channel, Interrupt, Launch, Message, Problem, Transport, memory};
use jupyter_zmq_client::RuntimeError;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout};

/// How long a kernel may take to end by itself when asked to.
const SHUTDOWN: Duration = Duration::from_secs(2);
/// How long to wait for what a kernel that ended had still to say.
const SIGN: Duration = Duration::from_millis(300);
/// How long to wait for a process to end whose connection broke.
const DYING: Duration = Duration::from_secs(1);
/// How often is looked how much memory a kernel uses that may not have all.
const SAMPLE: Duration = Duration::from_millis(200);
/// How often is looked if it may, for the sake of the report alone.
const SELDOM: Duration = Duration::from_millis(500);
/// How often a kernel is started whose ports were taken by somebody else.
const STARTS: usize = 4;

/// What a kernel may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StartLimits {
    /// How long it may take to come up.
    pub start: Duration,
    /// How much memory it and its children may use, in bytes.
    pub memory: Option<u64>,
}

/// A running kernel. Dropping it kills its processes and removes its files.
pub struct Kernel {
    channels: Channels,
    process: Process,
    interrupt: Interrupt,
    memory: Option<u64>,
    peak: u64,
    sampled: Instant,
}

impl Kernel {
    /// Starts a kernel in `working_folder` and waits until it answers.
    ///
    /// # Errors
    /// [`Problem::NoKernel`].
    pub async fn start(
        launch: &Launch,
        working_folder: &Path,
        limits: StartLimits,
    ) -> std::result::Result<Kernel, Problem> {
        let mut starts = 1;
        loop {
            match Self::start_once(launch, working_folder, limits).await {
                Err(Problem::NoKernel { log, .. })
                    if starts < STARTS
                        && launch.transport == Transport::Ports
                        && is_about_ports(&log) =>
                {
                    starts += 1;
                }
                other => return other,
            }
        }
    }

    async fn start_once(
        launch: &Launch,
        working_folder: &Path,
        limits: StartLimits,
    ) -> std::result::Result<Kernel, Problem> {
        let (mut process, info) =
            spawn(launch, working_folder, limits.memory).map_err(|error| Problem::NoKernel {
                problem: error.to_string(),
                log: String::new(),
            })?;
        let opened = async {
            let mut channels = Channels::open(&info).await?;
            while !greeted(&mut channels).await? {}
            Ok::<_, RuntimeError>(channels)
        };
        let connected = tokio::select! {
            connected = timeout(limits.start, opened) => connected,
            how = process.ended() => return Err(no_kernel(how, process).await),
        };
        match connected {
            Ok(Ok(channels)) => Ok(Kernel {
                channels,
                process,
                interrupt: launch.interrupt,
                memory: limits.memory,
                peak: 0,
                sampled: Instant::now(),
            }),
            Ok(Err(error)) => Err(no_kernel(error.to_string(), process).await),
            Err(_) => {
                let waited = limits.start.as_secs_f64();
                Err(no_kernel(format!("no answer within {waited} s"), process).await)
            }
        }
    }

    /// Sends a request, and returns its id.
    ///
    /// # Errors
    /// Why that is not possible.
    pub async fn send(
        &mut self,
        channel: Channel,
        kind: &str,
        content: Value,
    ) -> std::result::Result<String, Problem> {
        match self.channels.send(channel, kind, content).await {
            Ok(id) => Ok(id),
            Err(error) => Err(self.broken(&error).await),
        }
    }

    /// Interrupts the cell that runs.
    ///
    /// # Errors
    /// Why that is not possible.
    pub async fn interrupt(&mut self) -> std::result::Result<(), Problem> {
        match self.interrupt {
            Interrupt::Message => {
                let sent = self.send(Channel::Control, "interrupt_request", json!({}));
                sent.await.map(drop)
            }
            Interrupt::Signal => {
                self.process.signal(libc::SIGINT);
                Ok(())
            }
        }
    }

    /// The next message of any channel.
    ///
    /// # Errors
    /// Why no more will come, or that the kernel uses too much memory.
    pub async fn next(&mut self) -> std::result::Result<Message, Problem> {
        loop {
            // A kernel that floods has always another message, so the clock is looked at here.
            let due = self.sampled + self.memory.map_or(SELDOM, |_| SAMPLE);
            if Instant::now() >= due {
                self.sample()?;
                continue;
            }
            tokio::select! {
                // Messages first, so that what a dying kernel printed is not lost.
                biased;
                message = self.channels.next() => return match message {
                    Some(message) => Ok(message),
                    None => Err(self.broken(&RuntimeError::ZmqMessageError("its sockets are closed".to_owned())).await),
                },
                how = self.process.ended() => return self.last_words(how).await,
                () = sleep_until(due) => {}
            }
        }
    }

    /// The most memory that was seen in use, in bytes; none if that is not known here.
    pub fn peak_memory(&self) -> Option<u64> {
        Some(self.peak).filter(|peak| *peak > 0)
    }

    /// How many messages were left out, because they were none or not signed with the kernel's key.
    pub fn refused(&self) -> usize {
        self.channels.refused()
    }

    fn sample(&mut self) -> std::result::Result<(), Problem> {
        self.sampled = Instant::now();
        let used = memory::private_bytes(self.process.id()).unwrap_or(0);
        self.peak = self.peak.max(used);
        match self.memory {
            Some(limit) if used > limit => Err(Problem::Memory { used, limit }),
            _ => self.out_of_memory().map_or(Ok(()), Err),
        }
    }

    /// The problem that the system stopped the kernel, or a part of it, because it needed too much memory.
    pub(super) fn out_of_memory(&self) -> Option<Problem> {
        let limit = self.memory.filter(|_| self.process.ran_out_of_memory())?;
        let used = self.peak;
        Some(Problem::Memory { used, limit })
    }

    /// What is still in the pipe after the kernel's end, then the problem that it died.
    async fn last_words(&mut self, how: String) -> std::result::Result<Message, Problem> {
        match timeout(SIGN, self.channels.next()).await {
            Ok(Some(message)) => Ok(message),
            _ => Err(self.died(how)),
        }
    }

    fn died(&self, how: String) -> Problem {
        self.out_of_memory().unwrap_or_else(|| Problem::Died {
            how,
            log: self.process.log_tail(),
        })
    }

    /// The problem behind an error of the connection: most often, the kernel's end.
    async fn broken(&mut self, error: &RuntimeError) -> Problem {
        match timeout(DYING, self.process.ended()).await {
            Ok(how) => self.died(how),
            Err(_) => Problem::Connection {
                problem: error.to_string(),
            },
        }
    }

    /// The last lines that it printed outside of cells.
    pub fn log_tail(&self) -> String {
        self.process.log_tail()
    }

    /// Asks the kernel to end, and ends it if it does not.
    pub async fn shut_down(mut self) {
        let content = json!({"restart": false});
        let asked = self
            .channels
            .send(Channel::Control, "shutdown_request", content);
        if matches!(timeout(SHUTDOWN, asked).await, Ok(Ok(_))) {
            let _ = timeout(SHUTDOWN, self.process.ended()).await;
        }
        self.kill().await;
    }

    /// Ends the kernel at once.
    pub async fn kill(self) {
        drop(self.channels);
        self.process.end().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Result};
    use std::collections::BTreeMap;
    use std::ffi::OsString;

    fn launch(argv: &[&str]) -> Launch {
        Launch {
            name: "test".to_owned(),
            argv: argv.iter().map(OsString::from).collect(),
            env: BTreeMap::new(),
            interrupt: Interrupt::Message,
            transport: Transport::Files,
            language: "rust".to_owned(),
        }
    }

    fn shell(script: &str) -> Launch {
        launch(&["/bin/sh", "-c", script, "sh", "{connection_file}"])
    }

    /// The problem and the log of a kernel that does not start within half a second.
    fn no_kernel(launch: &Launch) -> Result<(String, String)> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let runtime = runtime.map_err(Error::system("wait"))?;
        let limits = StartLimits {
            start: Duration::from_millis(500),
            memory: None,
        };
        let started = Kernel::start(launch, Path::new("/"), limits);
        Ok(match runtime.block_on(started) {
            Err(Problem::NoKernel { problem, log }) => (problem, log),
            Err(other) => (format!("{other:?}"), String::new()),
            Ok(_) => ("it started".to_owned(), String::new()),
        })
    }

    #[test]
    fn a_kernel_that_ends_at_once_is_told_with_what_it_printed() -> Result<()> {
        let (problem, log) = no_kernel(&shell("echo out; echo no rustc >&2; exit 3"))?;
        assert_eq!(
            (problem.as_str(), log.as_str()),
            ("exit code 3", "out\nno rustc")
        );
        Ok(())
    }

    #[test]
    fn a_kernel_that_does_not_answer_is_given_up_with_its_children_and_files() -> Result<()> {
        let script = "(sleep 60 & echo $!); echo $1; sleep 60";
        let (problem, log) = no_kernel(&shell(script))?;
        assert_eq!(problem, "no answer within 0.5 s");
        let (child, file) = log.split_once('\n').unwrap_or_default();
        assert!(
            child.parse::<u32>().is_ok() && file.ends_with("connection.json"),
            "{log}"
        );
        // A process that was killed may still be listed for a moment, on a busy machine.
        let lives = || {
            let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
            !state.is_empty() && !state.contains(") Z ")
        };
        let deadline = std::time::Instant::now() + Duration::from_secs(5);
        while lives() && std::time::Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!lives(), "the child lives");
        assert!(!Path::new(file).exists());
        Ok(())
    }

    #[test]
    fn a_program_that_is_not_there_is_named() -> Result<()> {
        let (problem, _) = no_kernel(&launch(&["/nowhere/dsprep"]))?;
        assert!(
            problem.starts_with("cannot start `/nowhere/dsprep`: "),
            "{problem}"
        );
        Ok(())
    }
}
