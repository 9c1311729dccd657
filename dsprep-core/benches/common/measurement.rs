//! What Criterion measures here: the time that the thread has been computing, so that what else the machine does counts little.

use crate::core_time::core_time;
use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use std::time::Duration;

/// The thread's time on a core; shown as a time by the clock is.
pub struct CoreTime(pub WallTime);

impl Measurement for CoreTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        core_time()
    }

    fn end(&self, start: Duration) -> Duration {
        core_time() - start
    }

    fn add(&self, a: &Duration, b: &Duration) -> Duration {
        *a + *b
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, time: &Duration) -> f64 {
        self.0.to_f64(time)
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        self.0.formatter()
    }
}
