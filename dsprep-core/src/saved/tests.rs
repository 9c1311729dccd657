mod refusals;

use super::Saved;
use crate::calibrate::{Isotonic, Platt};
use crate::classify::{GaussianNaiveBayes, MultinomialNaiveBayes, NearestNeighbours};
use crate::cluster::{KMeans, Pca};
use crate::evaluate::MostFrequent;
use crate::experiment::{Cuped, MixtureSprt, ThompsonSampling};
use crate::forecast::{ExponentialSmoothing, HoltWinters};
use crate::fraud::{FraudModel, ModelOptions, feature_table, simulate_payments};
use crate::linear::{
    LinearRegression, LogisticRegression, Polynomial, ScaledLogistic, StandardScaler,
};
use crate::monitor::{Cusum, DriftReference, LinearScorer};
use crate::neural::{Activation, InitialWeights, Loss, Mlp, MultiHead, TransformerBlock};
use crate::random::RandomState;
use crate::recommend::{
    ExactIndex, FactorOptions, ItemItem, IvfIndex, Market, MarketOptions, MatrixFactorisation,
    Recommender, RecommenderOptions, Reranker, TowerOptions, TwoTower,
};
use crate::text::{ByteBpe, CharBpe, Vocabulary, WordPiece};
use crate::trees::{BoostedTrees, DecisionTree, GradientBoosting, IsolationForest, RandomForest};
use crate::triage::TargetEncoder;
use crate::{Error, Result};
use ndarray::{Array1, Array2, array};
use std::collections::BTreeSet;
use std::fmt::Debug;

/// The kinds of models that came back, as they are written.
#[derive(Default)]
struct Kinds(BTreeSet<String>);

impl Kinds {
    /// A model that can be compared.
    fn equal<T: Saved + PartialEq + Debug>(&mut self, model: &T) -> Result<()> {
        assert_eq!(&self.again(model)?, model);
        Ok(())
    }

    /// A model that can't be compared comes back as what writes the same.
    fn again<T: Saved>(&mut self, model: &T) -> Result<T> {
        let json = model.to_json()?;
        let again = T::from_json(&json)?;
        assert_eq!(again.to_json()?, json);
        let kind = json.split('"').nth(3).unwrap_or_default();
        self.0.insert(kind.to_owned());
        Ok(again)
    }
}

/// Numbers of many sizes, with all their bits in use.
fn data() -> Result<(Array2<f64>, Array1<f64>, Array1<usize>)> {
    let mut rng = RandomState::seed(14);
    let x = rng.randn((120, 3))? * array![1e-9, 1.0, 1e9];
    let noise = rng.randn(120)?;
    let y = &x.column(1) + &(0.3 * noise);
    let labels = y.mapv(|y| usize::from(y > 0.0));
    Ok((x, y, labels))
}

fn linear_models(kinds: &mut Kinds) -> Result<()> {
    let (x, y, labels) = data()?;
    let scaled = StandardScaler::fit(&x)?.transform(&x)?;
    kinds.equal(&StandardScaler::fit(&x)?)?;
    kinds.equal(&LinearRegression::fit(&scaled, &y)?)?;
    kinds.equal(&LogisticRegression::fit(&scaled, &labels, 1.0)?)?;
    kinds.equal(&ScaledLogistic::fit(&x, &labels, 1.0)?)?;
    for degree in [0, 3] {
        kinds.equal(&Polynomial::fit(&x.column(1), &y, degree)?)?;
    }
    Ok(())
}

fn trees_and_networks(kinds: &mut Kinds) -> Result<()> {
    let (x, y, labels) = data()?;
    kinds.equal(&DecisionTree::classifier().fit(&x, &labels)?)?;
    kinds.equal(&DecisionTree::regressor().fit(&x, &y)?)?;
    kinds.equal(&RandomForest::classifier().trees(5).fit(
        &x,
        &labels,
        &mut RandomState::seed(0),
    )?)?;
    kinds.equal(
        &RandomForest::regressor()
            .trees(5)
            .fit(&x, &y, &mut RandomState::seed(0))?,
    )?;
    kinds.equal(&GradientBoosting::regressor().trees(5).fit(&x, &y)?)?;
    kinds.equal(&GradientBoosting::classifier().trees(5).fit(&x, &labels)?)?;
    let mut rng = RandomState::seed(1);
    kinds.equal(&IsolationForest::default().trees(5).fit(&x, &mut rng)?)?;
    let mlp = Mlp::new(
        &[3, 4, 2],
        Activation::Relu,
        Activation::Softmax,
        Loss::CrossEntropy,
        InitialWeights::He,
        &mut rng,
    )?;
    kinds.equal(&mlp)?;
    kinds.equal(&MultiHead::new(6, 2, &mut rng)?)
}

