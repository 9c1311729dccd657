//! A/B tests: adjusted p-values, power and sample size, CUPED, and tests that refuse what they cannot judge.

use crate::inputs::{any_number, any_numbers, cases, close, gap, number, numbers, with_a_gap};
use dsprep_core::Interval;
use dsprep_core::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// A p-value, often one of a few, so that ties occur.
fn p_value() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..=1.0, prop::sample::select(vec![0.0, 0.01, 0.05, 1.0])]
}

fn design() -> impl Strategy<Value = Design> {
    let variance = prop::sample::select(vec![
        Variance::Baseline,
        Variance::BothArms,
        Variance::Pooled,
    ]);
    let sides = prop::sample::select(vec![Sides::One, Sides::Two]);
    (0.001..0.2, 0.5..0.99, sides, 0.2..5.0, variance).prop_map(
        |(alpha, power, sides, ratio, variance)| {
            let errors = Design::default().alpha(alpha).power(power).sides(sides);
            errors.ratio(ratio).variance(variance)
        },
    )
}

fn variance(values: &Array1<f64>) -> f64 {
    values.var(1.0)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn adjusted_p_values_are_ordered_benjamini_hochberg_holm_bonferroni(p in vec(p_value(), 0..20)) {
        let (simple, holm, bh) = (bonferroni(&p)?, holm(&p)?, benjamini_hochberg(&p)?);
        for i in 0..p.len() {
            prop_assert!(p[i] <= bh[i] && bh[i] <= holm[i] && holm[i] <= simple[i] && simple[i] <= 1.0);
            for j in 0..p.len() {
                prop_assert!(p[i] > p[j] || (bh[i] <= bh[j] && holm[i] <= holm[j] && simple[i] <= simple[j]));
            }
        }
    }

    #[test]
    fn p_values_out_of_range_are_refused_by_every_correction(p in vec(any_number(), 0..8)) {
        let valid = p.iter().all(|p| (0.0..=1.0).contains(p));
        prop_assert_eq!(bonferroni(&p).is_ok(), valid);
        prop_assert_eq!(holm(&p).is_ok(), valid);
        prop_assert_eq!(benjamini_hochberg(&p).is_ok(), valid);
    }

    #[test]
    fn the_sample_size_gives_the_power_it_was_asked_for(
        baseline in 0.02..0.6, lift in 0.02..0.5, design in design(), sd in 0.1..50.0,
    ) {
        let users = sample_size_proportions(baseline, Lift::Relative(lift), &design)?;
        prop_assert!(close(users.treatment, design.ratio * users.control));
        let power = power_proportions(baseline, Lift::Relative(lift), users, &design)?;
        // The sample size leaves out the chance of a finding on the wrong side, as all formulas do.
        prop_assert!(power >= design.power - 1e-9 && power < design.power + 0.01, "{} {}", power, design.power);
        let users = sample_size_means(10.0, Lift::Absolute(lift), (sd, 2.0 * sd), &design)?;
        let power = power_means(10.0, Lift::Absolute(lift), (sd, 2.0 * sd), users, &design)?;
        prop_assert!(power >= design.power - 1e-9 && power < design.power + 0.01, "{} {}", power, design.power);
    }

    #[test]
    fn power_rises_with_the_users_and_with_the_lift(
        baseline in 0.05..0.5, lift in 0.02..0.4, users in 50.0..1e5, factor in 1.0_f64..4.0,
        design in design(),
    ) {
        use dsprep_core::experiment::SampleSize;
        let at = |users: f64, lift: f64| {
            let size = SampleSize { control: users, treatment: users };
            power_proportions(baseline, Lift::Relative(lift), size, &design)
        };
        let power = at(users, lift)?;
        prop_assert!((0.0..=1.0).contains(&power));
        prop_assert!(at(users * factor, lift)? >= power - 1e-12);
        if design.variance == Variance::Baseline {
            prop_assert!(at(users, lift * 1.2)? >= power - 1e-12);
        }
    }

    #[test]
    fn sizes_and_powers_of_any_numbers_are_finite_or_refused(
        baseline in any_number(), lift in any_number(), a in any_number(), b in any_number(),
        alpha in any_number(), ratio in any_number(),
    ) {
        use dsprep_core::experiment::SampleSize;
        let design = Design::default().alpha(alpha).ratio(ratio);
        for lift in [Lift::Absolute(lift), Lift::Relative(lift)] {
            for design in [design, Design::default()] {
                for size in [
                    sample_size_proportions(baseline, lift, &design),
                    sample_size_means(baseline, lift, (a, b), &design),
                ].into_iter().flatten() {
                    prop_assert!(size.control > 0.0 && size.treatment > 0.0, "{:?}", size);
                }
                let users = SampleSize { control: a, treatment: b };
                for power in [
                    power_proportions(baseline, lift, users, &design),
                    power_means(baseline, lift, (a, b), users, &design),
                ].into_iter().flatten() {
                    prop_assert!((0.0..=1.0).contains(&power), "{}", power);
                }
                let _ = days_needed(users, a, b);
                if let Ok(rows) = traffic_table(baseline, lift, a, &[b, 0.5], 7.0, &design) {
                    prop_assert!(rows.iter().all(|row| !row.days.is_nan() && !row.standard_error.is_nan()), "{:?}", rows);
                }
            }
        }
    }

    #[test]
    fn cuped_keeps_the_mean_and_never_raises_the_variance(rows in vec((number(), number()), 3..40)) {
        let metric: Array1<f64> = rows.iter().map(|row| row.0).collect();
        let covariate: Array1<f64> = rows.iter().map(|row| row.1).collect();
        if let Ok(cuped) = Cuped::fit(&metric, &covariate) {
            let adjusted = cuped.adjust(&metric, &covariate)?;
            let scale = 1.0 + metric.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            prop_assert!((adjusted.sum() - metric.sum()).abs() / (rows.len() as f64) < 1e-9 * scale);
            prop_assert!(variance(&adjusted) <= variance(&metric) * (1.0 + 1e-9));
            prop_assert!((0.0..=1.0 + 1e-12).contains(&cuped.variance_ratio()));
            let ratio = variance(&adjusted) / variance(&metric);
            prop_assert!((ratio - cuped.variance_ratio()).abs() < 1e-9);
        } else {
            prop_assert!(metric.iter().all(|x| *x == metric[0]) || covariate.iter().all(|x| *x == covariate[0]));
        }
    }

    #[test]
    fn swapping_the_arms_mirrors_a_test_and_keeps_its_p_value(
        a in numbers(2, 20), b in numbers(2, 20), counts in (0_u64..50, 0_u64..50, 50_u64..90, 50_u64..90),
    ) {
        if let (Ok(one), Ok(other)) = (welch_t_test(&a, &b, 0.9), welch_t_test(&b, &a, 0.9)) {
            prop_assert!(close(one.difference, -other.difference));
            prop_assert!((one.p_value - other.p_value).abs() < 1e-9 && (0.0..=1.0).contains(&one.p_value));
            prop_assert!(one.interval.lower <= one.difference && one.difference <= one.interval.upper);
            prop_assert_eq!(one.p_value > 0.1, one.interval.lower < 0.0 && 0.0 < one.interval.upper);
        }
        let a = Conversions { converted: counts.0, users: counts.2 };
        let b = Conversions { converted: counts.1, users: counts.3 };
        if let (Ok(one), Ok(other)) = (two_proportion_z_test(a, b, 0.9), two_proportion_z_test(b, a, 0.9)) {
            prop_assert!(close(one.difference, -other.difference) && close(one.p_value, other.p_value));
            prop_assert!(one.interval.lower <= one.difference && one.difference <= one.interval.upper);
        }
        if let (Ok(one), Ok(other)) = (risk_ratio(a, b, 0.9), risk_ratio(b, a, 0.9)) {
            prop_assert!(close(one.ratio, 1.0 / other.ratio));
            prop_assert!(one.interval.lower <= one.ratio && one.ratio <= one.interval.upper);
        }
    }

    #[test]
    fn tests_of_any_numbers_give_a_p_value_or_an_error(
        a in any_numbers(), b in any_numbers(), confidence in any_number(), counts: (u64, u64, u64, u64),
        seed: u32,
    ) {
        for confidence in [confidence, 0.95] {
            if let Ok(test) = welch_t_test(&a, &b, confidence) {
                prop_assert!((0.0..=1.0).contains(&test.p_value), "{test:?}");
                prop_assert!(!test.statistic.is_nan() && !test.interval.lower.is_nan(), "{test:?}");
            }
            let arms = (
                Conversions { converted: counts.0, users: counts.1 }, Conversions { converted: counts.2, users: counts.3 },
            );
            if let Ok(test) = two_proportion_z_test(arms.0, arms.1, confidence) {
                prop_assert!((0.0..=1.0).contains(&test.p_value), "{test:?}");
            }
            if let Ok(ratio) = risk_ratio(arms.0, arms.1, confidence) {
                prop_assert!(ratio.ratio > 0.0 && ratio.interval.lower >= 0.0, "{ratio:?}");
            }
            let mut rng = RandomState::seed(seed);
            for method in [BootstrapMethod::Percentile, BootstrapMethod::Bca] {
                let mean = |sample: &dsprep_core::ndarray::ArrayRef1<f64>| sample.mean().unwrap_or(f64::NAN);
                if let Ok(Interval { lower, upper }) = bootstrap_interval(&a, mean, method, confidence, 20, &mut rng) {
                    prop_assert!(lower <= upper, "{} {}", lower, upper);
                }
            }
        }
        if let Ok(cuped) = Cuped::fit(&a, &b) {
            prop_assert!(cuped.theta.is_finite() && !cuped.correlation.is_nan(), "{cuped:?}");
        }
        if let Ok(check) = sample_ratio_mismatch(&[counts.0 / 4, counts.1 / 4], &[0.3, 0.7]) {
            prop_assert!((0.0..=1.0).contains(&check.p_value), "{check:?}");
        }
    }

    #[test]
    fn a_value_that_is_not_finite_is_refused(a in numbers(3, 12), at: prop::sample::Index, gap in gap()) {
        let b = Array1::from_shape_fn(a.len(), |row| row as f64);
        let broken = with_a_gap(&a, at, gap);
        prop_assert!(welch_t_test(&broken, &b, 0.9).is_err() && welch_t_test(&b, &broken, 0.9).is_err());
        prop_assert!(Cuped::fit(&broken, &b).is_err() && Cuped::fit(&b, &broken).is_err());
        let cuped = Cuped { theta: 0.5, covariate_mean: 0.0, correlation: 0.5 };
        prop_assert!(cuped.adjust(&broken, &b).is_err() && cuped.adjust(&b, &broken).is_err());
        let median = |sample: &dsprep_core::ndarray::ArrayRef1<f64>| sample[0];
        let mut rng = RandomState::seed(1);
        prop_assert!(bootstrap_interval(&broken, median, BootstrapMethod::Percentile, 0.9, 20, &mut rng).is_err());
    }

    #[test]
    fn an_always_valid_p_value_never_rises_and_agrees_with_its_interval(
        looks in vec((-3.0..3.0, 0.01..2.0), 1..20), tau in 0.01..3.0,
    ) {
        let mut test = MixtureSprt::new(tau, 0.05)?;
        let mut last = 1.0;
        for (difference, error) in looks {
            let seen = test.look(difference, error)?;
            prop_assert!(seen.p_value <= last && seen.p_value >= 0.0);
            prop_assert!(seen.interval.lower <= seen.interval.upper || seen.p_value <= 0.05);
            last = seen.p_value;
        }
        prop_assert!(test.look(f64::NAN, 1.0).is_err() && test.look(0.0, 0.0).is_err());
    }
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn spent_alpha_rises_to_the_whole_and_never_beyond(
        steps in vec(0.05_f64..1.0, 1..5), alpha in 0.01..0.2, pocock: bool,
    ) {
        let total: f64 = steps.iter().sum();
        let mut fractions: Vec<f64> = steps.iter().scan(0.0, |sum, step| { *sum += step / total; Some(*sum) }).collect();
        if let Some(last) = fractions.last_mut() { *last = 1.0; }
        let spending = if pocock { Spending::Pocock } else { Spending::ObrienFleming };
        let looks = group_sequential_boundaries(&fractions, alpha, spending)?;
        prop_assert!(looks.windows(2).all(|pair| pair[0].spent <= pair[1].spent));
        prop_assert!(looks.last().is_some_and(|look| close(look.spent, alpha)));
        prop_assert!(looks.iter().all(|look| look.z.is_finite() && look.nominal_p() <= alpha + 1e-9));
    }
}
