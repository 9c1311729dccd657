//! Methods of what was fitted: unknown users and items, wrong shapes, counts at the ends of their types.

use crate::inputs::{COUNTS, NUMBERS, matrices, vectors};
use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;

pub fn of_networks(s: &mut Sweep) {
    let rng = &mut RandomState::seed(1);
    let network = || {
        let (relu, line) = (Activation::Relu, Activation::Identity);
        let (loss, start) = (Loss::MeanSquaredError, InitialWeights::He);
        Mlp::new(
            &[3, 4, 2],
            relu,
            line,
            loss,
            start,
            &mut RandomState::seed(1),
        )
        .unwrap()
    };
    for n in COUNTS {
        s.try_on("Mlp::freeze_first", n.to_string(), || {
            let mut mlp = network();
            mlp.freeze_first(n)?;
            Ok(vec![mlp.trainable_parameters() as f64])
        });
    }
    let heads = MultiHead::new(4, 2, rng).unwrap();
    for (input, x) in matrices() {
        let targets = Array2::zeros((x.nrows(), 2));
        for batch in [0, 1, usize::MAX] {
            s.try_on("Mlp::train_in_batches", format!("{input} {batch}"), || {
                let mut adam = Optimizer::adam(0.01)?;
                let mut mlp = network();
                mlp.train_in_batches(&x, &targets, &mut adam, 2, batch, rng)
                    .map(|losses| losses.to_vec())
            });
        }
        s.try_on("Mlp::replace_head", input, || {
            let head = Layer::new(x.clone(), Array1::zeros(x.ncols()), Activation::Identity);
            let mut mlp = network();
            mlp.replace_head(head)?;
            plain(mlp.predict(&Array2::zeros((2, 3))))
        });
        for (other, memory) in matrices() {
            s.try_on("MultiHead::attend", format!("{input} | {other}"), || {
                shown(heads.attend(&x, &memory, None))
            });
        }
    }
    for number in NUMBERS {
        s.try_on("Value::ln", number.to_string(), || {
            let x = Value::new(number);
            let y = x.ln()?;
            if number.is_finite() {
                y.backward();
            }
            Ok(vec![if number.is_finite() { y.data() } else { 0.0 }])
        });
    }
}

pub fn of_recommenders(s: &mut Sweep) {
    let rng = &mut RandomState::seed(1);
    let options = MarketOptions::default()
        .users(25)
        .items(400)
        .topics(3)
        .choices(4);
    let market = Market::generate(options, rng).unwrap();
    let towers = TowerOptions::default().epochs(1).dimensions(4);
    let options = RecommenderOptions::default()
        .towers(towers)
        .trees(2)
        .ranker_users(10);
    let recommender = Recommender::train(&market, options, rng).unwrap();
    for user in [0, 24, 25, usize::MAX] {
        for k in [0, 1, 7, 400, 1 << 63, usize::MAX] {
            let input = format!("{user} {k}");
            s.try_on("Recommender::candidates", &input, || {
                let hits = recommender.candidates(user, k)?;
                Ok(hits.iter().map(|hit| f64::from(hit.score)).collect())
            });
            s.try_on("Recommender::recommend", &input, || {
                shown(recommender.recommend(user, k))
            });
            s.try_on("Recommender::rerank", &input, || {
                let ranked = recommender.rank(user, &recommender.candidates(user, 20)?)?;
                let served = recommender.rerank(&ranked, k)?;
                assert!(k == 0 || !served.is_empty());
                shown(Ok(served))
            });
        }
        for item in [0, 399, 400, usize::MAX] {
            for score in [0.0, f32::NAN, f32::INFINITY] {
                s.try_on(
                    "Recommender::rank",
                    format!("{user} {item} {score}"),
                    || shown(recommender.rank(user, &[Hit { item, score }])),
                );
            }
        }
        s.try_on("Market::popularity", user.to_string(), || {
            let mut changed = market.clone();
            changed.train[0].item = user;
            changed.train[1].user = user;
            assert_eq!(changed.by_user(&changed.train).len(), changed.users);
            let _ = FeatureStore::new(&changed, &changed.by_user(&changed.train), 30.0);
            plain(Ok(changed.popularity()))
        });
    }
    let mock = MockRecommender::new(150, rng).unwrap();
    for (input, user) in vectors() {
        s.try_on("MockRecommender::candidate_gen", input, || {
            plain(mock.candidate_gen(&user))
        });
        for n in [0, 1, usize::MAX] {
            s.try_on("MockRecommender::recommend", input, || {
                plain(mock.recommend(&user, n, rng))
            });
        }
    }
    s.try_on("MockRecommender::rank", "nothing", || {
        plain(Ok(mock.rank(&Array1::zeros(0), rng)))
    });
}

