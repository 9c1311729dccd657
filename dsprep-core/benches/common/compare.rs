//! A step here and the same by its peers, one below the other, by Criterion.

use crate::measurement::CoreTime;
use crate::peers;
use criterion::measurement::WallTime;
use criterion::{BatchSize, Criterion, SamplingMode};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::time::Duration;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What Criterion is told from the command line; ten samples of each step, since most take milliseconds.
pub fn criterion() -> Criterion<CoreTime> {
    Criterion::default()
        .with_measurement(CoreTime(WallTime))
        .without_plots()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .configure_from_args()
}

/// A process that runs steps when it is asked to, and says what they took.
pub struct Peer {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts `script`, which serves steps by `tests/peers/timed.py`; none if no Python is named.
    pub fn start(script: &str, arguments: &[impl AsRef<OsStr>]) -> Outcome<Option<Peer>> {
        let Some(mut command) = peers::command(script, arguments) else {
            return Ok(None);
        };
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (questions, answers) = pipes.ok_or("the peer has no pipes")?;
        Ok(Some(Peer {
            process,
            questions,
            answers: BufReader::new(answers),
        }))
    }

    /// Fails if the peer's number is not ours.
    fn agrees(&mut self, step: &PeerStep<'_>, ours: f64) -> Outcome<()> {
        let theirs = self.ask(step.key, "check")?;
        let difference = (ours - theirs).abs();
        match difference <= step.tolerance * theirs.abs() {
            true => Ok(()),
            false => Err(format!("{}: the results differ, {ours} and {theirs}", step.key).into()),
        }
    }

    /// The CPU time of `runs` runs of `step`.
    fn time(&mut self, step: &PeerStep<'_>, runs: u64) -> Outcome<Duration> {
        let seconds = self.ask(step.key, &runs.to_string())?;
        Ok(Duration::from_secs_f64(seconds))
    }

    fn ask(&mut self, step: &str, what: &str) -> Outcome<f64> {
        writeln!(self.questions, "{step}\t{what}")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let number = answer.trim().parse();
        number.map_err(|_| format!("{step}: the peer said {answer:?}").into())
    }
}

impl Drop for Peer {
    /// It ends when nobody can ask any more; a run that is broken off does not wait for it.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A step here, and the same by others.
pub struct Step<'a> {
    name: &'a str,
    peers: Vec<PeerStep<'a>>,
}

/// A step as a peer takes it.
struct PeerStep<'a> {
    /// Whose it is.
    of: &'a str,
    /// As the script calls it.
    key: &'a str,
    /// By how much its number may differ, relative to its size.
    tolerance: f64,
}

impl<'a> Step<'a> {
    /// A step by its name, which tells its size.
    pub fn new(name: &'a str) -> Self {
        let peers = Vec::new();
        Step { name, peers }
    }

    /// The step `key` of a peer, whose number may differ by `tolerance`, relative to its size.
    pub fn beside(mut self, of: &'a str, key: &'a str, tolerance: f64) -> Self {
        self.peers.push(PeerStep { of, key, tolerance });
        self
    }

    /// Runs the step here and by the peers once, and fails if the numbers that `check` makes of the results differ; then
    /// Criterion times them.
    pub fn compare<T>(
        &self,
        criterion: &mut Criterion<CoreTime>,
        peer: &mut Option<Peer>,
        run: impl Fn() -> dsprep_core::Result<T>,
        check: impl Fn(&T) -> f64,
    ) -> Outcome<()> {
        let result = run().map_err(|error| format!("{}: {error}", self.name))?;
        let ours = check(&result);
        drop(result);
        let mut group = criterion.benchmark_group(self.name);
        group.sampling_mode(SamplingMode::Flat);
        group.bench_function("dsprep", |bencher| {
            // Each result is dropped before the next run, so that its memory can be used again, and that is not timed.
            bencher.iter_batched(|| (), |()| run(), BatchSize::PerIteration);
        });
        let Some(peer) = peer else { return Ok(()) };
        for step in &self.peers {
            peer.agrees(step, ours)?;
            let mut failed = None;
            group.bench_function(step.of, |bencher| {
                bencher.iter_custom(|runs| {
                    peer.time(step, runs).unwrap_or_else(|error| {
                        failed = Some(error);
                        Duration::from_secs(1)
                    })
                });
            });
            failed.map_or(Ok(()), Err)?;
        }
        Ok(())
    }
}
