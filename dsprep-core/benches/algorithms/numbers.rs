//! Arrays of numbers: the generator, attention and the forecast metrics, beside NumPy.

use crate::compare::{Outcome, Peer, Step};
use crate::measurement::CoreTime;
use criterion::Criterion;
use dsprep_core::Result;
use dsprep_core::evaluate::{mae, mape, mase, rmse, smape};
use dsprep_core::neural::{attention, streaming_attention};
use dsprep_core::random::RandomState;

pub fn compare(criterion: &mut Criterion<CoreTime>, peer: &mut Option<Peer>) -> Outcome<()> {
    // Equal bit for bit: the check is the sum of the bits of all values, whose lowest 52 bits an f64 holds.
    Step::new("standard normals, 10,000,000")
        .beside("NumPy RandomState", "standard normals", 0.0)
        .compare(
            criterion,
            peer,
            || RandomState::seed(4).randn(10_000_000),
            |values| {
                let bits = values.iter().map(|value| value.to_bits());
                let sum = bits.fold(0_u64, u64::wrapping_add);
                (sum & ((1 << 52) - 1)) as f64
            },
        )?;
    let mut rng = RandomState::seed(20);
    let mut draw = || rng.randn((2048, 64));
    let (q, k, v) = (draw()?, draw()?, draw()?);
    Step::new("attention with its weights, n = m = 2048, d = 64")
        .beside("NumPy", "attention", 1e-9)
        .compare(
            criterion,
            peer,
            || attention(&q, &k, &v),
            |found| found.output.mapv(f64::abs).sum(),
        )?;
    Step::new("streaming attention, n = m = 2048, d = 64")
        .beside("NumPy, plain", "attention", 1e-9)
        .compare(
            criterion,
            peer,
            || streaming_attention(&q, &k, &v),
            |output| output.mapv(f64::abs).sum(),
        )?;
    let mut rng = RandomState::seed(30);
    let actual = rng.rand(1_000_000)? + 1.0;
    let forecast = rng.rand(1_000_000)? + 1.0;
    let metrics = || -> Result<f64> {
        Ok(mae(&actual, &forecast)?
            + rmse(&actual, &forecast)?
            + mape(&actual, &forecast)?
            + smape(&actual, &forecast)?
            + mase(&actual, &forecast, &actual, 7)?)
    };
    Step::new("MAE, RMSE, MAPE, sMAPE and MASE, 1,000,000")
        .beside("NumPy", "forecast metrics", 1e-9)
        .compare(criterion, peer, metrics, |&sum| sum)
}
