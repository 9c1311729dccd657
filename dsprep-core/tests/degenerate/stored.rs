//! Stored models of which a number, or a part, has been changed: refused with a reason, or models that answer.

use crate::sweep::{Sweep, plain, shown};
use dsprep_core::prelude::*;

/// What stands in a number's place.
const INSTEAD: [&str; 8] = [
    "-1",
    "0",
    "1",
    "0.5",
    "4294967295",
    "18446744073709551615",
    "1e300",
    "-1e-300",
];

/// So many places of each model are changed.
const PLACES: usize = 40;

/// Where a part begins and ends, in bytes.
type Place = (usize, usize);

/// The places of the numbers in a JSON text, and of its lists without lists.
fn parts(json: &str) -> (Vec<Place>, Vec<Place>) {
    let (mut numbers, mut lists, mut open) = (Vec::new(), Vec::new(), None);
    let (mut quoted, mut escaped, mut start) = (false, false, None);
    for (at, c) in json.char_indices() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match (c, start) {
            ('0'..='9' | '-' | '+' | '.' | 'e', None) if c != 'e' => start = Some(at),
            ('0'..='9' | '-' | '+' | '.' | 'e', _) => {}
            (_, Some(first)) => {
                numbers.push((first, at));
                start = None;
            }
            _ => {}
        }
        match c {
            '"' => quoted = true,
            '[' => open = Some(at),
            ']' => lists.extend(open.take().map(|first| (first, at + 1))),
            _ => {}
        }
    }
    (numbers, lists)
}

/// Every so-manieth, so that there are at most [`PLACES`].
fn some(places: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let step = places.len().div_ceil(PLACES).max(1);
    places.into_iter().step_by(step).collect()
}

fn change<T: Saved>(
    s: &mut Sweep,
    name: &'static str,
    model: DsResult<T>,
    answer: impl Fn(&T) -> DsResult<Vec<f64>>,
) {
    let json = model.unwrap().to_json().unwrap();
    s.try_on(name, "unchanged", || answer(&T::from_json(&json)?));
    let (numbers, lists) = parts(&json);
    let mut changed = Vec::new();
    for (from, to) in some(numbers) {
        let with = |text: &str| format!("{}{text}{}", &json[..from], &json[to..]);
        changed.extend(INSTEAD.map(with));
        // One number fewer in its list.
        let after = json[to..].strip_prefix(',').map_or(to, |_| to + 1);
        changed.push(format!("{}{}", &json[..from], &json[after..]));
        changed.push(with(&format!("{0},{0}", &json[from..to])));
    }
    for (from, to) in some(lists) {
        changed.push(format!("{}[]{}", &json[..from], &json[to..]));
    }
    for (at, json) in changed.iter().enumerate() {
        let reason = "what was put in is near the largest number";
        s.try_unbounded(name, reason, format!("change {at}"), || {
            answer(&T::from_json(json)?)
        });
    }
}

