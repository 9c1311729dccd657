//! More asked for than any memory holds.

use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;
use dsprep_core::random::Size;
use dsprep_core::sql::many_orders;

/// More numbers than fit in memory, and more than can be counted in bytes.
const TOO_MANY: [usize; 3] = [1 << 45, 1 << 62, usize::MAX];

pub fn of_models_and_tables(s: &mut Sweep) {
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
        // Empty, but no array has so many columns.
        s.try_on("positional_encoding", &input, || {
            plain(positional_encoding(0, n & !1))
        });
        s.try_on("Mlp::new", &input, || {
            let line = Activation::Identity;
            let loss = Loss::MeanSquaredError;
            Mlp::new(&[n, n], line, line, loss, InitialWeights::He, rng)
                .map(|mlp| vec![mlp.parameters() as f64])
        });
        s.try_on("InitialWeights::draw", &input, || {
            InitialWeights::Glorot.draw(n, n, rng).unwrap_err();
            plain(InitialWeights::Glorot.draw(n, 1, rng))
        });
        s.try_on("MultiHead::new", &input, || {
            MultiHead::new(n, 1, rng).map(|heads| vec![heads.parameters() as f64])
        });
        s.try_on("TransformerBlock::new", &input, || {
            TransformerBlock::new(n, 1, rng).map(|block| vec![block.parameters() as f64])
        });
        s.try_on("ResNet::new", &input, || {
            ResNet::new(152, n).map(|net| vec![net.parameters() as f64])
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
            shown(simulate_peeking(0.1, n, 0.05, 1, rng))
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

/// Numbers that memory holds, and their square that it does not.
pub fn of_a_square(s: &mut Sweep) {
    s.try_on("attention", "8 million tokens", || {
        let tokens = Array2::ones((1 << 23, 1));
        attention(&tokens, &tokens, &tokens).unwrap_err();
        Ok(vec![])
    });
    for n in [1 << 25, 1 << 30] {
        s.try_on("MatrixFactorisation::fit", n.to_string(), || {
            let (histories, options) = ([vec![0]], FactorOptions::default().dimensions(n));
            let rng = &mut RandomState::seed(1);
            MatrixFactorisation::fit(&histories, 1, options, rng).unwrap_err();
            Ok(vec![])
        });
    }
}

/// As many forecasts, masks, rows of a simulation and random numbers.
pub fn of_drawn_and_forecast(s: &mut Sweep) {
    let series = Array1::from_shape_fn(30, |at| at as f64);
    let labels = Array1::from_shape_fn(30, |at| at % 2);
    let shares = series.mapv(|x| x / 30.0);
    let market = Market::generate(
        MarketOptions::default()
            .users(20)
            .items(30)
            .topics(3)
            .choices(2),
        &mut RandomState::seed(1),
    )
    .unwrap();
    for n in TOO_MANY {
        let input = n.to_string();
        let rng = &mut RandomState::seed(1);
        s.try_on("ExponentialSmoothing::forecast", &input, || {
            let model = ExponentialSmoothing::new(&series, 0.3)?;
            model.standard_errors(n).map(|_| ()).unwrap_err();
            plain(model.forecast(n))
        });
        s.try_on("HoltWinters::forecast", &input, || {
            let model = HoltWinters::new(&series, 7, 0.3, 0.1, 0.1)?;
            model.standard_errors(n).map(|_| ()).unwrap_err();
            plain(model.forecast(n))
        });
        s.try_on("MostFrequent::predict", &input, || {
            plain(MostFrequent::fit(&labels)?.predict(n))
        });
        s.try_on("causal_mask", &input, || causal_mask(n).map(|_| vec![]));
        s.try_on("padding_mask", &input, || {
            padding_mask(n, &array![true, false]).map(|_| vec![])
        });
        s.try_on("source_task", &input, || {
            source_task(n, rng).map(|_| vec![])
        });
        s.try_on("Digits::targets", &input, || plain(digits().targets(n)));
        s.try_on("simulate_payments", &input, || {
            simulate_payments(n, 30, rng).map(|_| ()).unwrap_err();
            simulate_payments(5, n, rng).map(|_| vec![])
        });
        s.try_on("churn_history", &input, || {
            churn_history(n, rng).map(|_| vec![])
        });
        s.try_on("RandomState::permutation", &input, || {
            plain(rng.permutation(n))
        });
        s.try_on("RandomState::randn", &input, || {
            rng.standard_normal((n, 0, n)).unwrap_err();
            rng.randn((n, n)).unwrap_err();
            plain(rng.randn(n))
        });
        s.try_on("RandomState::rand", &input, || {
            rng.random_sample((2, n, 2)).unwrap_err();
            rng.rand((n, 2)).unwrap_err();
            plain(rng.rand(n))
        });
        s.try_on("Size::fill", &input, || {
            (n, 2).fill(|| 0.5).unwrap_err();
            plain(n.fill(|| 0.5))
        });
        s.try_on("RandomState::normal", &input, || {
            rng.normal(0.0, 1.0, (2, n, 2)).map(|_| ()).unwrap_err();
            rng.normal(0.0, 1.0, (n, 2)).map(|_| ()).unwrap_err();
            plain(rng.normal(0.0, 1.0, n))
        });
        s.try_on("RandomState::randint", &input, || {
            plain(rng.randint(0, 5, n))
        });
        s.try_on("RandomState::choice", &input, || plain(rng.choice(n, n)));
        s.try_on("RandomState::choice_weighted", &input, || {
            plain(rng.choice_weighted(&[0.5, 0.5], n))
        });
        s.try_on("RandomState::gamma", &input, || {
            rng.beta(1.0, 1.0, n).map(|_| ()).unwrap_err();
            plain(rng.gamma(1.0, 1.0, n))
        });
        for binning in [Binning::EqualWidth, Binning::Quantile] {
            s.try_on("calibration_curve", &input, || {
                shown(calibration_curve(&labels, &shares, n, binning))
            });
        }
        s.try_on("population_stability_index", &input, || {
            shown(population_stability_index(&series, &shares, n))
        });
        s.try_on("histogram", &input, || {
            let words = Labels {
                title: "",
                x: "",
                y: "",
            };
            histogram(&[("", series.clone())], n, words).map(|_| vec![])
        });
        s.try_on("TwoTower::train", &input, || {
            let options = TowerOptions::default().dimensions(n).epochs(1);
            TwoTower::train(&market, options, rng).map(|_| vec![])
        });
        s.try_on("maximal_marginal_relevance", &input, || {
            let vectors = Array2::from_shape_fn((30, 2), |(row, _)| row as f64 + 1.0);
            plain(maximal_marginal_relevance(&series, &vectors, 0.5, n))
        });
        s.try_on("most_popular", &input, || {
            plain(most_popular(&[vec![0, 1]], n))
        });
        s.try_on("top_n_per_group", &input, || {
            shown(top_n_per_group(&[1, 1], &[0.5, 0.7], n, Ranking::Rank))
        });
        s.try_on("NearestNeighbours::fit", &input, || {
            let x = series.view().insert_axis(Axis(1)).to_owned();
            plain(NearestNeighbours::fit(&x, &labels, n)?.predict(&x))
        });
        s.try_on("KMeans::fit", &input, || {
            let x = series.view().insert_axis(Axis(1)).to_owned();
            plain(KMeans::fit(&x, n, rng)?.predict(&x))
        });
        s.try_on("Pca::fit", &input, || {
            let x = series.view().insert_axis(Axis(1)).to_owned();
            plain(Pca::fit(&x, n)?.transform(&x))
        });
    }
}
