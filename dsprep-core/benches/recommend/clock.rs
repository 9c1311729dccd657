//! Times of single calls.

use crate::core_time::core_time;
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
