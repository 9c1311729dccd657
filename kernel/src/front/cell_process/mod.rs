//! The processes in which cells run, as the front sees them.
//!
//! Each connects to a socket in the working folder. On that line it is told of interruptions and answers; two
//! pipes carry what it prints. They are read as bytes: lines may be unfinished, and nothing need be text. What is not
//! taken from [`Processes::next`] is not read, so that a cell that floods its output waits, and nothing piles up.
//!
//! - [`decoder`]: bytes to text and frames.
//! - [`merge`]: the two streams in order.

mod decoder;
mod merge;

pub use decoder::{Decoder, Piece};

use crate::error::{Error, Result};
use crate::processes::signal_group;
use crate::toolchain::workdir::Workdir;
use merge::{Merge, STDERR, STDOUT};
use serde_json::Value;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::unix::OwnedWriteHalf;
use tokio::net::unix::pipe::{OpenOptions, Receiver as Pipe};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep_until};

/// How many pieces may wait to be taken.
const WAITING: usize = 8;
/// How much is read at once.
const CHUNK: usize = 64 << 10;
/// How long one stream waits for the other.
const OTHER_STREAM: Duration = Duration::from_millis(200);
/// How long to wait for the last output of a process that has ended, which its children may hold open.
const LAST_OUTPUT: Duration = Duration::from_millis(200);

/// What comes from a process in which cells run; the number says from which.
pub enum FromProcess {
    /// It is there.
    Started(Process),
    /// It printed something, on standard error or not.
    Printed(u64, bool, Piece),
    /// Its cell has seen an interruption, and is on its way out.
    Heard(u64),
    /// What its variables hold, by name, as it was asked by this number; `null` while a cell runs.
    Values(u64, Value),
    /// It has ended, and all that it printed has come.
    Ended(u64),
}

/// A process in which cells run.
pub struct Process {
    /// Its number among those of this kernel.
    pub id: u64,
    /// Whether its streams come to us, and not to evcxr.
    pub is_ours: bool,
    pid: libc::pid_t,
    line: OwnedWriteHalf,
}

impl Process {
    /// Sends a message down the line.
    pub async fn tell(&mut self, message: &str) {
        // If it has ended, that is noticed elsewhere.
        let _ = self.line.write_all(format!("{message}\n").as_bytes()).await;
    }

    /// Answers its question; without an answer, nobody can.
    pub async fn answer(&mut self, text: Option<&str>) {
        match text {
            Some(text) => {
                let text = text.replace('\\', "\\\\").replace('\n', "\\n");
                self.tell(&format!("answer {text}")).await;
            }
            None => self.tell("nobody").await,
        }
    }

    /// Stops the running cell: raises the flag that it looks at, and ends the programs that it waits for.
    pub async fn interrupt(&mut self) {
        self.tell("interrupt").await;
        signal_group(self.pid, libc::SIGINT);
    }

    /// Leaves the running cell to itself, so that the next one can run with what variables that has not taken.
    pub async fn leave_cell(&mut self) {
        self.tell("leave").await;
    }

    /// Asks what the variables hold; the answer comes with the number `asked`.
    pub async fn ask_for_values(&mut self, asked: u64) {
        self.tell(&format!("values {asked}")).await;
    }

    /// Ends it with all that its cells have started.
    pub fn kill(&self) {
        signal_group(self.pid, libc::SIGKILL);
    }
}

/// The processes of one kernel.
pub struct Processes {
    events: Receiver<FromProcess>,
    listening: tokio::task::JoinHandle<()>,
}

impl Processes {
    /// Waits for processes of `workdir`.
    ///
    /// # Errors
    /// If the socket can't be made.
    pub fn listen(workdir: &Workdir) -> Result<Processes> {
        let path = workdir.cells_socket();
        let listener = UnixListener::bind(&path).map_err(Error::file("listen at", &path))?;
        let (sender, events) = channel(WAITING);
        let workdir = workdir.clone();
        let listening = tokio::spawn(async move {
            for id in 1.. {
                let Ok((line, _)) = listener.accept().await else {
                    return;
                };
                let (workdir, sender) = (workdir.clone(), sender.clone());
                tokio::spawn(async move {
                    // A process that fails before it runs cells is told of by evcxr.
                    let _ = attend(id, line, &workdir, &sender).await;
                    let _ = sender.send(FromProcess::Ended(id)).await;
                });
            }
        });
        Ok(Processes { events, listening })
    }

