//! The monitor and its life of models.

use crate::inputs::{NUMBERS, matrices};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::monitor::Week;
use dsprep_core::prelude::*;

pub fn monitors(s: &mut Sweep) {
    for (input, x) in matrices() {
        let y = Array1::from_shape_fn(x.nrows(), |i| i % 2);
        let week = |week| Week {
            week,
            x: x.clone(),
            y: y.clone(),
        };
        s.try_on("ModelLifecycle::start", input, || {
            let mut life = ModelLifecycle::start(
                &[week(0), week(1), week(2), week(3)],
                MonitorPolicy::default(),
            )?;
            let last = u32::MAX;
            let served = life.serve(4, &x)?;
            life.label(4, &y)?;
            life.serve(last, &x)?;
            life.label(last, &y)?;
            shown(life.serve(last - 1, &x).or(Ok(served)))
        });
        s.try_on("monitor_timeline", input, || {
            let policy = MonitorPolicy::default();
            let life = ModelLifecycle::start(&[week(0), week(1), week(2), week(3)], policy)?;
            monitor_timeline(&life, input).map(|figure| vec![figure.svg().len() as f64])
        });
    }
    for number in NUMBERS {
        let policy = DriftPolicy::default().alpha(number).min_ks(number);
        s.try_on("alarm_rate", number.to_string(), || {
            plain(alarm_rate(
                20,
                2,
                number,
                2,
                &policy,
                &mut RandomState::seed(1),
            ))
        });
        s.try_on("WeekStream::week", number.to_string(), || {
            let stream = WeekStream::stable(20, &mut RandomState::seed(1))
                .with_covariate_drift(Change::gradual(u32::MAX, 0), number);
            let week = stream.with_seasonality(0, number).week(u32::MAX)?;
            plain(Ok((week.x, week.y)))
        });
    }
    for rows in [0, 1, 2] {
        for features in [0, 1, 2] {
            s.try_on("alarm_rate", format!("{rows} {features}"), || {
                plain(alarm_rate(
                    rows,
                    features,
                    0.0,
                    1,
                    &DriftPolicy::default(),
                    &mut RandomState::seed(1),
                ))
            });
        }
    }
}
