//! Arrays of numbers: the generator, attention and the forecast metrics, beside NumPy.

use crate::Outcome;
use crate::table::{Step, fastest};
use dsprep_core::evaluate::{mae, mape, mase, rmse, smape};
use dsprep_core::neural::{attention, streaming_attention};
use dsprep_core::random::RandomState;

pub fn steps() -> Outcome<Vec<Step>> {
    let mut steps = vec![generator()?];
    steps.extend(attentions()?);
    steps.push(forecast()?);
    Ok(steps)
}

/// Equal bit for bit: the check is the sum of the bits of all values, whose lowest 52 bits an f64 holds.
fn generator() -> Outcome<Step> {
    let draw = || Ok::<_, dsprep_core::Error>(RandomState::seed(4).randn(10_000_000));
    let (values, time) = fastest(3, draw)?;
    let bits = values
        .iter()
        .fold(0_u64, |sum, value| sum.wrapping_add(value.to_bits()));
    Ok(Step {
        what: "standard normals",
        size: "10,000,000",
        peer: "NumPy RandomState",
        time,
        check: (bits & ((1 << 52) - 1)) as f64,
        tolerance: 0.0,
    })
}

fn attentions() -> Outcome<[Step; 2]> {
    let mut rng = RandomState::seed(20);
    let mut draw = || rng.randn((2048, 64));
    let (q, k, v) = (draw(), draw(), draw());
    let (plain, plain_time) = fastest(5, || attention(&q, &k, &v))?;
    let (streaming, streaming_time) = fastest(5, || streaming_attention(&q, &k, &v))?;
    let step = |what, time, check| Step {
        what,
        size: "n = m = 2048, d = 64",
        peer: "NumPy, plain",
        time,
        check,
        tolerance: 1e-9,
    };
    Ok([
        step(
            "attention with its weights",
            plain_time,
            plain.output.mapv(f64::abs).sum(),
        ),
        step(
            "streaming attention",
            streaming_time,
            streaming.mapv(f64::abs).sum(),
        ),
    ])
}

fn forecast() -> Outcome<Step> {
    let mut rng = RandomState::seed(30);
    let actual = rng.rand(1_000_000) + 1.0;
    let forecast = rng.rand(1_000_000) + 1.0;
    let (sum, time) = fastest(5, || {
        let sum = mae(&actual, &forecast)?
            + rmse(&actual, &forecast)?
            + mape(&actual, &forecast)?
            + smape(&actual, &forecast)?
            + mase(&actual, &forecast, &actual, 7)?;
        Ok::<_, dsprep_core::Error>(sum)
    })?;
    Ok(Step {
        what: "MAE, RMSE, MAPE, sMAPE and MASE",
        size: "1,000,000",
        peer: "NumPy",
        time,
        check: sum,
        tolerance: 1e-9,
    })
}
