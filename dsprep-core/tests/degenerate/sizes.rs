//! Sizes at which a slow way would take hours.

use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;

/// Each would take hours, or the stack, by the plain way: a pass over all for each, a recursion for each row, a loop up to a count.
pub fn that_end(s: &mut Sweep) {
    let n = 100_000;
    let rng = &mut RandomState::seed(1);
    let x = Array2::from_shape_fn((n, 1), |(row, _)| row as f64);
    let (by_turns, own) = (
        Array1::from_shape_fn(n, |row| row % 2),
        Array1::from_shape_fn(n, |row| row),
    );
    let numbers = rng.randn(n).unwrap();
    s.try_on("DecisionTree::fit", "labels by turns", || {
        let few = x.slice(s![..20_000, ..]);
        let tree = DecisionTree::classifier().fit(&few, &by_turns.slice(s![..20_000]))?;
        Ok(vec![tree.depth() as f64, tree.rules(&["x"])?.len() as f64])
    });
    s.try_on("encode_out_of_fold", "a fold for each row", || {
        plain(encode_out_of_fold(
            &own.mapv(|row| row % 50),
            &by_turns,
            1.0,
            &own,
        ))
    });
    s.try_on("roc_auc", "two values", || {
        plain(roc_auc(&by_turns, &numbers.mapv(|x| x.signum())))
    });
    s.try_on("roc_auc_difference", "two values", || {
        let scores = numbers.mapv(|x| if x > 0.0 { 1.0 } else { 0.0 });
        shown(roc_auc_difference(&by_turns, &scores, &numbers, 0.95))
    });
    s.try_on("mann_whitney", "two values", || {
        let (a, b) = (numbers.mapv(|x| x.round()), numbers.mapv(|x| x.ceil()));
        shown(mann_whitney(&a, &b, Alternative::TwoSided))
    });
    for method in [KsMethod::Auto, KsMethod::Asymptotic] {
        s.try_on("ks_two_sample", "sizes without a common divisor", || {
            let other = rng.randn(99_991)?;
            shown(ks_two_sample(
                &numbers,
                &other,
                Alternative::TwoSided,
                method,
            ))
        });
    }
    s.try_on("crps_sample", "100,000 values", || {
        plain(crps_sample(0.3, &numbers))
    });
    s.try_on(
        "population_stability_index",
        "as many bins as values",
        || population_stability_index(&numbers, &numbers, n).map(|index| vec![index.value]),
    );
    s.try_on("shared_rows", "all rows equal", || {
        let equal = Array2::from_elem((2_000, 2), 4.35);
        shared_rows(&equal, &equal).map(|pairs| vec![pairs.len() as f64])
    });
    s.try_on("as_of_join", "one key", || {
        let times: Vec<i64> = (0..n as i64).collect();
        let keys = vec![7; n];
        plain(dsprep_core::sql::as_of_join(
            (&keys, &times),
            (&keys, &times),
        ))
    });
    s.try_on("top_n_per_group", "one group", || {
        shown(top_n_per_group(
            &vec![0; n],
            &numbers.to_vec(),
            n,
            Ranking::Rank,
        ))
    });
    s.try_on("RandomState::sample_weighted", "half of all", || {
        plain(rng.sample_weighted(&vec![1.0 / n as f64; n], n / 2))
    });
    s.try_on("Isotonic::fit", "always falling", || {
        plain(Isotonic::fit(&x.column(0), &x.column(0).mapv(|x| -x))?.predict(&numbers))
    });
    s.try_on("ByteBpe::train", "one long word", || {
        let word = "ab".repeat(20_000);
        let bpe = ByteBpe::train(&[&word], 300)?;
        Ok(vec![
            bpe.encode(&word).len() as f64,
            bpe.encode(&"z".repeat(50_000)).len() as f64,
        ])
    });
    s.try_on("WordPiece::encode", "one long word", || {
        Ok(vec![
            WordPiece::train(&["abab ab"], 12, 1)
                .encode(&"ab".repeat(20_000))
                .len() as f64,
        ])
    });
    s.try_on("CharBpe::encode", "one long word", || {
        Ok(vec![
            CharBpe::train(&["abab ab"], 12)
                .encode(&"ab".repeat(5_000))
                .len() as f64,
        ])
    });
    s.try_on("Queue::simulate", "many servers", || {
        let queue = Queue {
            arrivals: 9.0,
            servers: 100_000,
            shards: 1,
        };
        plain(queue.simulate(&array![0.5, 1.0], 20_000, rng))
    });
    s.try_on(
        "minimum_detectable_effect_proportions",
        "10^15 users",
        || {
            let users = SampleSize {
                control: 1e15,
                treatment: 1e15,
            };
            plain(minimum_detectable_effect_proportions(
                1e-9,
                users,
                &Design::default(),
            ))
        },
    );
    s.try_on(
        "group_sequential_boundaries",
        "as many looks as there may be",
        || {
            let fractions: Vec<f64> = (1..=1000).map(|look| f64::from(look) / 1000.0).collect();
            shown(group_sequential_boundaries(
                &fractions,
                0.05,
                Spending::Pocock,
            ))
        },
    );
    s.try_on("group_sequential_boundaries", "no looks", || {
        shown(group_sequential_boundaries(&[], 0.05, Spending::Pocock))
    });
}
