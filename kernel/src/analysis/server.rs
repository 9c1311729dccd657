//! The connections of the process for completion.
//!
//! One thread asks rust-analyzer, one for each kernel reads its questions, and the first one takes new connections
//! and ends the process when none is left.

use super::host::{Answer, Host, Question};
use super::libraries::Libraries;
use super::place::Place;
use crate::toolchain::kit::Kit;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::exit;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a process may wait for its first connection.
const FIRST: Duration = Duration::from_secs(20);
/// How long a process waits for a kernel that is about to start again.
const AGAIN: Duration = Duration::from_secs(20);
/// How long one answer may take, once the libraries are known. A process that takes longer is replaced.
const LONGEST: Duration = Duration::from_secs(20);
/// How long it may take until the libraries are known.
const LONGEST_START: Duration = Duration::from_secs(120);
/// The stack of the thread that asks rust-analyzer, which follows nested source by recursion.
const STACK: usize = 256 << 20;

/// The line by which a kernel says that it is about to start again.
pub const STAY: &str = "stay";

/// A question or its answer on its way between a kernel and the process: a line of JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Numbered<T> {
    /// Which question it is.
    pub id: u64,
    /// What it says.
    pub content: T,
}

enum Event {
    Connected(UnixStream),
    /// A kernel is about to start again.
    Stay,
    Closed,
}

struct Job {
    question: Numbered<Question>,
    answers: UnixStream,
}

/// Answers questions until no kernel is connected any more.
///
/// # Errors
/// If standard input is no socket that listens.
pub fn serve(place: &Place) -> io::Result<()> {
    let listener = UnixListener::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (events, received) = channel();
    let (jobs, asked) = channel();
    let busy_until = Arc::new(Mutex::new(Some(Instant::now() + LONGEST_START)));
    watch(&busy_until);
    thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || answer_all(&asked, &busy_until))?;
    let connected = events.clone();
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let _ = connected.send(Event::Connected(stream));
        }
    });
    let mut connections = 0;
    let mut until = Instant::now() + FIRST;
    let mut stay = None;
    loop {
        let event = match connections {
            0 => received.recv_timeout(until.saturating_duration_since(Instant::now())),
            _ => received.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Ok(Event::Connected(stream)) => {
                connections += 1;
                listen_to(stream, jobs.clone(), events.clone());
            }
            Ok(Event::Stay) => stay = Some(Instant::now() + AGAIN),
            Ok(Event::Closed) => {
                connections -= 1;
                until = stay.unwrap_or_else(Instant::now);
            }
            Err(_) => {}
        }
        if connections == 0 && until <= Instant::now() {
            match place.leave(|| received.try_recv().ok())? {
                Some(Event::Connected(stream)) => {
                    connections += 1;
                    listen_to(stream, jobs.clone(), events.clone());
                }
                Some(Event::Stay | Event::Closed) => {}
                // Whatever is being thought about, nobody wants to know.
                None => exit(0),
            }
        }
    }
}

/// Reads the questions of a kernel.
fn listen_to(stream: UnixStream, jobs: Sender<Job>, events: Sender<Event>) {
    thread::spawn(move || {
        if let Ok(reading) = stream.try_clone() {
            for line in BufReader::new(reading).lines().map_while(Result::ok) {
                if line == STAY {
                    let _ = events.send(Event::Stay);
                    continue;
                }
                let (Ok(question), Ok(answers)) = (serde_json::from_str(&line), stream.try_clone())
                else {
                    break;
                };
                if jobs.send(Job { question, answers }).is_err() {
                    break;
                }
            }
        }
        let _ = events.send(Event::Closed);
    });
}

/// Ends the process if an answer takes too long: the next question starts another.
fn watch(busy_until: &Arc<Mutex<Option<Instant>>>) {
    let busy_until = Arc::clone(busy_until);
    thread::spawn(move || {
        loop {
            thread::sleep(Duration::from_secs(1));
            let until = *busy_until.lock().unwrap_or_else(PoisonError::into_inner);
            if until.is_some_and(|until| until < Instant::now()) {
                exit(1);
            }
        }
    });
}

fn answer_all(asked: &Receiver<Job>, busy_until: &Mutex<Option<Instant>>) {
    let set = |until| *busy_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    // The kit is held, so that a later build leaves it to this process.
    let kit = Kit::of_the_front().ok();
    let _held = kit.as_ref().and_then(Kit::hold);
    let metadata = kit.and_then(|kit| kit.metadata().ok());
    let mut libraries = Libraries::of(&metadata.unwrap_or_default());
    let mut host = libraries.host();
    set(None);
    for job in asked {
        let question = &job.question.content;
        if let Some(added) = &question.added
            && libraries.add(added)
        {
            set(Some(Instant::now() + LONGEST_START));
            // What was known takes as much memory as what will be.
            drop(host);
            host = libraries.host();
        }
        set(Some(Instant::now() + LONGEST));
        let answer = catch_unwind(AssertUnwindSafe(|| host.answer(question)));
        let panicked = answer.is_err();
        let content = answer.unwrap_or_default();
        let answer = Numbered {
            id: job.question.id,
            content,
        };
        if let Ok(mut line) = serde_json::to_vec(&answer) {
            line.push(b'\n');
            // A kernel that is gone wants no answer.
            let _ = (&job.answers).write_all(&line);
        }
        if panicked && !still_answers(&mut host) {
            exit(1);
        }
        host.tidy();
        set(None);
    }
}

/// Whether rust-analyzer is of use after a panic.
fn still_answers(host: &mut Host) -> bool {
    let question = Question::at_the_end("", "let canary = 1; can");
    let answer: Option<Answer> = catch_unwind(AssertUnwindSafe(|| host.answer(&question))).ok();
    answer.is_some_and(|answer| answer.completions.iter().any(|it| it.text == "canary"))
}
