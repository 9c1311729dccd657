//! The models that can be saved, by kind. They stand here as `saved` knows none of them.

use crate::calibrate::{Isotonic, Platt};
use crate::classify::{GaussianNaiveBayes, MultinomialNaiveBayes, NearestNeighbours};
use crate::cluster::{KMeans, Pca};
use crate::evaluate::MostFrequent;
use crate::experiment::{Cuped, MixtureSprt, ThompsonSampling};
use crate::forecast::{ExponentialSmoothing, HoltWinters};
use crate::fraud::FraudModel;
use crate::linear::{
    LinearRegression, LogisticRegression, Polynomial, ScaledLogistic, StandardScaler,
};
use crate::monitor::{Cusum, DriftReference, LinearScorer};
use crate::neural::{Mlp, MultiHead, TransformerBlock};
use crate::recommend::{
    ExactIndex, ItemItem, IvfIndex, MatrixFactorisation, Recommender, TwoTower,
};
use crate::saved::saved;
use crate::text::{ByteBpe, CharBpe, Vocabulary, WordPiece};
use crate::trees::{
    BoostedClassifier, BoostedTrees, Classification, FittedForest, FittedIsolationForest,
    FittedTree, Regression,
};
use crate::triage::TargetEncoder;

saved!(
    LinearRegression => "linear regression",
    LogisticRegression => "logistic regression",
    ScaledLogistic => "scaled logistic regression",
    StandardScaler => "standard scaler",
    Polynomial => "polynomial",
    LinearScorer => "linear scorer",
    FittedTree<Classification> => "classification tree",
    FittedTree<Regression> => "regression tree",
    FittedForest<Classification> => "classification forest",
    FittedForest<Regression> => "regression forest",
    FittedIsolationForest => "isolation forest",
    BoostedTrees => "boosted regression",
    BoostedClassifier => "boosted classification",
    FraudModel => "fraud model",
    Mlp => "multilayer perceptron",
    MultiHead => "multi-head attention layer",
    TwoTower => "two-tower model",
    ItemItem => "item-to-item model",
    MatrixFactorisation => "matrix factorisation",
    TransformerBlock => "transformer block",
    CharBpe => "byte-pair encoding of characters",
    ByteBpe => "byte-pair encoding of bytes",
    WordPiece => "WordPiece tokenizer",
    Vocabulary => "vocabulary",
    Platt => "Platt calibration",
    Isotonic => "isotonic calibration",
    GaussianNaiveBayes => "Gaussian naive Bayes",
    MultinomialNaiveBayes => "multinomial naive Bayes",
    KMeans => "k-means model",
    Pca => "principal components",
    Cuped => "CUPED adjustment",
    ExponentialSmoothing => "exponential smoothing",
    HoltWinters => "Holt-Winters model",
    NearestNeighbours => "nearest neighbours",
    TargetEncoder => "target encoder",
    MostFrequent => "most frequent class",
    ExactIndex => "exact index",
    IvfIndex => "inverted file index",
    Recommender => "recommender",
    DriftReference => "drift reference",
    Cusum => "CUSUM chart",
    MixtureSprt => "mixture SPRT",
    ThompsonSampling => "Thompson sampling",
);
