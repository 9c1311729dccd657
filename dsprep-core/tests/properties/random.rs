//! The generator: ranges, permutations, and streams that go on where they were.

use crate::inputs::{any_number, cases};
use dsprep_core::prelude::*;
use proptest::prelude::*;

/// One draw of each kind.
fn draw(rng: &mut RandomState, kind: u8) -> f64 {
    match kind {
        0 => rng.rand(()),
        1 => rng.randn(()),
        2 => rng
            .randint(-9, 1_000_000, ())
            .map_or(f64::NAN, |x| x as f64),
        3 => rng.exponential(2.0, ()).unwrap_or(f64::NAN),
        4 => rng.poisson(3.5, ()).map_or(f64::NAN, |x| x as f64),
        5 => rng.permutation(5).map_or(f64::NAN, |order| order[0] as f64),
        _ => rng.choice(7, ()).map_or(f64::NAN, |x| x as f64),
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_state_that_is_set_again_continues_the_same_stream(
        seed: u32, before in prop::collection::vec(0_u8..7, 0..20),
        after in prop::collection::vec(0_u8..7, 0..20),
    ) {
        let mut rng = RandomState::seed(seed);
        before.iter().for_each(|&kind| { draw(&mut rng, kind); });
        let state = rng.get_state();
        let first: Vec<f64> = after.iter().map(|&kind| draw(&mut rng, kind)).collect();
        rng.set_state(&state);
        let second: Vec<f64> = after.iter().map(|&kind| draw(&mut rng, kind)).collect();
        prop_assert_eq!(&first, &second);
        let mut other = RandomState::seed(seed.wrapping_add(1));
        other.set_state(&state);
        let third: Vec<f64> = after.iter().map(|&kind| draw(&mut other, kind)).collect();
        prop_assert_eq!(first, third);
    }

    #[test]
    fn many_at_once_are_the_same_as_one_by_one(seed: u32, rows in 0_usize..9, columns in 0_usize..9) {
        let together = RandomState::seed(seed).randn((rows, columns)).unwrap();
        let mut rng = RandomState::seed(seed);
        let single: Vec<f64> = (0..rows * columns).map(|_| rng.randn(())).collect();
        prop_assert_eq!(together.into_raw_vec_and_offset().0, single);
    }

    #[test]
    fn integers_lie_in_their_range_however_wide(seed: u32, a: i64, b: i64, width in 1_i64..300) {
        let mut rng = RandomState::seed(seed);
        let (low, high) = (a.min(b), a.max(b));
        if low < high {
            prop_assert!(rng.randint(low, high, 50)?.iter().all(|x| (low..high).contains(x)));
        }
        if let Some(high) = low.checked_add(width) {
            prop_assert!(rng.randint(low, high, 50)?.iter().all(|x| (low..high).contains(x)));
        }
        prop_assert!(rng.randint(high, low, 1).is_err());
    }

    #[test]
    fn a_shuffle_keeps_every_item(seed: u32, mut items in prop::collection::vec(any::<u8>(), 0..50)) {
        let mut shuffled = items.clone();
        RandomState::seed(seed).shuffle(&mut shuffled);
        shuffled.sort_unstable();
        items.sort_unstable();
        prop_assert_eq!(shuffled, items);
    }

    #[test]
    fn a_sample_without_replacement_has_no_number_twice(seed: u32, n in 0_usize..40, k in 0_usize..45) {
        let mut rng = RandomState::seed(seed);
        match rng.sample(n, k) {
            Ok(sample) => {
                let mut sample = sample.to_vec();
                prop_assert!(sample.iter().all(|&drawn| drawn < n));
                sample.sort_unstable();
                sample.dedup();
                prop_assert_eq!(sample.len(), k);
            }
            Err(_) => prop_assert!(k > n),
        }
    }

    #[test]
    fn weighted_draws_take_nothing_of_probability_0(
        seed: u32, weights in prop::collection::vec(0_u32..4, 1..12), k in 0_usize..8,
    ) {
        prop_assume!(weights.iter().any(|&weight| weight > 0));
        let total: u32 = weights.iter().sum();
        let p: Vec<f64> = weights.iter().map(|&w| f64::from(w) / f64::from(total)).collect();
        let mut rng = RandomState::seed(seed);
        prop_assert!(rng.choice_weighted(&p, 60)?.iter().all(|&drawn| p[drawn] > 0.0));
        let possible = p.iter().filter(|&&p| p > 0.0).count();
        match rng.sample_weighted(&p, k) {
            Ok(sample) => {
                let mut sample = sample.to_vec();
                prop_assert!(sample.iter().all(|&drawn| p[drawn] > 0.0));
                sample.sort_unstable();
                sample.dedup();
                prop_assert_eq!(sample.len(), k);
            }
            Err(_) => prop_assert!(k > possible),
        }
    }

    #[test]
    fn no_parameter_of_a_distribution_makes_a_nan(seed: u32, a in any_number(), b in any_number()) {
        let mut rng = RandomState::seed(seed);
        let draws = [
            rng.uniform(a, b, 3), rng.normal(a, b, 3), rng.lognormal(a, b, 3), rng.exponential(a, 3),
        ];
        for (kind, drawn) in draws.into_iter().enumerate() {
            if let Ok(drawn) = drawn {
                prop_assert!(drawn.iter().all(|x| !x.is_nan()), "distribution {}: {}", kind, drawn);
            }
        }
        if let Ok(counts) = rng.poisson(a, 3) {
            prop_assert!(counts.iter().all(|&count| count >= 0), "{}", counts);
        }
        let _ = rng.choice_weighted(&[a, b], 3);
        let _ = rng.sample_weighted(&[a, b, 1.0 - a - b], 2);
    }
}