pub fn models(s: &mut Sweep) {
    let mut rng = RandomState::seed(1);
    let x = rng.randn((30, 2)).unwrap();
    let z = &x.column(0) + &rng.randn(30).unwrap();
    let y = z.mapv(|z| usize::from(z > 0.0));
    let column = x.column(1).to_owned();
    let query = array![0.3_f32, -0.2];
    let items = x.mapv(|x| x as f32);
    let histories = [vec![0, 1], vec![1, 2], vec![0, 2, 3]];
    let series: Array1<f64> = (0..36).map(|t| 10.0 + (f64::from(t) * 0.5).sin()).collect();
    let square = rng.randn((5, 4)).unwrap();

    change(s, "StandardScaler", StandardScaler::fit(&x), |model| {
        plain(model.transform(&x))
    });
    change(
        s,
        "LinearRegression",
        LinearRegression::fit(&x, &z),
        |model| plain(model.predict(&x)),
    );
    change(
        s,
        "LogisticRegression",
        LogisticRegression::fit(&x, &y, 1.0),
        |model| plain(model.predict_proba(&x)),
    );
    change(
        s,
        "ScaledLogistic",
        ScaledLogistic::fit(&x, &y, 1.0),
        |model| plain(model.predict_proba(&x)),
    );
    change(s, "LinearScorer", LinearScorer::fit(&x, &y, 1.0), |model| {
        plain(model.probabilities(&x))
    });
    change(s, "Polynomial", Polynomial::fit(&column, &z, 3), |model| {
        plain(model.predict(&column))
    });
    change(
        s,
        "FittedTree, classes",
        DecisionTree::classifier().fit(&x, &y),
        |model| {
            plain(
                model
                    .predict_proba(&x)
                    .map(|p| (p, model.feature_importance())),
            )
        },
    );
    change(
        s,
        "FittedTree, numbers",
        DecisionTree::regressor().fit(&x, &z),
        |model| {
            let rules = model.rules(&["a", "b"])?.len() as f64;
            plain(model.predict(&x).map(|p| (p, rules)))
        },
    );
    let forest = RandomForest::classifier().trees(3).fit(&x, &y, &mut rng);
    let isolation = IsolationForest::default().trees(3).fit(&x, &mut rng);
    change(s, "FittedIsolationForest", isolation, |model| {
        plain(model.scores(&x))
    });
    change(s, "FittedForest", forest, |model| {
        plain(
            model
                .predict_proba(&x)
                .map(|p| (p, (model.oob_error(), model.feature_importance()))),
        )
    });
    let boosting = GradientBoosting::classifier().trees(3).min_leaf(2);
    change(s, "BoostedClassifier", boosting.fit(&x, &y), |model| {
        model.feature_contributions(&[0.1, 0.2])?;
        plain(
            model
                .predict_proba(&x)
                .map(|p| (p, model.feature_importance())),
        )
    });
    let mut gaps = x.clone();
    gaps.column_mut(0)
        .iter_mut()
        .step_by(4)
        .for_each(|x| *x = f64::NAN);
    let boosting = GradientBoosting::regressor()
        .trees(3)
        .min_leaf(2)
        .allow_missing();
    change(s, "BoostedTrees", boosting.fit(&gaps, &z), |model| {
        plain(model.predict(&x).map(|p| (p, model.feature_importance())))
    });
    let mlp = Mlp::new(
        &[2, 3, 2],
        Activation::Tanh,
        Activation::Softmax,
        Loss::CrossEntropy,
        InitialWeights::He,
        &mut rng,
    );
    change(s, "Mlp", mlp, |model| plain(model.predict(&x)));
    change(s, "MultiHead", MultiHead::new(4, 2, &mut rng), |model| {
        shown(model.self_attention(&square, None))
    });
    change(
        s,
        "TransformerBlock",
        TransformerBlock::new(4, 2, &mut rng),
        |model| plain(model.forward(&square)),
    );
    change(
        s,
        "GaussianNaiveBayes",
        GaussianNaiveBayes::fit(&x, &y),
        |model| plain(model.predict_proba(&x)),
    );
    let counts = x.mapv(|x| x.abs().round());
    change(
        s,
        "MultinomialNaiveBayes",
        MultinomialNaiveBayes::fit(&counts, &y, 1.0),
        |model| {
            plain(
                model
                    .predict_proba(&counts)
                    .map(|p| (p, model.classes().to_vec())),
            )
        },
    );
    change(
        s,
        "NearestNeighbours",
        NearestNeighbours::fit(&x, &y, 3),
        |model| plain(model.predict_proba(&x)),
    );
    change(s, "KMeans", KMeans::fit(&x, 3, &mut rng), |model| {
        plain(model.predict(&x).map(|of| (of, model.inertia())))
    });
    change(s, "Pca", Pca::fit(&x, 2), |model| {
        let turned = model.transform(&x)?;
        plain(
            model
                .inverse_transform(&turned)
                .map(|x| (x, model.explained_variance_ratio())),
        )
    });
    change(s, "Platt", Platt::fit(&z, &y), |model| {
        plain(model.predict(&z))
    });
    change(s, "Isotonic", Isotonic::fit(&z, &column), |model| {
        plain(model.predict(&column))
    });
    change(s, "Cuped", Cuped::fit(&z, &column), |model| {
        plain(
            model
                .adjust(&z, &column)
                .map(|adjusted| (adjusted, model.variance_ratio())),
        )
    });
    change(
        s,
        "ExponentialSmoothing",
        ExponentialSmoothing::new(&series, 0.3),
        |model| {
            let errors = model.standard_errors(5)?;
            Ok(model.forecast(5)?.into_iter().chain(errors).collect())
        },
    );
    change(
        s,
        "HoltWinters",
        HoltWinters::new(&series, 12, 0.3, 0.1, 0.2),
        |model| {
            let errors = model.standard_errors(15)?;
            Ok(model.forecast(15)?.into_iter().chain(errors).collect())
        },
    );
    change(s, "ItemItem", ItemItem::fit(&histories, 4), |model| {
        let similar = model.similarity(0, 3)?;
        plain(model.recommend(&[1], 3).map(|items| (items, similar)))
    });
    let factors = MatrixFactorisation::fit(
        &histories,
        4,
        FactorOptions::default().dimensions(2),
        &mut rng,
    );
    change(s, "MatrixFactorisation", factors, |model| {
        plain(model.recommend(1, 3, &[0]))
    });
    let encoder = TargetEncoder::fit(&array![7, 7, usize::MAX, 0], &array![0, 1, 1, 0], 0.3);
    change(s, "TargetEncoder", encoder, |model| {
        Ok(model.encode(&array![7, 8, 0]).to_vec())
    });
    change(s, "MostFrequent", MostFrequent::fit(&y), |model| {
        Ok(vec![model.class() as f64])
    });
    change(s, "DriftReference", DriftReference::new(&x), |model| {
        shown(model.check(&x, &DriftPolicy::default()))
    });
    change(s, "Cusum", Cusum::new(0.3, 0.1, 0.5, 5.0), |model| {
        shown(model.clone().update(0.7).map(|state| vec![state]))
    });
    change(s, "MixtureSprt", MixtureSprt::new(0.1, 0.05), |model| {
        shown(model.clone().look(0.3, 0.1))
    });
    change(s, "ThompsonSampling", ThompsonSampling::new(3), |model| {
        plain(model.probability_best(20, &mut RandomState::seed(1)))
    });
    change(s, "ExactIndex", ExactIndex::build(&items), |model| {
        shown(model.search(&query, 5))
    });
    change(
        s,
        "IvfIndex",
        IvfIndex::build(&items, 4, &mut rng),
        |model| shown(model.search(&query, 5, 2)),
    );
    let text = "low lower lowest low";
    change(s, "ByteBpe", ByteBpe::train(&[text], 270), |model| {
        model.decode(&model.encode(text))?;
        Ok(vec![model.vocabulary_size() as f64])
    });
    change(s, "CharBpe", Ok(CharBpe::train(&[text], 9)), |model| {
        Ok(vec![model.encode("lowest").len() as f64])
    });
    change(
        s,
        "WordPiece",
        Ok(WordPiece::train(&[text], 20, 1)),
        |model| Ok(vec![model.encode(text).len() as f64]),
    );
    change(
        s,
        "Vocabulary",
        Ok(Vocabulary::most_frequent(&["a", "b", "a"], 2)),
        |model| Ok(vec![model.unknown_share(&["a", "c"])]),
    );
    let market = MarketOptions::default()
        .users(20)
        .items(60)
        .topics(3)
        .sellers(3)
        .choices(6);
    let market = Market::generate(market, &mut rng).unwrap();
    let towers = TwoTower::train(
        &market,
        TowerOptions::default().dimensions(2).epochs(1),
        &mut rng,
    );
    change(s, "TwoTower", towers, |model| {
        let vector = model.new_user_vector(&[3, 5])?;
        Ok(vector
            .iter()
            .chain(&model.item_vectors())
            .map(|&x| f64::from(x))
            .collect())
    });
    let options = RecommenderOptions::default()
        .lists_and_probes((4, 2))
        .ranker_users(20)
        .trees(3);
    change(
        s,
        "Recommender",
        Recommender::train(&market, options, &mut rng),
        |model| {
            Ok(model
                .recommend(3, 5)?
                .iter()
                .map(|served| served.item as f64)
                .collect())
        },
    );
}
