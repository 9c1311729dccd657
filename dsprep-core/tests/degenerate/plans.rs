//! Plans of experiments, and their simulation.

use crate::inputs::NUMBERS;
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::experiment::{standard_error_of_difference, traffic_table_as_published};
use dsprep_core::prelude::*;

pub fn plans(s: &mut Sweep) {
    for a in NUMBERS {
        for b in NUMBERS {
            for variance in [Variance::Baseline, Variance::BothArms, Variance::Pooled] {
                for lift in [Lift::Absolute(b), Lift::Relative(b)] {
                    let input = format!("{a} {lift:?} {variance:?}");
                    let design = Design::default().variance(variance);
                    s.try_on("sample_size_proportions", &input, || {
                        shown(sample_size_proportions(a, lift, &design))
                    });
                    s.try_on("sample_size_means", &input, || {
                        shown(sample_size_means(a, lift, (1.0, 2.0), &design))
                    });
                    s.try_on("sample_size_means", &input, || {
                        shown(sample_size_means(1.0, Lift::Absolute(0.1), (a, b), &design))
                    });
                    let users = SampleSize {
                        control: a,
                        treatment: b,
                    };
                    s.try_on("power_proportions", &input, || {
                        plain(power_proportions(0.1, Lift::Absolute(0.02), users, &design))
                    });
                    s.try_on("power_proportions", &input, || {
                        plain(power_proportions(
                            a,
                            lift,
                            SampleSize {
                                control: 1e4,
                                treatment: 1e9,
                            },
                            &design,
                        ))
                    });
                    s.try_on("power_means", &input, || {
                        plain(power_means(
                            1.0,
                            Lift::Absolute(0.1),
                            (1.0, 1.0),
                            users,
                            &design,
                        ))
                    });
                    s.try_on("power_means", &input, || {
                        plain(power_means(a, lift, (a, b), users, &design))
                    });
                    s.try_on("minimum_detectable_effect_proportions", &input, || {
                        plain(minimum_detectable_effect_proportions(0.1, users, &design))
                    });
                    s.try_on("minimum_detectable_effect_proportions", &input, || {
                        plain(minimum_detectable_effect_proportions(
                            a,
                            SampleSize {
                                control: 1e3,
                                treatment: 1e3,
                            },
                            &design,
                        ))
                    });
                    s.try_on("minimum_detectable_effect_means", &input, || {
                        plain(minimum_detectable_effect_means(
                            (a, b),
                            SampleSize {
                                control: 1e3,
                                treatment: 1e9,
                            },
                            &design,
                        ))
                    });
                    s.try_on("minimum_detectable_effect_means", &input, || {
                        plain(minimum_detectable_effect_means((1.0, 1.0), users, &design))
                    });
                    s.try_on("traffic_table", &input, || {
                        shown(traffic_table(a, lift, 1e4, &[0.5, 1.0], 14.0, &design))
                    });
                    s.try_on("traffic_table", &input, || {
                        shown(traffic_table(
                            0.1,
                            Lift::Absolute(0.02),
                            a,
                            &[b, 0.5],
                            14.0,
                            &design,
                        ))
                    });
                    s.try_on("traffic_table_as_published", &input, || {
                        shown(traffic_table_as_published(
                            a,
                            lift,
                            1e4,
                            &[0.5, 1.0],
                            b,
                            &design,
                        ))
                    });
                }
                let design = Design::default().alpha(a).power(b).variance(variance);
                s.try_on("sample_size_proportions", format!("{design:?}"), || {
                    shown(sample_size_proportions(0.1, Lift::Absolute(0.02), &design))
                });
                let design = Design::default().ratio(a).sides(Sides::One).alpha(b);
                s.try_on("sample_size_means", format!("{design:?}"), || {
                    shown(sample_size_means(
                        1.0,
                        Lift::Relative(0.1),
                        (1.0, 1.0),
                        &design,
                    ))
                });
            }
            let users = SampleSize {
                control: a,
                treatment: b,
            };
            s.try_on("days_needed", format!("{a} {b}"), || {
                plain(days_needed(users, 100.0, 0.5))
            });
            s.try_on("days_needed", format!("{a} {b}"), || {
                plain(days_needed(
                    SampleSize {
                        control: 100.0,
                        treatment: 100.0,
                    },
                    a,
                    b,
                ))
            });
            s.try_on("standard_error_of_difference", format!("{a} {b}"), || {
                plain(standard_error_of_difference((0.1, 0.2), users))
            });
            s.try_on("standard_error_of_difference", format!("{a} {b}"), || {
                plain(standard_error_of_difference(
                    (a, b),
                    SampleSize {
                        control: 10.0,
                        treatment: 20.0,
                    },
                ))
            });
            // Simulations take longest: of the second numbers only some.
            if ![0.0, 5e-324, 0.05, 0.5, -1.0, f64::MAX].contains(&b) && b.is_finite() {
                continue;
            }
            for experiments in [0, 20] {
                for users in [0, 1, 2, 30] {
                    let input = format!("{a} {b} {users} {experiments}");
                    let mut rng = RandomState::seed(1);
                    s.try_on("simulate_p_values", &input, || {
                        plain(simulate_p_values(a, users, experiments, &mut rng))
                    });
                    s.try_on("simulate_error_rates", &input, || {
                        shown(simulate_error_rates(a, users, b, experiments, &mut rng))
                    });
                    s.try_on("simulate_findings", &input, || {
                        shown(simulate_findings(a, b, users, 0.05, experiments, &mut rng))
                    });
                    s.try_on("simulate_peeking", &input, || {
                        shown(simulate_peeking(b, users, a, experiments, &mut rng))
                    });
                    s.try_on("simulated_power", &input, || {
                        plain(simulated_power(
                            (a, b),
                            (users as u64, 30),
                            0.05,
                            experiments,
                            &mut rng,
                        ))
                    });
                }
            }
        }
    }
}