pub fn of_tables_and_texts(s: &mut Sweep) {
    for (table, key, time, id) in [
        ("events", vec!["email", "event"], "ts", "id"),
        ("events", vec!["ö\"; DROP TABLE events; --"], "ts", "id"),
        ("nothing", vec!["email"], "ts", "id"),
        ("events", vec![], "ts", "id"),
        ("events", vec!["email", "email"], "email", "email"),
        ("", vec![""], "", ""),
    ] {
        let input = format!("{table} {key:?} {time} {id}");
        let con = dsprep_core::sql::events().unwrap();
        s.try_on("DuplicateRule::groups", &input, || {
            let rule = DuplicateRule::new(table, &key, time, id)?;
            for nulls in [NullKeys::Equal, NullKeys::Different] {
                let rule = rule.clone().with_nulls(nulls);
                rule.groups(&con)?;
                rule.surplus_by_window(&con)?;
                rule.surplus_by_self_join(&con)?;
                rule.surplus_by_polars(&query(&con, "SELECT * FROM events", [])?)?;
            }
            Ok(vec![])
        });
        let mut con = dsprep_core::sql::events().unwrap();
        s.try_on("DuplicateRule::delete_surplus", &input, || {
            let rule = DuplicateRule::new(table, &key, time, id)?;
            let gone = rule.delete_surplus(&mut con)?;
            rule.forbid_duplicates(&con)?;
            Ok(vec![gone as f64])
        });
    }
    for tokens in [vec![], vec!["a"], vec!["", "##", "[UNK]", "##a", "a", "a"]] {
        s.try_on("WordPiece::from_tokens", format!("{tokens:?}"), || {
            let pieces = WordPiece::from_tokens(tokens.iter().map(|token| (*token).to_owned()));
            Ok(vec![pieces.encode("a aa ö  \u{200d}").len() as f64])
        });
    }
    let bpe = ByteBpe::train(&["low lower lowest"], 260).unwrap();
    for id in [0, 255, 256, 259, 260, u32::MAX] {
        s.try_on("ByteBpe::decode_bytes", id.to_string(), || {
            assert_eq!(
                bpe.token(id).is_some(),
                (id as usize) < bpe.vocabulary_size()
            );
            bpe.decode_bytes(&[id])
                .map(|bytes| vec![bytes.len() as f64])
        });
    }
}

pub fn of_models(s: &mut Sweep) {
    let x = Array2::from_shape_fn((40, 2), |(row, column)| ((row * (column + 3)) % 11) as f64);
    let y = Array1::from_shape_fn(40, |row| usize::from(row % 3 == 0));
    let values = x.column(0).to_owned();
    let few = GradientBoosting::classifier().trees(3).min_leaf(2);
    let classifier = few.fit(&x, &y).unwrap();
    let regressor = GradientBoosting::regressor()
        .trees(3)
        .min_leaf(2)
        .fit(&x, &values)
        .unwrap();
    let confusion = BinaryConfusion::new(&y, &y).unwrap();
    for (input, new) in matrices() {
        let labels = Array1::from_shape_fn(new.nrows(), |row| row % 2);
        s.try_on("BoostedClassifier::staged_log_loss", input, || {
            plain(classifier.staged_log_loss(&new, &labels))
        });
        for (other, target) in vectors() {
            s.try_on(
                "BoostedTrees::staged_mean_squared_error",
                format!("{input} | {other}"),
                || plain(regressor.staged_mean_squared_error(&new, &target)),
            );
        }
    }
    for number in NUMBERS {
        let input = number.to_string();
        s.try_on("BinaryConfusion::f_beta", &input, || {
            plain(confusion.f_beta(number))
        });
        for lift in [Lift::Absolute(number), Lift::Relative(number)] {
            for baseline in NUMBERS.into_iter().filter(|_| number.is_finite()) {
                if baseline.is_finite() && (baseline * number).is_finite() {
                    s.try_on("Lift::difference", format!("{lift:?} {baseline}"), || {
                        Ok(vec![lift.difference(baseline)])
                    });
                }
            }
        }
    }
    let series = Array1::from_shape_fn(40, |at| (at % 7) as f64);
    let origins = RollingOrigin {
        first: 20,
        horizon: 3,
        step: 2,
    };
    let test = backtest(&series, origins, |past, steps| {
        seasonal_naive(past, 7, steps)
    })
    .unwrap();
    for n in COUNTS {
        let input = n.to_string();
        s.try_on("Backtest::mae_at", &input, || plain(test.mae_at(n)));
        s.try_on("Backtest::residuals", &input, || plain(test.residuals(n)));
        s.try_on("Backtest::mase", &input, || plain(test.mase(n)));
        for (first, horizon, step) in [(n, 3, 2), (20, n, 2), (20, 3, n)] {
            let origins = RollingOrigin {
                first,
                horizon,
                step,
            };
            s.try_on("backtest", format!("{origins:?}"), || {
                shown(backtest(&series, origins, |past, steps| {
                    seasonal_naive(past, 7, steps)
                }))
            });
        }
    }
    for fault in [None, Some(PipelineFault::ALL[0])] {
        s.try_on("Symptoms::of", format!("{fault:?}"), || {
            shown(Symptoms::of(fault, &mut RandomState::seed(u32::MAX)))
        });
    }
}