fn models_of_other_topics(kinds: &mut Kinds) -> Result<()> {
    let (x, y, labels) = data()?;
    let mut rng = RandomState::seed(2);
    kinds.equal(&GaussianNaiveBayes::fit(&x, &labels)?)?;
    kinds.equal(&MultinomialNaiveBayes::fit(
        &x.mapv(f64::abs),
        &labels,
        1.0,
    )?)?;
    kinds.equal(&KMeans::fit(&x, 3, &mut rng)?)?;
    kinds.equal(&Pca::fit(&x, 2)?)?;
    kinds.equal(&Platt::fit(&y, &labels)?)?;
    kinds.equal(&Isotonic::fit(&y, &x.column(1).to_owned())?)?;
    kinds.equal(&Cuped::fit(&y, &x.column(1).to_owned())?)?;
    kinds.equal(&LinearScorer::fit(&x, &labels, 1.0)?)?;
    let series: Array1<f64> = (0..48).map(|t| 10.0 + (f64::from(t) * 0.5).sin()).collect();
    kinds.equal(&ExponentialSmoothing::new(&series, 0.3)?)?;
    kinds.equal(&HoltWinters::new(&series, 12, 0.3, 0.1, 0.2)?)?;
    let histories = [vec![0, 1], vec![1, 2], vec![0, 2, 3]];
    kinds.equal(&ItemItem::fit(&histories, 4)?)?;
    let options = FactorOptions {
        dimensions: 2,
        ..FactorOptions::default()
    };
    kinds.equal(&MatrixFactorisation::fit(&histories, 4, options, &mut rng)?)?;
    kinds.equal(&TransformerBlock::new(4, 2, &mut rng)?)?;
    kinds.equal(&NearestNeighbours::fit(&x, &(1000 * &labels), 3)?)?;
    let categories = array![7, 7, usize::MAX, 0];
    kinds.equal(&TargetEncoder::fit(&categories, &array![0, 1, 1, 0], 0.3)?)?;
    kinds.equal(&MostFrequent::fit(&array![usize::MAX, usize::MAX, 1])?)?;
    kinds.equal(&DriftReference::new(&x)?)?;
    let mut chart = Cusum::new(0.3, 0.1, 0.5, 5.0)?;
    chart.update(0.7)?;
    kinds.equal(&chart)?;
    let mut test = MixtureSprt::new(0.1, 0.05)?;
    test.look(0.3, 0.1)?;
    kinds.equal(&test)?;
    let mut bandit = ThompsonSampling::new(3)?;
    bandit.update(1, true)?;
    kinds.equal(&bandit)
}

/// Two towers, the indexes of their vectors and the recommender as a whole answer as before.
fn recommenders(kinds: &mut Kinds) -> Result<()> {
    let mut rng = RandomState::seed(23);
    let market = MarketOptions::default().users(60).items(150);
    let market = Market::generate(market, &mut rng)?;
    let options = TowerOptions::default().dimensions(4).epochs(2);
    let towers = TwoTower::train(&market, options, &mut rng)?;
    let again = kinds.again(&towers)?;
    let histories = market.by_user(&market.train);
    assert_eq!(again.item_vectors(), towers.item_vectors());
    assert_eq!(
        again.user_vectors(&histories)?,
        towers.user_vectors(&histories)?
    );
    assert_eq!(
        again.new_user_vector(&[3, 5])?,
        towers.new_user_vector(&[3, 5])?
    );
    assert_eq!(again.losses(), towers.losses());

    let (items, query) = (towers.item_vectors(), towers.new_user_vector(&[3, 5])?);
    let exact = ExactIndex::build(&items)?;
    assert_eq!(
        kinds.again(&exact)?.search(&query, 20)?,
        exact.search(&query, 20)?
    );
    let lists = IvfIndex::build(&items, 12, &mut rng)?;
    let again = kinds.again(&lists)?;
    for probes in [1, 3, 12] {
        assert_eq!(
            again.search(&query, 5, probes)?,
            lists.search(&query, 5, probes)?
        );
        assert_eq!(
            again.comparisons(&query, probes)?,
            lists.comparisons(&query, probes)?
        );
    }
    assert_eq!(again.bytes(), lists.bytes());

    let options = RecommenderOptions::default()
        .lists_and_probes((6, 2))
        .ranker_users(40)
        .trees(5);
    let reranker = Reranker::default()
        .seller_cap(Some(2))
        .blocked([1, 2].into());
    let options = options.reranker(reranker);
    let recommender = Recommender::with_towers(&market, &towers, options, &mut rng)?;
    let again = kinds.again(&recommender)?;
    for user in [0, 17, 59] {
        assert_eq!(again.recommend(user, 10)?, recommender.recommend(user, 10)?);
    }
    Ok(())
}

