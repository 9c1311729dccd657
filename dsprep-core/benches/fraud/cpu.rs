//! The time that this thread has been computing.

use crate::AnyError;
use std::time::Instant;

/// A point from which CPU time is counted.
pub struct CpuTime {
    nanoseconds: Option<f64>,
    wall: Instant,
}

impl CpuTime {
    pub fn now() -> Result<Self, AnyError> {
        Ok(CpuTime {
            nanoseconds: on_cpu()?,
            wall: Instant::now(),
        })
    }

    /// Seconds of CPU time since then; seconds by the clock where the system does not tell.
    pub fn seconds(&self) -> Result<f64, AnyError> {
        match (self.nanoseconds, on_cpu()?) {
            (Some(before), Some(now)) => Ok((now - before) / 1e9),
            _ => Ok(self.wall.elapsed().as_secs_f64()),
        }
    }
}

/// The first number of Linux's schedstat: nanoseconds on a CPU.
fn on_cpu() -> Result<Option<f64>, AnyError> {
    let Ok(text) = std::fs::read_to_string("/proc/thread-self/schedstat") else {
        return Ok(None);
    };
    let first = text.split_whitespace().next();
    Ok(first.map(str::parse).transpose()?)
}
