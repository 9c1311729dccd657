//! More asked for than any memory holds, and sizes at which a slow way would take hours.

use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;
use dsprep_core::sql::many_orders;

/// More numbers than fit in memory, and more than can be counted in bytes.
const TOO_MANY: [usize; 3] = [1 << 45, 1 << 62, usize::MAX];

pub fn beyond_memory(s: &mut Sweep) {
    let series = Array1::from_shape_fn(30, |at| at as f64);
    let histories = [vec![0, 1], vec![1]];
    for n in TOO_MANY {
        let input = n.to_string();
        let rng = &mut RandomState::seed(1);
        s.try_on("seasonal_naive", &input, || {
            plain(seasonal_naive(&series, 7, n))
        });
        s.try_on("drift", &input, || {
            plain(dsprep_core::forecast::drift(&series, n))
        });
        s.try_on("positional_encoding", &input, || {
            plain(positional_encoding(n, 64))
        });
        s.try_on("positional_encoding", &input, || {
            plain(positional_encoding(4, n & !1))
        });
        s.try_on("Mlp::new", &input, || {
            let line = Activation::Identity;
            let loss = Loss::MeanSquaredError;
            Mlp::new(&[n, n], line, line, loss, InitialWeights::He, rng)
                .map(|mlp| vec![mlp.parameters() as f64])
        });
        s.try_on("MultiHead::new", &input, || {
            MultiHead::new(n, 1, rng).map(|heads| vec![heads.parameters() as f64])
        });
        s.try_on("TransformerBlock::new", &input, || {
            TransformerBlock::new(n, 1, rng).map(|block| vec![block.parameters() as f64])
        });
        s.try_on("ResNet::new", &input, || {
            ResNet::new(18, n).map(|net| vec![net.parameters() as f64])
        });
        s.try_on("smote", &input, || {
            plain(smote(&array![[0.0, 1.0], [1.0, 1.0]], n, 1, rng))
        });
        s.try_on("ItemItem::fit", &input, || {
            ItemItem::fit(&histories, n).map(|model| vec![model.items() as f64])
        });
        s.try_on("MatrixFactorisation::fit", &input, || {
            plain(
                MatrixFactorisation::fit(&histories, n, FactorOptions::default(), rng)
                    .map(|model| model.items().clone()),
            )
        });
        s.try_on("MatrixFactorisation::fit", &input, || {
            let options = FactorOptions::default().dimensions(n);
            plain(
                MatrixFactorisation::fit(&histories, 3, options, rng)
                    .map(|model| model.items().clone()),
            )
        });
        s.try_on("Market::generate", &input, || {
            let all = [
                MarketOptions::default().users(n),
                MarketOptions::default().items(n),
                MarketOptions::default().topics(n),
                MarketOptions::default().choices(n),
            ];
            for options in all {
                Market::generate(options, rng).map(|_| ()).unwrap_err();
            }
            Market::generate(MarketOptions::default().items(n), rng).map(|_| vec![])
        });
        s.try_on("Customers::simulate", &input, || {
            Customers::simulate(n, rng).map(|customers| customers.risk().to_vec())
        });
        s.try_on("many_orders", &input, || {
            many_orders(n, 5, rng).map(|_| vec![])
        });
        s.try_on("shuffled_folds", &input, || {
            plain(shuffled_folds(n, 5, rng))
        });
        s.try_on("encoding_leak", &input, || shown(encoding_leak(n, 5, rng)));
        s.try_on("encoding_leak", &input, || shown(encoding_leak(50, n, rng)));
        s.try_on("simulate_p_values", &input, || {
            plain(simulate_p_values(0.1, n, 1, rng))
        });
        s.try_on("simulate_p_values", &input, || {
            plain(simulate_p_values(0.1, 5, n, rng))
        });
        s.try_on("simulate_findings", &input, || {
            shown(simulate_findings(0.5, 0.1, n, 0.05, 1, rng))
        });
        s.try_on("simulate_peeking", &input, || {
            shown(simulate_peeking(n, 0.05, 0.1, 1, rng))
        });
        s.try_on("simulated_power", &input, || {
            plain(simulated_power((0.1, 0.2), (n as u64, 5), 0.05, 1, rng))
        });
        s.try_on("bootstrap_interval", &input, || {
            let mean = |x: &dsprep_core::ndarray::ArrayRef1<f64>| x.sum();
            plain(bootstrap_interval(
                &series,
                mean,
                BootstrapMethod::Bca,
                0.95,
                n,
                rng,
            ))
        });
        s.try_on("permutation_test", &input, || {
            shown(permutation_test(
                &series,
                &series,
                |a, b| a.sum() - b.sum(),
                Alternative::Less,
                n,
                rng,
            ))
        });
        s.try_on("ThompsonSampling::new", &input, || {
            plain(ThompsonSampling::new(n)?.choose(rng).map(|arm| arm as f64))
        });
        s.try_on("alarm_rate", &input, || {
            plain(alarm_rate(n, 3, 0.0, 1, &DriftPolicy::default(), rng))
        });
        s.try_on("alarm_rate", &input, || {
            plain(alarm_rate(5, n, 0.0, 1, &DriftPolicy::default(), rng))
        });
        s.try_on("WeekStream::week", &input, || {
            plain(
                WeekStream::stable(n, &mut RandomState::seed(1))
                    .week(0)
                    .map(|week| week.x),
            )
        });
        s.try_on("WeekStream::week", &input, || {
            plain(
                WeekStream::stable(5, &mut RandomState::seed(1))
                    .with_features(n)
                    .week(0)
                    .map(|week| week.x),
            )
        });
        s.try_on("target_task", &input, || {
            plain(target_task(n, 0.5, rng).map(|task| task.x))
        });
        s.try_on("bias_variance", &input, || {
            let learn = |_: &Array1<f64>, _: &Array1<f64>, points: &Array1<f64>| Ok(points.clone());
            let data = NoisyFunction {
                truth: |x| x,
                noise: 0.1,
                rows: n,
            };
            shown(bias_variance(&data, learn, 3, rng))
        });
        s.try_on("bias_variance", &input, || {
            let learn = |_: &Array1<f64>, _: &Array1<f64>, points: &Array1<f64>| Ok(points.clone());
            let data = NoisyFunction {
                truth: |x| x,
                noise: 0.1,
                rows: 3,
            };
            shown(bias_variance(&data, learn, n, rng))
        });
        s.try_on("degree_curve", &input, || {
            shown(degree_curve((&series, &series), (&series, &series), n))
        });
        s.try_on("Polynomial::fit", &input, || {
            plain(Polynomial::fit(&series, &series, n)?.predict(&series))
        });
        s.try_on("Queue::simulate", &input, || {
            let queue = Queue {
                arrivals: 1.0,
                servers: 1,
                shards: 1,
            };
            plain(queue.simulate(&array![0.1], n, rng))
        });
        s.try_on("Queue::simulate", &input, || {
            let queue = Queue {
                arrivals: 1.0,
                servers: n,
                shards: n,
            };
            plain(queue.simulate(&array![0.1], 5, rng))
        });
        s.try_on("erlang_c", &input, || plain(erlang_c(1e9, n)));
        s.try_on("RandomState::sample", &input, || plain(rng.sample(n, 1)));
        s.try_on("stratified_folds", &input, || {
            plain(stratified_folds(&array![0, 1, 0, 1], n, rng))
        });
        s.try_on("IvfIndex::build", &input, || {
            let items = array![[1.0_f32, 0.0], [0.0, 1.0]];
            shown(IvfIndex::build(&items, n, rng)?.search(&array![1.0_f32, 0.0], n, n))
        });
        s.try_on("RandomForest::fit", &input, || {
            let x = Array2::from_shape_fn((4, 1), |(row, _)| row as f64);
            let forest = RandomForest::classifier().features_per_split(n).trees(2);
            plain(forest.fit(&x, &array![0, 1, 0, 1], rng)?.predict(&x))
        });
        s.try_on("transfer_curves", &input, || {
            shown(transfer_curves(0.5, &[n], 1, rng))
        });
        s.try_on("ByteBpe::train", &input, || {
            ByteBpe::train(&["low lower lowest"], n).map(|bpe| vec![bpe.vocabulary_size() as f64])
        });
        s.try_on("CharBpe::train", &input, || {
            Ok(vec![CharBpe::train(&["low lower"], n).merges().len() as f64])
        });
        s.try_on("WordPiece::train", &input, || {
            Ok(vec![
                WordPiece::train(&["low lower"], n, 1).tokens().len() as f64
            ])
        });
        s.try_on("Vocabulary::most_frequent", &input, || {
            Ok(vec![
                Vocabulary::most_frequent(&["low", "lower"], n)
                    .tokens()
                    .len() as f64,
            ])
        });
    }
}

/// Each would take hours, or the stack, by the plain way: a pass over all for each, a recursion for each row, a loop up to a count.
pub fn that_end(s: &mut Sweep) {
    let n = 100_000;
    let rng = &mut RandomState::seed(1);
    let x = Array2::from_shape_fn((n, 1), |(row, _)| row as f64);
    let (by_turns, own) = (
        Array1::from_shape_fn(n, |row| row % 2),
        Array1::from_shape_fn(n, |row| row),
    );
    let numbers = rng.randn(n);
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
            let other = rng.randn(99_991);
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
