//! Random numbers.

use crate::inputs::{COUNTS, NUMBERS};
use crate::sweep::{Sweep, plain};
use dsprep_core::prelude::*;

pub fn random(s: &mut Sweep) {
    for a in NUMBERS {
        for b in NUMBERS {
            let input = format!("{a} {b}");
            let mut rng = RandomState::seed(1);
            s.try_on("RandomState::uniform", &input, || {
                plain(rng.uniform(a, b, 5))
            });
            let mut rng = RandomState::seed(1);
            s.try_unbounded(
                "RandomState::normal",
                "a great scale, as in NumPy",
                &input,
                || plain(rng.normal(a, b, 5)),
            );
            s.try_unbounded(
                "RandomState::lognormal",
                "e to a great power, as in NumPy",
                &input,
                || plain(rng.lognormal(a, b, 5)),
            );
            s.try_on("RandomState::beta", &input, || plain(rng.beta(a, b, 5)));
            s.try_unbounded(
                "RandomState::gamma",
                "a great number times a great scale, as in NumPy",
                &input,
                || plain(rng.gamma(a, b, 5)),
            );
            s.try_on("RandomState::choice_weighted", &input, || {
                plain(rng.choice_weighted(&[a, b], 5))
            });
            s.try_on("RandomState::sample_weighted", &input, || {
                plain(rng.sample_weighted(&[a, b], 2))
            });
        }
        let mut rng = RandomState::seed(1);
        s.try_unbounded(
            "RandomState::exponential",
            "a great scale, as in NumPy",
            a.to_string(),
            || plain(rng.exponential(a, 5)),
        );
        s.try_on("RandomState::poisson", a.to_string(), || {
            plain(rng.poisson(a, 5))
        });
    }
    for low in [0, 1, -1, i64::MIN, i64::MAX] {
        for high in [0, 1, -1, i64::MIN, i64::MAX] {
            let mut rng = RandomState::seed(1);
            s.try_on("RandomState::randint", format!("{low} {high}"), || {
                plain(rng.randint(low, high, 5))
            });
        }
    }
    for n in COUNTS {
        for k in COUNTS {
            let mut rng = RandomState::seed(1);
            s.try_on("RandomState::choice", format!("{n}"), || {
                plain(rng.choice(n, 3))
            });
            if n <= 10_000 {
                s.try_on("RandomState::sample", format!("{k} of {n}"), || {
                    plain(rng.sample(n, k))
                });
            }
            s.try_on("RandomState::sample_weighted", format!("{k} of 3"), || {
                plain(rng.sample_weighted(&[0.2, 0.0, 0.8], k))
            });
        }
    }
    s.try_on("RandomState::choice_weighted", "nothing", || {
        plain(RandomState::seed(1).choice_weighted(&[], 2))
    });
}
