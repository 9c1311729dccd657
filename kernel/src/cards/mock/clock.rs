//! The clock of an interview.

use std::io::{Write as _, stdout};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What measures the time of an answer.
pub trait Clock {
    /// Starts to measure; after `limit` the time is up.
    fn start(&mut self, limit: Duration);
    /// How long it has been since the start.
    fn stop(&mut self) -> Duration;
}

/// The real time, which says in the terminal when it is up.
#[derive(Debug, Default)]
pub struct WallClock(Option<Running>);

#[derive(Debug)]
struct Running {
    since: Instant,
    /// The thread that waits ends when this is dropped.
    ends: Sender<()>,
    waits: JoinHandle<()>,
}

impl Clock for WallClock {
    fn start(&mut self, limit: Duration) {
        let (ends, ended) = mpsc::channel();
        let waits = thread::spawn(move || {
            if ended.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                // A closed terminal leaves nobody to tell.
                let _ =
                    stdout().write_all(b"\n   Time is up: finish the sentence, then press Enter. ");
                let _ = stdout().flush();
            }
        });
        self.0 = Some(Running {
            since: Instant::now(),
            ends,
            waits,
        });
    }

    fn stop(&mut self) -> Duration {
        let Some(Running { since, ends, waits }) = self.0.take() else {
            return Duration::ZERO;
        };
        let took = since.elapsed();
        drop(ends);
        // It has only written to the terminal: there is nothing to take over from it.
        let _ = waits.join();
        took
    }
}

/// Minutes and seconds: `2:05`.
pub(super) fn shown(time: Duration) -> String {
    format!("{}:{:02}", time.as_secs() / 60, time.as_secs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_stopped_early_does_not_wait_for_its_limit() {
        let mut clock = WallClock::default();
        let before = Instant::now();
        clock.start(Duration::from_secs(3600));
        assert!(clock.stop() <= before.elapsed());
        assert!(before.elapsed() < Duration::from_secs(60));
        assert_eq!(clock.stop(), Duration::ZERO);
    }

    #[test]
    fn times_are_minutes_and_seconds() {
        let seconds = [0, 59, 60, 125, 3600].map(Duration::from_secs);
        assert_eq!(
            seconds.map(shown),
            ["0:00", "0:59", "1:00", "2:05", "60:00"]
        );
    }
}