    /// What happens next. Nothing is lost if the wait is given up.
    pub async fn next(&mut self) -> FromProcess {
        match self.events.recv().await {
            Some(event) => event,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// Follows one process to its end.
async fn attend(
    id: u64,
    line: UnixStream,
    workdir: &Workdir,
    sender: &Sender<FromProcess>,
) -> io::Result<()> {
    let (reader, writer) = line.into_split();
    let mut lines = BufReader::new(reader).lines();
    let hello = lines.next_line().await?.unwrap_or_default();
    let words: Vec<&str> = hello.split(' ').collect();
    let ["hello", pid, rest @ ..] = &words[..] else {
        return Err(io::Error::other("not a process of ours"));
    };
    let (Ok(pid), is_ours) = (pid.parse::<u32>(), !rest.is_empty()) else {
        return Err(io::Error::other("not a process of ours"));
    };
    let mut pipes = None;
    if is_ours {
        let paths = workdir.cell_streams(pid);
        let [stdout, stderr] = paths
            .each_ref()
            .map(|path| OpenOptions::new().open_receiver(path));
        pipes = Some([stdout?, stderr?]);
        // Before it has opened its ends, reading would meet the end.
        lines.next_line().await?;
        for path in paths {
            let _ = std::fs::remove_file(path);
        }
    }
    let pid = libc::pid_t::try_from(pid).unwrap_or(0);
    let process = Process {
        id,
        is_ours,
        pid,
        line: writer,
    };
    send(sender, FromProcess::Started(process)).await?;
    let result = follow(id, pid, &mut lines, pipes, sender).await;
    // What its cells have started ends with it.
    signal_group(pid, libc::SIGKILL);
    result
}

type Lines = tokio::io::Lines<BufReader<tokio::net::unix::OwnedReadHalf>>;

async fn follow(
    id: u64,
    pid: libc::pid_t,
    lines: &mut Lines,
    pipes: Option<[Pipe; 2]>,
    sender: &Sender<FromProcess>,
) -> io::Result<()> {
    let Some([mut stdout, mut stderr]) = pipes else {
        while lines.next_line().await?.is_some() {}
        return Ok(());
    };
    let mut merge = Merge::default();
    let (mut from_stdout, mut from_stderr) = (vec![0; CHUNK], vec![0; CHUNK]);
    let far = Duration::from_secs(3600);
    let (mut lives, mut last) = (true, Instant::now() + far);
    while !merge.has_ended() {
        while let Some((side, piece)) = merge.next() {
            send(sender, FromProcess::Printed(id, side == STDERR, piece)).await?;
        }
        let patience = if merge.waits() { OTHER_STREAM } else { far };
        tokio::select! {
            message = lines.next_line(), if lives => match message {
                Ok(Some(line)) => send(sender, said(id, &line)).await?,
                _ => {
                    lives = false;
                    signal_group(pid, libc::SIGKILL);
                    last = Instant::now() + LAST_OUTPUT;
                }
            },
            read = stdout.read(&mut from_stdout), if merge.wants(STDOUT) => merge.feed(STDOUT, &from_stdout[..read?]),
            read = stderr.read(&mut from_stderr), if merge.wants(STDERR) => merge.feed(STDERR, &from_stderr[..read?]),
            () = sleep_until(Instant::now() + patience) => merge.let_go(),
            () = sleep_until(last) => break,
        }
    }
    for side in [STDOUT, STDERR] {
        merge.feed(side, b"");
    }
    while let Some((side, piece)) = merge.next() {
        send(sender, FromProcess::Printed(id, side == STDERR, piece)).await?;
    }
    while lives && lines.next_line().await?.is_some() {}
    Ok(())
}

/// What a line of the process means.
fn said(id: u64, line: &str) -> FromProcess {
    let values = line.strip_prefix("values ").and_then(|rest| {
        let (asked, values) = rest.split_once(' ')?;
        Some((asked.parse().ok()?, serde_json::from_str(values).ok()?))
    });
    match values {
        Some((asked, values)) => FromProcess::Values(asked, values),
        None => FromProcess::Heard(id),
    }
}

async fn send(sender: &Sender<FromProcess>, event: FromProcess) -> io::Result<()> {
    let sent = sender.send(event).await;
    sent.map_err(|_| io::Error::other("the kernel ends"))
}