fn tokenizers(kinds: &mut Kinds) -> Result<()> {
    let corpus = ["low lower \"newest\" \\ 한글 🙂", "low low\n"];
    kinds.equal(&CharBpe::train(&corpus, 5))?;
    kinds.equal(&ByteBpe::train(&corpus, 262)?)?;
    kinds.equal(&ByteBpe::train(&corpus, 260)?.with_special_tokens(&["<|endoftext|>", "🙂"])?)?;
    kinds.equal(&WordPiece::train(&corpus, 30, 1))?;
    kinds.equal(&Vocabulary::most_frequent(&corpus, 5))
}

/// Each kind of `results/saved.rs` is saved and loaded above; and each type of the library that is made by `fit`, `train` or
/// `build` is one of them.
#[test]
fn every_fitted_model_comes_back_exactly() -> Result<()> {
    let mut kinds = Kinds::default();
    linear_models(&mut kinds)?;
    trees_and_networks(&mut kinds)?;
    models_of_other_topics(&mut kinds)?;
    recommenders(&mut kinds)?;
    tokenizers(&mut kinds)?;
    let table = feature_table(&simulate_payments(60, 10, &mut RandomState::seed(24))?)?;
    kinds.again(&FraudModel::fit(&table, ModelOptions::default().trees(3))?)?;
    let listed = include_str!("../results/saved.rs");
    let entries = listed
        .lines()
        .filter_map(|line| line.trim().split_once(" => "));
    let (types, names): (BTreeSet<&str>, BTreeSet<String>) = entries
        .map(|(of, name)| (of, name.trim_matches(['"', ',']).to_owned()))
        .unzip();
    assert_eq!(kinds.0, names);
    let mut missing = Vec::new();
    let mut found = 0;
    for (file, code) in sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for part in code.split("\nimpl ").skip(1) {
            let of = part.split([' ', '<', '{']).next().unwrap_or_default();
            let body = part.split("\n}\n").next().unwrap_or_default();
            let made = ["pub fn fit(", "pub fn train(", "pub fn build("];
            if made.iter().any(|made| body.contains(made)) && body.contains("Self") {
                found += 1;
                if !types.contains(of) && !BUILDERS.contains(&of) {
                    missing.push(format!("{of} in {file}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "can't be saved: {missing:?}");
    assert!(found > 20, "{found}");
    Ok(())
}

/// What `fit` of a builder makes is listed under its own name.
const BUILDERS: [&str; 4] = [
    "DecisionTree",
    "RandomForest",
    "GradientBoosting",
    "IsolationForest",
];

/// The library's files, with the code before their tests.
fn sources(folder: &std::path::Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else {
            let code = std::fs::read_to_string(&path).unwrap();
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            files.push((path.display().to_string(), code.to_owned()));
        }
    }
    files
}

#[test]
fn a_file_is_replaced_as_a_whole_and_leaves_nothing_beside_it() -> Result<()> {
    let (x, y, _) = data()?;
    let folder = std::env::temp_dir().join(format!("dsprep-saved-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("model.json");
    for trees in [1, 2] {
        let model = GradientBoosting::regressor().trees(trees).fit(&x, &y)?;
        model.save(&path)?;
        assert_eq!(BoostedTrees::load(&path)?, model);
    }
    assert!(matches!(
        StandardScaler::fit(&x)?.save(&folder),
        Err(Error::File { .. })
    ));
    let names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(names, ["model.json"]);
    let message = BoostedTrees::load(folder.join("none.json"))
        .unwrap_err()
        .to_string();
    assert!(message.contains("could not be read"), "{message}");
    Ok(())
}
