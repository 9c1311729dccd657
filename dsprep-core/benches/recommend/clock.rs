//! Times of single calls.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each of several calls took, by the clock and on the core.
pub struct Times {
    pub wall: Vec<Duration>,
    pub core: Vec<Duration>,
}

/// The result of one call, and its time on the core.
pub fn once<T>(call: impl FnOnce() -> T) -> (T, Duration) {
    let start = core_time();
    let result = call();
    (result, core_time() - start)
}

/// The sorted times of `calls` calls, after a tenth as many to warm up.
pub fn each<T>(calls: usize, call: impl Fn(usize) -> T) -> Times {
    for at in 0..calls / 10 {
        black_box(call(at));
    }
    let mut times = Times {
        wall: Vec::with_capacity(calls),
        core: Vec::with_capacity(calls),
    };
    for at in 0..calls {
        let (wall, core) = (Instant::now(), core_time());
        black_box(call(at));
        times.core.push(core_time() - core);
        times.wall.push(wall.elapsed());
    }
    times.wall.sort();
    times.core.sort();
    times
}

/// How long this thread has run on a core.
#[cfg(unix)]
fn core_time() -> Duration {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the call writes to `time`, which lives until it returns.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The clock on the wall, where there is no other.
#[cfg(not(unix))]
fn core_time() -> Duration {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
