//! Calls functions with inputs, and keeps what should not have happened.

use dsprep_core::polars::prelude::DataType;
use dsprep_core::prelude::*;
use dsprep_core::{Error, Result};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

/// So long may one call take before it counts as hanging: many times what the longest needs on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many inputs of a function that fails in one way are shown.
const SHOWN: usize = 6;

/// What a function did, and should not have done, with which inputs.
type Faults = BTreeMap<(&'static str, String), Vec<String>>;

/// The calls of a topic.
#[derive(Default)]
pub struct Sweep {
    faults: Arc<Mutex<Faults>>,
    now: Arc<Mutex<Option<(String, Instant)>>>,
    results: usize,
    errors: usize,
}

impl Sweep {
    /// Calls `function` with the input that is called `input`. It may not panic or hang; it may return numbers of which none is
    /// NaN, and only where `infinite` says why, infinite; or an error that names what is wrong.
    fn call(
        &mut self,
        function: &'static str,
        infinite: bool,
        input: &str,
        call: impl FnOnce() -> Result<Vec<f64>>,
    ) {
        *self.now.lock().unwrap() = Some((format!("{function} of {input}"), Instant::now()));
        let fault = match catch_unwind(AssertUnwindSafe(call)) {
            Err(_) => Some("panicked".to_owned()),
            Ok(Ok(numbers)) if numbers.iter().any(|number| number.is_nan()) => {
                Some("gave NaN".to_owned())
            }
            Ok(Ok(numbers)) if !infinite && numbers.iter().any(|number| number.is_infinite()) => {
                Some("gave infinity".to_owned())
            }
            Ok(Ok(_)) => {
                self.results += 1;
                None
            }
            Ok(Err(
                Error::Shape { .. }
                | Error::Empty { .. }
                | Error::OutOfRange { .. }
                | Error::Undefined { .. }
                | Error::NotConverged { .. }
                | Error::Stored { .. }
                | Error::RolledBack { .. }
                | Error::Statement { .. },
            )) => {
                self.errors += 1;
                None
            }
            Ok(Err(other)) => Some(format!("gave the error {other}")),
        };
        if let Some(fault) = fault {
            let mut faults = self.faults.lock().unwrap();
            faults
                .entry((function, fault))
                .or_default()
                .push(input.to_owned());
        }
    }

    /// Calls a function whose numbers are finite.
    pub fn try_on(
        &mut self,
        function: &'static str,
        input: impl AsRef<str>,
        call: impl FnOnce() -> Result<Vec<f64>>,
    ) {
        self.call(function, false, input.as_ref(), call);
    }

    /// Calls a function of which infinity is a right answer, for the reason told.
    pub fn try_unbounded(
        &mut self,
        function: &'static str,
        _reason: &'static str,
        input: impl AsRef<str>,
        call: impl FnOnce() -> Result<Vec<f64>>,
    ) {
        self.call(function, true, input.as_ref(), call);
    }
}

/// Runs the calls of a topic; panics with all faults, and with the call that hangs.
pub fn run(topic: fn(&mut Sweep)) {
    let mut sweep = Sweep::default();
    let (faults, now) = (Arc::clone(&sweep.faults), Arc::clone(&sweep.now));
    let (done, all) = mpsc::channel();
    // As little stack as a thread has by default.
    let small = std::thread::Builder::new().stack_size(2 << 20);
    let thread = small.spawn(move || {
        topic(&mut sweep);
        let _ = done.send((sweep.results, sweep.errors));
    });
    thread.unwrap();
    let (results, errors) = loop {
        let hanging = match all.recv_timeout(Duration::from_millis(200)) {
            Ok(counts) => break counts,
            Err(mpsc::RecvTimeoutError::Disconnected) => "ended the sweep",
            Err(mpsc::RecvTimeoutError::Timeout) => "does not end",
        };
        let call = now.lock().unwrap().clone();
        if let Some((call, since)) = call
            && (hanging == "ended the sweep" || since.elapsed() > PATIENCE)
        {
            panic!("{call} {hanging}\n{}", told(&faults.lock().unwrap()));
        }
    };
    let faults = faults.lock().unwrap();
    assert!(faults.is_empty(), "{}", told(&faults));
    assert!(results > 0, "no result, and {errors} errors");
}

fn told(faults: &Faults) -> String {
    let lines = faults.iter().map(|((function, fault), inputs)| {
        let some = inputs.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        format!(
            "{function} {fault}, {} times: {}\n",
            inputs.len(),
            some.join("; ")
        )
    });
    lines.collect()
}

/// All numbers of a result's data frame, and its text, which must be possible.
pub fn shown<T: ToFrame>(result: Result<T>) -> Result<Vec<f64>> {
    let frame = result?.to_frame()?;
    let mut numbers = Vec::new();
    for column in frame.columns() {
        if column.dtype().is_primitive_numeric() {
            let column = column.cast(&DataType::Float64)?;
            numbers.extend(column.f64()?.iter().flatten());
        }
    }
    Ok(numbers)
}

/// What a function returns, as numbers.
pub trait Numbers {
    fn numbers(self) -> Vec<f64>;
}

pub fn plain<T: Numbers>(result: Result<T>) -> Result<Vec<f64>> {
    Ok(result?.numbers())
}

macro_rules! one_number {
    ($($kind:ty),+) => {$(
        impl Numbers for $kind {
            fn numbers(self) -> Vec<f64> {
                vec![self as f64]
            }
        }
    )+};
}
one_number!(f64, f32, usize, u64, i64, u32);

macro_rules! many_numbers {
    ($($kind:ty),+) => {$(
        impl Numbers for $kind {
            fn numbers(self) -> Vec<f64> {
                self.into_iter().flat_map(Numbers::numbers).collect()
            }
        }
    )+};
}
many_numbers!(
    Array1<f64>,
    Array2<f64>,
    Array1<usize>,
    Array2<usize>,
    Array1<i64>,
    Array1<f32>,
    Vec<f64>,
    Vec<usize>,
    Option<f64>,
    Vec<Option<usize>>,
    Option<usize>,
    Vec<(usize, usize)>,
    Vec<(String, f64)>
);

impl Numbers for Interval {
    fn numbers(self) -> Vec<f64> {
        vec![self.lower, self.upper]
    }
}

impl Numbers for bool {
    fn numbers(self) -> Vec<f64> {
        vec![f64::from(u8::from(self))]
    }
}

impl Numbers for () {
    fn numbers(self) -> Vec<f64> {
        Vec::new()
    }
}

impl Numbers for String {
    fn numbers(self) -> Vec<f64> {
        Vec::new()
    }
}

impl<A: Numbers, B: Numbers> Numbers for (A, B) {
    fn numbers(self) -> Vec<f64> {
        let mut numbers = self.0.numbers();
        numbers.extend(self.1.numbers());
        numbers
    }
}
